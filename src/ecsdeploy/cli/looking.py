"""`status`, understood and carried out: it only looks, and what it shows is its result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli import meaning
from ecsdeploy.cli.commanded import check_name, check_names, target
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import of_condition, of_overview
from ecsdeploy.cli.given import Given
from ecsdeploy.cli.meaning import Showing
from ecsdeploy.cli.run import connected
from ecsdeploy.cli.tracing import tracing
from ecsdeploy.model.arn import short_name
from ecsdeploy.model.overview import Overview
from ecsdeploy.model.report import Report
from ecsdeploy.model.request import OverviewRequest, StatusRequest, Target, names_in

if TYPE_CHECKING:
    from ecsdeploy.render.stream import Style


def show_status(given: Given, environment: Environment) -> int:
    """The exit code: 0, or, where that was asked for, what the condition of the service, or of the worst, gives."""
    return _show_service(given, environment) if given.has("service") else _show_cluster(given, environment)


def _show_service(given: Given, environment: Environment) -> int:
    check_names(given)
    request = StatusRequest(service=meaning.service_ref(given), expect_account=given.text("expect_account"))
    environment.secrets.spare(names_in(request))
    aimed, showing = target(given, environment), meaning.showing(_drawn_once(given), environment)
    with tracing(showing, environment) as trace:
        from ecsdeploy import api

        report = api.status(connected(aimed, environment, trace), request)
    code = of_condition(report.condition)
    _show(report, code, showing, aimed, environment)
    return code if given.has("exit_code") else 0


def _show_cluster(given: Given, environment: Environment) -> int:
    check_name(given, "cluster", "-c")
    request = OverviewRequest(cluster=given.text("cluster"), expect_account=given.text("expect_account"))
    environment.secrets.spare(names_in(request))
    aimed, showing = target(given, environment), meaning.showing(_drawn_once(given), environment)
    with tracing(showing, environment) as trace:
        from ecsdeploy import api

        overview = api.overview(connected(aimed, environment, trace), request, _Told(environment, request))
    environment.secrets.spare(overview.names)
    code = of_overview(overview)
    _show_overview(overview, code, showing, aimed, environment)
    return code if given.has("exit_code") else 0


class _Told:
    """Tells on stderr of a look that takes long."""

    def __init__(self, environment: Environment, request: OverviewRequest) -> None:
        self._environment = environment
        self._cluster = short_name(request.cluster)

    def reading(self, done: int, listed: int) -> None:
        read = f"{done} of {listed} services of `{self._cluster}` are read"
        self._environment.tell(f"{read if done else f'{listed} services of `{self._cluster}` are listed'} ...")

    def asked_again(self, seconds: float, error: Exception) -> None:
        from ecsdeploy.render.words import asked_again

        self._environment.tell(asked_again(seconds, error))


def _show_overview(overview: Overview, code: int, showing: Showing, aimed: Target, environment: Environment) -> None:
    from ecsdeploy.render.stream import LineStream
    from ecsdeploy.render.wash import washed

    stream, clean = LineStream(environment.stdout), washed(overview, environment.secrets)
    if showing.output == "json":
        from ecsdeploy.render.jsonl import overview_object

        stream.line(overview_object(clean, code))
        return
    from ecsdeploy.render import overview as screen

    screen.show_overview(clean, stream, _style(showing, aimed, environment))


def _style(showing: Showing, aimed: Target, environment: Environment) -> Style:
    from ecsdeploy.cli.again import again
    from ecsdeploy.render.stream import Style

    color = environment.wants_color(showing.color, of_stdout=True)
    return Style(color=color, width=environment.width, simulated=environment.simulated, again=again(aimed))


def _drawn_once(given: Given) -> Given:
    """`live` draws what moves; this is one screen, in lines."""
    if given.text("output") != "live":
        return given
    return Given({key: texts for key, texts in given.values.items() if key != "output"}, given.origins)


def _show(report: Report, code: int, showing: Showing, aimed: Target, environment: Environment) -> None:
    from ecsdeploy.render.stream import LineStream
    from ecsdeploy.render.wash import washed

    stream, clean = LineStream(environment.stdout), washed(report, environment.secrets)
    if showing.output == "json":
        from ecsdeploy.render.jsonl import status_object

        stream.line(status_object(clean, code))
        return
    from ecsdeploy.render import status

    status.show_status(clean, stream, _style(showing, aimed, environment))
