"""The table of causes: stable codes, each with a sample for every pattern, a reason for its permanence, and a link."""

from collections import Counter

import pytest

from ecsdeploy.diagnose.known_cause import KnownCause, Pattern, Permanence
from ecsdeploy.diagnose.table import BY_CODE, CAUSES, find, find_in_log, of_exit_code

SAMPLES = [(cause, pattern) for cause in CAUSES for pattern in cause.patterns]
SAMPLE_IDS = [f"{cause.code}-{pattern.sample[:20]}" for cause, pattern in SAMPLES]
every_cause = pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.code)


def test_there_are_more_than_thirty_codes_and_none_twice() -> None:
    assert len(CAUSES) > 30
    assert [code for code, times in Counter(cause.code for cause in CAUSES).items() if times > 1] == []


def test_codes_that_were_published_stay() -> None:
    assert {
        *("E-IMAGE-NOT-FOUND", "E-IMAGE-PLATFORM", "E-PULL-DENIED", "E-PULL-RATE-LIMITED", "E-PULL-TIMEOUT", "E-PULL"),
        *("E-NO-ROUTE", "E-SECRET", "E-LOG-DRIVER", "E-RESOURCE-INIT", "E-OUT-OF-MEMORY", "E-EXEC-FORMAT"),
        *("E-CONTAINER-START", "E-TARGET-UNHEALTHY", "E-CONTAINER-UNHEALTHY", "E-CONTAINER-EXIT", "E-DEADLOCK"),
        *("E-NO-CAPACITY", "E-ALARM", "E-HOST-LOST", "E-TASK-STOPPED"),
    } <= set(BY_CODE)


@pytest.mark.parametrize(
    ("cause", "pattern"), SAMPLES, ids=[f"{cause.code}-{pattern.sample[:20]}" for cause, pattern in SAMPLES]
)
def test_every_pattern_matches_its_sample_and_no_earlier_row_takes_it(cause: KnownCause, pattern: Pattern) -> None:
    assert pattern.is_in(pattern.sample)
    assert (find_in_log((pattern.sample,)) if pattern.in_log else find(pattern.sample)) is cause


@every_cause
def test_every_cause_has_a_reason_for_its_permanence_and_a_link_of_aws(cause: KnownCause) -> None:
    assert cause.link.startswith("https://docs.aws.amazon.com/")
    assert cause.because
    assert cause.because == cause.because.strip(". ")


@every_cause
def test_every_cause_can_be_found(cause: KnownCause) -> None:
    by_task = {"E-CONTAINER-EXIT", "E-DEPENDENCY-UNHEALTHY"}
    assert cause.patterns or cause.exit_code is not None or cause.code in by_task


def test_what_the_user_must_change_is_permanent_and_what_passes_is_not() -> None:
    by_permanence = {each: {cause.code for cause in CAUSES if cause.permanence is each} for each in Permanence}
    assert {
        *("E-IMAGE-NOT-FOUND", "E-DIGEST-NOT-FOUND", "E-PULL-DENIED", "E-REGISTRY-AUTH", "E-SECRET-NOT-FOUND"),
        *("E-PARAMETER-NOT-FOUND", "E-SECRET", "E-EXEC-FORMAT", "E-LOG-GROUP-NOT-FOUND", "E-LISTENER-CONFIGURATION"),
    } <= by_permanence[Permanence.PERMANENT]
    assert {
        *("E-NO-CAPACITY", "E-NO-INSTANCES", "E-INSTANCE-RESOURCES", "E-VCPU-QUOTA", "E-PULL-RATE-LIMITED"),
        *("E-HOST-LOST", "E-THROTTLED", "E-AGENT", "E-SUBNET-FULL", "E-PROTECTED-TASKS"),
    } <= by_permanence[Permanence.TRANSIENT]


@pytest.mark.parametrize(
    ("code", "found"),
    [(0, "E-EXIT-ZERO"), (1, "E-CONTAINER-EXIT"), (127, "E-COMMAND-NOT-FOUND"), (None, "E-CONTAINER-EXIT")],
)
def test_an_exit_code_speaks_by_itself(code: int | None, found: str) -> None:
    assert of_exit_code(code).code == found


def test_a_text_of_several_lines_is_read_as_one() -> None:
    text = "CannotPullContainerError: failed to resolve ref acme/app:2:\nacme/app:2: not found"
    assert find(text) is BY_CODE["E-IMAGE-NOT-FOUND"]


@pytest.mark.parametrize(
    "line",
    [
        "(service web) has reached a steady state.",
        "(service web) has started 1 tasks: (task 1f0c).",
        "(service web) registered 1 targets in (target-group arn:aws:elasticloadbalancing:x:1:targetgroup/web/1)",
        "(service web) has stopped 1 running tasks: (task 1f0c).",
        "(service web, taskSet ecs-svc/1) has begun draining connections on 1 tasks.",
        "(service web) (deployment ecs-svc/1) deployment completed.",
        "(service web) rolling back to deployment ecs-svc/1.",
        "",
    ],
)
def test_an_ordinary_line_of_ecs_is_no_cause(line: str) -> None:
    assert find(line) is None
    assert find_in_log((line,)) is None
