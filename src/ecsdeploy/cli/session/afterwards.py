"""Reports the end of a run: GitHub's annotation, outputs and summary, a JUnit file, and the addresses of `--notify`.

https://docs.github.com/en/actions/reference/workflows-and-actions/variables
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ecsdeploy.cli.environment import Environment
from ecsdeploy.errors import UsageError

if TYPE_CHECKING:
    from ecsdeploy.cli.telling.addresses import Address
    from ecsdeploy.cli.words.given import Given
    from ecsdeploy.model.secrets import Secrets
    from ecsdeploy.render.clean import Cleaning
    from ecsdeploy.render.ended import Ended
    from ecsdeploy.render.jsonl import ExitCode
    from ecsdeploy.render.message import Message
    from ecsdeploy.render.stream import Style

Teller = Callable[["Ended"], None]

JOB, OUTPUTS, SUMMARY = "GITHUB_ACTIONS", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"


def tellers(environment: Environment) -> Iterator[Teller]:
    """What to call at the end of a run, by what the variables ask for. If a file cannot be written, we warn."""
    variables = environment.variables
    if variables.get(JOB) == "true":
        yield partial(_annotate, environment)
    if variables.get(OUTPUTS):
        yield partial(_add_outputs, environment)
    if variables.get(SUMMARY):
        yield partial(_add_summary, environment)


def addresses_of(given: Given) -> tuple[Address, ...]:
    """The addresses of `--notify`. Raises a `UsageError` if one cannot be used."""
    if not given.texts("notify"):
        return ()
    from ecsdeploy.cli.telling.addresses import read_addresses

    return read_addresses(given.texts("notify"), given.origin("notify"))


def notify(environment: Environment, addresses: tuple[Address, ...], ended: Ended) -> None:
    """Tell the addresses of `--notify` how a run ended."""
    from ecsdeploy.render.message import message

    tell(environment, addresses, message(ended))


def tell(environment: Environment, addresses: tuple[Address, ...], told: Message) -> None:
    """Tell the addresses this. What fails is a warning: the exit code is about the deployment."""
    from ecsdeploy.cli.telling.sending import send

    try:
        reasons = send(addresses, told)
    except KeyboardInterrupt:
        reasons = ["a signal came first"] * len(addresses)
    for number, why in enumerate(reasons, 1):
        which = f" (address {number} of {len(reasons)})" if len(reasons) > 1 else ""
        if why:
            environment.tell(f"Warning: `--notify`{which} may not have been told how this ended: {why}.")


def at_end(style: Style, exit_code: ExitCode, asked: Iterable[Teller], secrets: Secrets) -> Cleaning:
    """The sink that tells each of `asked` how the run ended."""
    from ecsdeploy.render.clean import Cleaning
    from ecsdeploy.render.ended import AtEnd

    return Cleaning(AtEnd(style, exit_code, *asked), secrets=secrets)


def _annotate(environment: Environment, ended: Ended) -> None:
    """Write to stderr: the runner reads both streams of a step, and stdout is for the result."""
    from ecsdeploy.render.annotation import annotation
    from ecsdeploy.render.stream import LineStream

    LineStream(environment.stderr).command(annotation(ended))


def _add_outputs(environment: Environment, ended: Ended) -> None:
    from ecsdeploy.render.outputs import outputs

    assign(environment, outputs(ended))


def assign(environment: Environment, pairs: tuple[tuple[str, str], ...]) -> None:
    from uuid import uuid4

    from ecsdeploy.render.outputs import assigned

    append(environment, OUTPUTS, "the step's outputs", assigned(pairs, f"ecs_deploy_{uuid4().hex}"))


def _add_summary(environment: Environment, ended: Ended) -> None:
    from ecsdeploy.render.stepsummary import summary

    append(environment, SUMMARY, "the step summary", summary(ended))


def tell_error(environment: Environment, exit_code: int, sentence: str) -> None:
    """Report an error to the job, unless the run has reported its end. Mostly no run had begun."""
    job, variables = environment.job, environment.variables
    if job.is_told or environment.simulated:
        return
    clean = environment.secrets.mend(sentence)
    if variables.get(JOB) == "true":
        from ecsdeploy.render.annotation import error_command
        from ecsdeploy.render.stream import LineStream

        LineStream(environment.stderr).command(error_command("ecs-deploy", clean))
    if variables.get(OUTPUTS):
        assign(environment, (("exit-code", str(int(exit_code))), ("cause", clean)))
    if job.report:
        from ecsdeploy.render.junit import junit_of_error

        report = JUnitReport(environment, job.report)
        report.save(junit_of_error(exit_code, clean))
        report.tell_loss()


class FileReport:
    """A file about the run that an option names. If it could not be written, the run is no success."""

    option = ""

    def __init__(self, environment: Environment, path: str) -> None:
        self._environment = environment
        self._path = path
        self._why = ""

    def placed(self) -> Self:
        """This report. Raises a `UsageError` if there can be no such file, so that no release fails at its end."""
        path = self._environment.cwd / self._path
        wrong = "Is a directory" if path.is_dir() else "" if path.parent.is_dir() else "No such file or directory"
        if wrong:
            self._environment.job.report = ""
            raise UsageError(
                f"The report of `{self.option}`, `{self._path}`, cannot be written: {wrong}.",
                hint="Nothing was changed.",
            )
        return self

    @property
    def is_lost(self) -> bool:
        return bool(self._why)

    def save(self, content: bytes) -> None:
        try:
            self._put(self._environment.cwd / self._path, content)
        except (OSError, ValueError) as error:
            self._why = _reason(error)

    def tell_loss(self) -> None:
        """Say that the file could not be written. Call it after the verdict was written."""
        if self._why:
            self._environment.tell(f"The report of `{self.option}`, `{self._path}`, cannot be written: {self._why}.")

    def _put(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)


class JUnitReport(FileReport):
    """The file of `--junit`."""

    option = "--junit"

    def __init__(self, environment: Environment, path: str, *, only_planned: bool = False) -> None:
        super().__init__(environment, path)
        self._only_planned = only_planned

    def sink(self, style: Style, exit_code: ExitCode) -> Cleaning:
        return at_end(style, exit_code, (self.write,), self._environment.secrets)

    def write(self, ended: Ended) -> None:
        from ecsdeploy.render.junit import junit

        self.save(junit(ended, only_planned=self._only_planned))


class PageReport(FileReport):
    """The file of `--report`: mostly the page that `report` makes of the JSON lines of the run."""

    option = "--report"

    def sink(self, _style: Style, exit_code: ExitCode) -> Cleaning:
        from ecsdeploy.render.clean import Cleaning
        from ecsdeploy.render.report.kept import KeptLines

        return Cleaning(KeptLines(exit_code, self.write), secrets=self._environment.secrets)

    def write(self, page: Callable[[], str]) -> None:
        """Make the page, and put it into the file."""
        try:
            content = page()
        except Exception as error:  # noqa: BLE001 - a page that cannot be made must not take the verdict with it
            self._why = f"a bug in ecs-deploy: {type(error).__name__}: {error}"
            return
        self.save(content.encode())

    def _put(self, path: Path, content: bytes) -> None:
        replace_file(path, content)


def replace_file(path: Path, content: bytes) -> None:
    """Put the whole file there at once, so that no reader sees a part of it; a device or a pipe is written to."""
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        new.write_bytes(content)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def append(environment: Environment, variable: str, what: str, text: str) -> None:
    path = environment.variables[variable]
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        environment.tell(f"Warning: {what} `{path}` cannot be written: {_reason(error)}.")


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error)
