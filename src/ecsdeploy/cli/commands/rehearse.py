"""`ecs-deploy rehearse`: a deploy of a live service, played in the simulator."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ecsdeploy.cli.commands import deploy
from ecsdeploy.cli.commands.command import Command
from ecsdeploy.cli.exits import ExitCode, of_status, unless_lost
from ecsdeploy.cli.options.option import Group, Option
from ecsdeploy.cli.options.table import without_verdict

if TYPE_CHECKING:
    from ecsdeploy.api import Connection
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.words.given import Given
    from ecsdeploy.model.rehearsal import Rehearsal
    from ecsdeploy.model.request import DeployRequest
    from ecsdeploy.render.stream import LineStream, Style

_CHANGES = (Group.IMAGE, Group.VARIABLES, Group.PARTS, Group.SERVICE)
_CONDUCT = frozenset({"timeout", "on_failure", "min_stable", "fail_fast", "no_fail_fast", "no_preflight"})
_AROUND = {each.key for each in without_verdict()}
_OPTIONS = (
    *(each for each in deploy.OPTIONS if each.group in _CHANGES or each.key in _CONDUCT | _AROUND),
    Option(
        key="fault",
        group=Group.WATCHING,
        is_of_one_run=True,
        names=("--fault",),
        metavar="NAME",
        many=True,
        help="Also play it under this fault: `crash-loop`, `image-missing`, ..., or `all`.",
    ),
    Option(key="output", names=("--output",), metavar="lines|json", help="A screen of text, or one JSON object."),
    Option(
        key="report",
        # A setting is for the pages of runs, and a prediction must not take the place of one.
        is_setting=False,
        names=("--report",),
        metavar="FILE",
        help="Write the prediction as a page for browsers to a file: time line, faults, and what it rests on.",
    ),
)
_HELP = """Play a deploy with the same options in the simulator, with what the live service has: its count, bounds,
strategy, health checks, alarms, and how long its tasks take to start. It says when what would happen, how many tasks
would be healthy at least and exist at most, and what it had to assume. It only reads AWS. The exit code is that of the
rehearsed deploy; 26 if the checks would refuse it.

\b
For example:
  ecs-deploy rehearse -c prod -n web --image registry.example.com/team/web:2
  ecs-deploy rehearse -c prod -n web --image registry.example.com/team/web:2 --fault crash-loop
  ecs-deploy rehearse -c prod -n web --tag 2026-11-22 --max 100 --fault all --report rehearsal.html
"""


def _rehearse(given: Given, environment: Environment) -> int:
    asked = _Rehearse(given, environment)
    # What is asked wrong is told without loading what carries it out.
    from ecsdeploy.cli.session.look import look

    written = partial(_written, given.text("report"), environment)
    return look(asked, given, environment, exits=True, then=written if given.has("report") else None)


def _written(path: str, environment: Environment, rehearsal: Rehearsal, code: int) -> int:
    """Write the page of `--report`, and return the exit code: no success if it cannot be written."""
    from ecsdeploy.cli.session.afterwards import PageReport
    from ecsdeploy.render.report.rehearsed import rehearsal_page

    report = PageReport(environment, path)
    report.write(partial(rehearsal_page, rehearsal, code))
    report.tell_loss()
    return unless_lost(code, lost=report.is_lost)


class _Rehearse:
    def __init__(self, given: Given, environment: Environment) -> None:
        from ecsdeploy.model.asked import know_request
        from ecsdeploy.rehearsal.faults import faults_named

        self._faults = faults_named(given.texts("fault"))
        self.request = _request(given, environment)
        know_request(environment.secrets, self.request)

    def read(self, connection: Connection) -> Rehearsal:
        from ecsdeploy.rehearsal.playing import rehearse

        return rehearse(connection, self.request, self._faults)

    def exit_code(self, rehearsal: Rehearsal) -> int:
        return ExitCode.REFUSED if rehearsal.is_blocked else of_status(rehearsal.plays[0].status)

    def json(self, rehearsal: Rehearsal, code: int) -> str:
        from ecsdeploy.render.rehearsal import rehearsal_object

        return rehearsal_object(rehearsal, code)

    def show(self, rehearsal: Rehearsal, stream: LineStream, style: Style) -> None:
        from ecsdeploy.render.rehearsal import show_rehearsal

        show_rehearsal(rehearsal, stream, style)


def _request(given: Given, environment: Environment) -> DeployRequest:
    from typing import cast

    from ecsdeploy.cli.words.given import Given

    # `json` is no output of a deploy's request: it is shown here.
    values = {key: texts for key, texts in given.values.items() if key not in {"output", "fault", "report"}}
    return cast("DeployRequest", deploy.understand(Given(values, given.origins), environment).request)


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_rehearse)
