"""Finds the terminal to draw a run on, if there is one and nothing else writes to it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.requests import Invocation
from ecsdeploy.cli.session.question import Aside
from ecsdeploy.cli.showing import Showing
from ecsdeploy.model.request import DeployRequest, PhaseBudget, RegisterRequest
from ecsdeploy.render.terminal import Footing, Size, Terminal

if TYPE_CHECKING:
    from ecsdeploy.engine.ports import Clock

_ROWS = 24
"""The rows of a terminal that does not say how many it has."""


def terminal_of(invocation: Invocation, environment: Environment, clock: Clock) -> Terminal | None:
    """The terminal of a run; None if it writes lines."""
    return None if invocation.dry_run else drawn_on(invocation.showing, environment, clock, _footing(invocation))


def drawn_on(showing: Showing, environment: Environment, clock: Clock, footing: Footing) -> Terminal | None:
    """The terminal; None if we write lines: no terminal, another output, the log of `-v`, or a CI runner's terminal."""
    asked = showing.output == "live"
    if not environment.can_redraw or not (asked or showing.output is None):
        return None
    if not asked and (showing.verbose or environment.variables.get("CI", "") not in {"", "false"}):
        return None
    return Terminal(
        size=lambda: _size(environment),
        now=clock.now,
        footing=footing,
        rewraps=environment.variables.get("TERM") != "linux",
        stdout_too=environment.stdout_is_terminal,
    )


@contextmanager
def suspendable(aside: Aside) -> Iterator[None]:
    """Let Ctrl-Z give the terminal to the shell until the job is continued, for as long as this context lasts."""
    stop = getattr(signal, "SIGTSTP", None)
    if stop is None or signal.getsignal(stop) is not signal.SIG_DFL:
        yield
        return

    def suspend(number: int, _frame: FrameType | None) -> None:
        with aside():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
            signal.signal(number, suspend)

    signal.signal(stop, suspend)
    try:
        yield
    finally:
        signal.signal(stop, signal.SIG_DFL)


def _footing(invocation: Invocation) -> Footing:
    request = invocation.request
    return Footing(
        limit_seconds=0 if isinstance(request, RegisterRequest) else request.budget.seconds,
        phased=isinstance(request.budget, PhaseBudget),
        on_interrupt=request.on_interrupt if isinstance(request, DeployRequest) else None,
    )


def _size(environment: Environment) -> Size:
    """The size that the terminal has now. `COLUMNS` is only what it had when the shell last looked."""
    try:
        columns, rows = os.get_terminal_size(environment.stderr.fileno())
    except (OSError, ValueError):
        columns, rows = 0, 0
    return Size(columns=columns or environment.width, rows=rows or _ROWS)
