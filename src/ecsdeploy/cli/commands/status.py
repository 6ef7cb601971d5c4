"""`ecs-deploy status`: the state of a service on one screen, or of all services of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command
from ecsdeploy.cli.exits import of_condition, of_overview
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import without_verdict

if TYPE_CHECKING:
    from ecsdeploy.api import Connection
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.words.given import Given
    from ecsdeploy.model.overview import Overview
    from ecsdeploy.model.report import Report
    from ecsdeploy.render.stream import LineStream, Style

_OPTIONS = (
    *without_verdict(),
    Option(key="output", names=("--output",), metavar="lines|json", help="A screen of text, or one JSON object."),
    Option(
        key="exit_code",
        names=("--exit-code",),
        help="Exit 0 only if it is steady: 21 rolled back, 22 under way or short of tasks, 20 failed or stuck, 24"
        " if a service of the cluster could not be read.",
    ),
)
_HELP = """Show how a service is now: steady, deploying, failing, rolling back, failed or stuck; also its deployments,
targets, alarms, scaling limits, last events and last releases. It only reads, and names what it may not read.

Without -n it prints a line for each service of the cluster, the worst first, and names those that could not be read.

With --exit-code: 0 steady, 21 steady after a rollback, 22 under way or short of tasks, 20 failed or stuck. For a
cluster, the code of the worst service, or 24 if one could not be read and the others are steady.

\b
For example:
  ecs-deploy status -c prod -n web
  ecs-deploy status -c prod -n web --exit-code --output json
  ecs-deploy status -c prod
"""


def _status(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.session.look import look

    if given.has("service"):
        return look(_Service(given), given, environment)
    return look(_Cluster(given, environment), given, environment)


class _Service:
    def __init__(self, given: Given) -> None:
        from ecsdeploy.cli.requests import check_names, service_ref
        from ecsdeploy.model.looking import StatusRequest

        check_names(given)
        self.request = StatusRequest(service=service_ref(given), expect_account=given.text("expect_account"))

    def read(self, connection: Connection) -> Report:
        from ecsdeploy.api import looking

        return looking.status(connection, self.request)

    def exit_code(self, report: Report) -> int:
        return of_condition(report.condition)

    def json(self, report: Report, code: int) -> str:
        from ecsdeploy.render.objects import status_object

        return status_object(report, code)

    def show(self, report: Report, stream: LineStream, style: Style) -> None:
        from ecsdeploy.render.status import show_status

        show_status(report, stream, style)


class _Cluster:
    """All services of a cluster. If reading takes long, we say so on stderr."""

    def __init__(self, given: Given, environment: Environment) -> None:
        from ecsdeploy.cli.requests import check_name
        from ecsdeploy.model.arn import short_name
        from ecsdeploy.model.request import OverviewRequest

        check_name(given, "cluster", "-c")
        self.request = OverviewRequest(cluster=given.text("cluster"), expect_account=given.text("expect_account"))
        self._environment = environment
        self._cluster = short_name(self.request.cluster)

    def read(self, connection: Connection) -> Overview:
        from ecsdeploy.api import looking

        overview = looking.overview(connection, self.request, self)
        self._environment.secrets.spare(overview.names)
        return overview

    def reading(self, done: int, listed: int) -> None:
        what = f"services of `{self._cluster}`"
        self._environment.tell(
            f"{done} of {listed} {what} are read ..." if done else f"The {what}: {listed} to read ..."
        )

    def asked_again(self, seconds: float, error: Exception) -> None:
        from ecsdeploy.render.findings import asked_again

        self._environment.tell(asked_again(seconds, error))

    def exit_code(self, overview: Overview) -> int:
        return of_overview(overview)

    def json(self, overview: Overview, code: int) -> str:
        from ecsdeploy.render.objects import overview_object

        return overview_object(overview, code)

    def show(self, overview: Overview, stream: LineStream, style: Style) -> None:
        from ecsdeploy.render.overview import show_overview

        show_overview(overview, stream, style)


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_status)
