"""How a run ends: exit codes, sentences, never a traceback."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from ecsdeploy import __version__
from ecsdeploy.cli.exits import ExitCode, Form, ScriptExit, of_outcome
from ecsdeploy.errors import (
    AccessDenied,
    AwsError,
    AwsRefused,
    Bug,
    CredentialsError,
    EcsDeployError,
    HungUp,
    ImageError,
    Lossy,
    NoSuchResource,
    Refused,
    ReplyLost,
    Terminated,
    Throttled,
    Unknown,
    Unreachable,
    UsageError,
)
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.steps import Finding
from tests.unit.cli.builders import IMAGE, WEB, Api, outcome, ran, surroundings

FLAGS = (*WEB, "-i", IMAGE)
COMMAND = ("deploy", *WEB, "--image", IMAGE)

ERRORS: list[tuple[type[EcsDeployError], int, int]] = [
    (UsageError, 1, 64),
    (ImageError, 13, 64),
    (Refused, 1, 26),
    (NoSuchResource, 1, 26),
    (Unknown, 254, 26),
    (Lossy, 1, 26),
    (AwsError, 1, 26),
    (AwsRefused, 254, 26),
    (AccessDenied, 254, 26),
    (Throttled, 254, 26),
    (CredentialsError, 253, 26),
    (Unreachable, 1, 26),
    (ReplyLost, 1, 24),
    (Bug, 1, 1),
]
STATUSES = [
    (Status.SUCCEEDED, 0, 0),
    (Status.UNCHANGED, 0, 0),
    (Status.DETACHED, 0, 0),
    (Status.FAILED, 1, 20),
    (Status.STOPPED, 1, 20),
    (Status.ROLLED_BACK, 1, 21),
    (Status.TIMED_OUT, 1, 22),
    (Status.SUPERSEDED, 1, 23),
    (Status.UNKNOWN, 1, 24),
    (Status.ROLLBACK_FAILED, 1, 25),
    (Status.REFUSED, 1, 26),
    (Status.BUSY, 1, 27),
    (Status.INTERRUPTED, 130, 130),
]


@pytest.mark.parametrize(("kind", "flags", "command"), ERRORS, ids=lambda value: getattr(value, "__name__", value))
def test_an_error_has_its_exit_code(kind: type[EcsDeployError], flags: int, command: int, api: Api) -> None:
    api.error = kind("It broke.", hint="Mend it.")
    first, second = ran(FLAGS), ran(COMMAND)
    assert (first.code, second.code) == (flags, command)
    assert first.stderr == second.stderr == "It broke. Mend it.\n"
    assert first.stdout == second.stdout == ""


@pytest.mark.parametrize(("status", "flags", "command"), STATUSES)
def test_a_verdict_has_its_exit_code(status: Status, flags: int, command: int, api: Api) -> None:
    api.status = status
    assert (ran(FLAGS).code, ran(COMMAND).code) == (flags, command)


def test_every_status_is_in_the_table() -> None:
    assert {status for status, _, _ in STATUSES} == {*Status}


def test_every_exit_code_says_what_it_means() -> None:
    assert all(code.meaning.endswith(".") for code in (*ExitCode, *ScriptExit))


SIGNALS = [(signal.SIGHUP, ExitCode.HUNG_UP), (signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, 143)]


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_an_interrupted_run_says_which_signal_ended_it(number: int, code: int) -> None:
    for form in Form:
        assert of_outcome(outcome(Status.INTERRUPTED), form, signal_number=number) == code


def test_aws_s_own_text_follows_on_its_own_line(api: Api) -> None:
    raw = "An error occurred (AccessDeniedException): \x1b[31mno\x1b[0m (request id 1f)\n::error::pwned"
    api.error = AccessDenied("`ecs:UpdateService` is not allowed.", raw=raw)
    run = ran(FLAGS)
    assert run.code == 254
    first, second = run.stderr.splitlines()
    assert first == "`ecs:UpdateService` is not allowed."
    assert "request id 1f" in second
    assert "\x1b" not in second
    assert "::error::" not in second


@pytest.mark.parametrize("argv", [FLAGS, COMMAND], ids=["flags", "command"])
def test_an_unexpected_exception_is_one_sentence_and_no_traceback(argv: tuple[str, ...], api: Api) -> None:
    api.error = ZeroDivisionError("di\x1b[2Jvided")
    run = ran(argv)
    assert (run.code, run.stdout) == (1, "")
    assert "`ZeroDivisionError`: divided." in run.stderr
    assert "--debug-file" in run.stderr
    assert "Traceback" not in run.stderr


def test_an_unexpected_exception_without_words_is_one_sentence_too(api: Api) -> None:
    api.error = KeyError()
    assert ran(FLAGS).stderr.startswith("Unexpected error, a bug in ecs-deploy: `KeyError`.\n")


def test_m10_the_debug_file_says_when_what_and_where_it_happened(api: Api, tmp_path: Path) -> None:
    api.error = ZeroDivisionError("divided")
    api.trace = ("GET / 200",)
    assert ran((*FLAGS, "--debug-file", "log.txt"), surroundings(tmp_path)).code == 1
    log = (tmp_path / "log.txt").read_text()
    version, command, call, *_ = log.splitlines()
    assert f" ecs-deploy {__version__}, Python " in version
    assert command.endswith(" --debug-file log.txt")
    assert call.endswith("Z GET / 200")
    assert all(datetime.fromisoformat(line.split()[0]).tzinfo for line in log.splitlines())
    assert "Traceback" in log
    assert (tmp_path / "log.txt").stat().st_mode & 0o077 == 0


def test_m10_the_debug_file_says_where_an_expected_error_arose_and_hides_the_keys(api: Api, tmp_path: Path) -> None:
    api.error = AccessDenied("`ecs:UpdateService` is not allowed.")
    words = (*FLAGS, "-k", "AKIAIOSFODNN7EXAMPLE", "-s", "hunter2/hunter2", "-v", "--debug-file", "log.txt")
    run = ran(words, surroundings(tmp_path))
    log = (tmp_path / "log.txt").read_text()
    assert " -s *** " in log
    assert "hunter2" not in log
    assert "Traceback" in log
    assert "Traceback" not in run.stderr


def test_f29_a_debug_file_that_cannot_be_written_is_a_warning(api: Api, tmp_path: Path) -> None:
    run = ran((*COMMAND, "--debug-file", "no/log.txt"), surroundings(tmp_path))
    assert (run.code, len(api.accesses)) == (0, 1)
    assert run.stderr.startswith("Warning: the debug file `")
    assert "no/log.txt` cannot be written: No such file or directory." in run.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_f29_a_disk_that_fills_up_ends_the_log_alone(api: Api) -> None:
    api.trace = ("one", "two")
    run = ran((*COMMAND, "--debug-file", "/dev/full"))
    assert (run.code, run.stderr.count("The log ends here: No space left on device.")) == (0, 1)


def test_v_logs_the_calls_on_stderr_without_secrets(api: Api) -> None:
    api.trace = ("ecs.DescribeServices 200 secret_access_key=hunter2hunter2",)
    run = ran((*FLAGS, "-v"))
    assert "ecs.DescribeServices 200" in run.stderr
    assert "hunter2" not in run.stderr
    assert "ecs." not in ran(FLAGS).stderr


INTERRUPTS = [
    pytest.param(KeyboardInterrupt(), 130, id="SIGINT"),
    pytest.param(Terminated(), 143, id="SIGTERM"),
    pytest.param(HungUp(), 129, id="SIGHUP"),
]


@pytest.mark.parametrize(("interrupt", "code"), INTERRUPTS)
def test_an_interrupt_of_the_engine_does_not_claim_that_nothing_changed(
    interrupt: KeyboardInterrupt, code: int, api: Api
) -> None:
    api.error = interrupt
    for argv in (FLAGS, COMMAND):
        run = ran(argv)
        assert run.code == code
        assert "nothing was changed" not in run.stderr
        assert run.stderr.startswith("Interrupted: ")


@pytest.mark.parametrize(("interrupt", "code"), [(KeyboardInterrupt, 130), (Terminated, 143)])
def test_an_interrupt_before_the_engine_changed_nothing(
    interrupt: type[KeyboardInterrupt], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_args: object, **_kwargs: object) -> None:
        raise interrupt

    monkeypatch.setattr("ecsdeploy.api.connect", interrupted)
    run = ran(FLAGS)
    assert (run.code, run.stderr) == (code, "Interrupted: nothing was changed.\n")


@pytest.mark.parametrize(("findings", "flags", "command"), [((), 0, 0), ((Finding(code="X", blocking=True),), 1, 26)])
def test_a_dry_run_plans_and_nothing_else(findings: tuple[Finding, ...], flags: int, command: int, api: Api) -> None:
    api.findings = findings
    assert (ran((*FLAGS, "--dry-run")).code, ran((*COMMAND, "--dry-run")).code) == (flags, command)
    assert len(api.planned) == 2
    assert api.requests == []


def test_a_foreign_endpoint_is_announced(api: Api) -> None:
    assert ran(FLAGS).stderr == ""
    api.endpoint = "http://127.0.0.1:4599"
    assert "http://127.0.0.1:4599" in ran(FLAGS).stderr


NO_COMMANDS = [
    pytest.param(("depoly", "-c", "prod"), "Did you mean `deploy`?", id="misspelt"),
    pytest.param(("web",), "`ecs-deploy --help`", id="nothing near"),
    pytest.param(("", "dem"), "Did you mean `demo`?", id="after an empty argument"),
]


@pytest.mark.parametrize(("argv", "hint"), NO_COMMANDS)
def test_d22_a_first_bare_word_that_is_no_command_is_64(argv: tuple[str, ...], hint: str, api: Api) -> None:
    run = ran(argv)
    assert (run.code, run.stdout) == (64, "")
    assert f"`{argv[-1] if argv[0] == '' else argv[0]}`" in run.stderr
    assert hint in run.stderr


def test_the_module_runs_like_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "ecsdeploy", "--version"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.strip()
