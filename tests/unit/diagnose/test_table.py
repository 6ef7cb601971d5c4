"""The table of causes: stable codes, each with a sample for every pattern, a reason for its permanence, and a link."""

from collections import Counter

import pytest

from ecsdeploy.diagnose.kinds import Kind, Permanence, Sign
from ecsdeploy.diagnose.table import CAUSES, KINDS, find, find_in_log, of_exit_code

SAMPLES = [(kind, sign) for kind in CAUSES for sign in kind.signs]
every_kind = pytest.mark.parametrize("kind", CAUSES, ids=lambda kind: kind.code)


def test_there_are_more_than_thirty_codes_and_none_twice() -> None:
    assert len(CAUSES) > 30
    assert [code for code, times in Counter(kind.code for kind in CAUSES).items() if times > 1] == []


def test_codes_that_were_published_stay() -> None:
    assert {
        *("E-IMAGE-NOT-FOUND", "E-IMAGE-PLATFORM", "E-PULL-DENIED", "E-PULL-RATE-LIMITED", "E-PULL-TIMEOUT", "E-PULL"),
        *("E-NO-ROUTE", "E-SECRET", "E-LOG-DRIVER", "E-RESOURCE-INIT", "E-OUT-OF-MEMORY", "E-EXEC-FORMAT"),
        *("E-CONTAINER-START", "E-TARGET-UNHEALTHY", "E-CONTAINER-UNHEALTHY", "E-CONTAINER-EXIT", "E-DEADLOCK"),
        *("E-NO-CAPACITY", "E-ALARM", "E-HOST-LOST", "E-TASK-STOPPED"),
    } <= set(KINDS)


@pytest.mark.parametrize(("kind", "sign"), SAMPLES, ids=[f"{kind.code}-{sign.sample[:20]}" for kind, sign in SAMPLES])
def test_every_pattern_matches_its_sample_and_no_earlier_row_takes_it(kind: Kind, sign: Sign) -> None:
    assert sign.is_in(sign.sample)
    assert (find_in_log((sign.sample,)) if sign.in_log else find(sign.sample)) is kind


@every_kind
def test_every_cause_has_a_reason_for_its_permanence_and_a_link_of_aws(kind: Kind) -> None:
    assert kind.link.startswith("https://docs.aws.amazon.com/")
    assert kind.because
    assert kind.because == kind.because.strip(". ")


@every_kind
def test_every_cause_can_be_found(kind: Kind) -> None:
    by_task = {"E-CONTAINER-EXIT", "E-DEPENDENCY-UNHEALTHY"}
    assert kind.signs or kind.exit_code is not None or kind.code in by_task


def test_what_the_user_must_change_is_permanent_and_what_passes_is_not() -> None:
    by_permanence = {each: {kind.code for kind in CAUSES if kind.permanence is each} for each in Permanence}
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
    assert find(text) is KINDS["E-IMAGE-NOT-FOUND"]


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
