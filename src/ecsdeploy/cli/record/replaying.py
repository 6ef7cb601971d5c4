"""Plays a record: the same command over the same replies, offline, in the time of the record."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from ecsdeploy.cli.record.recording import VERSION
from ecsdeploy.cli.record.redacted import Redactor
from ecsdeploy.cli.record.tape import Cut, Replay, cut_of
from ecsdeploy.cli.record.typed import is_inside, words_of
from ecsdeploy.cli.session.signals import Signals
from ecsdeploy.errors import UsageError
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.model.values import value

_LARGEST = 256 * 1024 * 1024
_NOBODY = {"AWS_ACCESS_KEY_ID": "replay", "AWS_SECRET_ACCESS_KEY": "replay", "AWS_DEFAULT_REGION": "us-east-1"}
"""The flag form asks that these are set. Nothing is signed with them."""


@value(frozen=True, slots=True, kw_only=True)
class Record:
    """A record that was read. `said` is what the recorded run ended with: `exit_code`, `stdout` and `stderr`."""

    words: tuple[str, ...]
    files: Mapping[str, str]
    width: int
    simulated: bool
    cuts: tuple[Cut, ...]
    said: Mapping[str, Any]


@value(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of a replay: its exit code, and in which step it went another way than the record."""

    code: int
    differs: str


def read_record(name: str, cwd: Path) -> Record:
    """Raises a `UsageError` that names the file, if it is no record."""
    lines = _lines(name, cwd)
    head, *middle = lines
    if head.get("type") != "record" or not middle or middle[-1].get("type") != "end":
        whole = "has no end: the run was cut off" if head.get("type") == "record" else "is no record"
        raise UsageError(f"`{name}` {whole}.", hint="`--record FILE` writes one.")
    if head.get("v") != VERSION:
        raise UsageError(f"`{name}` has the format {head.get('v')}, and this version reads {VERSION}.")
    try:
        files = {str(key): str(text) for key, text in head["files"].items()}
        given = {str(key): [str(each) for each in texts] for key, texts in head["given"].items()}
        return Record(
            words=words_of(str(head["command"]), given),
            files=_checked(files, name),
            width=int(head["width"]),
            simulated=bool(head["simulated"]),
            cuts=tuple(map(cut_of, middle[:-1])),
            said={"exit_code": int(middle[-1]["exit_code"]), **{key: str(middle[-1][key]) for key in _STREAMS}},
        )
    except (KeyError, TypeError, ValueError, AttributeError, ImportError):
        raise UsageError(f"`{name}` is a record that cannot be understood.") from None


_STREAMS = ("stdout", "stderr")


def play(record: Record, environment: Environment, stdout: TextIO, stderr: TextIO) -> Played:
    """Play it, and write what it says to the two streams. Nothing is sent, and no file of the user is read."""
    signals = Signals()
    tape = Replay(record.cuts, signals, Redactor(Secrets()).of)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in record.files.items():
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).write_text(text, encoding="utf-8")
        around = Environment(
            stdout=stdout,
            stderr=stderr,
            variables=_NOBODY,
            cwd=Path(folder),
            width=record.width,
            simulated=record.simulated,
            argv0=environment.argv0,
            signals=signals,
            transport=_nobody,
            clock=tape,
            tape=tape,
        )
        code = main(record.words, around)
    left = f"it ends {tape.left} steps before the record" if tape.left else ""
    return Played(code=code, differs=tape.differs or left)


def held(record: Record, environment: Environment) -> str:
    """How a replay differs from the recorded run, byte for byte; empty if it does not."""
    stdout, stderr = io.StringIO(), io.StringIO()
    played = play(record, environment, stdout, stderr)
    if played.differs:
        return played.differs
    if played.code != record.said["exit_code"]:
        return f"the exit code is {played.code}, and {record.said['exit_code']} in the record"
    for name, stream in zip(_STREAMS, (stdout, stderr), strict=True):
        if told := _first_difference(stream.getvalue(), record.said[name]):
            return f"{name}, {told}"
    return ""


def _first_difference(now: str, then: str) -> str:
    if now == then:
        return ""
    lines, recorded = [*now.splitlines(), ""], [*then.splitlines(), ""]
    number = next((at for at, pair in enumerate(zip(lines, recorded, strict=False)) if pair[0] != pair[1]), 0)
    return f"line {number + 1} is `{lines[number].strip()}`, and `{recorded[number].strip()}` in the record"


def _nobody(method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
    raise ConnectionRefusedError(method, url, len(headers), len(body))


def _checked(files: Mapping[str, str], record: str) -> Mapping[str, str]:
    for name in files:
        if not name or not is_inside(name):
            raise UsageError(f"`{record}` has a file that is in no folder of the record: `{name}`.")
    return files


def _lines(name: str, cwd: Path) -> Sequence[Mapping[str, Any]]:
    path = cwd / name
    try:
        if not path.is_file():
            raise UsageError(f"There is no record `{name}`.", hint="Check the path.")
        if path.stat().st_size > _LARGEST:
            raise UsageError(f"`{name}` is larger than 256 MiB, which no record is.")
        found = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    except OSError as error:
        raise UsageError(f"`{name}` cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise UsageError(f"`{name}` is no record: it is not JSON lines.") from None
    if not found or not all(isinstance(each, dict) for each in found):
        raise UsageError(f"`{name}` is no record.", hint="`--record FILE` writes one.")
    return found
