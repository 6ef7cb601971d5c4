"""Budgets, waiting less than to the end, and time without contact."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import AccessDenied, AwsError, CredentialsError, NoSuchResource, ReplyLost
from ecsdeploy.model.events import FoundContact, LostContact, RollingBack, TaskRunning
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.request import Budget, PhaseBudget, WaitUntil, WholeBudget
from ecsdeploy.model.snapshot import Look, Unseen
from ecsdeploy.rollout.machine import after_reply
from ecsdeploy.rollout.state import State, begin_rollback
from tests.unit.rollout.builders import HANDLE, OLD, begun, deployed, event, follow, look, old, ours, service_with

IDLE, ROLLING, DONE = look(ours(), old()), look(ours(running=1), old()), look(ours("COMPLETED", running=2))
ROLLING_BACK = look(old("IN_PROGRESS", status="PRIMARY"), ours("FAILED", status="ACTIVE"))
BLIND = Unseen(error=ReplyLost("Connection reset."))


def at(state: State, *looks: tuple[float, Look]) -> State:
    for seconds, seen in looks:
        state, _ = follow(state, seen, start=seconds)
    return state


def back_fails(failed: int) -> Look:
    """ECS goes back, and so many tasks of the old revision have failed."""
    return look(replace(old("IN_PROGRESS", status="PRIMARY"), failed=failed), ours("FAILED", status="ACTIVE"))


BUDGETS: dict[str, tuple[Budget, tuple[tuple[float, Look], ...], Status | None, Phase]] = {
    "whole: still within": (WholeBudget(seconds=90), ((89, IDLE),), None, Phase.STARTING),
    "whole: no task ran": (WholeBudget(seconds=90), ((90, IDLE),), Status.TIMED_OUT, Phase.STARTING),
    "whole: never listed": (
        WholeBudget(seconds=90),
        ((90, look(old(status="PRIMARY"))),),
        Status.TIMED_OUT,
        Phase.STARTING,
    ),
    "whole: a task ran late": (
        WholeBudget(seconds=90),
        ((80, ROLLING), (90, ROLLING)),
        Status.TIMED_OUT,
        Phase.WAITING,
    ),
    "phase: no task ran": (PhaseBudget(seconds=90), ((90, IDLE),), Status.TIMED_OUT, Phase.STARTING),
    "phase: begins anew once a task runs": (
        PhaseBudget(seconds=90),
        ((80, ROLLING), (169, ROLLING)),
        None,
        Phase.WAITING,
    ),
    "phase: a task ran at the last moment": (PhaseBudget(seconds=90), ((90, ROLLING),), None, Phase.WAITING),
    "phase: not complete": (
        PhaseBudget(seconds=90),
        ((80, ROLLING), (170, ROLLING)),
        Status.TIMED_OUT,
        Phase.WAITING,
    ),
    "phase: begins anew once ECS rolls back": (
        PhaseBudget(seconds=90),
        ((80, ROLLING), (160, ROLLING_BACK), (249, ROLLING_BACK)),
        None,
        Phase.ROLLING_BACK,
    ),
    "whole: a rollback has the time anew": (
        WholeBudget(seconds=90),
        ((80, ROLLING_BACK), (169, ROLLING_BACK)),
        None,
        Phase.ROLLING_BACK,
    ),
    "t04 a rollback that is still under way has not failed": (
        WholeBudget(seconds=90),
        ((80, ROLLING_BACK), (170, ROLLING_BACK)),
        Status.TIMED_OUT,
        Phase.ROLLING_BACK,
    ),
    "f42 the rollback's own tasks keep failing": (
        WholeBudget(seconds=90),
        ((80, ROLLING_BACK), (100, back_fails(1)), (110, back_fails(3)), (170, back_fails(3))),
        Status.ROLLBACK_FAILED,
        Phase.ROLLING_BACK,
    ),
    "t04 a task or two that fail do not make a rollback fail": (
        WholeBudget(seconds=90),
        ((80, ROLLING_BACK), (100, back_fails(2)), (170, back_fails(0))),
        Status.TIMED_OUT,
        Phase.ROLLING_BACK,
    ),
    "t04 what had failed before is no failure of the rollback": (
        WholeBudget(seconds=90),
        ((80, back_fails(7)), (100, back_fails(8)), (170, back_fails(9))),
        Status.TIMED_OUT,
        Phase.ROLLING_BACK,
    ),
    "f09 out of contact at the deadline": (
        WholeBudget(seconds=90),
        ((50, ROLLING), (60, BLIND), (90, BLIND)),
        Status.UNKNOWN,
        Phase.WAITING,
    ),
    "f08 completed at the deadline": (
        WholeBudget(seconds=90),
        ((60, BLIND), (90, DONE)),
        Status.SUCCEEDED,
        Phase.WAITING,
    ),
    "failed at the deadline, rollback to come": (
        WholeBudget(seconds=90),
        ((90, look(service=service_with(ours("FAILED"), old(), rollback=True))),),
        Status.FAILED,
        Phase.STARTING,
    ),
}


@pytest.mark.parametrize(("budget", "looks", "status", "phase"), BUDGETS.values(), ids=BUDGETS)
def test_a_budget_ends_the_wait(
    budget: Budget, looks: tuple[tuple[float, Look], ...], status: Status | None, phase: Phase
) -> None:
    state = at(begun(budget=budget), *looks)
    assert (state.verdict.status if state.verdict else None, state.phase) == (status, phase)


def test_a_timeout_says_which_budget_ran_out() -> None:
    for looks in (((90, IDLE),), ((60, BLIND), (90, BLIND))):
        verdict = at(begun(budget=PhaseBudget(seconds=90)), *looks).verdict
        assert verdict is not None
        assert verdict.limit_seconds == 90


def test_f27_a_timeout_is_no_failure() -> None:
    verdict = at(begun(), (900, ROLLING)).verdict
    assert verdict is not None
    assert (verdict.status, verdict.serving) == (Status.TIMED_OUT, OLD)


@pytest.mark.parametrize(
    ("wait_until", "seen", "status"),
    [
        pytest.param(WaitUntil.HEALTHY, look(ours(running=2), old()), None, id="all run since a moment"),
        pytest.param(WaitUntil.HEALTHY, ROLLING, None, id="one of two runs"),
        pytest.param(WaitUntil.HEALTHY, look(ours(desired=0), old()), None, id="none is wanted yet"),
        pytest.param(
            WaitUntil.HEALTHY, look(ours("FAILED", running=2), old()), Status.FAILED, id="failed, although all run"
        ),
        pytest.param(WaitUntil.COMPLETE, look(ours(running=2), old()), None, id="complete means more"),
    ],
)
def test_waiting_until_healthy(wait_until: WaitUntil, seen: Look, status: Status | None) -> None:
    state, _ = follow(begun(wait_until=wait_until), seen)
    assert (state.verdict.status if state.verdict else None) == status


def test_f51_without_checks_tasks_that_run_for_40_seconds_are_healthy() -> None:
    all_run = look(ours(running=2), old())
    healthy = begun(wait_until=WaitUntil.HEALTHY)
    assert at(healthy, (0, all_run), (39, all_run)).verdict is None
    assert at(healthy, (0, all_run), (20, ROLLING), (25, all_run), (41, all_run)).verdict is None
    verdict = at(healthy, (0, all_run), (40, all_run)).verdict
    assert verdict is not None
    assert verdict.status is Status.SUCCEEDED


def test_x01_what_lasts_30_seconds_has_lasted_them_at_any_time() -> None:
    begins = next(x for x in (each / 7 for each in range(1000)) if (x + 30.0) - x < 30.0)
    lost = follow(begun(budget=WholeBudget(seconds=1)), BLIND, BLIND, every=30.0, start=begins)[0]
    assert lost.verdict is not None
    assert lost.verdict.status is Status.UNKNOWN
    failed = look(service=service_with(ours("FAILED"), old(), rollback=True))
    assert follow(begun(), failed, failed, every=30.0, start=begins)[0].verdict is not None
    assert LostContact in map(type, follow(begun(), BLIND, BLIND, every=30.0, start=begins)[1])


def test_f09_a_deadline_waits_for_a_look_that_works() -> None:
    begun_ = begun(budget=WholeBudget(seconds=90))
    assert at(begun_, (85, ROLLING), (90, BLIND)).verdict is None
    verdicts = (
        at(begun_, (85, ROLLING), (90, BLIND), (last, seen)).verdict for last, seen in ((95, ROLLING), (120, BLIND))
    )
    assert [each.status for each in verdicts if each] == [Status.TIMED_OUT, Status.UNKNOWN]


def test_f45_what_happens_while_ecs_bakes_takes_none_of_its_time_away() -> None:
    state, _ = after_reply(begun(budget=WholeBudget(seconds=90)), service_with(ours(), old(), bake_seconds=600))
    scaled = look(ours(running=2, desired=4))
    assert at(state, (75, ROLLING), (80, look(ours(running=2))), (150, scaled), (689, scaled)).verdict is None


def test_a_failure_with_rollback_has_30_seconds_to_show_it() -> None:
    failed = look(service=service_with(ours("FAILED"), old(), rollback=True))
    state = at(begun(), (0, failed), (29.9, failed))
    assert state.verdict is None
    state = at(state, (30, failed))
    assert state.verdict is not None
    assert state.verdict.status is Status.FAILED


def test_a_failure_that_was_taken_back_does_not_count_against_the_next() -> None:
    failed = look(service=service_with(ours("FAILED"), old(), rollback=True))
    assert at(begun(), (0, failed), (5, ROLLING), (31, failed)).verdict is None


def test_f08_lost_contact_is_told_once_after_30_seconds_and_its_return_too() -> None:
    _, told = follow(begun(), BLIND, BLIND, BLIND, BLIND, IDLE, every=15)
    contact = [each for each in told if isinstance(each, LostContact | FoundContact)]
    assert contact == [LostContact(seconds=30, error="Connection reset."), FoundContact(seconds=60)]


def test_f15_an_answer_is_no_lost_contact() -> None:
    gone = Unseen(error=NoSuchResource("No service."))
    _, told = follow(begun(), BLIND, BLIND, gone, every=15)
    assert told == ()


def test_a_short_silence_is_not_worth_a_word() -> None:
    _, told = follow(begun(), BLIND, BLIND, IDLE, BLIND, BLIND, IDLE, every=14)
    assert [each for each in told if isinstance(each, LostContact | FoundContact)] == []


def test_the_first_task_is_told_once() -> None:
    _, told = follow(begun(), IDLE, ROLLING, IDLE, ROLLING, DONE)
    assert [each for each in told if isinstance(each, TaskRunning)] == [TaskRunning()]


def test_a_deployment_that_completes_at_once_has_had_its_task() -> None:
    _, told = follow(begun(), DONE)
    assert TaskRunning() in told


def test_ecs_rolling_back_is_told_once_with_its_target() -> None:
    _, told = follow(begun(), ROLLING, ROLLING_BACK, ROLLING_BACK)
    assert [(each.by, each.to_revision) for each in told if isinstance(each, RollingBack)] == [("ecs", OLD)]


def test_f47_a_service_without_tasks_skips_the_first_phase() -> None:
    state, told = after_reply(begun(), service_with(ours(), desired=0, events=(event(1),)))
    assert (state.phase, told) == (Phase.WAITING, (TaskRunning(skipped=True),))


def test_a_service_with_tasks_waits_for_the_first() -> None:
    state, told = after_reply(begun(), service_with(ours()))
    assert (state.phase, told) == (Phase.STARTING, ())


def test_f45_ecs_own_bake_time_is_not_counted() -> None:
    state, _ = after_reply(begun(budget=WholeBudget(seconds=90)), service_with(ours(), old(), bake_seconds=600))
    staged = look(ours(running=1), old(), deployed=deployed("IN_PROGRESS", stage="BAKE_TIME"))
    early = look(ours(running=1), old(), deployed=deployed("IN_PROGRESS", stage="SCALE_UP"))
    for before, baking in ((ROLLING, look(ours(running=2))), (early, staged)):
        assert (verdict := at(state, (90, before)).verdict) is not None
        assert verdict.limit_seconds == 90
        assert at(state, (80, baking), (85, baking), (689, baking)).verdict is None
        assert (verdict := at(state, (80, baking), (85, baking), (690, baking)).verdict) is not None
        assert (verdict.status, verdict.limit_seconds) == (Status.TIMED_OUT, 690)


def test_our_own_rollback_is_one_phase_that_ends_with_completion() -> None:
    state, told = after_reply(
        begin_rollback(HANDLE, PhaseBudget(seconds=90), 0.0, frozenset()), service_with(ours(), desired=0)
    )
    assert (state.phase, told) == (Phase.ROLLING_BACK, ())
    state, told = follow(state, ROLLING, DONE)
    assert state.verdict is not None
    assert (state.verdict.status, state.verdict.phase) == (Status.SUCCEEDED, Phase.ROLLING_BACK)
    assert not [each for each in told if isinstance(each, TaskRunning | RollingBack)]


def test_t04_a_rollback_has_at_least_the_time_that_the_service_s_own_settings_take() -> None:
    state = replace(begun(budget=WholeBudget(seconds=90)), back_seconds=360)
    state = at(state, (80, ROLLING_BACK), (430, ROLLING_BACK))
    assert (state.verdict, state.phase, state.limit) == (None, Phase.ROLLING_BACK, 360)
    verdict = at(state, (440, ROLLING_BACK)).verdict
    assert verdict is not None
    assert (verdict.status, verdict.limit_seconds) == (Status.TIMED_OUT, 360)


def test_t04_a_rollback_of_our_own_fails_by_its_own_tasks() -> None:
    state = begin_rollback(HANDLE, WholeBudget(seconds=90), 0, frozenset())
    state = at(state, (0, look(ours(), old())), (20, look(ours(failed=3), old())), (90, look(ours(failed=3), old())))
    assert state.verdict is not None
    assert state.verdict.status is Status.ROLLBACK_FAILED


@pytest.mark.parametrize("error", [CredentialsError("Expired."), AccessDenied("No.")], ids=["credentials", "denied"])
def test_t10_who_is_barred_is_told_at_once_and_goes_on_looking(error: AwsError) -> None:
    barred = Unseen(error=error)
    state, told = follow(begun(), ROLLING, barred, barred, barred, ROLLING, DONE)
    assert state.verdict is not None
    assert state.verdict.status is Status.SUCCEEDED
    assert [each for each in told if isinstance(each, LostContact | FoundContact)] == [
        LostContact(seconds=0, error=str(error)),
        FoundContact(seconds=15),
    ]


def test_t10_what_stays_barred_is_unknown_once_the_time_is_over() -> None:
    barred = Unseen(error=CredentialsError("Expired."))
    state = at(begun(budget=WholeBudget(seconds=90)), (10, ROLLING), (20, barred), (60, barred))
    assert state.verdict is None
    verdict = at(state, (90, barred)).verdict
    assert verdict is not None
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "Expired.")
