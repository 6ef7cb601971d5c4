"""A task before a release runs as the service's own tasks do, with another command in one container."""

from dataclasses import replace
from typing import Any

import pytest

from ecsdeploy.errors import UsageError
from ecsdeploy.model.edits import Patch
from ecsdeploy.model.oneoff import Gate, OneOff
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.settings import CapacityShare, Demands, Launch, ServiceSettings
from ecsdeploy.model.steps import PointService, Register, RunTask
from ecsdeploy.plan.checks import found
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.planner import plan_deploy
from tests.unit.plan.attempts import RUNNING
from tests.unit.plan.builders import WEB, container, definition_of, set_image

STORED = definition_of(container("app", "app:1"), container("side", "side:1", essential=False))
FACTS = Facts(base=STORED, current=STORED.arn, running=STORED)
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
GATE = Gate(command=("migrate", "--now"))
RELEASE = DeployRequest(service=WEB, edits=(set_image("app:2"),), before=GATE)


def one_off(launch: Launch = Launch(), request: DeployRequest = RELEASE, *capacity: CapacityShare) -> OneOff:  # noqa: B008
    service = replace(RUNNING, settings=ServiceSettings(launch=launch, capacity=capacity))
    (found,) = (each.one_off for each in plan_deploy(request, service, FACTS).steps if isinstance(each, RunTask))
    return found


def test_it_comes_after_the_revision_and_before_the_service() -> None:
    kinds = [type(each) for each in plan_deploy(RELEASE, RUNNING, FACTS).steps]
    assert kinds == [Register, RunTask, PointService]


def test_without_one_no_task_is_run() -> None:
    kinds = [type(each) for each in plan_deploy(replace(RELEASE, before=None), RUNNING, FACTS).steps]
    assert kinds == [Register, PointService]


def test_an_existing_revision_has_one_too() -> None:
    kinds = [type(each) for each in plan_deploy(replace(RELEASE, edits=(), revision="web:1"), RUNNING, FACTS).steps]
    assert kinds == [RunTask, PointService]


def test_network_launch_type_and_platform_are_the_services() -> None:
    constraint = {"type": "memberOf", "expression": "attribute:ecs.cpu-architecture == arm64"}
    found = one_off(Launch(launch_type="FARGATE", platform_version="1.4.0", network=NETWORK, constraints=(constraint,)))
    assert found == OneOff(
        cluster="prod",
        launch_type="FARGATE",
        platform_version="1.4.0",
        network_configuration=NETWORK,
        members={
            "overrides": {"containerOverrides": [{"name": "app", "command": ["migrate", "--now"]}]},
            "capacityProviderStrategy": [],
            "placementConstraints": [constraint],
        },
        container="app",
        wait=True,
        timeout_seconds=900,
    )


def test_a_capacity_provider_strategy_stands_in_place_of_a_launch_type() -> None:
    found = one_off(Launch(launch_type="FARGATE"), RELEASE, CapacityShare(provider="FARGATE_SPOT", weight=1))
    assert found.launch_type == ""
    assert found.members["capacityProviderStrategy"] == [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}]


def test_another_container_can_be_named() -> None:
    assert one_off(request=replace(RELEASE, before=replace(GATE, container="side"))).container == "side"


def test_a_container_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        one_off(request=replace(RELEASE, before=replace(GATE, container="sid")))
    assert caught.value.hint == "Did you mean `side`? It has `app`, `side`. Nothing was registered."


def test_the_container_may_be_one_that_this_release_adds() -> None:
    more = Patch(operations=({"op": "add", "path": "/containerDefinitions/-", "value": container("tool", "tool:1")},))
    asked = replace(RELEASE, edits=(*RELEASE.edits, more), before=replace(GATE, container="tool"))
    assert one_off(request=asked).container == "tool"


@pytest.mark.parametrize(("when", "gates"), [("before", {"before": GATE}), ("after", {"after": GATE})])
def test_which_container_must_be_clear(when: str, gates: Any) -> None:
    both = definition_of(container("app", "app:1"), container("side", "side:1"))
    asked = replace(RELEASE, edits=(set_image("app:2", "app"),), before=None)
    with pytest.raises(UsageError) as caught:
        plan_deploy(replace(asked, **gates), RUNNING, Facts(base=both, current=both.arn))
    assert caught.value.message.endswith(f"has several essential containers, and `--{when}` names none.")
    assert caught.value.hint == "Write `app: COMMAND` or `side: COMMAND`. Nothing was registered."


def test_the_command_is_in_no_representation() -> None:
    assert "now" not in repr(RELEASE)


def test_a_task_after_a_release_is_no_step_before_it() -> None:
    plan = plan_deploy(replace(RELEASE, before=None, after=GATE), RUNNING, FACTS)
    assert [type(each) for each in plan.steps] == [Register, PointService]
    assert plan.after is not None
    assert (plan.after.one_off.container, plan.after.one_off.cluster) == ("app", "prod")


def test_a_task_of_another_family_runs_that_revision_in_the_network_of_the_service() -> None:
    other = definition_of(container("job", "job:1"), family="jobs", networkMode="awsvpc")
    facts = replace(FACTS, gates={"jobs": other})
    service = replace(RUNNING, settings=ServiceSettings(launch=Launch(network=NETWORK)))
    plan = plan_deploy(replace(RELEASE, before=Gate(family="jobs")), service, facts)
    (task,) = (each for each in plan.steps if isinstance(each, RunTask))
    assert (task.revision, task.definition) == (other.arn, other)
    assert (task.one_off.network_configuration, task.one_off.container) == (NETWORK, "")
    assert not plan.is_blocked


@pytest.mark.parametrize("when", ["before", "after"])
def test_of_another_family_its_own_container_is_meant(when: str) -> None:
    job, both = container("job", "job:1"), definition_of(container("a", "a:1"), container("b", "b:1"))
    gate = Gate(family="jobs", command=("work",))
    request = replace(RELEASE, before=gate if when == "before" else None, after=gate if when == "after" else None)
    plan = plan_deploy(request, RUNNING, replace(FACTS, gates={"jobs": definition_of(job, networkMode="bridge")}))
    (task,) = (each for each in (*plan.steps, plan.after) if isinstance(each, RunTask))
    assert task.one_off.container == "job"
    with pytest.raises(UsageError, match=f"`--{when}` names none"):
        plan_deploy(request, RUNNING, replace(FACTS, gates={"jobs": both}))


def test_a_task_on_the_network_of_its_host_is_given_none() -> None:
    facts = replace(FACTS, gates={"jobs": definition_of(container("job", "job:1"), networkMode="bridge")})
    service = replace(RUNNING, settings=ServiceSettings(launch=Launch(network=NETWORK)))
    plan = plan_deploy(replace(RELEASE, before=Gate(family="jobs")), service, facts)
    (task,) = (each for each in plan.steps if isinstance(each, RunTask))
    assert task.one_off.network_configuration is None


@pytest.mark.parametrize(
    ("members", "fargate", "reason"),
    [
        ({"status": "INACTIVE"}, False, "it is INACTIVE"),
        ({"networkMode": "awsvpc"}, False, "its network mode is `awsvpc`, and the service has no network"),
        ({"requiresCompatibilities": ["EC2"]}, True, "it is not for Fargate, on which the service runs"),
        ({"networkMode": "bridge"}, False, ""),
        ({"status": "ACTIVE"}, False, ""),
        ({"requiresCompatibilities": ["EC2", "FARGATE"]}, True, ""),
    ],
)
def test_one_that_the_service_could_not_run_is_an_error(members: dict[str, object], fargate: bool, reason: str) -> None:
    facts = replace(FACTS, gates={"jobs": definition_of(container("job", "job:1"), **members)})
    service = replace(RUNNING, settings=ServiceSettings(demands=Demands(fargate=fargate)))
    plan = plan_deploy(replace(RELEASE, before=Gate(family="jobs")), service, facts)
    said = [each for each in plan.findings if each.code == "C-GATE-FAMILY"]
    assert said == ([found("C-GATE-FAMILY", "web", "web:1", reason)] if reason else [])
