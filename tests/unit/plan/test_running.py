"""What `run` starts: where, in which network, and with a new revision only if overrides cannot say it."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import UsageError
from ecsdeploy.model.edits import PinImages
from ecsdeploy.model.request import RunRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import Launch, ServiceSettings
from ecsdeploy.model.steps import Plan, Register, RunTask
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.diff import differences
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.running import plan_run
from tests.unit.plan.attempts import RUNNING
from tests.unit.plan.builders import container, definition_of, set_image

REQUEST = RunRequest(cluster="prod", family="job")
ANYWHERE = definition_of(container("app", "acme/app:1"))
IN_A_VPC = definition_of(container("app", "acme/app:1"), networkMode="awsvpc", requiresCompatibilities=["FARGATE"])
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}}


def planned(request: RunRequest, base: TaskDefinition = ANYWHERE, service: Service | None = None) -> Plan:
    return plan_run(request, Facts(base=base, current=base.arn), service)


def started(plan: Plan) -> RunTask:
    (found,) = (each for each in plan.steps if isinstance(each, RunTask))
    return found


def registered(plan: Plan) -> list[TaskDefinition]:
    return [each.definition for each in plan.steps if isinstance(each, Register)]


def test_a_command_is_an_override_of_the_revision_as_it_is() -> None:
    plan = planned(replace(REQUEST, command=("migrate",), count=3, detach=True))
    task = started(plan)
    assert (registered(plan), task.revision) == ([], ANYWHERE.arn)
    assert task.one_off.members["overrides"] == {"containerOverrides": [{"name": "app", "command": ["migrate"]}]}
    assert (task.one_off.count, task.one_off.wait, task.one_off.container) == (3, False, "app")


def test_without_a_command_the_task_runs_as_it_stands_there() -> None:
    task = started(planned(REQUEST))
    assert (task.one_off.members["overrides"], task.one_off.container, task.one_off.wait) == ({}, "", True)
    assert (task.one_off.cluster, task.one_off.launch_type) == ("prod", "")
    assert task.one_off.timeout_seconds == REQUEST.budget.seconds


def test_a_named_container_is_told_and_keeps_its_own_command() -> None:
    task = started(planned(replace(REQUEST, container="app")))
    assert (task.one_off.members["overrides"], task.one_off.container) == ({}, "app")


def test_the_command_is_that_of_the_container_that_is_named() -> None:
    both = definition_of(container("app", "acme/app:1"), container("side", "acme/side:1"))
    task = started(planned(replace(REQUEST, container="side", command=("migrate",)), both))
    assert task.one_off.members["overrides"] == {"containerOverrides": [{"name": "side", "command": ["migrate"]}]}


def test_a_revision_that_is_active_runs_as_it_is() -> None:
    active = TaskDefinition(payload={**ANYWHERE.payload, "status": "ACTIVE"})
    assert registered(planned(REQUEST, active)) == []


def test_the_plan_tells_what_changes_and_what_is_found() -> None:
    request = replace(REQUEST, edits=(set_image("acme/app:2"), PinImages(digests=(), left=("acme/app:2",))))
    plan = planned(replace(request, expect_account="999999999999"))
    assert (plan.base, plan.compared, plan.containers) == (ANYWHERE.arn, ANYWHERE.arn, ("app",))
    assert [(each.before, each.after) for each in plan.changes] == [("acme/app:1", "acme/app:2")]
    assert plan.differences == differences(ANYWHERE, registered(plan)[0])
    assert plan.differences
    assert [each.code for each in plan.findings] == ["C-ACCOUNT", "C-NOT-PINNED"]


def test_which_container_the_command_is_for_must_be_clear() -> None:
    both = definition_of(container("app", "acme/app:1"), container("side", "acme/side:1"))
    with pytest.raises(UsageError) as refused:
        planned(replace(REQUEST, command=("migrate",)), both)
    assert refused.value.message.endswith("and the command after `--` names none.")
    assert refused.value.hint.startswith("Write `--container app` or `--container side`.")


def test_a_named_container_must_exist() -> None:
    with pytest.raises(UsageError, match="No container is called `ap`"):
        planned(replace(REQUEST, container="ap"))


def test_an_image_needs_a_revision_and_the_command_stays_an_override() -> None:
    plan = planned(replace(REQUEST, edits=(set_image("acme/app:2"),), command=("migrate",)))
    (definition,) = registered(plan)
    assert definition.images == {"app": "acme/app:2"}
    assert "command" not in definition.containers[0].payload
    assert started(plan).one_off.members["overrides"] == {
        "containerOverrides": [{"name": "app", "command": ["migrate"]}]
    }
    assert started(plan).revision == ""


def test_a_command_that_is_too_long_for_an_override_goes_into_the_revision() -> None:
    plan = planned(replace(REQUEST, command=("x" * 9000,)))
    (definition,) = registered(plan)
    assert definition.containers[0].payload["command"] == ["x" * 9000]
    assert started(plan).one_off.members["overrides"] == {}


def test_a_revision_that_is_inactive_is_registered_again() -> None:
    inactive = TaskDefinition(payload={**ANYWHERE.payload, "status": "INACTIVE"})
    assert len(registered(planned(REQUEST, inactive))) == 1


def test_on_fargate_the_network_is_that_of_the_command_line() -> None:
    one_off = started(planned(replace(REQUEST, network={"subnets": ["subnet-9"]}), IN_A_VPC)).one_off
    assert (one_off.launch_type, one_off.network_configuration) == (
        "FARGATE",
        {"awsvpcConfiguration": {"subnets": ["subnet-9"]}},
    )


def test_like_a_service_the_network_is_the_service_s_but_for_what_is_asked() -> None:
    service = replace(RUNNING, settings=ServiceSettings(launch=Launch(network=NETWORK, launch_type="FARGATE")))
    asked = replace(REQUEST, like="web", network={"subnets": ["subnet-9"]})
    one_off = started(planned(asked, IN_A_VPC, service)).one_off
    assert one_off.cluster == "prod"
    assert one_off.network_configuration == {
        "awsvpcConfiguration": {"subnets": ["subnet-9"], "securityGroups": ["sg-1"]}
    }


def test_a_task_with_an_address_of_its_own_needs_a_subnet() -> None:
    with pytest.raises(UsageError, match="no subnet is named") as refused:
        planned(REQUEST, IN_A_VPC)
    assert refused.value.hint == (
        "Name them with `--subnets`, or a service that runs in them with `--like-service`. Nothing was started."
    )


def test_a_task_on_the_network_of_its_host_takes_no_subnet() -> None:
    with pytest.raises(UsageError) as refused:
        planned(replace(REQUEST, network={"subnets": ["subnet-9"]}))
    assert refused.value.message == (
        "The task definition `web` has the network mode `bridge`, and a subnet, a security group or a public address"
        " is only for `awsvpc`."
    )
    assert refused.value.hint == (
        "Leave `--subnets`, `--security-groups` and `--assign-public-ip` out. Nothing was started."
    )
