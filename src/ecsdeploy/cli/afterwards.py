"""What a run leaves for the job that it is a part of: GitHub's annotation, outputs and summary, and a JUnit file.

https://docs.github.com/en/actions/reference/workflows-and-actions/variables
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ecsdeploy.cli.environment import Environment

if TYPE_CHECKING:
    from ecsdeploy.render.ended import Ended

Teller = Callable[["Ended"], None]

_JOB, _OUTPUTS, _SUMMARY = "GITHUB_ACTIONS", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"


def tellers(environment: Environment) -> Iterator[Teller]:
    """Those that the variables ask for; a file that cannot be written is a warning."""
    variables = environment.variables
    if variables.get(_JOB) == "true":
        yield partial(_annotate, environment)
    if variables.get(_OUTPUTS):
        yield partial(_add_outputs, environment)
    if variables.get(_SUMMARY):
        yield partial(_add_summary, environment)


def _annotate(environment: Environment, ended: Ended) -> None:
    """The runner reads both of a step's streams, and stdout is for the result."""
    from ecsdeploy.render.annotation import annotation
    from ecsdeploy.render.stream import LineStream

    LineStream(environment.stderr).command(annotation(ended))


def _add_outputs(environment: Environment, ended: Ended) -> None:
    from uuid import uuid4

    from ecsdeploy.render.outputs import assigned, outputs

    _append(environment, _OUTPUTS, "the step's outputs", assigned(outputs(ended), f"ecs_deploy_{uuid4().hex}"))


def _add_summary(environment: Environment, ended: Ended) -> None:
    from ecsdeploy.render.stepsummary import summary

    _append(environment, _SUMMARY, "the step summary", summary(ended))


class JUnitReport:
    """The file of `--junit`: it was asked for, so that to lose it is no success."""

    def __init__(self, environment: Environment, path: str, *, only_planned: bool) -> None:
        self._environment = environment
        self._path = path
        self._only_planned = only_planned
        self._why = ""

    @property
    def is_lost(self) -> bool:
        return bool(self._why)

    def write(self, ended: Ended) -> None:
        from ecsdeploy.render.junit import junit

        try:
            (self._environment.cwd / self._path).write_bytes(junit(ended, only_planned=self._only_planned))
        except (OSError, ValueError) as error:
            self._why = _reason(error)

    def tell_loss(self) -> None:
        """After the verdict, which comes first."""
        if self._why:
            self._environment.tell(f"The report of `--junit`, `{self._path}`, cannot be written: {self._why}.")


def _append(environment: Environment, variable: str, what: str, text: str) -> None:
    path = environment.variables[variable]
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        environment.tell(f"Warning: {what} `{path}` cannot be written: {_reason(error)}.")


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error)
