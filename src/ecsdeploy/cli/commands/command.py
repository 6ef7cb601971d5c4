"""What a command is: its options, its help, and the function that carries it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ecsdeploy.cli.options.option import Option
from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import value

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.requests import Invocation
    from ecsdeploy.cli.words.given import Given

Perform = Callable[["Given", "Environment"], int]
"""Carries out what was typed, completed from the settings, and returns the exit code."""


@value(frozen=True, slots=True)
class Operands:
    """The words that a command takes besides options: their name in the help, and those that completion offers."""

    metavar: str
    known: Callable[[], Iterable[str]]
    files: bool = False
    after_dashes: bool = False
    """They stand after `--`, so that none of them is read as an option."""


@value(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: the value `COMMAND` in the module of its name. Its summary is in the registry."""

    options: tuple[Option, ...]
    help: str
    """In the form of click's helps, where `\\b` begins lines that are not wrapped."""
    perform: Perform
    operands: Operands | None = None


@contextmanager
def needs_fleet() -> Iterator[None]:
    """Around the import of what releases several services: a `UsageError` says which extra it needs."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != "greenlet":
            raise
        raise UsageError(
            "Several services in one run need the extra `fleet` of ecsdeploy, which is not installed.",
            hint="docs/how-to/install.md says how to install it.",
        ) from None


def _release_several(
    understand: Callable[[Given, Environment], Invocation], given: Given, environment: Environment
) -> int:
    with needs_fleet():
        from ecsdeploy.cli.several.run import release
    return release(understand, given, environment)


def names_several(given: Given) -> bool:
    """Whether the command line names several services, or gives a pattern, or a cluster with the service."""
    names, clusters = set(given.texts("service")), set(given.texts("cluster"))
    return len(names) > 1 or len(clusters) > 1 or any(map(_is_pattern, names))


def _is_pattern(name: str) -> bool:
    return not name.startswith("arn:") and any(each in name for each in "*?[/")


def released(understand: Callable[[Given, Environment], Invocation]) -> Perform:
    """Carries out a request that writes or follows a deployment: it reads the whole command line, and then runs it."""

    def perform(given: Given, environment: Environment) -> int:
        if names_several(given):
            return _release_several(understand, given, environment)
        asked = understand(given, environment)
        # What is asked wrong is told without loading what carries it out.
        from ecsdeploy.cli.session.run import run

        return run(asked, environment)

    return perform
