"""What a live renderer needs to know of the terminal it draws on, and of the run that it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ecsdeploy.model.request import OnInterrupt
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class Footing:
    """What the last row is about: the time limit (0: none), and what Ctrl-C does (None: we only stop watching)."""

    limit_seconds: float = 0
    phased: bool = False
    on_interrupt: OnInterrupt | None = None


@value(frozen=True, slots=True, kw_only=True)
class Size:
    """The size of a terminal, in cells."""

    columns: int
    rows: int


@value(frozen=True, slots=True, kw_only=True)
class Terminal:
    """What we draw on. We call `size` before each frame, as it can change; `now` is the clock of the run.

    `rewraps`: the terminal wraps its rows anew when it becomes narrower, as nearly all do.
    """

    size: Callable[[], Size]
    now: Callable[[], datetime]
    footing: Footing = Footing()
    rewraps: bool = True
    stdout_too: bool = False
    """Whether stdout is this terminal too."""
