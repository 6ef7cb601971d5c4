"""How a run is shown, and logged: the options about output, understood."""

from __future__ import annotations

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.values import word
from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import value

OUTPUTS = ("live", "lines", "json")


@value(frozen=True, slots=True, kw_only=True)
class Showing:
    """How the run is shown, and logged."""

    output: str | None = None
    color: str = "auto"
    quiet: bool = False
    verbose: bool = False
    debug_file: str = ""
    junit: str = ""


def showing(given: Given, environment: Environment) -> Showing:
    if given.text("output") == "live":
        _check_live(given, environment)
    return Showing(
        output=word(given, "output", OUTPUTS) or None,
        color=word(given, "color", ("auto", "always", "never")) or "auto",
        quiet=given.has("quiet"),
        verbose=given.has("verbose"),
        debug_file=given.text("debug_file"),
        junit=given.text("junit"),
    )


def _check_live(given: Given, environment: Environment) -> None:
    if not environment.can_redraw:
        raise UsageError("`--output live` draws on a terminal, and stderr is none.", hint="Use `--output lines`.")
    if given.has("verbose"):
        raise UsageError(
            "`--output live` draws where the log of `--verbose` is written.",
            hint="Use `--output lines`, or `--debug-file PATH` for the log.",
        )
