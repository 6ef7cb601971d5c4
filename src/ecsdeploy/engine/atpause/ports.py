"""The protocols by which a gate at a pause reaches this machine and whoever sits at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Approval(Protocol):
    """Asks somebody, for so many seconds at most, whether a release may go on; None without an answer."""

    def __call__(self, seconds: float) -> bool | None: ...


class Program(Protocol):
    """A program that runs on this machine."""

    def look(self, seconds: float) -> tuple[tuple[str, ...], int | None]:
        """Wait so long at most for news: its new lines, and its exit code once it has ended."""
        ...

    def end(self) -> None:
        """End it and its children."""
        ...


class Machine(Protocol):
    """What runs programs, and asks people. `approval` is None if nobody can be asked."""

    @property
    def approval(self) -> Approval | None: ...

    def refuse_missing(self, program: str) -> None:
        """Raise `Refused` if there is no such program."""
        ...

    def start(self, words: tuple[str, ...], variables: Mapping[str, str]) -> Program:
        """Start it without a shell, with these variables beside the machine's own. `OSError` if that fails."""
        ...
