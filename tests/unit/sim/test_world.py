"""A world as a whole: determinism, quiet, crashes, and the check of expectations."""

import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecsdeploy.sim import Ran, World, check, load_scenario
from ecsdeploy.sim.services import services
from tests.unit.sim.builders import (
    CREDENTIALS,
    Refused,
    call,
    deploy,
    described,
    image,
    register,
    seconds,
    the_service,
    update,
    world,
)

MEMBERS = {
    "DescribeServices": {"cluster", "services"},
    "ListTasks": {"cluster"},
    "ListServiceDeployments": {"cluster", "service"},
}


def _bytes(seed: int, desired: int, run: str) -> Iterator[bytes]:
    """Every reply of a scripted session."""
    headers = {"Authorization": CREDENTIALS.format(service="ecs")}
    w = world(
        f'desired = {desired}\ndeployment = {{ circuit_breaker = "rollback" }}', image(f'run = "{run}"'), seed=seed
    )
    deploy(w)
    for _ in range(20):
        w.clock.sleep(13)
        for operation, wanted in MEMBERS.items():
            named = {"cluster": "prod", "services": ["web"], "service": "web"}
            members = {name: value for name, value in named.items() if name in wanted}
            target = {"X-Amz-Target": f"AmazonEC2ContainerServiceV20141113.{operation}"}
            body = json.dumps(members).encode()
            status, sent, reply = w.transport("POST", "http://sim/", headers | target, body)
            yield json.dumps([status, dict(sent)]).encode() + reply


@given(seed=st.integers(0, 2**32), desired=st.integers(0, 4), run=st.sampled_from(["healthy", "exit", "oom"]))
@settings(max_examples=15)
def test_the_same_scenario_seed_and_calls_give_the_same_bytes(seed: int, desired: int, run: str) -> None:
    assert list(_bytes(seed, desired, run)) == list(_bytes(seed, desired, run))


def test_another_seed_gives_other_identifiers() -> None:
    assert next(_bytes(1, 1, "healthy")) != next(_bytes(2, 1, "healthy"))


def test_a_world_begins_at_a_fixed_time_unless_told_otherwise() -> None:
    assert World(load_scenario("good")).clock.time() == 1_767_268_800.0
    assert World(load_scenario("good"), start=2e9).clock.time() == 2e9


def test_a_world_in_which_nothing_moves_is_quiet_at_once() -> None:
    w = world("desired = 2")
    w.settle()
    assert seconds(w) == 0


def test_a_deployment_that_fails_for_ever_is_as_quiet_as_it_gets() -> None:
    w = world("desired = 1", image('run = "exit"'))
    deploy(w)
    w.clock.sleep(60)
    w.settle()
    assert seconds(w) == 60


def test_what_might_still_change_is_run_to_the_limit() -> None:
    w = world("desired = 1", image('run = "exit"\nafter = 30'))
    deploy(w)
    w.settle(limit=1000)
    assert seconds(w) == 1000


def test_a_crash_of_the_model_is_a_server_exception_with_its_traceback_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    w = world("desired = 1")
    monkeypatch.setattr(services, "describe_service", lambda *_, **__: 1 / 0)
    with caplog.at_level(logging.ERROR), pytest.raises(Refused, match="ServerException: Service Unavailable"):
        described(w)
    assert "ZeroDivisionError" in caplog.text


def test_members_to_forget_vanish_when_a_definition_is_registered() -> None:
    w = world("desired = 1")
    w.forget_members = {"environment", "brandNew"}
    payload = the_service(w).definition.payload | {"brandNew": 1}
    payload["containerDefinitions"][0]["environment"] = [{"name": "A", "value": "1"}]
    kept = call(w, "RegisterTaskDefinition", **payload)["taskDefinition"]
    assert kept["containerDefinitions"][0]["environment"] == []
    assert "brandNew" not in kept


def test_calls_are_recorded_with_time_request_and_error() -> None:
    w = world("desired = 1")
    w.clock.sleep(5)
    with pytest.raises(Refused):
        call(w, "DescribeServices", cluster="nowhere", services=["web"])
    (record,) = w.calls
    assert (record.time - w.start, record.service, record.operation) == (5, "ecs", "DescribeServices")
    assert record.request == {"cluster": "nowhere", "services": ["web"]}
    assert record.error == "ClusterNotFoundException"


def _ran(**members: object) -> Ran:
    facts = {"exit_code": 0, "result": {"status": "succeeded"}, "stdout": "", "stderr": ""}
    return Ran(**(facts | members))  # type: ignore[arg-type]


def test_a_run_that_did_what_was_expected_holds_every_line() -> None:
    w = World(load_scenario("good"))
    update(w, taskDefinition=register(w))
    w.settle()
    lines = check(w, _ran(stdout="Service deployment successful.\n"))
    assert [line.name for line in lines] == [
        "exit_code",
        "status",
        "final_image",
        "revisions_registered",
        "deployments_started",
        "min_healthy",
        "stdout_has",
    ]
    assert all(line.held for line in lines)


def test_a_broken_line_says_what_was_expected_and_what_came() -> None:
    w = World(load_scenario("crash-loop"))
    broken = {line.name: line for line in check(w, _ran(stdout="Service deployment successful.")) if not line.held}
    assert (broken["exit_code"].expected, broken["exit_code"].got) == (1, 0)
    assert (broken["cause"].expected, broken["cause"].got) == ("E-CONTAINER-EXIT", None)
    assert broken["stdout_lacks"].got == "found"
    assert broken["stderr_has"].got == "not found"
    assert "final_image" not in broken


def test_min_healthy_is_the_lowest_number_at_any_time() -> None:
    w = world("desired = 4\ndeployment = { minimum_healthy_percent = 50 }")
    deploy(w)
    w.settle()
    assert the_service(w).lowest_healthy == 2
