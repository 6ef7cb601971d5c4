"""What a live renderer needs to know of the terminal it draws on, and of the run that it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ecsdeploy.model.request import OnInterrupt
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class Footing:
    """What the last row says of this run: its time limit (0: none) and what Ctrl-C does (None: stop looking)."""

    limit_seconds: float = 0
    phased: bool = False
    on_interrupt: OnInterrupt | None = None


@value(frozen=True, slots=True, kw_only=True)
class Size:
    """Of a terminal, in cells."""

    columns: int
    rows: int


@value(frozen=True, slots=True, kw_only=True)
class Terminal:
    """What is drawn on: its `size` is asked for before each frame, for it can change; `now` is the run's clock.

    `rewraps`: it wraps what it shows when it becomes narrower, as nearly all do.
    """

    size: Callable[[], Size]
    now: Callable[[], datetime]
    footing: Footing = Footing()
    rewraps: bool = True
    stdout_too: bool = False
    """stdout is this terminal as well."""
