"""Why it failed is looked for; what cannot be read costs a warning, never the verdict."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import AccessDenied, ReplyLost
from ecsdeploy.model.outcome import Status
from tests.unit.diagnose.builders import crashed, logging
from tests.unit.engine.runs import RELEASE, WITH_ROLLBACK, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane, at_once, completes, ecs_goes_back, fails, goes_on, started
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import FOREIGN_ID, event

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
    assert [each.code for each in run(plane).outcome.causes] == ["E-NO-CAPACITY"]


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


def test_the_cause_is_looked_for_before_the_way_back() -> None:
    plane = failing(courses=[[fails], [completes]])
    ran = run(plane, WITH_ROLLBACK)
    assert ran.outcome.causes
    assert plane.calls.index("tasks_started_by") < plane.calls.index(
        "update_service", plane.calls.index("update_service") + 1
    )


def test_a_failed_forced_deployment_is_explained_with_its_definition() -> None:
    sidecar = container("proxy", "envoy:3", essential=False)
    plane = failing()
    plane.keep(definition_of(sidecar, LOGGED.containers[0].payload))
    cause = run(plane, replace(RELEASE, edits=(), force=True)).outcome.cause
    assert cause is not None
    assert cause.log == LINES
