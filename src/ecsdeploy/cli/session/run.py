"""Carries out an understood command line: connect, choose the renderers, deploy or plan, find the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, TextIO

from ecsdeploy import api
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import Form, of_error, of_outcome, of_task, unless_lost
from ecsdeploy.cli.requests import Invocation
from ecsdeploy.cli.session.afterwards import (
    JUnitReport,
    PageReport,
    Teller,
    addresses_of,
    at_end,
    notify,
    tellers,
)
from ecsdeploy.cli.session.again import again
from ecsdeploy.cli.session.job import Job
from ecsdeploy.cli.session.question import machine_of, question_of
from ecsdeploy.cli.session.screen import suspendable, terminal_of
from ecsdeploy.cli.session.signals import Underway
from ecsdeploy.cli.session.tracing import Trace, connected, tracing
from ecsdeploy.cli.showing import Showing
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.asked import know_request
from ecsdeploy.model.events import Finished, Record
from ecsdeploy.model.outcome import Outcome
from ecsdeploy.model.request import (
    ContinueRequest,
    DeployRequest,
    PlannedRequest,
    RunRequest,
    WatchRequest,
)
from ecsdeploy.model.values import value
from ecsdeploy.render.block import is_worth_a_block
from ecsdeploy.render.clean import Cleaning
from ecsdeploy.render.select import RenderOptions, select
from ecsdeploy.render.stream import Again, Style

if TYPE_CHECKING:
    from ecsdeploy.cli.telling.addresses import Address
    from ecsdeploy.engine.atpause.ports import Machine
    from ecsdeploy.engine.ports import Sink
    from ecsdeploy.render.terminal import Terminal


def run(invocation: Invocation, environment: Environment) -> int:
    """Carry it out and return the exit code. Errors are raised after the renderers have shown them."""
    request, secrets = invocation.request, environment.secrets
    know_request(secrets, request)
    for notice in invocation.notices:
        environment.tell(notice)
    addresses = addresses_of(invocation.given)
    with tracing(invocation.showing, environment) as trace:
        return _Run(invocation, environment, (*_reports(invocation, environment),), addresses).perform(trace)


def _reports(invocation: Invocation, environment: Environment) -> Iterator[JUnitReport | PageReport]:
    showing = invocation.showing
    if showing.junit:
        yield JUnitReport(environment, showing.junit, only_planned=invocation.dry_run).placed()
    if showing.report:
        yield PageReport(environment, showing.report).placed()


class _All:
    """Hands every record to several sinks."""

    def __init__(self, *sinks: Sink) -> None:
        self._sinks = sinks

    def emit(self, record: Record) -> None:
        for sink in self._sinks:
            sink.emit(record)


class _Ending:
    """Hands every record on, and keeps the `Finished` event and its outcome."""

    outcome: Outcome
    finished: Finished | None = None

    def __init__(self, sink: Sink, job: Job) -> None:
        self._sink = sink
        self._job = job

    def emit(self, record: Record) -> None:
        if isinstance(record.event, Finished):
            self._job.is_told = True
            self.outcome, self.finished = record.event.outcome, record.event
        self._sink.emit(record)


@value(frozen=True, slots=True)
class _Run:
    invocation: Invocation
    environment: Environment
    reports: tuple[JUnitReport | PageReport, ...]
    addresses: tuple[Address, ...]

    def perform(self, trace: Trace) -> int:
        connection = connected(self.invocation.access, self.environment, trace)
        request = self.invocation.request
        if self.invocation.dry_run and not isinstance(request, WatchRequest | ContinueRequest | RunRequest):
            return self._plan(connection, request)
        code = self._deploy(connection)
        if self.invocation.showing.output != "json":
            # The exit code is about the deployment, also if some lines could not be written.
            self.environment.tells_loss()
        return code

    def _plan(self, connection: api.Connection, request: PlannedRequest) -> int:

        with self._shown(connection) as (sink, _):
            told = _Ending(sink, self.environment.job)
            found = api.plan(connection, request, told)
        out = self.invocation.out
        if out is not None and not found.is_blocked:
            out.write(found, told.outcome.place)
            self.environment.tell(f"The plan is in `{out.name}`. `ecs-deploy deploy --plan {out.name}` executes it.")
        return self._exit_code(told.outcome, None)

    def _deploy(self, connection: api.Connection) -> int:

        try:
            with self._shown(connection) as (sink, shown):
                request, drawn = self.invocation.request, shown.is_drawn
                # Whoever is asked what to do still sees the state of the deployment.
                question = question_of(
                    self.environment, partial(shown.aside, leaving=True), of_task=isinstance(request, RunRequest)
                )
                told = _Ending(sink, self.environment.job)
                try:
                    outcome = api.deploy(
                        connection, request, told, question, monitored=drawn, machine=self._machine(shown)
                    )
                except EcsDeployError as error:
                    error.is_told = self._is_told(told.finished)
                    raise
                return self._exit_code(outcome, None)
        except KeyboardInterrupt as interrupt:
            raise Underway from interrupt

    def _machine(self, shown: Cleaning) -> Machine | None:
        """What a gate at a pause runs programs with; None without such a gate."""
        request = self.invocation.request
        if not isinstance(request, DeployRequest) or request.gate is None:
            return None
        return machine_of(self.environment, shown.aside, asks=not self.invocation.given.has("no_input"))

    def _is_told(self, finished: Finished | None) -> bool:
        """Whether the block of the failed run shows the error's sentence."""
        showing = self.invocation.showing
        blocks = not (showing.quiet and showing.output == "json")
        return finished is not None and blocks and is_worth_a_block(finished)

    @contextmanager
    def _shown(self, connection: api.Connection) -> Iterator[tuple[Sink, Cleaning]]:
        """The sink of the run, and the renderers among it that show it to the user."""
        terminal = terminal_of(self.invocation, self.environment, connection.clock)
        shown = self._renderer(self.invocation.showing, self.environment.stdout, terminal)
        # Reports come first: the exit code that the others show depends on them.
        reports, beside = tuple(self._reporting()), tuple(self._beside())
        try:
            with suspendable(shown.aside) if terminal else nullcontext():
                yield _All(*reports, shown, *beside) if reports or beside else shown, shown
        finally:
            shown.close()
            for report in self.reports:
                report.tell_loss()

    def _reporting(self) -> Iterator[Sink]:
        style = Style(phased=self.invocation.form is Form.FLAGS, again=self._again)
        for report in self.reports:
            yield report.sink(style, self._exit_code)

    def _beside(self) -> Iterator[Sink]:
        """Sinks that get the run whatever is shown: `record`, and reports to the CI job."""
        around = self.environment
        if around.record is not None:
            # Quiet, because stderr has the failure already.
            yield self._renderer(Showing(output="json", quiet=True), around.record)
        if self.invocation.out is not None:
            yield self._renderer(Showing(output="json", quiet=True), self.invocation.out.told)
        if around.simulated or self.invocation.dry_run:
            return
        asked = (*tellers(around), *((partial(notify, around, self.addresses),) if self.addresses else ()))
        if asked:
            yield self._at_end(*asked)

    def _at_end(self, *asked: Teller) -> Cleaning:
        style = Style(phased=self.invocation.form is Form.FLAGS, again=self._again)
        return at_end(style, self._exit_code, asked, self.environment.secrets)

    def _renderer(self, showing: Showing, stdout: TextIO, terminal: Terminal | None = None) -> Cleaning:

        around = self.environment
        return select(
            RenderOptions(
                form=self.invocation.form.value,
                output=showing.output,
                stdout=stdout,
                stderr=around.stderr,
                exit_code=self._exit_code,
                color=around.wants_color(showing.color),
                stdout_color=around.wants_color(showing.color, of_stdout=True),
                quiet=showing.quiet,
                dry_run=self.invocation.dry_run,
                width=around.width,
                simulated=around.simulated,
                again=self._again,
                terminal=terminal,
                secrets=around.secrets,
            )
        )

    def _exit_code(self, outcome: Outcome, error: EcsDeployError | None) -> int:
        form, changes_exit = self.invocation.form, self.invocation.changes_exit
        if error:
            return of_error(error, form)
        code = of_outcome(outcome, form, signal_number=self._signal, changes_exit=changes_exit)
        if self.invocation.propagates_exit:
            code = of_task(outcome, code)
        return unless_lost(code, lost=any(report.is_lost for report in self.reports))

    @property
    def _again(self) -> Again:

        return again(self.invocation.access, self.invocation.given)

    @property
    def _signal(self) -> int:
        return self.environment.signals.number
