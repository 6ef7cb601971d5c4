"""Carries out a command line about several services: connect, release all, show each, find the exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from ecsdeploy.api.together import SharedConnections, deploy_all
from ecsdeploy.cli.access import access
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import ExitCode, Form, of_error, of_outcome, of_signal, of_status, unless_lost
from ecsdeploy.cli.session.afterwards import addresses_of
from ecsdeploy.cli.session.again import again
from ecsdeploy.cli.session.question import Aside, approval_of, question_of
from ecsdeploy.cli.session.screen import drawn_on, suspendable
from ecsdeploy.cli.session.tracing import Trace, connected, tracing
from ecsdeploy.cli.several.afterwards import JUnitReport, tellers
from ecsdeploy.cli.several.names import member_names, named_services
from ecsdeploy.cli.several.request import fleet_request
from ecsdeploy.cli.showing import Showing, showing
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import EcsDeployError, UsageError
from ecsdeploy.model.access import Access
from ecsdeploy.model.arn import ServiceRef, short_name
from ecsdeploy.model.asked import know_request
from ecsdeploy.model.fleet import FleetOutcome, FleetRequest
from ecsdeploy.model.outcome import Outcome, Status
from ecsdeploy.model.together import FleetFinished, FleetRecord
from ecsdeploy.model.values import replace
from ecsdeploy.render.clean import cleaned
from ecsdeploy.render.lines import Detail
from ecsdeploy.render.several.ended import AtFleetEnd
from ecsdeploy.render.several.jsonl import FleetJson
from ecsdeploy.render.several.lines import FleetLines, FleetPlans
from ecsdeploy.render.several.screen import FleetScreen
from ecsdeploy.render.stream import LineStream, Style
from ecsdeploy.render.terminal import Footing

if TYPE_CHECKING:
    from ecsdeploy.api import Connection
    from ecsdeploy.cli.requests import Invocation
    from ecsdeploy.engine.atpause.ports import Approval
    from ecsdeploy.engine.ports import Clock

Renderer = FleetJson | FleetLines | FleetPlans | FleetScreen


def release(understand: Callable[[Given, Environment], Invocation], given: Given, environment: Environment) -> int:
    """Do what the command line says with each of the services, and return the worst exit code."""
    if environment.tape is not None:
        raise UsageError("A run of several services cannot be recorded.", hint="Record that of one of them.")
    shown = showing(without_markdown(given), environment)
    with tracing(shown, environment) as trace:
        services = _named(given, environment, trace)
        request = fleet_request(given, services, member_names(services), lambda one: understand(one, environment))
        for member in request.members:
            know_request(environment.secrets, member.request)
        return carried_out(request, {"": access(given, environment)}, given, environment, trace, shown)


def _named(given: Given, environment: Environment, trace: Trace) -> tuple[ServiceRef, ...]:
    """The services that the command line names. The connection that lists them ends here, as it takes much memory."""
    return named_services(given, partial(_listed, connected(access(given, environment), environment, trace)))


def without_markdown(given: Given) -> Given:
    """Only plans are written as Markdown, and `plan` looks at that itself."""
    if given.text("output") != "markdown":
        return given
    return replace(given, values={**given.values, "output": ()})


def _listed(connection: Connection, cluster: str) -> tuple[str, ...]:
    """The names of all services of the cluster."""
    names, token = list[str](), ""
    while True:
        arns, token = connection.plane.services_page(cluster, token)
        names += map(short_name, arns)
        if not token:
            return tuple(names)


def carried_out(
    request: FleetRequest,
    accesses: Mapping[str, Access],
    given: Given,
    environment: Environment,
    trace: Trace,
    shown: Showing,
) -> int:
    """Release them, each by its access, and return the exit code. `given` says how it is shown."""
    connections = SharedConnections(
        accesses,
        transport=environment.transport,
        clock=environment.clock,
        trace=trace.line if trace else None,
        secrets=environment.secrets,
    )
    if len(accesses) > 1 or any(wave.alarms for wave in request.waves):
        connections.check(request)
    report = JUnitReport(environment, shown.junit) if shown.junit else None
    screen = _screen(request, given, environment, shown, connections.hub)
    main = screen or _renderer(request, given, environment, shown)
    sink = _Cleaning((main, *_beside(request, given, environment, report)), environment)
    question = question_of(environment, partial(_aside, screen))
    approval = wave_approval(given, environment, partial(_aside, screen))
    environment.signals.divert = connections.hub.signal
    try:
        with suspendable(partial(_aside, screen)) if screen else nullcontext():
            outcome = deploy_all(connections, request, sink, question, approval)
    finally:
        environment.signals.divert = None
        if screen:
            screen.close()
    if report:
        report.tell_loss()
    return unless_lost(_exit_code(outcome, given, environment), lost=report is not None and report.is_lost)


def _screen(
    request: FleetRequest, given: Given, environment: Environment, shown: Showing, clock: Clock
) -> FleetScreen | None:
    """The table on the terminal; None if we write lines."""
    terminal = None if request.plans_only or shown.quiet else drawn_on(shown, environment, clock, Footing())
    if terminal is None:
        return None
    names = tuple(each.name for each in request.members)
    return FleetScreen(environment.stderr, _style(given, environment, shown), names, terminal)


@contextmanager
def _aside(screen: FleetScreen | None) -> Iterator[None]:
    """Give the terminal to somebody else for a while: what we drew stays on it."""
    if screen:
        screen.hide(leaving=True)
    yield
    if screen:
        screen.show()


def wave_approval(given: Given, environment: Environment, aside: Aside = nullcontext) -> Approval | None:
    """Who approves a wave; None if nobody can."""
    return None if given.has("no_input") else approval_of(environment, aside, "stop")


def _exit_code(outcome: FleetOutcome, given: Given, environment: Environment) -> int:
    changes = any(each.outcome.has_changes for each in outcome.members if each.outcome)
    if changes and outcome.status is Status.UNCHANGED and given.has("exit_code"):
        return ExitCode.CHANGES
    if outcome.status is Status.INTERRUPTED:
        return of_signal(environment.signals.number)
    return of_status(outcome.status)


def _beside(
    request: FleetRequest, given: Given, environment: Environment, report: JUnitReport | None
) -> Iterator[FleetJson | AtFleetEnd]:
    """Renderers that get the release whatever is shown: the record, the file of `--junit`, the CI job, `--notify`."""
    if environment.record is not None:
        yield FleetJson(LineStream(environment.record), _code_of, of_status)
    told = () if environment.simulated or request.plans_only else tuple(tellers(environment, addresses_of(given)))
    asked = (*((report.write,) if report else ()), *told)
    if asked:
        yield AtFleetEnd(Style(again=again(access(given, environment), given)), _code_of, of_status, *asked)


def _renderer(request: FleetRequest, given: Given, environment: Environment, shown: Showing) -> Renderer:
    if shown.output == "json":
        return FleetJson(LineStream(environment.stdout), _code_of, of_status)
    style = _style(given, environment, shown)
    names = tuple(each.name for each in request.members)
    if shown.quiet:
        return FleetLines(LineStream(environment.stderr), style, names, Detail.FAILURE)
    if request.plans_only:
        return FleetPlans(LineStream(environment.stdout), style, names, markdown=given.text("output") == "markdown")
    return FleetLines(LineStream(environment.stderr), style, names)


def _style(given: Given, environment: Environment, shown: Showing) -> Style:
    return Style(
        color=environment.wants_color(shown.color),
        width=environment.width,
        simulated=environment.simulated,
        again=again(access(given, environment), given),
    )


def _code_of(outcome: Outcome, error: EcsDeployError | None) -> int:
    return of_error(error, Form.COMMANDS) if error else of_outcome(outcome, Form.COMMANDS)


class _Cleaning:
    """Hands each record to all renderers, cleaned and without secrets."""

    def __init__(self, renderers: tuple[Renderer | AtFleetEnd, ...], environment: Environment) -> None:
        self._renderers, self._environment = renderers, environment

    def emit(self, record: FleetRecord) -> None:
        if isinstance(record.event, FleetFinished):
            self._environment.job.is_told = True
        safe = cleaned(record, self._environment.secrets)
        for each in self._renderers:
            each.emit(safe)
