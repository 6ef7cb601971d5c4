"""Reports the end of a release of several services: to a GitHub job, to a JUnit file, and to those of `--notify`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from ecsdeploy.cli.session.afterwards import JOB, OUTPUTS, SUMMARY, FileReport, append, assign, tell
from ecsdeploy.render.junit import junit_of_release
from ecsdeploy.render.message import message_of_release
from ecsdeploy.render.several.ended import EndedFleet, error_commands, outputs, summary
from ecsdeploy.render.stream import LineStream

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.telling.addresses import Address

Teller = Callable[[EndedFleet], None]


class JUnitReport(FileReport):
    """The file of `--junit`, with a case for each service."""

    option = "--junit"

    def write(self, fleet: EndedFleet) -> None:
        cases = ((each.name, each.ended, each.error) for each in fleet.members)
        self.save(junit_of_release(fleet.title, fleet.exit_code, fleet.seconds, cases))


def tellers(environment: Environment, addresses: tuple[Address, ...]) -> Iterator[Teller]:
    """What to call at the end of the release, by what the variables and `--notify` ask for."""
    variables = environment.variables
    if variables.get(JOB) == "true":
        yield partial(_annotate, environment)
    if variables.get(OUTPUTS):
        yield lambda fleet: assign(environment, outputs(fleet))
    if variables.get(SUMMARY):
        yield lambda fleet: append(environment, SUMMARY, "the step summary", summary(fleet))
    if addresses:
        yield partial(_notify, environment, addresses)


def _annotate(environment: Environment, fleet: EndedFleet) -> None:
    for line in error_commands(fleet):
        LineStream(environment.stderr).command(line)


def _notify(environment: Environment, addresses: tuple[Address, ...], fleet: EndedFleet) -> None:
    tell(environment, addresses, message_of_release(fleet))
