"""Early judgement counts attempts and shares: how many tasks failed says little where others of their wave live on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ecsdeploy.diagnose.doom import Suspect, doomed, suspects
from ecsdeploy.model.judgement import Rule
from ecsdeploy.model.service import Task
from ecsdeploy.model.settings import Breaker
from tests.unit.diagnose.builders import crashed, definition, exited, stopped
from tests.unit.rollout.builders import NOON, running_task

KNOWN = definition()
DENIED = "ResourceInitializationError: unable to retrieve secret from asm: AccessDeniedException"
MISSING = "CannotPullContainerError: failed to resolve ref acme/app:2: acme/app:2: not found"
ROLE = "ECS was unable to assume the role 'arn:aws:iam::1:role/x'"
IMAGE: frozenset[Suspect] = frozenset({("E-IMAGE-NOT-FOUND", "app")})
SIZES = (4, 10, 200, 1000)


def failed_to_start(number: int, reason: str = DENIED, *, wave: float = 0) -> Task:
    task = stopped("TaskFailedToStart", "Task failed to start", exited("app", None, reason), number=number)
    return replace(task, created_at=NOON + timedelta(seconds=wave))


def died(count: int, *, wave: float = 0, ran: float = 8, first: int = 0, code: int = 1) -> list[Task]:
    """So many tasks of the wave that began at `wave` seconds, each dead after it ran so long."""
    begun = timedelta(seconds=wave)
    return [
        replace(
            crashed(code, number=first + each, ran=ran),
            created_at=NOON + begun,
            started_at=NOON + begun + timedelta(seconds=20),
            execution_stopped_at=NOON + begun + timedelta(seconds=20 + ran),
        )
        for each in range(count)
    ]


def alive(count: int, *, wave: float = 0, late: float = 0, status: str = "RUNNING") -> list[Task]:
    """So many tasks of that wave that live; each runs `late` seconds later than those that died."""
    begun = NOON + timedelta(seconds=wave)
    started = begun + timedelta(seconds=20 + late) if status == "RUNNING" else None
    return [
        replace(running_task(5000 + each, status=status), created_at=begun, started_at=started) for each in range(count)
    ]


def rule(
    dead: list[Task], living: list[Task], *, desired: int, confirmed: frozenset[Suspect] = frozenset()
) -> Rule | None:
    threshold = Breaker().threshold(desired)
    doom = doomed(dead, KNOWN, alive=living, threshold=threshold, confirmed=confirmed)
    return doom.rule if doom else None


@pytest.mark.parametrize("desired", SIZES)
def test_t01_a_batch_of_which_some_die_and_the_rest_live_on_is_not_doomed(desired: int) -> None:
    for lost in {2, 3, desired // 2, desired - 1}:
        assert rule(died(lost), alive(desired - lost), desired=desired) is None


@pytest.mark.parametrize("desired", SIZES)
def test_t01_those_that_are_started_in_their_stead_may_die_too_while_others_live(desired: int) -> None:
    dead = [*died(1), *died(1, wave=40, first=1), *died(1, wave=80, first=2), *died(1, wave=120, first=3)]
    assert rule(dead, alive(desired - 1), desired=desired) is None


@pytest.mark.parametrize(
    ("desired", "failures"), [(1, 3), (2, 3), (4, 3), (10, 5), (200, 100), (400, 200), (1000, 200)]
)
def test_t01_a_crash_loop_needs_as_many_failures_as_ecs_does(desired: int, failures: int) -> None:
    """One task is on its way: its wave is not whole."""
    on_its_way = alive(1, status="PENDING")
    assert rule(died(failures - 1), on_its_way, desired=desired) is None
    assert rule(died(failures), on_its_way, desired=desired) is Rule.CRASH_LOOP


def test_t01_a_task_that_is_younger_than_the_dead_were_proves_nothing() -> None:
    assert rule(died(3), alive(1, late=2), desired=4) is None
    assert rule(died(3), alive(1, late=2.001), desired=4) is Rule.CRASH_LOOP


def test_t01_only_the_dead_that_are_outlived_do_not_count() -> None:
    long_lived = died(3, ran=60, first=10)
    assert rule([*died(3), *long_lived], alive(1, late=40), desired=4) is Rule.CRASH_LOOP
    assert rule([*died(3), *long_lived[1:]], alive(1, late=40), desired=4) is None


@pytest.mark.parametrize("desired", SIZES)
def test_t01_two_waves_in_which_every_task_failed_alike_are_a_crash_loop(desired: int) -> None:
    first, second = died(2), died(2, wave=60, first=2)
    assert rule([*first, *second], [], desired=desired) is Rule.CRASH_LOOP
    third_wave = alive(4, wave=120)
    assert rule([*first, *second], third_wave, desired=desired) is Rule.CRASH_LOOP
    otherwise = died(1, wave=60, first=9, code=139)
    assert (rule([*first, *second, *otherwise], [], desired=1000)) is None
    assert rule([*first, *second], alive(1, wave=60, status="PENDING"), desired=1000) is None


def test_t01_a_wave_of_which_one_task_ended_otherwise_and_one_lives_is_not_whole() -> None:
    waves = [[*died(2, wave=at, first=at), *died(1, wave=at, first=at + 2, code=139)] for at in (0, 60)]
    living = [each for at in (0, 60) for each in alive(1, wave=at, status="PENDING")]
    distinct = [replace(each, arn=f"{each.arn}{number}") for number, each in enumerate(living)]
    assert rule([*waves[0], *waves[1]], distinct, desired=1000) is None


def test_t01_a_wave_whose_dead_are_all_outlived_is_no_attempt_that_failed() -> None:
    reason = exited("app", 1, 'CannotStartContainerError: exec: "/app": exec format error')
    both = [replace(each, containers=(reason,)) for each in (*died(1), *died(1, wave=5.5, first=1))]
    assert rule(both, [], desired=1000) is Rule.PERMANENT
    assert rule(both, alive(1, late=1), desired=1000) is None


@pytest.mark.parametrize("desired", [1, 2])
def test_t01_single_tasks_are_a_crash_loop_at_the_third(desired: int) -> None:
    """Each is a wave of its own. ECS itself never gives up after two."""
    dead = [*died(1), *died(1, wave=40, first=1), *died(1, wave=80, first=2)]
    assert rule(dead[:2], [], desired=desired) is None
    assert rule(dead, [], desired=desired) is Rule.CRASH_LOOP
    assert rule(dead, [], desired=1000) is Rule.CRASH_LOOP


def test_t01_a_threshold_below_three_is_none_of_ours() -> None:
    assert doomed(died(2), KNOWN, threshold=1) is None
    assert doomed(died(3), KNOWN, threshold=1) is not None
    assert doomed(died(3), KNOWN, threshold=4) is None


@pytest.mark.parametrize("reason", [DENIED, MISSING, ROLE])
def test_t01_a_late_replication_met_by_one_wave_dooms_nothing(reason: str) -> None:
    for lost in (2, 4, 200):
        dead = [failed_to_start(each, reason) for each in range(lost)]
        assert rule(dead, alive(2), desired=lost) is None
        assert rule(dead, alive(2, status="PENDING"), desired=lost) is None
        assert rule(dead, [], desired=lost) is None


def test_t01_what_keeps_two_waves_from_running_is_no_bad_moment() -> None:
    unclear = [failed_to_start(each, ROLE, wave=60 * (each > 1)) for each in range(3)]
    assert rule(unclear, [], desired=4) is Rule.CRASH_LOOP
    assert rule(unclear[:2], [], desired=4) is None
    assert rule(unclear, alive(1, wave=60, status="PENDING"), desired=4) is Rule.CRASH_LOOP
    permanent = [failed_to_start(each, wave=60 * each) for each in range(2)]
    assert rule(permanent, [], desired=1000) is Rule.PERMANENT
    assert rule(permanent, alive(1, wave=60), desired=1000) is None


def test_t01_one_wave_and_a_read_that_confirms_it_are_enough() -> None:
    dead = [failed_to_start(1, MISSING)]
    assert suspects(dead, KNOWN) == IMAGE
    assert rule(dead, [], desired=4, confirmed=IMAGE) is Rule.PERMANENT
    assert rule(dead, alive(1), desired=4, confirmed=IMAGE) is None
    assert rule(dead, [], desired=4, confirmed=frozenset({("E-IMAGE-NOT-FOUND", "queue")})) is None


def test_t01_only_what_is_permanent_and_not_outlived_is_worth_a_read() -> None:
    assert suspects(died(3), KNOWN) == frozenset()
    assert suspects([failed_to_start(1, MISSING)], KNOWN, alive=alive(1)) == frozenset()
