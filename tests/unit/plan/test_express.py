"""What a release to an Express service sends, and what Express mode cannot carry."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from ecsdeploy.model.edits import SetVariable
from ecsdeploy.model.express import Express
from ecsdeploy.model.oneoff import Gate
from ecsdeploy.model.request import DeployRequest, FromFile, Sizing, WaitUntil
from ecsdeploy.model.steps import PointService, Register, UpdateExpress
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks import found
from ecsdeploy.plan.express import differing, is_carried, not_carried, own_members, rollback_step, update_of
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.planner import plan_deploy
from tests.unit.plan.builders import FAMILY_ARN, WEB, container, definition_of, set_image
from tests.unit.rollout.builders import old, service_with

PORT = {"containerPort": 80, "name": "main", "protocol": "tcp"}
ROLE = "arn:aws:iam::111122223333:role/web"


def logs(group: str = "/aws/ecs/web", prefix: str | None = "ecs", region: str = "eu-west-1") -> dict[str, object]:
    options = {"awslogs-group": group, "awslogs-stream-prefix": prefix, "awslogs-region": region}
    return {"logDriver": "awslogs", "options": {name: each for name, each in options.items() if each}}


def main(image: str = "app:1", **members: object) -> dict[str, object]:
    """The container `Main` as Express mode makes it."""
    made: dict[str, object] = {
        "essential": True,
        "portMappings": [PORT],
        "command": ["serve"],
        "linuxParameters": {"initProcessEnabled": True},
        "stopTimeout": 30,
        "versionConsistency": "enabled",
        "logConfiguration": logs(),
        "mountPoints": [],
    }
    return container("Main", image, **(made | members))


def express(*containers: Mapping[str, object], number: int = 1, **members: object) -> TaskDefinition:
    made: dict[str, object] = {
        "taskDefinitionArn": f"{FAMILY_ARN}:{number}",
        "revision": number,
        "cpu": "1024",
        "memory": "2048",
        "taskRoleArn": ROLE,
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "volumes": [],
    }
    return definition_of(*(containers or (main(),)), **(made | members))


RUNNING = express()
SERVICE = replace(service_with(old(status="PRIMARY")), managed_by_express=True)
MANAGED = Express(arn=SERVICE.arn, containers={RUNNING.arn: {"image": "app:1", "containerPort": 80, "newer": "kept"}})
FACTS = Facts(base=RUNNING, current=RUNNING.arn, running=RUNNING, express=MANAGED)
RELEASE = DeployRequest(service=WEB, edits=(set_image("app:2"),))
HEALTH = {"command": ["CMD", "true"]}


def test_an_image_is_sent_in_the_container_as_it_stands_with_members_that_we_do_not_know() -> None:
    (step,) = plan_deploy(RELEASE, SERVICE, FACTS).steps
    assert isinstance(step, UpdateExpress)
    assert (step.service, step.arn) == (WEB, SERVICE.arn)
    assert step.members == {"primaryContainer": {"image": "app:2", "containerPort": 80, "newer": "kept"}}
    assert step.definition is not None
    assert step.definition.images == {"Main": "app:2"}


def test_where_express_mode_shows_no_container_of_the_revision_the_definition_has_it() -> None:
    step = update_of(WEB, Express(arn="a", containers={}), RUNNING, express(main("app:2")))
    assert step is not None
    assert step.members["primaryContainer"] == {
        "image": "app:2",
        "command": ["serve"],
        "environment": [],
        "secrets": [],
        "containerPort": 80,
        "awsLogsConfiguration": {"logGroup": "/aws/ecs/web", "logStreamPrefix": "ecs"},
    }


def test_of_the_task_only_what_changes_is_sent() -> None:
    step = update_of(WEB, MANAGED, RUNNING, express(memory="4 GB"))
    assert step is not None
    assert step.members == {"memory": "4096"}


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        pytest.param(express(main(healthCheck=HEALTH)), ("Main.healthCheck",), id="a health check"),
        pytest.param(express(main(), container("proxy", "p:1")), ("container proxy",), id="a sidecar"),
        pytest.param(express(volumes=[{"name": "v"}]), ("volumes",), id="a volume"),
        pytest.param(express(taskRoleArn=None), ("taskRoleArn",), id="a role taken away"),
        pytest.param(express(main(stopTimeout=60)), ("Main.stopTimeout",), id="a member that Express mode sets"),
        pytest.param(
            express(main(logConfiguration={"logDriver": "splunk"})),
            ("Main.logConfiguration", "awsLogsConfiguration"),
            id="another driver",
        ),
        pytest.param(express(main(portMappings=[PORT | {"containerPort": 81}])), (), id="another port"),
        pytest.param(
            express(main(portMappings=[PORT, PORT])), ("Main.portMappings", "containerPort"), id="a second port"
        ),
        pytest.param(express(main("app:2", environment=[{"name": "A", "value": "b"}])), (), id="what it carries"),
        pytest.param(express(main(logConfiguration=logs(group="/other", prefix="p"))), (), id="another log group"),
        pytest.param(express(main(logConfiguration=logs(region="a"))), ("Main.logConfiguration",), id="a region"),
        pytest.param(
            express(main(logConfiguration=logs() | {"secretOptions": [{"name": "k", "valueFrom": "v"}]})),
            ("Main.logConfiguration",),
            id="an option of the logs that is a secret",
        ),
        pytest.param(
            express(main(logConfiguration=logs(prefix=None))), ("awsLogsConfiguration",), id="a log group alone"
        ),
        pytest.param(express(main(portMappings=[PORT | {"hostPort": 81}])), (), id="a port of the host"),
        pytest.param(express(main(portMappings=[PORT | {"name": "x"}])), ("Main.portMappings",), id="a port's name"),
    ],
)
def test_what_cannot_be_carried_is_named(wanted: TaskDefinition, names: tuple[str, ...]) -> None:
    assert not_carried(RUNNING, wanted) == names


def test_a_definition_as_express_mode_makes_it_has_nothing_of_its_own() -> None:
    assert own_members(RUNNING) == ()
    assert own_members(express(main(cpu=256), tags=[{"key": "a", "value": "b"}])) == ()
    assert own_members(express(main(healthCheck=HEALTH, user="1"))) == ("Main.healthCheck", "Main.user")
    beside = express(container("proxy", "p:1"), main(essential=False))
    assert own_members(beside) == ("Main.essential", "container proxy")


def test_an_edit_that_cannot_be_carried_blocks() -> None:
    wanted = replace(RELEASE, edits=(), revision="")
    facts = replace(FACTS, base=express(main(healthCheck=HEALTH)))
    plan = plan_deploy(wanted, SERVICE, facts)
    assert plan.findings == (found("C-EXPRESS-EDIT", "Main.healthCheck"),)
    assert plan.is_blocked


def test_a_definition_with_more_is_registered_and_given_by_its_arn() -> None:
    more = express(main(healthCheck=HEALTH))
    register, step = plan_deploy(RELEASE, SERVICE, replace(FACTS, base=more, running=more)).steps
    assert isinstance(register, Register)
    assert step == UpdateExpress(service=WEB, arn=SERVICE.arn)


def test_so_is_a_definition_from_a_file_and_it_needs_the_container_main_with_a_named_port() -> None:
    file = definition_of(container("app", "app:2"))
    refused = found("C-EXPRESS-MAIN", "web")
    for definition, fits in (
        (express(main("app:2")), True),
        (file, False),
        (express(main(portMappings=[{"containerPort": 80}])), False),
        (express(main(portMappings=[PORT, PORT | {"name": "other"}])), False),
    ):
        request = replace(RELEASE, edits=(), base=FromFile(definition=definition, path="f.json"))
        plan = plan_deploy(request, SERVICE, replace(FACTS, base=definition))
        assert [type(each) for each in plan.steps] == [Register, UpdateExpress]
        assert (refused not in plan.findings) is fits


def test_a_revision_is_sent_by_its_members_and_by_its_arn_if_these_cannot_carry_it() -> None:
    before = express(main("app:0"), number=7)
    request = DeployRequest(service=WEB, revision="web:7")
    (step,) = plan_deploy(request, SERVICE, replace(FACTS, base=before)).steps
    assert isinstance(step, UpdateExpress)
    assert (step.definition, step.revision) == (before, "")
    more = express(main("app:0", user="1"), number=7)
    (step,) = plan_deploy(request, SERVICE, replace(FACTS, base=more)).steps
    assert step == UpdateExpress(service=WEB, arn=SERVICE.arn, revision=more.arn)


def test_what_runs_already_is_forced_or_left_alone() -> None:
    request = replace(RELEASE, edits=(set_image("app:1"),))
    (step,) = plan_deploy(request, SERVICE, FACTS).steps
    assert step == PointService(service=WEB, revision=SERVICE.task_definition, force=True)
    (step,) = plan_deploy(replace(request, skip_unchanged=True), SERVICE, FACTS).steps
    assert step == PointService(service=WEB, revision=SERVICE.task_definition)
    more = express(main(healthCheck=HEALTH))
    for facts in (FACTS, replace(FACTS, base=more, running=more)):
        forced = plan_deploy(DeployRequest(service=WEB, force=True), SERVICE, facts)
        assert forced.steps == (PointService(service=WEB, revision=SERVICE.task_definition, force=True),)


def test_another_revision_goes_through_express_mode_if_it_is_forced_too() -> None:
    request = DeployRequest(service=WEB, force=True, revision="web:7")
    (step,) = plan_deploy(request, SERVICE, replace(FACTS, base=express(main("app:0"), number=7))).steps
    assert isinstance(step, UpdateExpress)


def test_a_rollback_sends_the_members_and_else_the_revision() -> None:
    step = rollback_step(WEB, MANAGED, express(main("app:2"), number=2), RUNNING)
    assert step.members["primaryContainer"]
    assert step == UpdateExpress(service=WEB, arn=SERVICE.arn, members=step.members, definition=RUNNING)
    more, same = express(main("app:2", user="1"), number=2), express(number=2)
    for running, wanted in ((more, RUNNING), (same, RUNNING), (more, express(main(user="1")))):
        back = rollback_step(WEB, MANAGED, running, wanted)
        assert back == UpdateExpress(service=WEB, arn=SERVICE.arn, revision=wanted.arn)


def test_a_revision_is_known_by_what_was_to_be_carried() -> None:
    edited = plan_deploy(replace(RELEASE, edits=(SetVariable(name="A", value="b"),)), SERVICE, FACTS).steps[0]
    assert isinstance(edited, UpdateExpress)
    assert edited.definition is not None
    assert is_carried(express(main(environment=[{"name": "A", "value": "b"}])), edited.definition)
    assert not is_carried(RUNNING, edited.definition)
    assert differing(RUNNING, express(main(logConfiguration=None))) == ("awsLogsConfiguration",)
    assert is_carried(definition_of(container("app", "a")), definition_of(container("app", "b")))


def test_what_express_mode_keeps_to_itself_is_refused() -> None:
    gate = Gate(command=("./migrate",), container="Main")
    plan = plan_deploy(replace(RELEASE, sizing=Sizing(desired_count=3), before=gate), SERVICE, FACTS)
    assert plan.findings == (found("C-EXPRESS-SIZING", "web"), found("C-EXPRESS-GATE", "web"))


def test_a_run_that_only_registers_and_one_that_stays_have_no_part_of_express_mode() -> None:
    registers = plan_deploy(replace(RELEASE, wait_until=WaitUntil.REGISTERED), SERVICE, FACTS)
    assert [type(each) for each in registers.steps] == [Register]
    stays = plan_deploy(DeployRequest(service=WEB, revision=SERVICE.task_definition), SERVICE, FACTS)
    assert stays.steps == (PointService(service=WEB, revision=SERVICE.task_definition),)
