"""The proof of a cause: the health check, what it found, and ECS's lines in order."""

from dataclasses import replace

import pytest

from ecsdeploy.diagnose.evidence import Evidence
from ecsdeploy.diagnose.explain import explain
from ecsdeploy.diagnose.proof import group_arn
from ecsdeploy.model.balancer import GroupHealth, HealthCheck, TargetHealth
from ecsdeploy.model.outcome import Cause
from ecsdeploy.model.service import ServiceEvent, Task
from ecsdeploy.model.taskdef import TaskDefinition
from tests.unit.diagnose.builders import crashed, definition, ended_by, exited, member, stopped
from tests.unit.rollout.builders import TARGET_GROUP, event

FAILED = f"Task failed ELB health checks in (target-group {TARGET_GROUP})"
UNHEALTHY = f"(service web) (port 80) is unhealthy in (target-group {TARGET_GROUP}) due to (reason {{}})."
CODES = UNHEALTHY.format("Health checks failed with these codes: [503]")
TIMEOUT = UNHEALTHY.format("Request timed out")
CHECK = HealthCheck(
    protocol="HTTP",
    port="traffic-port",
    path="/health",
    codes="200-299",
    interval_seconds=10,
    timeout_seconds=5,
    unhealthy_threshold=2,
)
MISMATCH = TargetHealth(
    target="10.0.0.1:80",
    state="unhealthy",
    reason="Target.ResponseCodeMismatch",
    description="Health checks failed with these codes: [503]",
)


def balanced(number: int = 1, **changes: object) -> Task:
    """A task that failed the load balancer's checks."""
    return replace(ended_by("ServiceSchedulerInitiated", FAILED, number=number), **changes)  # type: ignore[arg-type]


def first_cause(*events: ServiceEvent, group: GroupHealth | None = None, task: Task | None = None) -> Cause:
    groups = {TARGET_GROUP: group} if group else {}
    return explain(
        Evidence(definition=definition(), stopped=(task or balanced(),), events=events[::-1], groups=groups)
    )[0]


def test_f53_the_check_and_what_it_found_are_shown() -> None:
    cause = first_cause(event(61, CODES), group=GroupHealth(check=CHECK, targets=(MISMATCH,)))
    assert cause.code == "E-TARGET-UNHEALTHY"
    assert cause.evidence == (
        "task task1",
        "ServiceSchedulerInitiated",
        FAILED,
        (
            "health check: HTTP /health, on port traffic-port, expects 200-299, within 5 s, every 10 s, "
            "fails after 2 in a row"
        ),
        "target 10.0.0.1:80 unhealthy: Target.ResponseCodeMismatch Health checks failed with these codes: [503]",
        f"12:01:01 {CODES}",
    )


def test_a_check_of_which_little_is_known() -> None:
    cause = first_cause(group=GroupHealth(check=HealthCheck(protocol="TCP")))
    assert cause.evidence[-1] == "health check: TCP"
    assert first_cause(group=GroupHealth()).evidence[-1] == FAILED


def test_our_own_targets_come_first_and_healthy_ones_are_no_proof() -> None:
    targets = (
        TargetHealth(target="10.0.0.9:80", state="healthy"),
        TargetHealth(target="10.0.0.7:80", state="unhealthy"),
        replace(MISMATCH, target="10.0.0.8:80"),
        MISMATCH,
    )
    cause = first_cause(group=GroupHealth(targets=targets), task=balanced(addresses=("10.0.0.1",)))
    assert [line.split()[1] for line in cause.evidence if line.startswith("target ")] == ["10.0.0.1:80", "10.0.0.7:80"]
    assert "target 10.0.0.7:80 unhealthy" in cause.evidence


def test_our_own_target_is_known_by_its_ipv6_address_too() -> None:
    targets = tuple(replace(MISMATCH, target=f"2600:1f16::{number}:80") for number in (1, 2))
    cause = first_cause(group=GroupHealth(targets=targets), task=balanced(addresses=("10.0.0.1", "2600:1f16::2")))
    assert [line.split()[1] for line in cause.evidence if line.startswith("target ")] == [
        "2600:1f16::2:80",
        "2600:1f16::1:80",
    ]


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("unhealthy", True),
        ("unhealthy.draining", True),
        ("unused", True),
        ("unavailable", True),
        ("healthy", False),
        ("initial", False),
        ("draining", False),
    ],
)
def test_only_a_target_that_is_unwell_is_proof(state: str, shown: bool) -> None:
    told = TargetHealth(target="10.0.0.1:80", state=state, reason="Target.Other", description="Answers 5XX")
    cause = first_cause(group=GroupHealth(targets=(told,)))
    assert cause.evidence[3:] == (f"target 10.0.0.1:80 {state}: Target.Other Answers 5XX",) * shown


GONE = f"(service web) (task 1f0c) is not healthy in target-group ({TARGET_GROUP}) due to TARGET GROUP IS NOT FOUND"
UNUSED = TargetHealth(target="10.0.0.1:80", state="unused", reason="Target.NotInUse", description="Not in use")


@pytest.mark.parametrize(
    ("lines", "targets", "code"),
    [
        pytest.param((CODES,), (), "E-TARGET-UNHEALTHY", id="codes, by an event"),
        pytest.param((CODES, TIMEOUT), (), "E-TARGET-TIMEOUT", id="time, by the last event"),
        pytest.param((GONE,), (), "E-TARGET-NOT-FOUND", id="no such group, by an event"),
        pytest.param(
            (), (replace(MISMATCH, reason="Target.Timeout"),), "E-TARGET-TIMEOUT", id="time, by the load balancer"
        ),
        pytest.param((), (UNUSED,), "E-TARGET-NOT-FOUND", id="not in use, by the load balancer"),
        pytest.param((), (MISMATCH,), "E-TARGET-UNHEALTHY", id="codes, by the load balancer"),
    ],
)
def test_f53_what_the_check_found_makes_the_cause_more_special(
    lines: tuple[str, ...], targets: tuple[TargetHealth, ...], code: str
) -> None:
    events = (event(number, line) for number, line in enumerate(lines))
    assert first_cause(*events, group=GroupHealth(targets=targets)).code == code


def test_a_line_about_each_task_is_shown_once() -> None:
    lines = [f"(service web) (task {number}f0c) failed container health checks." for number in range(2)]
    events = tuple(event(number, line) for number, line in enumerate(lines))
    task = ended_by("ServiceSchedulerInitiated", "Task failed container health checks")
    (cause,) = explain(Evidence(definition=definition(), stopped=(task,), events=events[::-1]))
    assert cause.evidence[3:] == (f"12:00:00 {lines[0]}",)


def test_events_are_in_order_each_once_and_few() -> None:
    lines = [UNHEALTHY.format(f"Health checks failed with these codes: [50{number}]") for number in range(5)]
    again = event(9, lines[4])
    other = event(10, "(service web) has started 1 tasks: (task 1f0c).")
    shown = first_cause(*(event(number, line) for number, line in enumerate(lines)), again, other).evidence[3:]
    assert shown == tuple(f"12:00:0{number} {lines[number]}" for number in (2, 3, 4))


CHECKED = {"command": ["CMD-SHELL", "curl -f localhost"], "interval": 30, "retries": 3, "startPeriod": 0}


def unhealthy(known: TaskDefinition) -> tuple[str, ...]:
    task = stopped(
        "ServiceSchedulerInitiated", "Task failed container health checks", exited("app", 137, health="UNHEALTHY")
    )
    return explain(Evidence(definition=known, stopped=(task,)))[0].evidence[3:]


@pytest.mark.parametrize(
    ("check", "lines"),
    [
        pytest.param(CHECKED, ("health check: every 30 s, 3 times",), id="in part"),
        pytest.param(
            {**CHECKED, "timeout": 5, "startPeriod": 120},
            ("health check: every 30 s, within 5 s, 3 times, after 120 s",),
            id="whole",
        ),
        pytest.param({"command": ["CMD", "true"]}, ("health check: as ECS has it by default",), id="with defaults"),
        pytest.param({}, (), id="empty"),
        pytest.param(None, (), id="none"),
    ],
)
def test_s02_of_a_health_check_the_times_are_shown_and_not_the_command(check: object, lines: tuple[str, ...]) -> None:
    assert unhealthy(definition(member("app", healthCheck=check))) == lines


def test_a_container_that_the_definition_lacks_has_no_check_to_show() -> None:
    assert unhealthy(definition(member("proxy"))) == ()


def test_f56_a_line_of_the_log_tells_what_the_exit_code_does_not() -> None:
    logs = {("task1", "app"): ("exec /usr/local/bin/app: exec format error",)}
    (cause,) = explain(Evidence(definition=definition(), stopped=(crashed(1),), logs=logs))
    assert (cause.code, cause.tasks) == ("E-EXEC-FORMAT", 1)


def test_an_exit_code_is_said_in_words() -> None:
    (cause,) = explain(Evidence(definition=definition(), stopped=(crashed(137),)))
    assert "exit code 137 (killed)" in cause.evidence


@pytest.mark.parametrize(
    ("text", "arn"),
    [
        (FAILED, TARGET_GROUP),
        (f"in (target-group {TARGET_GROUP}).", TARGET_GROUP),
        (f"see {TARGET_GROUP}.", TARGET_GROUP),
        ("in (elb web)", ""),
    ],
)
def test_the_target_group_is_the_one_that_the_text_names(text: str, arn: str) -> None:
    assert group_arn(text) == arn


def test_t17_the_exit_codes_of_the_other_containers_are_told() -> None:
    task = stopped("EssentialContainerExited", "", exited("app", 3), exited("queue", 143), exited("init"), ran=4)
    (cause,) = explain(Evidence(definition=definition(member("app"), member("queue"), member("init")), stopped=(task,)))
    assert "beside it: queue 143 (terminated)" in cause.evidence


def test_t17_what_stands_beside_it_is_of_the_task_that_is_shown() -> None:
    first = stopped("EssentialContainerExited", "", exited("app", 3), exited("queue", 1), ran=4)
    last = stopped(
        "EssentialContainerExited", "", exited("app", 3), exited("queue", 143), exited("log", 0), number=2, ran=4
    )
    known = definition(member("app"), member("queue", essential=False), member("log", essential=False))
    (cause,) = explain(Evidence(definition=known, stopped=(first, last)))
    assert cause.evidence == (
        "task task2",
        "EssentialContainerExited",
        "exit code 3",
        "beside it: queue 143 (terminated), log 0",
    )
