"""When a deployment is doomed: each rule fires, and each has what it must not fire at."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ecsdeploy.diagnose.doom import doomed, is_hindered, says_protected, trouble, until_unprotected, waiting_reason
from ecsdeploy.diagnose.known_cause import GUIDE
from ecsdeploy.diagnose.table import BY_CODE
from ecsdeploy.model.judgement import Doom, Rule
from ecsdeploy.model.service import Task
from ecsdeploy.model.taskdef import TaskDefinition
from tests.unit.diagnose.builders import crashed, definition, ended_by, exited, member, stopped
from tests.unit.rollout.builders import NOON, event

MISSING = "CannotPullContainerError: failed to resolve ref acme/app:2: acme/app:2: not found"
RATE = "CannotPullContainerError: toomanyrequests: You have reached your pull rate limit."
PROTECTED = (
    "(service web) was unable to reach steady state because (taskSet ecs-svc/1) was unable to scale in due to "
    "(reason 2 tasks under protection)"
)
CAPACITY = "(service web) was unable to place a task. Reason: Capacity is unavailable at this time."
STARTED = "(service web) has started 2 tasks: (task 1f0c) (task 2f0c)."
KNOWN = definition(member("app"), member("queue"))


def never_started(reason: str, number: int = 1, container: str = "app") -> Task:
    return stopped("TaskFailedToStart", "Task failed to start", exited(container, None, reason), number=number)


def times(count: int, reason: str = MISSING, *, apart: int = 60) -> list[Task]:
    """So many tasks, each started so many seconds after the one before: in a wave of its own."""
    return [never_started(reason, number * apart) for number in range(1, count + 1)]


def judge(*tasks: Task, any_healthy: bool = False, known: TaskDefinition = KNOWN) -> Doom | None:
    return doomed(tasks, known, any_healthy=any_healthy)


def rule(*tasks: Task, any_healthy: bool = False) -> tuple[str, Rule] | None:
    doom = judge(*tasks, any_healthy=any_healthy)
    return (doom.code, doom.rule) if doom else None


def loop(count: int, *codes: int) -> list[Task]:
    """So many crashes, with these exit codes in turn."""
    return [crashed((codes or (1,))[number % len(codes or (1,))], number=number) for number in range(count)]


def test_f54_two_attempts_that_show_the_same_permanent_cause_doom_it() -> None:
    doom = judge(*times(2)[::-1])
    assert doom is not None
    assert (doom.code, doom.rule, doom.tasks) == ("E-IMAGE-NOT-FOUND", Rule.PERMANENT, ("task60", "task120"))
    assert doom.what == "the image acme/app:2 does not exist in its registry"
    assert doom.because == BY_CODE["E-IMAGE-NOT-FOUND"].because
    assert doom.link == BY_CODE["E-IMAGE-NOT-FOUND"].link


def test_f39_three_tasks_that_end_alike_doom_it() -> None:
    doom = judge(*loop(3))
    assert doom is not None
    assert (doom.code, doom.rule, doom.tasks) == ("E-CONTAINER-EXIT", Rule.CRASH_LOOP, ("task0", "task1", "task2"))
    assert doom.what == 'container "app" exits 1 about 4 s after start'
    assert (
        doom.because == "tasks ended alike again and again and none has become healthy; ECS would go on starting them"
    )
    assert doom.link == f"{GUIDE}service-throttle-logic.html"


def test_f39_a_crash_loop_may_have_several_exit_codes() -> None:
    assert rule(*loop(3, 1, 2)) == ("E-CONTAINER-EXIT", Rule.CRASH_LOOP)


@pytest.mark.parametrize(
    "reason",
    [
        pytest.param("Task failed ELB health checks in (target-group x)", id="load balancer"),
        pytest.param("Task failed container health checks", id="container"),
    ],
)
def test_f53_tasks_that_never_become_healthy_are_a_crash_loop_too(reason: str) -> None:
    tasks = [ended_by("ServiceSchedulerInitiated", reason, number=number) for number in range(3)]
    assert rule(*tasks[:2]) is None
    found = rule(*tasks)
    assert found is not None
    assert found[1] is Rule.CRASH_LOOP


SECRET = "ResourceInitializationError: unable to pull secrets or registry auth: "
PERMANENT = {
    "tag": MISSING,
    "digest": "CannotPullContainerError: acme/app@sha256:88e8: not found",
    "denied": "CannotPullContainerError: pull access denied for app",
    "platform": "CannotPullContainerError: no descriptor matching platform 'linux/arm64'",
    "secret": f"{SECRET}unable to retrieve secret from asm: ResourceNotFoundException",
    "secret denied": f"{SECRET}unable to retrieve secret from asm: AccessDeniedException",
    "parameter": f"{SECRET}invalid ssm parameters: /web/key",
    "exec format": 'CannotStartContainerError: exec: "/app": exec format error',
    "log group": "ResourceInitializationError: failed to validate logger args: The specified log group does not exist.",
}


@pytest.mark.parametrize("reason", PERMANENT.values(), ids=PERMANENT)
def test_what_is_permanent(reason: str) -> None:
    found = rule(*times(2, reason))
    assert found is not None
    assert found[1] is Rule.PERMANENT


NOT_DOOMED: dict[str, list[Task]] = {
    "nothing stopped": [],
    "one permanent cause": times(1),
    "t01 one wave that meets a bad moment": times(200, apart=0),
    "one task, seen twice": [*times(1), *times(1)],
    "two permanent causes, different ones": [never_started(MISSING, 1), never_started(PERMANENT["secret"], 2)],
    "the same of two containers": [never_started(MISSING, 1), never_started(MISSING, 2, "queue")],
    "two crashes": loop(2),
    "three crashes of three kinds": [*loop(1), crashed(127, number=7), crashed(139, number=8)],
    "f59 spot, however often": [
        stopped("SpotInterruption", "Your Spot Task was interrupted.", exited("app", 143), number=number)
        for number in range(9)
    ],
    "f59 instances that drain": [
        stopped("ServiceSchedulerInitiated", "", exited("app", 143), number=number) for number in range(9)
    ],
    "f52 no capacity": times(9, "Capacity is unavailable at this time."),
    "f52 no room on instances": times(9, "RESOURCE:MEMORY"),
    "f52 no addresses": times(9, "Unexpected EC2 error: InsufficientFreeAddressesInSubnet"),
    "f54 rate limit": times(9, RATE),
    "f55 a throttled secret": times(9, f"{SECRET}unable to retrieve secret from asm: ThrottlingException"),
    "f54 a login that expired": times(9, "CannotPullContainerError: denied: Your authorization token has expired."),
    "scaled in": [
        stopped("ServiceSchedulerInitiated", "Scaling activity initiated by (deployment ecs-svc/1)", number=number)
        for number in range(9)
    ],
    "stopped by hand": [
        stopped("UserInitiated", "maintenance", exited("app", 1), number=number) for number in range(9)
    ],
    "a text that nobody knows": times(9, "FluxCapacitorError: 1.21 GW missing"),
    "a role that is new": times(2, "ECS was unable to assume the role 'arn:aws:iam::1:role/x'"),
    "no route, twice": times(2, f"{SECRET}dial tcp 203.0.113.1:443: i/o timeout"),
}


@pytest.mark.parametrize("tasks", NOT_DOOMED.values(), ids=NOT_DOOMED)
def test_what_does_not_doom_a_deployment(tasks: list[Task]) -> None:
    assert rule(*tasks) is None


@pytest.mark.parametrize("tasks", [times(9), loop(9)], ids=["permanent", "crash loop"])
def test_f40_a_task_that_is_healthy_disproves_it(tasks: list[Task]) -> None:
    """It has the same image, secrets and roles: a host or a moment is at fault, not the release."""
    assert rule(*tasks, any_healthy=True) is None


def test_a_sidecar_that_may_end_dooms_nothing() -> None:
    known = definition(member("app"), member("init", essential=False))
    tasks = [
        stopped(
            "ServiceSchedulerInitiated",
            "Scaling activity initiated by (deployment ecs-svc/1)",
            exited("init", 1),
            exited("app", 143),
            number=number,
        )
        for number in range(3)
    ]
    assert judge(*tasks, known=known) is None


def test_tasks_of_unknown_age_are_no_attempt_of_their_own() -> None:
    unknown = [replace(each, created_at=None) for each in times(2)]
    assert rule(*unknown) is None
    assert rule(unknown[0], times(2)[1]) is None
    assert rule(unknown[0], *times(3)[1:]) == ("E-IMAGE-NOT-FOUND", Rule.PERMANENT)


DEADLOCK = (
    "(service web) was unable to stop or start tasks during a deployment because of the service deployment "
    "configuration. Update the minimumHealthyPercent or maximumPercent value and try again."
)
SPOT = stopped("SpotInterruption", "Your Spot Task was interrupted.", number=3)
LATER = stopped("SpotInterruption", "Your Spot Task was interrupted.", number=100)
WAITS: dict[str, tuple[list[Task], list[str], str | None]] = {
    "nothing": ([], [], None),
    "f52 capacity": ([], [CAPACITY], "there is no capacity to place a task (E-NO-CAPACITY)"),
    "tasks were started since": ([], [STARTED, CAPACITY], None),
    "there is none again": ([], [CAPACITY, STARTED], "there is no capacity to place a task (E-NO-CAPACITY)"),
    "ordinary lines between": (
        [],
        ["(service web) registered 1 targets in (target-group x)", CAPACITY],
        "there is no capacity to place a task (E-NO-CAPACITY)",
    ),
    "f54 rate limit": (times(1, RATE), [], "the registry limits the rate of pulls of acme/app:2 (E-PULL-RATE-LIMITED)"),
    "f59 spot": ([SPOT], [], "AWS took back the host of the task (E-HOST-LOST)"),
    "the last task is another's trouble": ([SPOT, crashed(1, number=500)], [], None),
    "a task of unknown age": ([replace(SPOT, stopped_at=None, created_at=None), crashed(1)], [], None),
    "the last task ended last, although it was created first": (
        [replace(SPOT, stopped_at=crashed(1, number=900).stopped_at), crashed(1, number=500)],
        [],
        "AWS took back the host of the task (E-HOST-LOST)",
    ),
    "its containers ended last, and ECS has not stopped it yet": (
        [replace(crashed(1, number=9, ran=600), stopped_at=None), LATER],
        [],
        None,
    ),
    "a task that is only stopping": (
        [replace(SPOT, stopped_at=None)],
        [],
        "AWS took back the host of the task (E-HOST-LOST)",
    ),
    "a crash": ([crashed(1)], [], None),
    "a deadlock does not pass": ([], ["was unable to stop or start tasks during a deployment"], None),
    "d02 a task's own word, before a line of placement": (
        times(1, RATE),
        [CAPACITY],
        "the registry limits the rate of pulls of acme/app:2 (E-PULL-RATE-LIMITED)",
    ),
    "d02 a crash is not waited for, whatever is said of a place": ([crashed(1)], [CAPACITY], None),
    "d02 tasks were started since the crash, and no room is left": (
        [crashed(1)],
        [CAPACITY, STARTED],
        "there is no capacity to place a task (E-NO-CAPACITY)",
    ),
    "d02 tasks were started with the end of the crash, and not since": (
        [crashed(1, number=50)],
        [CAPACITY, STARTED],
        None,
    ),
    "d02 a text that nobody knows, before a line of placement": ([never_started("Oddity: 7")], [CAPACITY], None),
    "d02 a task without a word": (
        [stopped("TaskFailedToStart", number=3)],
        [CAPACITY],
        "there is no capacity to place a task (E-NO-CAPACITY)",
    ),
    "d02 a line of something else": (
        [crashed(1)],
        [PROTECTED],
        "old tasks are protected from being stopped (E-PROTECTED-TASKS)",
    ),
    "d02 what ended a task before the last one": (
        [crashed(1), replace(SPOT, stopped_at=NOON + timedelta(seconds=500))],
        [CAPACITY],
        "there is no capacity to place a task (E-NO-CAPACITY)",
    ),
    "the line that passes, before the task": (
        [SPOT],
        [CAPACITY],
        "there is no capacity to place a task (E-NO-CAPACITY)",
    ),
}


@pytest.mark.parametrize(("tasks", "lines", "said"), WAITS.values(), ids=WAITS)
def test_what_a_deployment_waits_for(tasks: list[Task], lines: list[str], said: str | None) -> None:
    """ECS lists its lines the newest first."""
    events = [event(100 - number, line) for number, line in enumerate(lines)]
    assert waiting_reason(tasks, events, definition()) == said


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        pytest.param([], ("", False), id="no line"),
        pytest.param(["(service web) has reached a steady state.", DEADLOCK], ("", False), id="it is over"),
        pytest.param([STARTED, DEADLOCK], ("", False), id="tasks were started since"),
        pytest.param([CAPACITY], (CAPACITY, False), id="it passes"),
        pytest.param([DEADLOCK, CAPACITY], (DEADLOCK, True), id="it does not pass"),
    ],
)
def test_m09_the_newest_line_that_tells_of_trouble(lines: list[str], found: tuple[str, bool]) -> None:
    assert trouble([event(100 - number, line) for number, line in enumerate(lines)]) == found


def test_without_a_definition_the_image_is_the_tasks() -> None:
    (task,) = times(1, RATE)
    pulled = replace(task, containers=(replace(task.containers[0], image="acme/app:7"),))
    assert waiting_reason([pulled], []) == "the registry limits the rate of pulls of acme/app:7 (E-PULL-RATE-LIMITED)"


@pytest.mark.parametrize(
    ("stopped_tasks", "lines", "hindered"),
    [
        ([], (), False),
        ([], (DEADLOCK,), True),
        ([], (DEADLOCK, STARTED), False),
        ([], (DEADLOCK, "(service web) has reached a steady state."), False),
        ([], (CAPACITY,), False),
        (times(2), (), True),
        (times(1), (), False),
        (times(2, RATE), (), False),
        (times(2), (CAPACITY,), True),
    ],
)
def test_what_holds_it_up_may_pass_by_itself(stopped_tasks: list[Task], lines: tuple[str, ...], hindered: bool) -> None:
    events = tuple(event(number, line) for number, line in enumerate(lines))[::-1]
    assert is_hindered(stopped_tasks, events, KNOWN, any_healthy=False) is hindered


def test_what_holds_up_tasks_that_end_is_a_loop_that_ecs_would_count_too() -> None:
    assert is_hindered(loop(3), (), KNOWN, any_healthy=False)
    assert not is_hindered(loop(3), (), KNOWN, threshold=4, any_healthy=False)
    assert not is_hindered(loop(3), (), KNOWN, any_healthy=True)


def test_f51_a_protection_is_told_in_utc_wherever_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        end = datetime(2026, 11, 22, 16, 2, tzinfo=timezone(timedelta(hours=2)))
        said = until_unprotected((end,), all_run=False)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert said == "1 old task is protected until 2026-11-22 14:02 UTC (E-PROTECTED-TASKS)"
    assert says_protected(said)


def test_f51_a_wait_for_anything_else_has_no_end_to_tell() -> None:
    reason = waiting_reason([SPOT], [])
    assert reason
    assert not says_protected(reason)


def test_f51_a_protection_is_told_with_its_end() -> None:
    end = datetime(2026, 11, 22, 14, 2, tzinfo=UTC)
    assert until_unprotected((), all_run=True) == ""
    assert until_unprotected((end,), all_run=False).startswith("1 old task is protected until 2026-11-22 14:02 UTC")
    assert until_unprotected((end, end), all_run=True).startswith("all new tasks run; 2 old tasks are protected")
