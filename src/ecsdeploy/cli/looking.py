"""`status`, understood and carried out: it only looks, and what it shows is its result."""

from ecsdeploy.cli import meaning
from ecsdeploy.cli.commanded import check_names, target
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import of_condition
from ecsdeploy.cli.given import Given
from ecsdeploy.cli.meaning import Showing
from ecsdeploy.cli.run import connected
from ecsdeploy.cli.tracing import tracing
from ecsdeploy.model.report import Report
from ecsdeploy.model.request import StatusRequest, Target


def show_status(given: Given, environment: Environment) -> int:
    """The exit code: 0, or, where that was asked for, what the service's condition gives."""
    check_names(given)
    request = StatusRequest(service=meaning.service_ref(given), expect_account=given.text("expect_account"))
    aimed, showing = target(given, environment), meaning.showing(_drawn_once(given), environment)
    with tracing(showing, environment) as trace:
        from ecsdeploy import api

        report = api.status(connected(aimed, environment, trace), request)
    code = of_condition(report.condition)
    _show(report, code, showing, aimed, environment)
    return code if given.has("exit_code") else 0


def _drawn_once(given: Given) -> Given:
    """`live` draws what moves; this is one screen, in lines."""
    if given.text("output") != "live":
        return given
    return Given({key: texts for key, texts in given.values.items() if key != "output"}, given.origins)


def _show(report: Report, code: int, showing: Showing, aimed: Target, environment: Environment) -> None:
    from ecsdeploy.render.stream import LineStream, Style
    from ecsdeploy.render.wash import washed

    stream, clean = LineStream(environment.stdout), washed(report, environment.secrets)
    if showing.output == "json":
        from ecsdeploy.render.jsonl import status_object

        stream.line(status_object(clean, code))
        return
    from ecsdeploy.cli.again import again
    from ecsdeploy.render import status

    color = environment.wants_color(showing.color, of_stdout=True)
    style = Style(color=color, width=environment.width, simulated=environment.simulated, again=again(aimed))
    status.show_status(clean, stream, style)
