"""What is remembered from look to look, and what is told of an end and of the way there."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import NoSuchResource, ReplyLost
from ecsdeploy.model.codedeploy import CodeDeployment, CodeDeploySnapshot
from ecsdeploy.model.events import Event, FoundContact, LostContact, Paused, Progress, RollingBack, Said, TaskRunning
from ecsdeploy.model.judgement import Doom, Judgement, Rule
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.request import Budget, PhaseBudget, WaitUntil, WholeBudget
from ecsdeploy.model.service import Hook
from ecsdeploy.model.snapshot import Look, Unseen
from ecsdeploy.rollout.machine import after_reply, is_gone
from ecsdeploy.rollout.state import State, begin, begin_rollback
from tests.unit.rollout.builders import (
    HANDLE,
    NOON,
    TARGET_GROUP,
    begun,
    deployed,
    event,
    follow,
    look,
    old,
    ours,
    running_task,
    service_with,
)

IDLE, ROLLING = look(ours(), old()), look(ours(running=1), old())
GONE_BACK = look(old(status="PRIMARY"))
ROLLING_BACK = look(old("IN_PROGRESS", status="PRIMARY"), ours("FAILED", status="ACTIVE"))
BLIND, MISSED = Unseen(error=ReplyLost("Connection reset.")), Unseen(error=NoSuchResource("No service."))
DOOM = Doom(code="E-IMAGE-NOT-FOUND", what="", rule=Rule.PERMANENT, tasks=(), because="", link="")
TOLD = frozenset({"event-1"})
SHORT = WholeBudget(seconds=90)
CODE_DEPLOY = CodeDeploySnapshot(deployment=CodeDeployment(id="d-1", status="InProgress"))


def at(state: State, *looks: tuple[float, Look]) -> State:
    for seconds, seen in looks:
        state, _ = follow(state, seen, start=seconds)
    return state


def end(state: State) -> Status | None:
    return state.verdict.status if state.verdict else None


def test_x02_a_rollback_of_ours_that_is_not_listed_yet_is_waited_for() -> None:
    fresh = begin_rollback(HANDLE, SHORT, 0.0, TOLD)
    assert end(at(fresh, (0, GONE_BACK), (5, GONE_BACK))) is None


def test_x02_a_deployment_that_we_stopped_was_seen_before_and_has_gone_back() -> None:
    stopped = begin_rollback(HANDLE, SHORT, 0.0, TOLD, seen=True)
    assert end(at(stopped, (0, GONE_BACK), (5, GONE_BACK))) is Status.ROLLED_BACK


def test_x02_what_was_told_of_the_release_is_not_told_again_of_its_rollback() -> None:
    state = begin_rollback(HANDLE, SHORT, 0.0, TOLD)
    assert state.old_events == TOLD
    _, told = follow(state, look(service=service_with(ours(), events=(event(2), event(1)))))
    assert [each.id for each in told if isinstance(each, Said)] == ["event-2"]


def test_x02_a_line_of_ecs_is_told_as_it_stands_with_its_time() -> None:
    line = event(1, "(service web) has started 2 tasks.")
    _, told = follow(begun(), look(service=service_with(ours(), events=(line,))))
    assert [each for each in told if isinstance(each, Said)] == [
        Said(id="event-1", at=line.at, message="(service web) has started 2 tasks.", times=1)
    ]
    assert line.at > NOON


def test_x02_what_was_there_at_our_write_is_remembered_as_old() -> None:
    state, _ = after_reply(begun(), service_with(ours(), events=(event(2), event(1))))
    assert state.old_events == {"event-1", "event-2"}
    state, _ = follow(state, look(service=service_with(ours(), events=(event(3), event(2), event(1)))))
    assert state.old_events == {"event-1", "event-2"}


def test_x02_a_service_is_emptied_where_tasks_were_wanted_at_our_write_and_none_is_now() -> None:
    emptied = look(service=service_with(ours(desired=0), desired=0))
    wanted, _ = after_reply(begun(), service_with(ours()))
    unwanted, _ = after_reply(begun(), service_with(ours(), desired=0))
    assert not wanted.is_emptied
    assert [follow(state, emptied)[0].is_emptied for state in (wanted, unwanted)] == [True, False]
    assert not follow(wanted, IDLE)[0].is_emptied
    single, _ = after_reply(begun(), service_with(ours(), desired=1))
    assert follow(single, emptied)[0].is_emptied


@pytest.mark.parametrize(
    ("looks", "gone"),
    [
        ((), False),
        ((ROLLING,), False),
        ((ROLLING, look(service=service_with(ours(), status="DRAINING"))), True),
        ((ROLLING, *[MISSED] * 7), True),
        ((ROLLING, look(ours("FAILED"), old())), False),
    ],
    ids=["never looked", "moves", "is being deleted", "is not found", "failed"],
)
def test_x02_a_service_is_gone_where_it_is_being_deleted_or_not_found(looks: tuple[Look, ...], gone: bool) -> None:
    assert is_gone(follow(begun(), *looks)[0]) is gone


def test_t06_a_look_that_fails_joins_no_two_looks_that_miss_the_service() -> None:
    """What could not be asked does not say that the service was still not there."""
    state = at(begun(), (0, ROLLING), (5, MISSED), (15, BLIND), (25, BLIND), (36, MISSED), (65, MISSED))
    assert (state.verdict, state.missing_since) == (None, 36)
    assert end(at(state, (66, MISSED))) is Status.FAILED
    assert not is_gone(at(state, (66, BLIND)))


def test_t06_a_service_that_is_missed_when_time_is_over_is_not_called_out_of_sight() -> None:
    """Reads work again: half a minute of misses tells that it is gone, and only a failed look cannot tell."""
    missed = at(begun(budget=WholeBudget(seconds=60)), (10, BLIND), (40, MISSED), (60, MISSED), (69, MISSED))
    assert missed.verdict is None
    assert end(at(missed, (70, MISSED))) is Status.FAILED
    assert end(at(missed, (70, BLIND))) is Status.UNKNOWN


def test_x02_an_end_out_of_sight_says_what_kept_us_from_looking() -> None:
    state = at(begun(budget=SHORT), (50, ROLLING), (60, BLIND), (90, BLIND))
    assert state.verdict is not None
    assert (state.verdict.status, state.verdict.lost, state.verdict.reason) == (
        Status.UNKNOWN,
        "ReplyLost",
        "Connection reset.",
    )


def test_x02_a_failure_that_ecs_tells_is_not_told_as_our_judgement() -> None:
    doomed = look(ours(failed=2), old(), judgement=Judgement(doom=DOOM))
    state, _ = follow(begun(), doomed, look(ours("FAILED"), old()))
    assert state.verdict is not None
    assert (state.verdict.status, state.verdict.doom) == (Status.FAILED, None)


def test_x02_a_rollback_is_told_with_ecs_s_reason() -> None:
    back = deployed("ROLLBACK_IN_PROGRESS", reason="An alarm went off.")
    _, told = follow(begun(), ROLLING, look(ours(running=1), old(), deployed=back))
    assert [each.reason for each in told if isinstance(each, RollingBack)] == ["An alarm went off."]


def test_x02_a_bake_takes_no_part_in_the_time_of_a_rollback() -> None:
    state, _ = after_reply(begun(budget=SHORT), service_with(ours(), old(), bake_seconds=600))
    baking = look(ours(running=2), deployed=deployed("IN_PROGRESS", stage="BAKE_TIME"))
    state = at(state, (10, ROLLING), (20, baking), (400, baking), (500, ROLLING_BACK))
    assert (state.phase, state.limit, state.deadline) == (Phase.ROLLING_BACK, 90, 590)
    assert end(at(state, (589, ROLLING_BACK))) is None
    assert end(at(state, (590, ROLLING_BACK))) is Status.TIMED_OUT


@pytest.mark.parametrize(("failures", "status"), [(2, Status.TIMED_OUT), (3, Status.ROLLBACK_FAILED)])
def test_x02_three_tasks_that_fail_make_a_rollback_that_is_late_a_failed_one(failures: int, status: Status) -> None:
    before, after = (
        look(replace(old("IN_PROGRESS", status="PRIMARY"), failed=failed), ours("FAILED", status="ACTIVE"))
        for failed in (4, 4 + failures)
    )
    assert end(at(begun(budget=SHORT), (10, before), (50, after), (99, after))) is None
    assert end(at(begun(budget=SHORT), (10, before), (50, after), (100, after))) is status


def test_x02_failures_of_a_rollback_add_up_though_ecs_counts_anew_once_a_task_was_healthy() -> None:
    shows = [
        look(replace(old("IN_PROGRESS", status="PRIMARY"), failed=failed), ours("FAILED", status="ACTIVE"))
        for failed in (0, 2, 0, 1)
    ]
    state = at(begun(budget=SHORT), *((10.0 * number, each) for number, each in enumerate(shows)))
    assert (state.failed_again, state.keeps_failing) == (3, True)


def test_x02_what_failed_before_the_way_back_is_no_failure_of_it() -> None:
    mine = look(ours(running=1, failed=2), replace(old(), failed=0))
    back = look(replace(old("IN_PROGRESS", status="PRIMARY"), failed=5), ours("FAILED", status="ACTIVE", failed=3))
    assert follow(begun(), mine, back)[0].failed_again == 0
    assert follow(begun(), mine, look(ours(failed=7), old()))[0].failed_again == 0


def test_x02_a_release_has_stumbled_once_a_task_failed_or_fewer_are_alive() -> None:
    starting = look(ours(pending=2), old())
    fewer, failed = look(ours(pending=1), old()), look(ours(pending=2, failed=1), old())
    runs, ends = look(ours(running=1, pending=1), old()), look(ours(running=1), old())
    for looks, stumbled in (
        ((starting,), False),
        ((starting, runs), False),
        ((starting, fewer), True),
        ((runs, ends), True),
        ((starting, failed), True),
        ((failed,), True),
        ((starting, fewer, starting), True),
    ):
        assert follow(begun(), *looks)[0].stumbled is stumbled


def test_x02_the_most_old_tasks_that_were_seen_are_remembered() -> None:
    looks = [look(ours(), old(running=running)) for running in (1, 3, 2)]
    assert follow(begun(), *looks)[0].old_running == 3


def test_x02_a_clock_that_began_anywhere_tells_the_time_since_our_write() -> None:
    state = replace(begun(), started=1000.0, told=1000.0, changed=1000.0, phase_began=1000.0)
    _, told = follow(state, ROLLING, start=1007.0)
    assert [each.elapsed for each in told if isinstance(each, Progress)] == [7.0]


def test_x02_contact_that_is_lost_twice_is_told_twice() -> None:
    state, told = follow(begun(), *(BLIND, BLIND, BLIND, IDLE) * 2, every=15)
    contact = [each for each in told if isinstance(each, LostContact | FoundContact)]
    assert contact == [LostContact(seconds=30, error="Connection reset."), FoundContact(seconds=45)] * 2
    assert state.unseen_since is None


@pytest.mark.parametrize(
    ("budget", "deadlines"), [(PhaseBudget(seconds=90), [90, 170, 175]), (SHORT, [90, 90, 175])], ids=["phase", "whole"]
)
def test_x02_each_phase_has_a_budget_of_its_own_where_that_was_asked_for_and_a_rollback_always(
    budget: Budget, deadlines: list[float]
) -> None:
    starting = begun(budget=budget)
    waiting = at(starting, (80, ROLLING))
    states = (starting, waiting, at(waiting, (85, ROLLING_BACK)))
    assert [each.deadline for each in states] == deadlines


@pytest.mark.parametrize(
    ("stage", "bakes"),
    [
        ("SCALE_UP", False),
        ("TEST_TRAFFIC_SHIFT", False),
        ("PRODUCTION_TRAFFIC_SHIFT", True),
        ("POST_PRODUCTION_TRAFFIC_SHIFT", True),
        ("BAKE_TIME", True),
        ("CLEAN_UP", True),
        ("TerminationWait", True),
        ("A_STAGE_OF_TOMORROW", False),
    ],
)
def test_x02_from_the_first_shift_of_traffic_on_ecs_s_bake_takes_none_of_our_time(stage: str, bakes: bool) -> None:
    """LINEAR and CANARY bake between their shifts too."""
    state, _ = after_reply(begun(budget=SHORT), service_with(ours(), old(), bake_seconds=600))
    staged = look(ours(running=1), old(), deployed=deployed("IN_PROGRESS", stage=stage))
    assert at(state, (10, staged)).limit == (690 if bakes else 90)


FAILED_TO_GO_BACK = look(service=service_with(ours("FAILED"), old(), rollback=True))
WITHOUT_STATE = look(ours("", running=2))
LASTS: dict[str, tuple[State, Look, float]] = {
    "a failure that ECS is to roll back: half a minute": (begun(), FAILED_TO_GO_BACK, 30),
    "a service that is not found: half a minute": (begun(), MISSED, 30),
    "a deployment without a state: a minute and a half": (begun(), WITHOUT_STATE, 90),
    "healthy without checks: forty seconds": (begun(wait_until=WaitUntil.HEALTHY), look(ours(running=2), old()), 40),
    "out of sight when time is over: half a minute": (begun(budget=WholeBudget(seconds=1)), BLIND, 30),
}


@pytest.mark.parametrize(("state", "seen", "seconds"), LASTS.values(), ids=LASTS)
def test_x02_what_must_last_has_not_lasted_a_moment_before(state: State, seen: Look, seconds: float) -> None:
    assert end(at(state, (0, seen), (seconds - 0.1, seen))) is None
    assert end(at(state, (0, seen), (seconds, seen))) is not None


@pytest.mark.parametrize(("seen", "kind"), [(BLIND, LostContact), (IDLE, Progress)])
def test_x02_silence_and_standstill_are_told_after_half_a_minute_and_not_a_moment_before(
    seen: Look, kind: type[Event]
) -> None:
    state = at(begun(), (0, seen))
    state, early = follow(state, seen, start=29.9)
    _, told = follow(state, seen, start=30)
    assert [[each for each in events if isinstance(each, kind)] != [] for events in (early, told)] == [False, True]


def test_x02_without_a_stage_ecs_may_bake_once_all_tasks_run_after_the_first() -> None:
    state, _ = after_reply(begun(budget=SHORT), service_with(ours(), old(), bake_seconds=600))
    some, every = look(ours(running=1), old()), look(ours(running=2), old())
    assert [at(state, *looks).limit for looks in (((0, some),), ((0, some), (5, some)))] == [90, 90]
    assert [at(state, *looks).limit for looks in (((0, IDLE),), ((0, some), (5, every)))] == [90, 690]
    nothing_wanted = look(ours(desired=0), old())
    assert at(state, (0, nothing_wanted)).limit == 90, "no task has run yet"


def test_x02_traffic_is_shifted_while_ecs_cleans_up() -> None:
    canary = service_with(ours(running=2), old(), strategy="CANARY")
    cleaning = look(service=canary, deployed=deployed("IN_PROGRESS", stage="CLEAN_UP", traffic=100))
    assert end(at(begun(wait_until=WaitUntil.TRAFFIC), (0, cleaning))) is Status.SUCCEEDED


def test_x02_a_release_that_had_its_first_task_can_be_hopeless_too() -> None:
    doomed = look(ours(failed=2), old(), judgement=Judgement(doom=DOOM))
    early = replace(begun(), ends_early=True)
    for looks in ((doomed,), (ROLLING, doomed)):
        assert end(follow(early, *looks)[0]) is Status.FAILED


def test_x02_a_failure_whose_rollback_is_over_by_the_next_look_is_believed_at_that() -> None:
    assert end(follow(begun(), FAILED_TO_GO_BACK, GONE_BACK)[0]) is Status.ROLLED_BACK


def test_x02_what_changed_last_is_remembered_with_its_time() -> None:
    state = at(replace(begun(), changed=-50.0), (10, ROLLING), (20, ROLLING), (60, ROLLING))
    assert state.changed == 10, "what stands still, and is told all the same, has not changed"
    assert at(state, (70, look(ours(running=2), old()))).changed == 70
    assert begin(HANDLE, SHORT, WaitUntil.COMPLETE, 500.0).changed == 500


def test_x02_progress_tells_how_much_traffic_is_ours() -> None:
    shifting = deployed("IN_PROGRESS", stage="PRODUCTION_TRAFFIC_SHIFT", traffic=10)
    _, told = follow(begun(), look(ours(running=2), old(), deployed=shifting))
    assert [each.traffic for each in told if isinstance(each, Progress)] == [10]


def test_x02_a_hook_is_told_with_the_time_until_which_it_waits() -> None:
    hook = Hook(id="ecs-pause-1", status="AWAITING_ACTION", expires_at=NOON)
    _, told = follow(begun(), look(ours(), old(), deployed=deployed("IN_PROGRESS", hooks=(hook,))))
    assert [each.expires_at for each in told if isinstance(each, Paused)] == [NOON]


def test_x02_a_record_that_was_never_read_has_no_name() -> None:
    state, _ = follow(begun(), ROLLING)
    assert state.last_seen is not None
    assert state.last_seen.service_deployment_arn == ""


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        pytest.param(begun(wait_until=WaitUntil.HEALTHY), look(ours(running=2), old()), id="healthy"),
        pytest.param(begun(), look(ours("", running=2)), id="without a state"),
    ],
)
def test_t07_what_nobody_saw_for_half_a_minute_proves_nothing(state: State, seen: Look) -> None:
    blind = tuple((second, BLIND) for second in range(5, 100, 5))
    assert end(at(state, (0, seen), *blind, (100, seen))) is None
    short = tuple((second, BLIND) for second in range(71, 100, 5))
    assert end(at(state, *((second, seen) for second in range(0, 71, 5)), *short, (100, seen))) is Status.SUCCEEDED


def test_t07_tasks_that_fail_again_and_again_are_not_healthy_for_long() -> None:
    state = begun(wait_until=WaitUntil.HEALTHY)
    looks = [(5 * number, look(ours(running=2, failed=number), old())) for number in range(12)]
    assert end(at(state, *looks)) is None


def test_what_nobody_saw_for_exactly_half_a_minute_proves_nothing_either() -> None:
    healthy, runs = begun(wait_until=WaitUntil.HEALTHY), look(ours(running=2), old())
    assert end(at(healthy, (0, runs), (15, BLIND), (45, runs), (60, runs))) is None
    assert end(at(healthy, (0, runs), (15, BLIND), (44.9, runs), (60, runs))) is Status.SUCCEEDED


def test_a_task_that_is_first_healthy_when_the_release_is_complete_is_told_too() -> None:
    unknown, well = ((running_task(1, health=each), running_task(2)) for each in ("UNKNOWN", "HEALTHY"))
    waiting, done = (look(ours("", running=2), tasks=tasks, checked=True) for tasks in (unknown, well))
    state, told = follow(begun(), *[waiting] * 18, done)
    assert (end(state), [each for each in told if isinstance(each, TaskRunning)]) == (Status.SUCCEEDED, [TaskRunning()])


def test_before_there_is_anything_to_count_no_progress_is_told() -> None:
    nothing = look(ours(desired=0), old())
    assert not [each for each in follow(begun(), nothing)[1] if isinstance(each, Progress)]
    assert [each for each in follow(begun(), IDLE)[1] if isinstance(each, Progress)]


@pytest.mark.parametrize(
    ("seen", "checked"),
    [
        pytest.param(IDLE, False, id="nobody checks"),
        pytest.param(look(ours(), old(), checked=True), True, id="containers have health checks"),
        pytest.param(look(service=service_with(ours(), target_groups=(TARGET_GROUP,))), True, id="a load balancer"),
        pytest.param(
            CodeDeploySnapshot(deployment=CodeDeployment(id="d-1", status="InProgress")), True, id="codedeploy"
        ),
    ],
)
def test_progress_tells_whether_anybody_checks_the_tasks(seen: Look, checked: bool) -> None:
    state, told = follow(begun(), seen, start=30)
    assert [each.checked for each in told if isinstance(each, Progress)] == [checked]
    assert state.verdict is None
