"""The command `scale` in virtual time: how many tasks run is what was asked for, or the end says why not."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.sim import World
from tests.cli.worlds import NEW, OLD, WEB, Played, a_world, behaves, fault, later, play, service
from tests.cli.worlds import limits as caps
from tests.contract.sim.clients import connect

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "scale.schema.json").read_text("utf-8"))
DENIED = "AccessDeniedException"


def scaled_by_aws(world: World, lowest: int, highest: int) -> World:
    client: Any = connect(world, "application-autoscaling")
    client.register_scalable_target(
        ServiceNamespace="ecs",
        ScalableDimension="ecs:service:DesiredCount",
        ResourceId="service/prod/web",
        MinCapacity=lowest,
        MaxCapacity=highest,
    )
    return world


def limits(world: World) -> tuple[int, int]:
    found = world.region.scalable["service/prod/web"]
    return found["MinCapacity"], found["MaxCapacity"]


def scale(world: World, *words: str) -> Played:
    return play(world, ("scale", *WEB, *words))


def objects(played: Played) -> list[Mapping[str, Any]]:
    found = [json.loads(line) for line in played.lines]
    for each in found:
        Draft202012Validator(SCHEMA).validate(each)
    return found


def running(world: World) -> int:
    return sum(each.last_status == "RUNNING" for each in world.region.clusters["prod"].tasks.values())


@pytest.mark.parametrize(("to", "count"), [("4", 4), ("+3", 5), ("-1", 1), ("0", 0), ("-2", 0)])
def test_the_service_runs_what_was_asked_for(to: str, count: int) -> None:
    world = a_world()
    played = scale(world, "--to", to)
    assert (played.code, running(world)) == (0, count)
    assert played.updated == {"cluster": "prod", "service": "web", "desiredCount": count}
    assert played.lines[-1] == f"SUCCEEDED web:1 {count}/{count} running"
    assert played.requests("RegisterTaskDefinition") == []


def test_health_checks_must_pass_first() -> None:
    checked = [{"name": "app", "image": OLD, "health_check": True}]
    world = a_world(service(containers=checked), behaves(OLD, healthy_after=40))
    began = world.clock.time()
    played = scale(world, "--to", "3")
    assert (played.code, played.lines[-1]) == (0, "SUCCEEDED web:1 3/3 healthy")
    assert world.clock.time() - began > 40


def test_targets_must_be_healthy_first() -> None:
    world = a_world(service(load_balancer={}))
    played = scale(world, "--to", "3")
    assert (played.code, played.lines[-1]) == (0, "SUCCEEDED web:1 3/3 healthy")


def test_what_cannot_start_is_no_success() -> None:
    world = a_world(service(), caps(capacity_tasks=2))
    played = scale(world, "--to", "5", "--timeout", "2m")
    assert (played.code, played.lines[-1]) == (
        22,
        "TIMED OUT. After 120 s 2 of 5 tasks run; ECS goes on. `ecs-deploy doctor` says why.",
    )


def test_a_dry_run_writes_nothing() -> None:
    played = scale(a_world(), "--to", "5", "--dry-run")
    assert (played.code, played.requests("UpdateService")) == (0, [])
    assert played.lines == ["scale web @ prod (us-east-1, 123456789012): 2 -> 5 tasks of web:1"]


def test_what_is_so_already_is_unchanged() -> None:
    played = scale(a_world(), "--to", "2", "--output", "json")
    assert (played.code, played.requests("UpdateService")) == (0, [])
    assert objects(played)[-1]["status"] == "unchanged"


def test_detached_it_does_not_wait() -> None:
    world = a_world()
    began = world.clock.time()
    played = scale(world, "--to", "5", "--detach", "--output", "json")
    assert (played.code, objects(played)[-1]["status"], world.clock.time() - began < 5) == (0, "detached", True)


@pytest.mark.parametrize(
    "then", [(), (fault(operation="UpdateService", error="AccessDeniedException", after=1, times=0),)]
)
def test_a_lost_reply_is_not_told_as_nothing_changed(then: tuple[str, ...]) -> None:
    lost = fault(operation="UpdateService", error="reset-after", times=1 if then else 0)
    played = scale(a_world(service(), lost, *then), "--to", "3", "--output", "json")
    assert (played.code, json.loads(played.lines[-1])["status"]) == (24, "unknown")
    assert "It is not known whether this was carried out." in played.stderr
    assert "Nothing was changed" not in scale(a_world(service(), lost, *then), "--to", "3").said


@pytest.mark.parametrize(("to", "moved"), [("9", (1, 9)), ("0", (0, 4)), ("4", (1, 4)), ("1", (1, 4))])
def test_limits_of_auto_scaling_are_kept_or_moved_on_request(to: str, moved: tuple[int, int]) -> None:
    world = scaled_by_aws(a_world(), 1, 4)
    played = scale(world, "--to", to)
    if moved != (1, 4):
        assert (played.code, played.stdout, limits(world)) == (26, "", (1, 4))
        assert "between 1 and 4 tasks" in played.stderr
        assert played.requests("UpdateService") == []
        played = scale(world, "--to", to, "--adjust-limits")
    assert (played.code, limits(world), running(world)) == (0, moved, int(to))


def test_limits_that_may_not_be_read_are_told_and_not_taken_for_none() -> None:
    world = a_world(service(), fault(operation="DescribeScalableTargets", error=DENIED, times=0))
    played = scale(world, "--to", "3")
    assert played.code == 0
    assert "the limits of auto scaling are not known: " in played.stdout
    assert scale(world, "--to", "4", "--adjust-limits").code == 26


def test_json_has_the_plan_the_way_and_the_result() -> None:
    found = objects(scale(scaled_by_aws(a_world(), 1, 2), "--to", "3", "--adjust-limits", "--output", "json"))
    kinds = [each["type"] for each in found]
    assert (kinds[:3], kinds[-2:]) == (["scale_plan", "limits", "updated"], ["ended", "result"])
    assert {"progress", "said"} <= {*kinds}
    assert (found[-1]["status"], found[-1]["exit_code"]) == ("succeeded", 0)


def test_a_deployment_under_way_is_left_alone() -> None:
    world = a_world()
    play(world, ("deploy", *WEB, "--image", NEW, "--detach", "--no-preflight"))
    before = len(world.calls)
    played = scale(world, "--to", "5")
    assert played.code == 27
    assert "UpdateService" not in {each.operation for each in world.calls[before:]}


def test_somebody_else_s_count_is_not_our_success() -> None:
    world = a_world(service(), later(20, "scale", desired=1), behaves(OLD, pull_seconds=60))
    played = scale(world, "--to", "5")
    assert (played.code, "SUPERSEDED. Somebody else" in played.stdout) == (23, True)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((), 64, "No count is named."),
        (("--to", "many"), 64, "`--to` must be a number of tasks, not `many`."),
        (("--to", "-3"), 26, "3 fewer are less than none"),
        (("--to", "3", "--expect-account", "999999999999"), 26, "999999999999"),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(words: tuple[str, ...], code: int, says: str) -> None:
    played = scale(a_world(), *words)
    assert (played.code, played.stdout, played.requests("UpdateService")) == (code, "", [])
    assert says in played.stderr


def test_a_denied_update_is_refused() -> None:
    played = scale(a_world(service(), fault(operation="UpdateService", error=DENIED, times=0)), "--to", "3")
    assert (played.code, "ecs:UpdateService" in played.stderr) == (26, True)


def test_a_lost_reply_is_sent_again() -> None:
    world = a_world(service(), fault(operation="UpdateService", error="reset-after"))
    assert scale(world, "--to", "3").code == 0
