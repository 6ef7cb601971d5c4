"""A request and the facts give ordered steps, findings, and where to go back to."""

from dataclasses import replace

import pytest

from ecsdeploy.model.difference import How
from ecsdeploy.model.oneoff import OneOff
from ecsdeploy.model.request import DeployRequest, RegisterRequest, Sizing, WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import Demands, LaunchVolume, ServiceSettings
from ecsdeploy.model.steps import Baseline, Finding, Plan, PointService, Register, RunTask
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks import check_definition, check_one_off, check_service
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.planner import plan_deploy, plan_register, plan_rollback
from tests.unit.plan.builders import WEB, container, definition_of, set_image, with_images
from tests.unit.rollout.builders import OLD, OLD_ID, old, service_with

RUNNING = service_with(old(status="PRIMARY"))
FACTS = Facts(base=with_images(web="app:1"), current=OLD)
RELEASE = DeployRequest(service=WEB, edits=(set_image("app:2"),))
ALL_SIZES = Sizing(desired_count=4, minimum_healthy_percent=50, maximum_percent=150)


def test_a_release_registers_and_then_points_the_service() -> None:
    plan = plan_deploy(replace(RELEASE, sizing=ALL_SIZES), RUNNING, FACTS)
    register, point = plan.steps
    assert isinstance(register, Register)
    assert register.definition.images == {"web": "app:2"}
    assert point == PointService(service=WEB, sizing=ALL_SIZES)
    assert (plan.base, [each.after for each in plan.changes]) == (OLD, ["app:2"])


def differing(plan: Plan) -> list[tuple[str, str, str]]:
    return [(each.member, each.before, each.after) for each in plan.differences]


ROLLED_OUT = with_images(web="app:1")
BEFORE = definition_of(container("web", "app:0"), taskDefinitionArn=f"{OLD}0")


def test_what_changes_is_compared_with_what_runs_whatever_is_edited() -> None:
    facts = Facts(base=BEFORE, current=BEFORE.arn, running=ROLLED_OUT)
    plan = plan_deploy(RELEASE, RUNNING, facts)
    assert (plan.compared, plan.containers) == (ROLLED_OUT.arn, ("web",))
    assert differing(plan) == [("image", "app:1", "app:2")]
    assert plan.has_changes


def test_a_release_of_what_runs_changes_nothing() -> None:
    plan = plan_deploy(replace(RELEASE, edits=(set_image("app:1"),)), RUNNING, replace(FACTS, running=ROLLED_OUT))
    assert (plan.differences, plan.has_changes) == ((), False)


def test_an_existing_revision_is_compared_with_what_runs() -> None:
    facts = Facts(base=BEFORE, current=OLD, running=ROLLED_OUT)
    plan = plan_deploy(DeployRequest(service=WEB, revision="web:0"), RUNNING, facts)
    assert differing(plan) == [("image", "app:1", "app:0")]
    assert [(each.before, each.after) for each in plan.changes] == [("app:1", "app:0")]


def test_without_a_revision_to_compare_with_the_images_tell() -> None:
    file = replace(ROLLED_OUT, payload={**ROLLED_OUT.payload, "taskDefinitionArn": ""})
    plan = plan_deploy(RELEASE, RUNNING, Facts(base=file, current=OLD))
    assert (plan.compared, plan.differences, plan.has_changes) == ("", (), True)
    plan = plan_deploy(DeployRequest(service=WEB, revision="web:0"), RUNNING, Facts(base=BEFORE, current=OLD))
    assert (plan.compared, [each.before for each in plan.changes]) == ("", [""])


def test_a_service_of_another_size_is_a_change() -> None:
    same = replace(RELEASE, edits=(set_image("app:1"),), sizing=replace(ALL_SIZES, desired_count=RUNNING.desired))
    plan = plan_deploy(same, replace(RUNNING, maximum_percent=150), replace(FACTS, running=ROLLED_OUT))
    assert [(each.member, each.before, each.after) for each in plan.resized] == [("minimumHealthyPercent", "", "50")]
    assert plan.has_changes


def test_waiting_until_registered_does_not_touch_the_service() -> None:
    plan = plan_deploy(replace(RELEASE, wait_until=WaitUntil.REGISTERED), RUNNING, FACTS)
    assert [type(each) for each in plan.steps] == [Register]


def test_force_registers_nothing_and_sends_no_sizing() -> None:
    plan = plan_deploy(DeployRequest(service=WEB, force=True, sizing=ALL_SIZES), RUNNING, FACTS)
    assert plan.steps == (PointService(service=WEB, revision=OLD, force=True),)
    assert plan.baseline == Baseline(revision=OLD, deployment_id=OLD_ID, sizing=Sizing())


def test_a_forced_revision_is_started_anew_though_it_is_in_use() -> None:
    asked = DeployRequest(service=WEB, revision="web:1", force=True)
    plan = plan_deploy(asked, RUNNING, replace(FACTS, running=ROLLED_OUT))
    assert plan.steps == (PointService(service=WEB, revision=OLD, force=True),)
    assert "C-REVISION-IN-USE" not in [each.code for each in plan.findings]


def test_whose_tags_the_tasks_get_changes_with_a_release_and_is_remembered() -> None:
    sizing = Sizing(managed_tags=True, propagate_tags="SERVICE")
    plan = plan_deploy(replace(RELEASE, sizing=sizing), RUNNING, FACTS)
    assert [(each.member, each.before, each.after) for each in plan.resized] == [
        ("enableECSManagedTags", "false", "true"),
        ("propagateTags", "NONE", "SERVICE"),
    ]
    assert plan.baseline is not None
    assert plan.baseline.sizing == Sizing(managed_tags=False, propagate_tags="NONE")


def test_how_volumes_are_configured_changes_with_a_release_and_is_remembered() -> None:
    before = (LaunchVolume(name="kept", managed={"iops": 1}), LaunchVolume(name="gone", managed={"roleArn": "r"}))
    after = (LaunchVolume(name="kept", managed={"iops": 1}), LaunchVolume(name="new", managed={"sizeInGiB": 5}))
    running = replace(RUNNING, settings=ServiceSettings(demands=Demands(launch_volumes=before)))
    plan = plan_deploy(replace(RELEASE, sizing=Sizing(volumes=after)), running, FACTS)
    assert [(each.member, each.name, each.how, each.before, each.after) for each in plan.resized] == [
        ("volumeConfigurations", "gone", How.REMOVED, '{"roleArn": "r"}', ""),
        ("volumeConfigurations", "new", How.ADDED, "", '{"sizeInGiB": 5}'),
    ]
    assert plan.baseline is not None
    assert plan.baseline.sizing == Sizing(volumes=before)


def test_registering_touches_no_service() -> None:
    plan = plan_register(RegisterRequest(family="web", edits=RELEASE.edits), FACTS)
    (register,) = plan.steps
    assert isinstance(register, Register)
    assert register.definition.images == {"web": "app:2"}
    assert (plan.base, plan.compared) == (OLD, FACTS.base.arn)
    assert [(each.container, each.before, each.after) for each in plan.changes] == [("web", "app:1", "app:2")]
    assert differing(plan) == [("image", "app:1", "app:2")]
    assert (plan.baseline, plan.findings) == (None, ())


@pytest.mark.parametrize(("family", "told"), [("web", ()), ("web:7", ()), (OLD, ()), ("", ()), ("api", ("web", "api"))])
def test_a_file_of_another_family_than_the_one_named_is_told(family: str, told: tuple[str, ...]) -> None:
    findings = plan_register(RegisterRequest(family=family), FACTS).findings
    assert findings == ((Finding(code="W-OTHER-FAMILY", subjects=told),) if told else ())


def test_a_file_without_a_family_is_refused_and_not_compared_with_the_one_named() -> None:
    nameless = Facts(base=definition_of(container("web", "app:1"), family=""), current="file.json")
    assert [each.code for each in plan_register(RegisterRequest(family="api"), nameless).findings] == ["C-NO-FAMILY"]


def test_a_one_off_task_follows_its_registration() -> None:
    once = OneOff(cluster="prod")
    plan = plan_register(RegisterRequest(family="web", edits=RELEASE.edits, run=once), FACTS)
    assert plan.steps[1:] == (RunTask(one_off=once),)
    assert plan.findings == ()


def test_a_one_off_task_without_a_network_is_told_beside_what_else_is_wrong() -> None:
    facts = Facts(base=definition_of(container("web", "app:1"), networkMode="awsvpc"), current=OLD)
    request = RegisterRequest(family="api", edits=RELEASE.edits, run=OneOff(cluster="prod"))
    assert [each.code for each in plan_register(request, facts).findings] == ["W-OTHER-FAMILY", "C-NO-NETWORK"]
    assert [each.code for each in plan_register(replace(request, run=None), facts).findings] == ["W-OTHER-FAMILY"]


CONFIGURED = replace(RUNNING, minimum_healthy_percent=75, maximum_percent=125)
SIZINGS: dict[str, tuple[Service, Sizing, Sizing]] = {
    "nothing changed": (CONFIGURED, Sizing(), Sizing()),
    "all changed": (
        CONFIGURED,
        ALL_SIZES,
        Sizing(desired_count=2, minimum_healthy_percent=75, maximum_percent=125),
    ),
    "percentages that were not set": (
        RUNNING,
        ALL_SIZES,
        Sizing(desired_count=2, minimum_healthy_percent=100, maximum_percent=200),
    ),
    "zero is a percentage": (
        replace(CONFIGURED, minimum_healthy_percent=0),
        Sizing(minimum_healthy_percent=100),
        Sizing(minimum_healthy_percent=0),
    ),
}


@pytest.mark.parametrize(("service", "asked", "before"), SIZINGS.values(), ids=SIZINGS)
def test_d11_the_baseline_restores_just_what_was_changed(service: Service, asked: Sizing, before: Sizing) -> None:
    plan = plan_deploy(replace(RELEASE, sizing=asked), service, FACTS)
    assert plan.baseline == Baseline(revision=OLD, deployment_id=OLD_ID, sizing=before)
    assert plan_rollback(WEB, plan.baseline) == PointService(service=WEB, revision=OLD, sizing=before)


def test_a_service_without_a_primary_deployment_has_a_baseline_all_the_same() -> None:
    plan = plan_deploy(RELEASE, service_with(), FACTS)
    assert plan.baseline == Baseline(revision=OLD, deployment_id="", sizing=Sizing())


def test_findings_of_service_edits_and_definition_stand_together() -> None:
    facts = Facts(base=definition_of(container("web", "app:1"), container("side", "")), current=OLD)
    plan = plan_deploy(RELEASE, replace(RUNNING, desired=0), facts)
    assert [each.code for each in plan.findings] == ["W-SCALED-TO-ZERO", "C-NO-IMAGE"]
    assert [
        each.code for each in plan_register(RegisterRequest(family="web", edits=RELEASE.edits), facts).findings
    ] == ["C-NO-IMAGE"]


@pytest.mark.parametrize(
    ("service", "sizing", "finding"),
    [
        pytest.param(RUNNING, Sizing(), None, id="ordinary"),
        pytest.param(replace(RUNNING, status=""), Sizing(), None, id="its status is not told"),
        pytest.param(
            replace(RUNNING, managed_by_express=True),
            Sizing(),
            None,
            id="express",
        ),
        pytest.param(
            replace(RUNNING, controller="EXTERNAL"),
            Sizing(),
            Finding(code="C-CONTROLLER", subjects=("web", "EXTERNAL"), blocking=True),
            id="f46 another controller",
        ),
        pytest.param(
            replace(RUNNING, controller="EXTERNAL"),
            Sizing(),
            Finding(code="C-CONTROLLER", subjects=("web", "EXTERNAL"), blocking=True),
            id="f46 a controller of somebody's own",
        ),
        pytest.param(
            replace(RUNNING, status="DRAINING"),
            Sizing(),
            Finding(code="C-NOT-ACTIVE", subjects=("web", "DRAINING"), blocking=True),
            id="f15 deleted",
        ),
        pytest.param(
            replace(RUNNING, desired=0), Sizing(), Finding(code="W-SCALED-TO-ZERO", subjects=("web",)), id="f47 at zero"
        ),
        pytest.param(
            RUNNING, Sizing(desired_count=0), Finding(code="W-SCALED-TO-ZERO", subjects=("web",)), id="to zero"
        ),
        pytest.param(replace(RUNNING, desired=0), Sizing(desired_count=1), None, id="from zero"),
    ],
)
def test_what_is_checked_about_a_service(service: Service, sizing: Sizing, finding: Finding | None) -> None:
    assert check_service(service, sizing) == ((finding,) if finding else ())


@pytest.mark.parametrize(
    ("definition", "finding"),
    [
        pytest.param(with_images(web="app:1"), None, id="ordinary"),
        pytest.param(
            with_images(web="app:1", side=""),
            Finding(code="C-NO-IMAGE", subjects=("side",), blocking=True),
            id="no image",
        ),
        pytest.param(
            definition_of({"image": "app:1"}), Finding(code="C-NO-IMAGE", subjects=("?",), blocking=True), id="no name"
        ),
        pytest.param(
            definition_of(), Finding(code="C-NO-CONTAINER", subjects=("web",), blocking=True), id="no container"
        ),
        pytest.param(definition_of(family=""), Finding(code="C-NO-FAMILY", blocking=True), id="no family"),
    ],
)
def test_what_is_checked_about_a_definition(definition: TaskDefinition, finding: Finding | None) -> None:
    assert check_definition(definition) == ((finding,) if finding else ())


@pytest.mark.parametrize(
    ("mode", "network", "blocked"),
    [
        ("awsvpc", None, True),
        ("awsvpc", {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}, False),
        ("bridge", None, False),
    ],
)
def test_a_one_off_task_of_its_own_interface_needs_subnets(
    mode: str, network: dict[str, object] | None, blocked: bool
) -> None:
    definition = definition_of({"name": "app", "image": "app:1"}, networkMode=mode)
    findings = check_one_off(definition, OneOff(cluster="prod", network_configuration=network))
    assert [each.blocking for each in findings] == [True] * blocked


AWSVPC = definition_of(container("web", "app:1"), networkMode="awsvpc")
SUBNETS = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}


@pytest.mark.parametrize(
    ("definition", "one_off", "blocks"),
    [
        pytest.param(AWSVPC, OneOff(cluster="prod"), True, id="nowhere to go"),
        pytest.param(AWSVPC, OneOff(cluster="prod", network_configuration=SUBNETS), False, id="subnets given"),
        pytest.param(with_images(web="app:1"), OneOff(cluster="prod"), False, id="no interface of its own"),
    ],
)
def test_a_one_off_task_needs_a_network_of_its_own(definition: TaskDefinition, one_off: OneOff, blocks: bool) -> None:
    assert [each.blocking for each in check_one_off(definition, one_off)] == [True] * blocks
