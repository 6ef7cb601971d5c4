"""Ctrl-C at any moment gives an outcome that says how far the run had come."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from ecsdeploy import api
from ecsdeploy.errors import HungUp, Terminated
from ecsdeploy.model.events import Finished, Record, TaskRunning
from ecsdeploy.model.outcome import Outcome, Phase, Status
from ecsdeploy.model.request import Answer, OnFailure, OnInterrupt, Request, WholeBudget
from ecsdeploy.model.service import Service
from tests.unit.engine.happenings import Happening, completes, ecs_goes_back, fails, goes_on, started
from tests.unit.engine.runs import ONE_OFF, RELEASE, REVISION, WITH_ROLLBACK, run
from tests.unit.engine.world import Listener, ScriptedPlane
from tests.unit.rollout.builders import running_task


def interrupted(call: str, *, after: int = 0, applied: bool = False) -> Callable[[ScriptedPlane], None]:
    """Ctrl-C comes within a call."""
    return lambda plane: plane.fail(call, KeyboardInterrupt(), after=after, applied=applied)


def asleep(seconds: float) -> Callable[[ScriptedPlane], None]:
    """Ctrl-C comes between two looks."""

    def press(plane: ScriptedPlane) -> None:
        plane.clock.interrupt_at = plane.clock.seconds + seconds

    return press


MOMENTS: dict[str, tuple[Request, Callable[[ScriptedPlane], None], Phase, str]] = {
    "reading the service": (RELEASE, interrupted("service"), Phase.PLANNING, ""),
    "reading the definition": (RELEASE, interrupted("definition"), Phase.PLANNING, ""),
    "registering": (RELEASE, interrupted("register"), Phase.REGISTERING, ""),
    "updating": (RELEASE, interrupted("update_service"), Phase.STARTING, REVISION(2)),
    "updating, applied": (RELEASE, interrupted("update_service", applied=True), Phase.STARTING, REVISION(2)),
    "the first look": (RELEASE, interrupted("service", after=1), Phase.STARTING, REVISION(2)),
    "before the first task": (RELEASE, asleep(1), Phase.STARTING, REVISION(2)),
    "after the first task": (RELEASE, asleep(6), Phase.WAITING, REVISION(2)),
    "rolling back": (WITH_ROLLBACK, interrupted("update_service", after=1), Phase.ROLLING_BACK, REVISION(2)),
    "watching the rollback": (WITH_ROLLBACK, interrupted("service", after=6), Phase.ROLLING_BACK, REVISION(2)),
    "starting the task": (ONE_OFF, interrupted("run_task"), Phase.TASK, REVISION(2)),
    "watching the task": (ONE_OFF, asleep(1), Phase.TASK, REVISION(2)),
}


@pytest.mark.parametrize(("request_", "press", "phase", "revision"), MOMENTS.values(), ids=MOMENTS)
def test_f25_an_interrupt_says_how_far_we_were(
    request_: Request, press: Callable[[ScriptedPlane], None], phase: Phase, revision: str
) -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, goes_on, goes_on, fails], [goes_on]])
    plane.one_off = [running_task(1, status="PENDING")]
    press(plane)
    outcome = run(plane, request_).outcome
    assert (outcome.verdict.status, outcome.verdict.phase, outcome.to_revision) == (Status.INTERRUPTED, phase, revision)
    assert len(plane.updates) <= 2


def concluded(plane: ScriptedPlane, request: Request, call: str) -> Outcome:
    """Ctrl-C comes once the verdict has been told."""
    plane.fail(call, KeyboardInterrupt())
    return run(plane, request).outcome


def test_an_interrupt_while_pruning_does_not_change_the_verdict() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    assert concluded(plane, replace(RELEASE, keep=1), "revisions").verdict.status is Status.SUCCEEDED


def test_an_interrupt_while_looking_for_the_cause_does_not_change_the_verdict() -> None:
    plane = ScriptedPlane(courses=[[fails]])
    assert concluded(plane, RELEASE, "tasks_started_by").verdict.status is Status.FAILED


def test_an_interrupt_after_ecs_rolled_back_does_not_change_the_verdict() -> None:
    plane = ScriptedPlane(courses=[[goes_on, ecs_goes_back, completes]])
    assert concluded(plane, RELEASE, "tasks_started_by").verdict.status is Status.ROLLED_BACK


ASKS = replace(RELEASE, on_interrupt=OnInterrupt.ASK)
OURS, BASELINE = REVISION(2), REVISION(1)


@dataclass
class Asked:
    """Answers in turn; an answer may be another signal."""

    answers: list[Answer | KeyboardInterrupt]
    times: int = 0

    def __call__(self) -> Answer:
        self.times += 1
        answer = self.answers.pop(0)
        if isinstance(answer, KeyboardInterrupt):
            raise answer
        return answer


def test_f25_whoever_presses_ctrl_c_may_go_on_and_the_verdict_is_the_deployment_s() -> None:
    plane, asked = ScriptedPlane(courses=[[*[goes_on] * 4, completes]]), Asked([Answer.CONTINUE])
    asleep(6)(plane)
    ran = run(plane, ASKS, asked)
    assert (ran.status, asked.times) == (Status.SUCCEEDED, 1)
    assert len(ran.told.of(TaskRunning)) == 1


def test_f25_a_look_that_ctrl_c_cut_short_is_taken_again() -> None:
    plane, asked = ScriptedPlane(courses=[[goes_on, completes]]), Asked([Answer.CONTINUE, Answer.CONTINUE])
    plane.fail("service", KeyboardInterrupt(), after=1)
    plane.fail("service", KeyboardInterrupt(), after=1)
    assert (run(plane, ASKS, asked).status, asked.times) == (Status.SUCCEEDED, 2)


def test_f25_to_go_on_gives_no_time_besides() -> None:
    plane = ScriptedPlane(courses=[[goes_on]])
    asleep(6)(plane)

    def slowly() -> Answer:
        plane.clock.seconds += 500
        return Answer.CONTINUE

    ran = run(plane, replace(ASKS, budget=WholeBudget(seconds=100)), slowly)
    assert ran.status is Status.TIMED_OUT
    assert 500 <= ran.seconds < 520


def test_f25_to_detach_writes_nothing_more() -> None:
    plane, asked = ScriptedPlane(courses=[[goes_on]]), Asked([Answer.DETACH])
    asleep(6)(plane)
    ran = run(plane, replace(ASKS, on_failure=OnFailure.ROLLBACK), asked)
    assert (ran.status, ran.outcome.verdict.phase, plane.made("update_service")) == (
        Status.INTERRUPTED,
        Phase.WAITING,
        1,
    )


def test_f25_to_roll_back_is_awaited_and_stays_an_interrupt() -> None:
    plane, asked = ScriptedPlane(courses=[[goes_on], [goes_on, completes]]), Asked([Answer.ROLLBACK])
    asleep(6)(plane)
    ran = run(plane, ASKS, asked)
    rollback = ran.outcome.rollback
    assert rollback is not None
    assert (ran.status, ran.outcome.verdict.serving) == (Status.INTERRUPTED, BASELINE)
    assert (rollback.by, rollback.status, rollback.to_revision) == ("us", Status.ROLLED_BACK, BASELINE)
    assert plane.now.task_definition == BASELINE


def test_a_rollback_that_was_asked_for_and_fails_says_so() -> None:
    plane, asked = ScriptedPlane(courses=[[goes_on], [fails]]), Asked([Answer.ROLLBACK])
    asleep(6)(plane)
    assert run(plane, ASKS, asked).status is Status.ROLLBACK_FAILED


def test_f25_ctrl_c_during_a_rollback_that_was_asked_for_leaves_it_going_on() -> None:
    plane, asked = ScriptedPlane(courses=[[goes_on], [goes_on]]), Asked([Answer.ROLLBACK])
    asleep(6)(plane)

    def again() -> Answer:
        answer = asked()
        plane.clock.interrupt_at = plane.clock.seconds + 10
        return answer

    ran = run(plane, ASKS, again)
    assert (ran.status, ran.outcome.verdict.phase) == (Status.INTERRUPTED, Phase.ROLLING_BACK)
    assert (plane.made("update_service"), asked.times) == (2, 1)


def test_somebody_else_s_deployment_is_not_taken_back() -> None:
    plane = ScriptedPlane(courses=[[goes_on]])
    asleep(6)(plane)

    def meanwhile() -> Answer:
        plane.now = started("ecs-svc/9000000000000000000", REVISION(9))(plane.now)
        return Answer.ROLLBACK

    ran = run(plane, ASKS, meanwhile)
    assert (ran.status, plane.made("update_service")) == (Status.INTERRUPTED, 1)
    assert any(each.startswith("W-NOT-OURS") for each in ran.outcome.warnings)


def test_x02_what_others_began_right_before_the_signal_is_not_taken_back() -> None:
    plane = ScriptedPlane(courses=[[goes_on]])
    asleep(6)(plane)

    def since_the_signal(service: Service) -> Service:
        if plane.clock.interrupt_at is None:
            return started("ecs-svc/9000000000000000000", REVISION(9))(service)
        plane.meanwhile["service"] = since_the_signal
        return service

    plane.meanwhile["service"] = since_the_signal
    ran = run(plane, replace(RELEASE, on_interrupt=OnInterrupt.ROLLBACK))
    assert (ran.status, ran.outcome.rollback, plane.made("update_service")) == (Status.INTERRUPTED, None, 1)
    assert plane.now.task_definition == REVISION(9)


SIGNALS = [
    pytest.param(KeyboardInterrupt(), OnFailure.ROLLBACK, 1, id="Ctrl-C once more detaches"),
    pytest.param(HungUp(), OnFailure.ROLLBACK, 1, id="a hang-up detaches"),
    pytest.param(Terminated(), OnFailure.LEAVE, 1, id="SIGTERM without a wish to go back detaches"),
    pytest.param(Terminated(), OnFailure.ROLLBACK, 2, id="SIGTERM does what a failure would"),
]


@pytest.mark.parametrize(("second", "on_failure", "updates"), SIGNALS)
def test_f25_a_signal_while_the_question_stands(second: KeyboardInterrupt, on_failure: OnFailure, updates: int) -> None:
    plane, asked = ScriptedPlane(courses=[[goes_on], [goes_on]]), Asked([second])
    asleep(6)(plane)
    ran = run(plane, replace(ASKS, on_failure=on_failure), asked)
    assert (ran.status, plane.made("update_service")) == (Status.INTERRUPTED, updates)


@pytest.mark.parametrize(("first", "on_failure", "updates"), SIGNALS[1:])
def test_f26_a_signal_that_is_no_ctrl_c_asks_nobody(
    first: KeyboardInterrupt, on_failure: OnFailure, updates: int
) -> None:
    plane, asked = ScriptedPlane(courses=[[goes_on], [goes_on]]), Asked([])
    plane.fail("service", first, after=2)
    ran = run(plane, replace(ASKS, on_failure=on_failure), asked)
    assert (ran.status, plane.made("update_service"), asked.times) == (Status.INTERRUPTED, updates, 0)


def test_f25_nobody_is_asked_before_there_is_something_to_decide_or_after_ecs_decided() -> None:
    for press in (interrupted("service"), interrupted("register"), interrupted("update_service", applied=True)):
        plane, asked = ScriptedPlane(courses=[[goes_on]]), Asked([])
        press(plane)
        assert run(plane, ASKS, asked).status is Status.INTERRUPTED
    plane = ScriptedPlane(courses=[[goes_on, ecs_goes_back, goes_on, goes_on]])
    plane.fail("service", KeyboardInterrupt(), after=4)
    assert run(plane, ASKS, Asked([])).outcome.verdict.phase is Phase.ROLLING_BACK


def test_where_nobody_can_be_asked_ctrl_c_detaches() -> None:
    plane = ScriptedPlane(courses=[[goes_on]])
    asleep(6)(plane)
    assert (run(plane, ASKS).status, plane.made("update_service")) == (Status.INTERRUPTED, 1)


STABLE = replace(ASKS, min_stable_seconds=30)


@pytest.mark.parametrize(
    ("answer", "status", "updates"),
    [
        (Answer.CONTINUE, Status.SUCCEEDED, 1),
        (Answer.DETACH, Status.INTERRUPTED, 1),
        (Answer.ROLLBACK, Status.INTERRUPTED, 2),
    ],
)
def test_f25_whoever_waits_for_a_release_to_stay_up_is_asked_too(answer: Answer, status: Status, updates: int) -> None:
    plane, asked = ScriptedPlane(courses=[[completes], [completes]]), Asked([answer])
    plane.fail("tasks_started_by", KeyboardInterrupt(), after=2)
    ran = run(plane, STABLE, asked)
    assert (ran.status, plane.made("update_service")) == (status, updates)


@dataclass
class Hasty(Listener):
    """The user presses Ctrl-C while the result is told."""

    def emit(self, record: Record) -> None:
        before = self.of(Finished)
        super().emit(record)
        if isinstance(record.event, Finished) and not before:
            raise KeyboardInterrupt


@pytest.mark.parametrize(("course", "status"), [(completes, Status.SUCCEEDED), (fails, Status.ROLLED_BACK)])
def test_f25_a_signal_while_the_result_is_told_does_not_change_it(course: Happening, status: Status) -> None:
    plane, told = ScriptedPlane(courses=[[goes_on, course], [completes]]), Hasty()
    outcome = api.deploy(api.Connection(plane=plane, clock=plane.clock), WITH_ROLLBACK, told)
    assert outcome.verdict.status is status
    assert [each.outcome for each in told.of(Finished)] == [outcome, outcome]
