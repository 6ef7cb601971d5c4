"""Why it failed is looked for; what cannot be read costs a warning, never the verdict."""

from dataclasses import replace

import pytest

from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.settle.examine import Examiner, examining
from ecsdeploy.errors import AccessDenied, EcsDeployError, NoSuchResource, ReplyLost
from ecsdeploy.model.balancer import GroupHealth, HealthCheck, TargetHealth
from ecsdeploy.model.outcome import Cause, Status
from tests.unit.diagnose.builders import crashed, ended_by, logging
from tests.unit.engine.happenings import at_once, completes, ecs_goes_back, fails, goes_on, started
from tests.unit.engine.runs import RELEASE, WITH_ROLLBACK, run
from tests.unit.engine.world import ALWAYS, Listener, ScriptedPlane
from tests.unit.plan.builders import WEB, container, definition_of
from tests.unit.rollout.builders import FOREIGN_ID, OUR_ID, TARGET_GROUP, event

LOGGED = definition_of(container("app", "acme/app:1", logConfiguration=logging()))
LINES = ("Traceback (most recent call last):", "KeyError: 'DATABASE_URL'")


def failing(**changes: object) -> ScriptedPlane:
    plane = ScriptedPlane(courses=[[fails]], stopped=(crashed(1), crashed(1, number=2)), lines=[LINES])
    plane.keep(LOGGED)
    for name, value in changes.items():
        setattr(plane, name, value)
    return plane


def test_a_failure_is_explained_with_its_log() -> None:
    cause = run(failing()).outcome.cause
    assert cause is not None
    assert (cause.code, cause.container, cause.tasks, cause.log) == ("E-CONTAINER-EXIT", "app", 2, LINES)


def test_the_log_may_come_late() -> None:
    cause = run(failing(lines=[(), (), LINES])).outcome.cause
    assert cause is not None
    assert cause.log == LINES


def test_a_log_that_stays_empty_is_given_up() -> None:
    plane = failing(lines=[])
    cause = run(plane).outcome.cause
    assert cause is not None
    assert (cause.log, plane.made("log_tail")) == ((), 3)


@pytest.mark.parametrize(
    ("read", "warning", "codes"),
    [
        pytest.param("tasks_started_by", "W-UNREADABLE-TASKS No.", [], id="tasks"),
        pytest.param("log_tail", "W-UNREADABLE-LOGS No.", ["E-CONTAINER-EXIT"], id="logs"),
    ],
)
@pytest.mark.parametrize("error", [AccessDenied("No."), ReplyLost("No.")], ids=["denied", "silent"])
def test_f21_what_cannot_be_read_is_a_warning(read: str, warning: str, codes: list[str], error: Exception) -> None:
    plane = failing()
    plane.fail(read, error, times=ALWAYS)
    ran = run(plane)
    assert (ran.status, ran.outcome.warnings, [each.code for each in ran.outcome.causes]) == (
        Status.FAILED,
        (warning,),
        codes,
    )
    assert ran.seconds < 60, "the search for a cause is short"


def test_events_explain_where_no_task_stopped() -> None:
    old_news = event(1, "(service web) was unable to stop or start tasks during a deployment")
    plane = failing(stopped=())
    plane.now = replace(plane.now, events=(old_news,))
    plane.courses = [
        [lambda now: replace(fails(now), events=(event(2, "(service web) was unable to place a task."), *now.events))]
    ]
    assert [each.code for each in run(plane).outcome.causes] == ["E-PLACEMENT"]


@pytest.mark.parametrize(
    ("course", "reads"),
    [
        pytest.param([completes], 0, id="succeeded"),
        pytest.param([started(FOREIGN_ID, "other:9")], 0, id="superseded"),
        pytest.param([goes_on], 1, id="timed out"),
        pytest.param([ecs_goes_back, at_once(completes)], 1, id="rolled back"),
    ],
)
def test_only_a_failure_has_a_cause(course: list[object], reads: int) -> None:
    plane = failing(courses=[course])
    run(plane)
    assert plane.made("tasks_started_by") == reads


def test_the_cause_is_looked_for_once_the_way_back_is_sent_and_before_that_is_followed() -> None:
    plane = failing(courses=[[fails], [completes]])
    ran = run(plane, WITH_ROLLBACK)
    assert ran.outcome.causes
    sent = len(plane.calls) - 1 - plane.calls[::-1].index("update_service")
    asked = plane.calls.index("tasks_started_by")
    assert sent < asked
    assert "service" not in plane.calls[sent:asked]
    assert plane.made("tasks_started_by") == 1


def test_a_failed_forced_deployment_is_explained_with_its_definition() -> None:
    sidecar = container("proxy", "envoy:3", essential=False)
    plane = failing()
    plane.keep(definition_of(sidecar, LOGGED.containers[0].payload))
    cause = run(plane, replace(RELEASE, edits=(), force=True)).outcome.cause
    assert cause is not None
    assert cause.log == LINES


UNHEALTHY = ended_by("ServiceSchedulerInitiated", f"Task failed ELB health checks in (target-group {TARGET_GROUP})")
CHECK = HealthCheck(protocol="HTTP", path="/health", codes="200")
UNWELL = TargetHealth(target="10.0.0.1:80", state="unhealthy", reason="Target.Timeout", description="Request timed out")
WITH_URL = definition_of(container("app", "acme/app:1", environment=[{"name": "DATABASE_URL", "value": "x"}]))
OURS = definition_of(LOGGED.containers[0].payload, taskDefinitionArn=f"{WITH_URL.arn[:-1]}2")


def examine(
    plane: ScriptedPlane, *, baseline: str = "", reason: str = "", alarms: tuple[str, ...] = ()
) -> tuple[tuple[Cause, ...], list[str]]:
    """The causes, and the warnings."""
    told = Emitter(Listener(), plane.clock, None)
    reads = examining(plane.clock, told)
    examiner = Examiner(plane=plane, reads=reads, definition=OURS, baseline=baseline)
    return examiner.deployment(WEB, OUR_ID, (), reason, alarms), told.warnings


def unhealthy() -> ScriptedPlane:
    """A task failed the load balancer's checks."""
    return failing(stopped=(UNHEALTHY,), group=GroupHealth(check=CHECK, targets=(UNWELL,)))


def test_f53_the_target_group_that_ecs_names_is_asked() -> None:
    (cause,), warnings = examine(unhealthy())
    assert (cause.code, cause.log, warnings) == ("E-TARGET-TIMEOUT", LINES, [])
    assert cause.evidence[3:] == (
        "health check: HTTP /health, expects 200",
        "target 10.0.0.1:80 unhealthy: Target.Timeout Request timed out",
    )


@pytest.mark.parametrize(("denied", "code"), [("health_check", "E-TARGET-TIMEOUT"), ("targets", "E-TARGET-UNHEALTHY")])
def test_f21_either_read_of_the_load_balancer_is_optional(denied: str, code: str) -> None:
    plane = unhealthy()
    plane.fail(denied, AccessDenied("No."))
    (cause,), warnings = examine(plane)
    assert (cause.code, warnings) == (code, ["W-UNREADABLE-TARGETS No."])


def test_a_cause_that_is_not_the_load_balancers_asks_it_nothing() -> None:
    plane = failing()
    examine(plane)
    assert (plane.made("targets"), plane.made("health_check"), plane.made("definition")) == (0, 0, 0)


def test_the_revision_before_shows_what_changed() -> None:
    plane = failing()
    plane.keep(WITH_URL)
    (cause,), warnings = examine(plane, baseline=WITH_URL.arn)
    assert cause.remedy.startswith("web:1 defined DATABASE_URL, web:2 does not.")
    assert warnings == []


def test_the_same_revision_is_not_compared_with_itself() -> None:
    plane = failing()
    examine(plane, baseline=OURS.arn)
    assert plane.made("definition") == 0


@pytest.mark.parametrize("error", [AccessDenied("No."), NoSuchResource("No.")], ids=["denied", "deleted"])
def test_f21_the_revision_before_is_optional(error: EcsDeployError) -> None:
    plane = failing()
    plane.fail("definition", error)
    (cause,), warnings = examine(plane, baseline=WITH_URL.arn)
    assert (cause.code, warnings) == ("E-CONTAINER-EXIT", ["W-UNREADABLE-BASELINE No."])


def test_f41_the_reason_and_the_alarms_are_evidence() -> None:
    reason = "Service deployment rolled back because of one or more active alarms."
    causes, _ = examine(failing(), reason=reason, alarms=("web-5xx",))
    assert [each.code for each in causes] == ["E-ALARM", "E-CONTAINER-EXIT"]
    assert causes[0].evidence == (reason, "alarm web-5xx")


def test_a_stream_that_does_not_exist_yet_is_waited_for() -> None:
    plane = failing()
    plane.fail("log_tail", NoSuchResource("No such stream."), times=2)
    (cause,), warnings = examine(plane)
    assert (cause.log, warnings) == (LINES, [])


def test_nothing_more_is_read_when_time_is_up() -> None:
    late = unhealthy()
    late.fail("log_tail", ReplyLost("No."), takes=30)
    (cause,), warnings = examine(late, baseline=WITH_URL.arn)
    assert (cause.code, warnings) == ("E-TARGET-UNHEALTHY", ["W-UNREADABLE-LOGS No."])
    assert (late.made("targets"), late.made("definition")) == (0, 0)
