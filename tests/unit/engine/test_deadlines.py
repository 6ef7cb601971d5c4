"""One deadline for all that comes before the write; our deployment's own time begins with it."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import Refused, ReplyLost, Throttled, Unreachable
from ecsdeploy.model.events import Warned
from ecsdeploy.model.oneoff import OneOff
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.request import IfBusy, PhaseBudget, WholeBudget
from ecsdeploy.model.service import Service
from tests.unit.engine.happenings import completes, goes_on, started
from tests.unit.engine.runs import ONE_OFF, RELEASE, REVISION, WITH_ROLLBACK, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import FOREIGN_ID, running_task

MINUTE = replace(RELEASE, budget=WholeBudget(seconds=60))
WAITING = replace(MINUTE, if_busy=IfBusy.WAIT)
THROTTLED = Throttled("Slow down.")


def same(service: Service) -> Service:
    return service


def busy(plane: ScriptedPlane, looks: int) -> None:
    """Somebody else's deployment runs for so many looks."""
    plane.keep(definition_of(container("app", "acme/app:1"), taskDefinitionArn=REVISION(9)))
    plane.now = started(FOREIGN_ID, REVISION(9))(plane.now)
    plane.happen(*[same] * looks, completes)


def test_t02_all_calls_before_the_write_share_one_deadline() -> None:
    """Each answers after half a minute of throttling: together they must not take four times the timeout."""
    plane = ScriptedPlane()
    for call in ("service", "definition", "register", "update_service"):
        plane.fail(call, THROTTLED, times=3, takes=12)
    ran = run(plane, MINUTE)
    assert (ran.status, plane.made("update_service")) == (Status.REFUSED, 0)
    assert ran.seconds < 60 + 12


@pytest.mark.parametrize("budget", [WholeBudget(seconds=60), PhaseBudget(seconds=60)], ids=["whole", "phases"])
def test_t02_our_deployment_has_its_own_time_from_our_write_on(budget: WholeBudget | PhaseBudget) -> None:
    """Planning took 25 seconds, and our deployment is complete 58 seconds after it began."""
    plane = ScriptedPlane(courses=[[*[goes_on] * 10, completes]])
    plane.fail("register", THROTTLED, takes=24)
    assert run(plane, replace(RELEASE, budget=budget)).status is Status.SUCCEEDED


@pytest.mark.parametrize(
    ("call", "takes", "phase"),
    [
        pytest.param("definition", 31, Phase.PLANNING, id="planning was slow"),
        pytest.param("register", 29.5, Phase.REGISTERED, id="registering was slow"),
    ],
)
def test_t02_nothing_is_released_where_too_little_time_is_left(call: str, takes: float, phase: Phase) -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail(call, ReplyLost("Reset."), applied=True, takes=takes)
    ran = run(plane, MINUTE)
    assert (ran.status, type(ran.error), plane.made("update_service")) == (Status.REFUSED, Refused, 0)
    assert ran.error is not None
    assert (ran.error.exit_code, ran.outcome.verdict.phase) == (26, phase)
    assert ("Nothing was changed" in ran.error.hint) is (phase is Phase.PLANNING)


def test_t02_a_write_that_stays_throttled_is_given_up_while_a_watch_would_still_fit() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", THROTTLED, times=ALWAYS)
    ran = run(plane, MINUTE)
    assert (ran.status, ran.outcome.verdict.phase) == (Status.REFUSED, Phase.STARTING)
    assert ran.seconds <= 31


def test_t02_waiting_for_others_ends_while_a_watch_would_still_fit() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    busy(plane, looks=20)
    ran = run(plane, WAITING)
    assert (ran.status, ran.outcome.verdict.by, plane.writes) == (Status.BUSY, FOREIGN_ID, [])
    assert 30 <= ran.seconds <= 36


def test_t02_who_is_busy_and_then_not_to_be_asked_is_busy() -> None:
    plane = ScriptedPlane()
    busy(plane, looks=20)
    plane.fail("service", THROTTLED, times=ALWAYS, after=3)
    ran = run(plane, WAITING)
    assert (ran.status, ran.error, plane.writes) == (Status.BUSY, None, [])


def test_t02_a_wait_that_ends_in_time_leaves_our_deployment_its_own() -> None:
    plane = ScriptedPlane(courses=[[*[goes_on] * 10, completes]])
    busy(plane, looks=4)
    assert run(plane, WAITING).status is Status.SUCCEEDED


def test_t02_a_short_timeout_leaves_half_of_it_for_planning() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("definition", THROTTLED, takes=4)
    assert run(plane, replace(RELEASE, budget=WholeBudget(seconds=10))).status is Status.SUCCEEDED


def test_t02_a_rollback_has_its_time_anew() -> None:
    plane = ScriptedPlane(courses=[[goes_on], [goes_on, completes]])
    plane.fail("update_service", THROTTLED, times=2, after=1)
    assert run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=40))).status is Status.ROLLED_BACK


@pytest.mark.parametrize("error", [THROTTLED, ReplyLost("500")], ids=["throttled", "no usable reply"])
def test_t15_what_is_asked_again_before_the_first_answer_is_told_after_five_seconds(error: Exception) -> None:
    plane = ScriptedPlane()
    plane.fail("service", error, times=ALWAYS)
    ran = run(plane, MINUTE)
    assert [each.finding.subjects[-1] for each in ran.told.of(Warned)] == [str(error)]
    assert isinstance(ran.told.records[0].event, Warned)
    assert (ran.told.records[0].time - ran.outcome.started_at).total_seconds() <= 5
    assert ran.status is Status.REFUSED


@pytest.mark.parametrize("error", [THROTTLED, ReplyLost("500"), Unreachable("No route.")])
def test_t15_before_the_first_write_the_end_is_a_refusal(error: Exception) -> None:
    plane = ScriptedPlane()
    plane.fail("definition", error, times=ALWAYS)
    ran = run(plane, MINUTE)
    assert (ran.status, plane.writes) == (Status.REFUSED, [])
    assert ran.error is not None
    assert ran.error.status == "refused"


def test_t15_a_read_that_stays_lost_before_the_service_is_touched_changed_nothing() -> None:
    plane = ScriptedPlane()
    plane.fail("register", THROTTLED, takes=10)
    plane.fail("service", ReplyLost("500"), times=ALWAYS, after=1)
    ran = run(plane, MINUTE)
    assert (ran.status, ran.outcome.verdict.phase, plane.made("update_service")) == (
        Status.REFUSED,
        Phase.REGISTERED,
        0,
    )


def test_t02_looking_for_a_lost_registration_ends_half_a_minute_after_the_deadline() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("service", Throttled("Slow down."), takes=565)
    plane.fail("register", ReplyLost("Lost."), takes=4)
    plane.fail("revisions", Throttled("Slow down."), times=ALWAYS)
    ran = run(plane, replace(RELEASE, budget=WholeBudget(seconds=600)))
    assert (ran.status, plane.writes) == (Status.UNKNOWN, ["register"])
    assert ran.seconds <= 600


def test_t02_a_one_off_task_that_cannot_be_read_ends_with_its_time() -> None:
    plane = ScriptedPlane(one_off=[running_task(1)] * 99)
    plane.fail("tasks", Throttled("Slow down."), after=5, times=ALWAYS)
    ran = run(plane, replace(ONE_OFF, run=OneOff(cluster="prod", wait=True, timeout_seconds=60)))
    assert ran.seconds <= 65
