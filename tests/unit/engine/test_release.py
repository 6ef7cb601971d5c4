"""A release does what was planned, in order, and tells it."""

from dataclasses import replace

import pytest

from ecsdeploy import api
from ecsdeploy.errors import AccessDenied, Lossy, Refused
from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.events import Concluded, Finished, Progress, Registered, Started, TaskRunning
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.request import FromFile, FromRunning, PlannedRequest, Request, Sizing, WaitUntil
from ecsdeploy.model.steps import PointService, Register
from tests.unit.engine.happenings import all_run, completes, goes_on
from tests.unit.engine.runs import EDITS, FORCED, ONE_OFF, REGISTRATION, RELEASE, REVISION, run
from tests.unit.engine.world import Listener, ScriptedPlane
from tests.unit.plan.builders import WEB, container, definition_of
from tests.unit.rollout.builders import running_task

WRITE_OF = {"register": "register", "update": "update_service", "force": "update_service", "run": "run_task"}


def test_a_release_registers_updates_and_waits_for_completion() -> None:
    plane = ScriptedPlane(courses=[[goes_on, goes_on, completes]])
    ran = run(plane)
    assert (ran.status, ran.outcome.from_revision, ran.outcome.to_revision) == (
        Status.SUCCEEDED,
        REVISION(1),
        REVISION(2),
    )
    assert ran.outcome.images == (("app", "acme/app:2"),)
    assert ran.outcome.deployment_id == plane.now.deployments[0].id
    assert plane.updates == [(PointService(service=WEB), REVISION(2))]
    told = [type(each) for each in ran.events if not isinstance(each, Progress)]
    assert told == [Planned, Registered, Started, TaskRunning, Concluded, Finished]


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(RELEASE, id="deploy"),
        pytest.param(FORCED, id="force"),
        pytest.param(replace(RELEASE, wait_until=WaitUntil.REGISTERED), id="until registered"),
        pytest.param(replace(RELEASE, wait_until=WaitUntil.STARTED), id="until started"),
        pytest.param(REGISTRATION, id="register"),
        pytest.param(ONE_OFF, id="run"),
    ],
)
def test_the_executed_steps_are_the_planned_ones(request_: Request) -> None:
    plane = ScriptedPlane(courses=[[completes]], one_off=[running_task(1, status="STOPPED")])
    ran = run(plane, request_)
    (planned,) = ran.told.of(Planned)
    assert ran.events[0] is planned
    assert plane.writes == [WRITE_OF[each] for each in planned.steps]


@pytest.mark.parametrize(
    "request_", [RELEASE, FORCED, REGISTRATION, ONE_OFF], ids=["deploy", "force", "register", "run"]
)
def test_a_plan_is_told_and_writes_nothing(request_: PlannedRequest) -> None:
    plane, told = ScriptedPlane(), Listener()
    plan = api.plan(api.Connection(plane=plane, clock=plane.clock), request_, told)
    assert plane.writes == []
    assert [type(each) for each in told.events] == [Planned, Finished]
    assert len(told.of(Planned)[0].steps) == len(plan.steps)


def test_a_release_of_an_image_is_planned_from_the_revision_in_use() -> None:
    plane = ScriptedPlane()
    plan = api.plan(api.Connection(plane=plane, clock=plane.clock), RELEASE, Listener())
    register, point = plan.steps
    assert isinstance(register, Register)
    assert register.definition.images == {"app": "acme/app:2"}
    assert point == PointService(service=WEB)
    assert (plan.base, plan.baseline and plan.baseline.revision) == (REVISION(1), REVISION(1))
    assert plan.changes == (ImageChange(container="app", before="acme/app:1", after="acme/app:2"),)
    assert plan.findings == ()


@pytest.mark.parametrize(
    ("until", "status", "phase"),
    [
        (WaitUntil.REGISTERED, Status.SUCCEEDED, Phase.REGISTERED),
        (WaitUntil.STARTED, Status.DETACHED, Phase.STARTING),
        (WaitUntil.HEALTHY, Status.SUCCEEDED, Phase.WAITING),
    ],
)
def test_one_may_wait_less_than_to_the_end(until: WaitUntil, status: Status, phase: Phase) -> None:
    plane = ScriptedPlane(courses=[[goes_on, all_run]])
    ran = run(plane, replace(RELEASE, wait_until=until))
    assert (ran.status, ran.outcome.verdict.phase) == (status, phase)


def test_f13_completion_counts_only_for_the_deployment_that_we_started() -> None:
    """Right after our write the old deployment is still shown alone, complete and steady."""
    plane = ScriptedPlane(courses=[[completes]], lag=3)
    assert run(plane).status is Status.SUCCEEDED
    assert plane.made("service") == 5


READ = FromFile(path="web.json", definition=definition_of(container("app", "acme/app:0"), pidMode="task"))


@pytest.mark.parametrize("base", [FromRunning.LATEST, READ], ids=["latest", "file"])
def test_the_edits_start_from_the_base_that_was_asked_for(base: FromRunning | FromFile) -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.keep(definition_of(container("app", "acme/app:0"), pidMode="task", taskDefinitionArn=REVISION(5), revision=5))
    ran = run(plane, replace(RELEASE, base=base))
    assert ran.outcome.to_revision == REVISION(6)
    assert plane.store[REVISION(6)].payload["pidMode"] == "task"
    assert ran.outcome.from_revision == REVISION(1), "where a rollback goes is what the service ran"


def test_health_is_read_where_containers_have_checks() -> None:
    plane = ScriptedPlane(courses=[[goes_on, goes_on, goes_on, completes]])
    plane.keep(definition_of(container("app", "acme/app:1", healthCheck={"command": ["CMD", "true"]})))
    ran = run(plane)
    assert ran.status is Status.SUCCEEDED
    assert plane.made("tasks_started_by") == 1


def test_f47_a_service_at_zero_skips_the_first_phase() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.now = replace(plane.now, desired=0)
    ran = run(plane)
    assert ran.told.of(TaskRunning) == [TaskRunning(skipped=True)]
    assert ran.outcome.warnings == ("W-SCALED-TO-ZERO web",)


def test_a_blocking_finding_changes_nothing() -> None:
    plane = ScriptedPlane()
    plane.now = replace(plane.now, controller="EXTERNAL")
    ran = run(plane)
    assert isinstance(ran.error, Refused)
    assert (ran.status, ran.outcome.verdict.phase, plane.writes) == (Status.REFUSED, Phase.PLANNING, [])


def test_nothing_that_matches_changes_nothing() -> None:
    plane = ScriptedPlane()
    plane.keep(definition_of(container("app", "acme/api:1")))
    ran = run(plane)
    assert isinstance(ran.error, Refused)
    assert (ran.status, plane.writes) == (Status.REFUSED, [])


@pytest.mark.parametrize(
    "error", [Lossy("`pidMode` is missing."), AccessDenied("No.")], ids=["f64 lossy", "f20 denied"]
)
def test_a_refused_registration_leaves_the_service_alone(error: Refused) -> None:
    plane = ScriptedPlane()
    plane.fail("register", error)
    ran = run(plane)
    assert (ran.error, ran.status, plane.updates) == (error, Status.REFUSED, [])


def test_f20_a_refused_update_says_that_nothing_was_changed() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", AccessDenied("No PassRole."))
    ran = run(plane)
    assert (ran.status, ran.outcome.to_revision, ran.outcome.deployment_id) == (Status.REFUSED, REVISION(2), "")
    assert ran.told.of(Registered)
    assert not ran.told.of(Started)
    assert not ran.told.of(Concluded)


def test_sizing_goes_with_the_update() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    sizing = Sizing(desired_count=3, maximum_percent=150)
    run(plane, replace(RELEASE, sizing=sizing, edits=EDITS))
    assert plane.updates[0][0].sizing == sizing
    assert plane.made("update_service") == 1
