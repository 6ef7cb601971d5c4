"""What a run uses of its process, as one value that tests and demo replace: streams, variables, terminal, folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ecsdeploy.cli.session.job import Job
from ecsdeploy.cli.session.signals import Signals
from ecsdeploy.cli.session.streams import taken_loss, unbreakable
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.model.values import value

if TYPE_CHECKING:
    from ecsdeploy.api import Transport
    from ecsdeploy.cli.record.tape import Tape
    from ecsdeploy.engine.ports import Clock

COMPLETE = "_ECS_DEPLOY_COMPLETE"
"""The variable by which a shell asks for completion. Every program made with click has such a variable."""
SHELLS = ("bash", "zsh", "fish")
"""The shells that can complete our words."""
NO_TERMINAL = 120
"""The columns that we wrap text at without a terminal, or if it does not say how many it has."""


@value(frozen=True, slots=True, kw_only=True)
class Environment:
    """The streams, variables, folder (`cwd`) and terminal (`width` in columns) of a run.

    `transport` and `clock` replace the network and the time; every exchange with AWS passes `tape`. `record` gets the
    JSON lines of the run too. A `simulated` run belongs to a scenario: it reads no settings of the user, and the
    commands that it suggests reach nothing.
    """

    stdout: TextIO
    stderr: TextIO
    variables: Mapping[str, str]
    cwd: Path
    stdin: TextIO | None = None
    stdin_is_terminal: bool = False
    stdout_is_terminal: bool = False
    stderr_is_terminal: bool = False
    width: int = NO_TERMINAL
    simulated: bool = False
    argv0: str = "ecs-deploy"
    argv: tuple[str, ...] = ()
    """The words of the command line after `argv0`."""
    signals: Signals = field(default_factory=Signals)
    transport: Transport | None = None
    clock: Clock | None = None
    tape: Tape | None = None
    record: TextIO | None = None
    job: Job = field(default_factory=Job)
    secrets: Secrets = field(default_factory=Secrets)
    """What no stream of this run may show."""

    @classmethod
    def of_process(cls) -> Environment:
        """The streams, variables and folder of this process; writing to its streams never raises."""
        stdout, stderr = unbreakable(sys.stdout), unbreakable(sys.stderr)
        return cls(
            stdout=stdout,
            stderr=stderr,
            variables=os.environ,
            cwd=Path(os.curdir),
            stdin=sys.stdin,
            stdin_is_terminal=_is_terminal(sys.stdin),
            stdout_is_terminal=stdout.isatty(),
            stderr_is_terminal=stderr.isatty(),
            width=_width(stderr, os.environ),
            argv0=_command_name(sys.argv[0]),
        )

    def show(self, text: str) -> None:
        """Write a text to stdout that has no words of others: help, version, a list."""
        self.stdout.write(f"{text}\n")
        self.stdout.flush()

    def tell(self, text: str) -> None:
        """Write a line to stderr, without secrets: a notice that belongs to no event."""
        self.stderr.write(f"{self.secrets.mend(text)}\n")
        self.stderr.flush()

    def tells_loss(self) -> bool:
        """Whether a write to stdout failed. If so, say it on stderr, once."""
        why = taken_loss(self.stdout)
        if why:
            self.tell(f"The output is not complete, it could not be written: {why}.")
        return bool(why)

    def wants_color(self, wish: str, *, of_stdout: bool = False) -> bool:
        """Whether to colour text on stderr, or on stdout. The option (`wish`) wins, then variables, then the terminal.

        https://no-color.org and https://bixense.com/clicolors
        """
        if wish in {"always", "never"}:
            return wish == "always"
        if self.variables.get("NO_COLOR"):
            return False
        if any(self.variables.get(name, "0") not in {"", "0"} for name in ("CLICOLOR_FORCE", "FORCE_COLOR")):
            return True
        is_terminal = self.stdout_is_terminal if of_stdout else self.stderr_is_terminal
        return is_terminal and self.variables.get("TERM") != "dumb"

    @property
    def can_ask(self) -> bool:
        """Whether somebody reads stderr and can answer on stdin."""
        return self.stdin_is_terminal and self.stderr_is_terminal

    @property
    def can_redraw(self) -> bool:
        """Whether stderr is a terminal on which a cursor can be moved."""
        return self.stderr_is_terminal and self.variables.get("TERM") not in {"dumb", "unknown"}


def _is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal. A stream that was closed before we began is None, or raises `ValueError`."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def _width(stream: TextIO, variables: Mapping[str, str]) -> int:
    """The columns of the terminal, or what `COLUMNS` says. `NO_TERMINAL` without a terminal, or if it does not know."""
    if not stream.isatty():
        return NO_TERMINAL
    said = variables.get("COLUMNS", "")
    if said.isascii() and said.isdigit() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(stream.fileno()).columns or NO_TERMINAL
    except (OSError, ValueError):
        return NO_TERMINAL


def _command_name(argv0: str) -> str:
    """The name by which the user called us; `ecs-deploy` for `python -m ecsdeploy`."""
    name = Path(argv0).name
    return "ecs-deploy" if name == "__main__.py" else name
