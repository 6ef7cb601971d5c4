"""A release that ECS calls complete is watched a little longer, where that was asked for."""

from dataclasses import dataclass, replace

import pytest

from ecsdeploy.errors import AccessDenied, AwsError, CredentialsError, ReplyLost, Throttled, Unreachable
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.request import Answer, OnInterrupt
from ecsdeploy.model.service import Task
from tests.unit.diagnose.builders import crashed, stopped
from tests.unit.engine.happenings import completes
from tests.unit.engine.runs import RELEASE, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane

STABLE = replace(RELEASE, min_stable_seconds=7)
SCALED_IN = stopped("ServiceSchedulerInitiated", "Scaling activity initiated by (deployment ecs-svc/1)", number=2)


@dataclass(slots=True)
class Mortal(ScriptedPlane):
    """Beside what had stopped when the deployment completed, one more task stops later."""

    later: tuple[Task, ...] = ()

    def tasks_started_by(self, ref: ServiceRef, deployment_id: str, *, stopped: bool) -> tuple[Task, ...]:
        seen = ScriptedPlane.tasks_started_by(self, ref, deployment_id, stopped=stopped)
        return (*seen, *self.later) if stopped and self.made("tasks_started_by") > 1 else seen


@pytest.mark.parametrize(
    ("before", "later", "status"),
    [
        pytest.param((crashed(1),), (), Status.SUCCEEDED, id="one had failed before"),
        pytest.param((crashed(1),), (crashed(1, number=2),), Status.FAILED, id="one had failed before, and another"),
        pytest.param((), (crashed(1),), Status.FAILED, id="one fails"),
        pytest.param((), (SCALED_IN,), Status.SUCCEEDED, id="one ends as it was told to"),
        pytest.param((), (), Status.SUCCEEDED, id="none stops"),
    ],
)
def test_x02_only_what_fails_after_completion_counts_against_staying_up(
    before: tuple[Task, ...], later: tuple[Task, ...], status: Status
) -> None:
    ran = run(Mortal(courses=[[completes]], stopped=before, later=later), STABLE)
    assert ran.status is status
    assert ran.outcome.verdict.reason == (later[0].stopped_reason if status is Status.FAILED else "")
    assert ran.outcome.verdict.phase is Phase.WAITING


@pytest.mark.parametrize("error", [Throttled("Slow down."), ReplyLost("500"), AccessDenied("No.")])
@pytest.mark.parametrize("after", [0, 1], ids=["the first read", "a later one"])
def test_t02_all_reads_of_staying_up_share_one_deadline(error: Exception, after: int) -> None:
    bare = run(ScriptedPlane(courses=[[completes]]))
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("tasks_started_by", error, times=ALWAYS, after=after)
    ran = run(plane, STABLE)
    assert (ran.status, ran.outcome.verdict.lost) == (Status.UNKNOWN, type(error).__name__)
    assert ran.seconds - bare.seconds <= 7 + 30


def test_x02_a_release_is_watched_for_the_seconds_that_were_asked_for() -> None:
    bare, watched = (run(ScriptedPlane(courses=[[completes]]), request) for request in (RELEASE, STABLE))
    assert watched.seconds - bare.seconds == 7


def test_tasks_that_run_on_do_not_count_against_staying_up() -> None:
    ran = run(ScriptedPlane(courses=[[completes]], running=(crashed(1),)), STABLE)
    assert ran.status is Status.SUCCEEDED


@pytest.mark.parametrize("after", [0, 1], ids=["at once", "later"])
def test_where_tasks_cannot_be_read_whether_it_stayed_up_is_not_known(after: int) -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("tasks_started_by", ReplyLost("Reset."), times=ALWAYS, after=after)
    verdict = run(plane, STABLE).outcome.verdict
    assert (verdict.status, verdict.reason, verdict.phase, verdict.lost) == (
        Status.UNKNOWN,
        "Reset.",
        Phase.WAITING,
        "ReplyLost",
    )


def test_whoever_goes_on_after_ctrl_c_is_told_of_a_task_that_fails_then() -> None:
    plane = Mortal(courses=[[completes]], later=(crashed(1),))
    plane.clock.interrupt_at = plane.clock.seconds + 3
    ran = run(plane, replace(STABLE, on_interrupt=OnInterrupt.ASK), lambda: Answer.CONTINUE)
    assert ran.status is Status.FAILED


def test_the_last_second_is_watched_too() -> None:
    plane = Mortal(courses=[[completes]], later=(crashed(1),))
    ran = run(plane, replace(STABLE, min_stable_seconds=1))
    assert ran.status is Status.FAILED


@pytest.mark.parametrize("error", [CredentialsError("Expired."), Unreachable("No route."), Throttled("Slow down.")])
def test_a_blip_while_a_release_is_watched_is_waited_for(error: AwsError) -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("tasks_started_by", error, times=4, after=1)
    assert run(plane, STABLE).status is Status.SUCCEEDED


LONGER = replace(RELEASE, min_stable_seconds=30)


def test_f40_a_release_that_stays_up_has_succeeded() -> None:
    ran = run(ScriptedPlane(courses=[[completes]]), LONGER)
    assert (ran.status, ran.seconds >= 30) == (Status.SUCCEEDED, True)


def test_f40_a_task_that_dies_soon_after_completion_fails_the_release() -> None:
    dead = crashed(1)
    ran = run(Mortal(courses=[[completes]], later=(dead,)), LONGER)
    assert (ran.status, ran.outcome.verdict.reason) == (Status.FAILED, dead.stopped_reason)
