"""What a result says in words and what the process says in a number never contradict."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

import pytest

from ecsdeploy import errors
from ecsdeploy.cli.exits import ExitCode, Form, ScriptError, ScriptExit, of_error, of_outcome
from ecsdeploy.errors import (
    AccessDenied,
    AwsRefused,
    Bug,
    CredentialsError,
    EcsDeployError,
    NoSuchResource,
    ReplyLost,
    Throttled,
    Unreachable,
    UsageError,
)
from ecsdeploy.model.outcome import Outcome, Place, Status, Verdict
from tests.unit.engine.happenings import fails, goes_on
from tests.unit.engine.runs import RELEASE, WITH_ROLLBACK, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane

CODES = {
    Status.SUCCEEDED: 0,
    Status.FAILED: 20,
    Status.STOPPED: 20,
    Status.ROLLED_BACK: 21,
    Status.TIMED_OUT: 22,
    Status.SUPERSEDED: 23,
    Status.UNKNOWN: 24,
    Status.ROLLBACK_FAILED: 25,
    Status.REFUSED: 26,
    Status.BUSY: 27,
    Status.INTERRUPTED: 130,
    Status.UNCHANGED: 0,
    Status.DETACHED: 0,
}
NOT_BY_STATUS = {UsageError: 64, Bug: 1}
"""The user's mistakes and ours have codes of their own."""


def outcome(status: Status, *, has_changes: bool = False) -> Outcome:
    return Outcome(
        verdict=Verdict(status=status),
        place=Place(cluster="prod", service="web", region="", account=""),
        started_at=datetime(2026, 11, 22, tzinfo=UTC),
        duration_seconds=1,
        has_changes=has_changes,
    )


def kinds(kind: type[EcsDeployError] = EcsDeployError) -> Iterator[type[EcsDeployError]]:
    """Every error that a run can end with; the flag form's own come before any run."""
    if kind.__module__ == errors.__name__:
        yield kind
        for each in kind.__subclasses__():
            yield from kinds(each)


@pytest.mark.parametrize("status", Status)
def test_t15_every_status_has_its_exit_code(status: Status) -> None:
    assert of_outcome(outcome(status), Form.COMMANDS) == CODES[status]
    script = of_outcome(outcome(status), Form.FLAGS)
    assert script == (1 if 20 <= CODES[status] <= 27 else CODES[status])


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("kind", tuple(kinds()), ids=lambda kind: kind.__name__)
def test_t15_an_error_never_contradicts_the_status_that_was_told(kind: type[EcsDeployError], status: Status) -> None:
    error = kind("Told.")
    error.status = status.value
    own = [code for of, code in NOT_BY_STATUS.items() if issubclass(kind, of)]
    assert of_error(error, Form.COMMANDS) == (own[0] if own else CODES[status])
    if CODES[status]:
        assert of_error(error, Form.FLAGS) in {ScriptExit.FAILED, ScriptExit.IMAGE, *_OF_AWS}


_OF_AWS = (ScriptExit.CREDENTIALS, ScriptExit.AWS)


def test_an_error_before_any_run_has_the_code_of_its_kind() -> None:
    assert of_error(UsageError("So."), Form.COMMANDS) == ExitCode.USAGE
    assert of_error(ScriptError(ScriptExit.NO_IMAGE), Form.FLAGS) == ScriptExit.NO_IMAGE


@pytest.mark.parametrize(
    ("status", "asked", "has_changes", "code"),
    [
        (Status.UNCHANGED, True, True, 2),
        (Status.UNCHANGED, True, False, 0),
        (Status.UNCHANGED, False, True, 0),
        (Status.REFUSED, True, True, 26),
    ],
)
def test_t15_a_plan_says_that_it_changes_where_that_is_asked_for(
    status: Status, asked: bool, has_changes: bool, code: int
) -> None:
    planned = outcome(status, has_changes=has_changes)
    assert of_outcome(planned, Form.COMMANDS, changes_exit=asked) == code


CALLS = ("service", "definition", "register", "update_service")
ERRORS = (
    AccessDenied("No."),
    AwsRefused("No."),
    CredentialsError("Expired."),
    NoSuchResource("None."),
    ReplyLost("Reset."),
    Throttled("Slow down."),
    Unreachable("No route."),
)


@pytest.mark.parametrize(
    ("call", "error"),
    list(product(CALLS, ERRORS)),
    ids=lambda each: each if isinstance(each, str) else type(each).__name__,
)
@pytest.mark.parametrize("after", range(4))
@pytest.mark.parametrize("request_", [RELEASE, WITH_ROLLBACK], ids=["leave", "rollback"])
def test_t15_whatever_ends_a_run_its_status_and_exit_code_agree(
    call: str, error: EcsDeployError, after: int, request_: object
) -> None:
    assert request_ in (RELEASE, WITH_ROLLBACK)
    plane = ScriptedPlane(courses=[[goes_on, fails]])
    plane.fail(call, type(error)(error.message), times=ALWAYS, after=after)
    ran = run(plane, RELEASE if request_ is RELEASE else WITH_ROLLBACK)
    told = of_error(ran.error, Form.COMMANDS) if ran.error else of_outcome(ran.outcome, Form.COMMANDS)
    assert told == CODES[ran.status]
    if not plane.writes:
        assert (ran.status, told) == (Status.REFUSED, 26)
