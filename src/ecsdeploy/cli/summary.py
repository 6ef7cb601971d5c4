"""The file that a GitHub job reads the summary of a step from."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ecsdeploy.cli.environment import Environment

if TYPE_CHECKING:
    from ecsdeploy.render.stream import Again
    from ecsdeploy.render.wash import Washing

STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
"""https://docs.github.com/en/actions/reference/workflows-and-actions/variables"""


def step_summary(environment: Environment, again: "Again", *, phased: bool) -> "Washing":
    """Adds the summary of this run to the file when it ends; a file that cannot be written is a warning."""
    from ecsdeploy.render.stepsummary import StepSummary
    from ecsdeploy.render.stream import Style
    from ecsdeploy.render.wash import Washing

    style = Style(phased=phased, again=again)
    return Washing(StepSummary(partial(_append, environment), style), secrets=environment.secrets)


def _append(environment: Environment, text: str) -> None:
    path = environment.variables[STEP_SUMMARY]
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        environment.tell(f"Warning: the step summary `{path}` cannot be written: {reason}.")
