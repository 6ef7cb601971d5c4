"""Turns the options about output into one value: how a run is shown and logged."""

from __future__ import annotations

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.values import word
from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import value

OUTPUTS = ("live", "lines", "json")


@value(frozen=True, slots=True, kw_only=True)
class Showing:
    """How a run is shown and logged. `output` is None if the terminal decides; The files are paths."""

    output: str | None = None
    color: str = "auto"
    quiet: bool = False
    verbose: bool = False
    debug_file: str = ""
    junit: str = ""
    report: str = ""


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
        report=given.text("report"),
    )


def _check_live(given: Given, environment: Environment) -> None:
    if not environment.can_redraw:
        raise UsageError("`--output live` needs a terminal, and stderr is not one.", hint="Use `--output lines`.")
    if given.has("verbose"):
        raise UsageError(
            "`--output live` and the log of `--verbose` would both write to stderr.",
            hint="Use `--output lines`, or `--debug-file PATH` for the log.",
        )
