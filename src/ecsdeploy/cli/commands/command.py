"""What a command is: its options, its help, and what carries it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ecsdeploy.cli.options.option import Option
from ecsdeploy.model.values import value

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.requests import Invocation
    from ecsdeploy.cli.words.given import Given

Perform = Callable[["Given", "Environment"], int]
"""Carries out what was typed, completed from the settings; the exit code."""


@value(frozen=True, slots=True)
class Operands:
    """The words that a command takes without an option (`operands` in what is given), and those that it knows."""

    metavar: str
    known: Callable[[], Iterable[str]]
    files: bool = False


@value(frozen=True, slots=True, kw_only=True)
class Command:
    """One command, as the `COMMAND` of the module of its name; its summary stands where it is registered."""

    options: tuple[Option, ...]
    help: str
    """In the form of click's helps, where `\\b` begins lines that are not filled."""
    perform: Perform
    operands: Operands | None = None


def released(understand: Callable[[Given, Environment], Invocation]) -> Perform:
    """What carries out a request that writes, or follows a deployment: understood as a whole, then run."""

    def perform(given: Given, environment: Environment) -> int:
        from ecsdeploy.cli.session.run import run

        return run(understand(given, environment), environment)

    return perform
