"""`--record`: runs a command line with a tape, and writes the record when it has ended."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TextIO, cast

from ecsdeploy import __version__
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.record.redacted import Redactor, Words, looks_of, variables_in
from ecsdeploy.cli.record.tape import Cut, Recording
from ecsdeploy.cli.record.typed import check, files_of, is_inside, kept, redacted, redacted_files, values_of
from ecsdeploy.cli.words.given import Given
from ecsdeploy.engine.clock import WallClock
from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import replace

VERSION = 1
"""Of the format."""


def recorded(
    words: Sequence[str], environment: Environment, answer: Callable[[Sequence[str], Environment], int]
) -> int:
    """Carry out the words by `answer`, and write the record of it; the exit code is that of the run."""
    stdout, stderr = _Copied(environment.stdout), _Copied(environment.stderr)
    record = _Record(environment)
    tape = Recording(environment.clock or WallClock(), environment.signals, record.begin)
    # Nobody is asked, and nothing is drawn: neither could be played again.
    around = replace(
        environment,
        stdout=cast("TextIO", stdout),
        stderr=cast("TextIO", stderr),
        stdin_is_terminal=False,
        stdout_is_terminal=False,
        stderr_is_terminal=False,
        tape=tape,
        clock=tape,
    )
    code = answer(words, around)
    record.save(tape.cuts, {"exit_code": code, "stdout": stdout.text, "stderr": stderr.text})
    return code


class _Copied:
    """A stream that keeps a copy of what is written to it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._copy = stream, io.StringIO()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        self._copy.write(text)
        return self._stream.write(text)

    @property
    def text(self) -> str:
        return self._copy.getvalue()


class _Record:
    """The file of one run: opened before the run, so that it is refused in time, and written after it."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._file: TextIO | None = None
        self._command, self._given = "", dict[str, list[str]]()
        self._files: dict[str, str] = {}

    def begin(self, command: str, given: Given) -> None:
        if command == "demo":
            # The deployment that it plays is recorded, and not it.
            return
        check(command, given)
        if given.text("output") == "live":
            raise UsageError("`--output live` cannot be recorded.", hint="Use `--output lines`.")
        self._command, self._given = command, kept(given)
        self._files = files_of(given, self._environment.cwd)
        for name in self._files:
            if not is_inside(name):
                raise UsageError(
                    f"A record keeps files of the working directory alone, and `{name}` is elsewhere.",
                    hint="Call us from the folder that it is in.",
                )
        self._file = self._opened(given.text("record"))

    def save(self, cuts: Sequence[Cut], end: dict[str, Any]) -> None:
        """Write it, if the run has begun."""
        if self._file is None:
            return
        try:
            with self._file as file:
                for line in self._lines(cuts, end):
                    # In ASCII: who shows the file on a terminal must not run a container's control characters.
                    file.write(f"{json.dumps(line, separators=(',', ':'))}\n")
        except OSError as error:
            self._environment.tell(f"Warning: the record is not whole: {error.strerror}.")

    def _lines(self, cuts: Sequence[Cut], end: dict[str, Any]) -> Iterator[dict[str, Any]]:
        told = [each.as_json() for each in cuts]
        pairs = (*values_of(self._given, self._files), *(pair for each in told for pair in variables_in(each)))
        redactor = Redactor(self._environment.secrets, Words(looks_of(pairs)))
        yield {
            "v": VERSION,
            "type": "record",
            "program": __version__,
            "command": self._command,
            "given": redacted(self._given, redactor),
            "files": redacted_files(self._given, self._files, redactor),
            "width": self._environment.width,
            "simulated": self._environment.simulated,
        }
        for each in told:
            yield {**each, "asked": redactor.of(each["asked"]), "outcome": redactor.of(each["outcome"])}
        # What a run says has been cleaned; since then it may have learned more secrets.
        secrets = self._environment.secrets
        said = {name: each if isinstance(each, int) else secrets.redact(each) for name, each in end.items()}
        yield {"type": "end", **said}

    def _opened(self, name: str) -> TextIO:
        try:
            return open(self._environment.cwd / name, "w", encoding="utf-8", opener=_owner_only)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise UsageError(f"The record `{name}` cannot be written: {why}.") from None


def _owner_only(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
