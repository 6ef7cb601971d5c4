"""Exit codes: what each means, and which verdict or error gives which, in both grammars."""

from __future__ import annotations

import signal
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Self

from ecsdeploy.errors import (
    AwsRefused,
    Bug,
    CredentialsError,
    EcsDeployError,
    ImageError,
    Throttled,
    Unknown,
    UsageError,
)

if TYPE_CHECKING:
    from ecsdeploy.model.outcome import Outcome, Status
    from ecsdeploy.model.overview import Overview
    from ecsdeploy.model.report import Condition


class Form(Enum):
    """The two grammars of the command line. The renderers know them by these values."""

    FLAGS = "flags"
    COMMANDS = "commands"


class _Exit(IntEnum):
    """A number with what it means in words."""

    meaning: str

    def __new__(cls, number: int, meaning: str) -> Self:
        member = int.__new__(cls, number)
        member._value_ = number
        member.meaning = meaning
        return member


class ExitCode(_Exit):
    """The exit codes of the commands (`ecs-deploy deploy ...`)."""

    SUCCEEDED = 0, "It succeeded, there was nothing to change, or the deployment goes on by itself as asked."
    UNEXPECTED = (
        1,
        (
            "A bug in ecs-deploy; or all succeeded, but output or a report (`--junit`, `--report`) could not be"
            " written; or"
            " `demo --check` found a fault or nothing to check; or no simulator answered."
        ),
    )
    CHANGES = 2, "`plan --exit-code` found changes."
    FAILED = 20, "The deployment failed or was stopped, and was not rolled back; or a task of `run` failed."
    ROLLED_BACK = 21, "The deployment failed and was rolled back: the old version serves."
    TIMED_OUT = 22, "The time given ran out; the deployment is still in progress."
    SUPERSEDED = 23, "Another deployment replaced ours."
    UNKNOWN = (
        24,
        (
            "The outcome is unknown: contact with AWS or the credentials were lost, or AWS does not say; or a pause"
            " ended before `--smoke` or `--approve` had decided."
        ),
    )
    ROLLBACK_FAILED = 25, "The deployment failed, and so did its rollback."
    REFUSED = 26, "Nothing was changed: a check refused, a permission was missing, time ran out or AWS did not answer."
    BUSY = 27, "Another deployment of the service is running."
    USAGE = 64, "The command line, a file or a value cannot be used as it is."
    HUNG_UP = 129, "Interrupted by SIGHUP: its terminal was closed."
    INTERRUPTED = 130, "Interrupted by Ctrl-C (SIGINT)."
    TERMINATED = 143, "Interrupted by SIGTERM."


class ScriptExit(_Exit):
    """The exit codes of the flag form, which are those of the bash script."""

    SUCCEEDED = 0, "It succeeded; also `--version` and `--help`."
    FAILED = (
        1,
        (
            "The deployment or the task failed, timed out or was refused, or a value or a file is unusable; or, where"
            " all else succeeded, a report (`--junit`, `--report`) could not be written."
        ),
    )
    USAGE = 3, "No arguments, an unknown option, or `--run-task` with `-n`."
    NO_SUBJECT = 5, "Neither a service (`-n`) nor a task definition (`-d`) was named."
    TWO_SUBJECTS = 6, "Both a service and a task definition were named."
    NO_CLUSTER = 7, "A service, or a task to run, was named without its cluster (`-c`)."
    NO_IMAGE = 8, "No image was named (`-i`, or `-to`), and no new deployment was forced."
    MAX_DEFINITIONS = 9, "`--max-definitions` is not a number."
    LAUNCH_TYPE = 10, "`--launch-type` was given without `--run-task`."
    ONE_OFF_OPTION = 11, "`--network-configuration` or `--wait-for-success` was given without `--run-task`."
    PLATFORM_VERSION = 12, "`--platform-version` was given without `--run-task`."
    IMAGE = 13, "The image or the tag cannot be understood."
    HUNG_UP = 129, "Interrupted by SIGHUP: its terminal was closed."
    INTERRUPTED = 130, "Interrupted by Ctrl-C (SIGINT)."
    TERMINATED = 143, "Interrupted by SIGTERM."
    CREDENTIALS = 253, "Credentials or region are missing, invalid or expired."
    AWS = 254, "AWS refused the request."


class ScriptError(UsageError):
    """An error that has an exit code in the bash script. `said` is the script's text for stdout, `message` our own."""

    def __init__(self, code: ScriptExit, *, said: str = "", message: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.said = said


def of_error(error: EcsDeployError, form: Form) -> int:
    """The exit code of a run that ended with an error. In the commands, a status that was reported decides it."""
    if form is Form.COMMANDS:
        told = error.status and not isinstance(error, UsageError | Bug)
        return _of_status(error.status.upper()) if told else error.exit_code
    match error:
        case ScriptError():
            return error.code
        case ImageError():
            return ScriptExit.IMAGE
        case CredentialsError():
            return ScriptExit.CREDENTIALS
        case AwsRefused() | Throttled() | Unknown():
            return ScriptExit.AWS
        case _:
            return ScriptExit.FAILED


def unless_lost(code: int, *, lost: bool) -> int:
    """The same exit code, or `UNEXPECTED` for a success if output that was asked for is `lost`."""
    return ExitCode.UNEXPECTED if lost and code in {ExitCode.SUCCEEDED, ExitCode.CHANGES} else code


def of_signal(number: int) -> int:
    """The exit code that shells give for a signal: 128 and its number."""
    return 128 + number


def of_outcome(outcome: Outcome, form: Form, *, signal_number: int = signal.SIGINT, changes_exit: bool = False) -> int:
    """The exit code of a verdict. `signal_number` interrupted the run; `changes_exit` gives a plan with changes 2."""
    code = _of_status(outcome.verdict.status.name)
    if changes_exit and code is ExitCode.SUCCEEDED and outcome.has_changes:
        return ExitCode.CHANGES
    if code is ExitCode.INTERRUPTED:
        return of_signal(signal_number)
    if form is Form.FLAGS and ExitCode.FAILED <= code <= ExitCode.BUSY:
        return ScriptExit.FAILED
    return code


def of_status(status: Status) -> int:
    """The exit code of a status in the commands."""
    return _of_status(status.name)


def of_task(outcome: Outcome, code: int) -> int:
    """The exit code of a one-off task that failed, if it has one that a shell can show; else `code`."""
    own = outcome.task_exit_code or 0
    return own if code == ExitCode.FAILED and 0 < own <= _MOST else code


def _of_status(name: str) -> ExitCode:
    return ExitCode[_NAMES.get(name, name)]


def of_overview(overview: Overview) -> int:
    """The exit code of `status --exit-code` for a cluster: that of the worst service, or unknown if we miss one."""
    code = of_condition(overview.worst) if overview.worst else ExitCode.SUCCEEDED
    return ExitCode.UNKNOWN if code == ExitCode.SUCCEEDED and not overview.is_whole else code


def of_condition(condition: Condition) -> int:
    """The exit code of `status --exit-code` for a service."""
    return _CONDITIONS[condition.value]


_MOST = 255
_CONDITIONS = {
    "steady": ExitCode.SUCCEEDED,
    "rolled_back": ExitCode.ROLLED_BACK,
    "unsteady": ExitCode.TIMED_OUT,
    "deploying": ExitCode.TIMED_OUT,
    "failing": ExitCode.TIMED_OUT,
    "rolling_back": ExitCode.TIMED_OUT,
    "stuck": ExitCode.FAILED,
    "failed": ExitCode.FAILED,
    "going": ExitCode.FAILED,
}
_NAMES = {"STOPPED": "FAILED", "UNCHANGED": "SUCCEEDED", "DETACHED": "SUCCEEDED"}
