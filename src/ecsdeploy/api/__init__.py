"""Connect, then plan or deploy, or look (`api.looking`): the one place where the parts are put together.

Imported by `cli` and `client`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from ecsdeploy.engine.clock import WallClock
from ecsdeploy.engine.commands.release import ReleaseCommand
from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.ports import Clock, ControlPlane, Permit, Question, Sink
from ecsdeploy.engine.progress import RunProgress
from ecsdeploy.engine.run import Context, Run
from ecsdeploy.errors import Bug, EcsDeployError
from ecsdeploy.model.access import Access
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Outcome, Place, Status, Verdict
from ecsdeploy.model.request import (
    ContinueRequest,
    DeployRequest,
    PlannedRequest,
    RegisterRequest,
    Request,
    RollbackRequest,
    RunRequest,
    WatchRequest,
)
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.model.steps import Plan
from ecsdeploy.model.values import replace, value

if TYPE_CHECKING:
    from ecsdeploy.aws.session import Session
    from ecsdeploy.aws.taped import Tape
    from ecsdeploy.engine.atpause.ports import Machine
    from ecsdeploy.engine.commands.register import RegisterCommand
    from ecsdeploy.engine.commands.resume import ContinueCommand
    from ecsdeploy.engine.commands.rollback import RollbackCommand
    from ecsdeploy.engine.commands.runtask import RunCommand
    from ecsdeploy.engine.commands.watch import WatchCommand
    from ecsdeploy.engine.upkeep.create import CreateCommand


class Transport(Protocol):
    """Answers an HTTP request instead of the network; raises `ConnectionResetError` for a lost reply."""

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]: ...


@value(frozen=True, slots=True, kw_only=True)
class Connection:
    """An AWS account and Region (or a simulator) to work on, and the clock that goes with it.

    `endpoint` is the ECS endpoint's URL where that is not AWS's own, else empty.
    """

    plane: ControlPlane
    clock: Clock
    endpoint: str = ""


def connect(
    access: Access,
    *,
    transport: Transport | None = None,
    clock: Clock | None = None,
    trace: Callable[[str], None] | None = None,
    secrets: Secrets | None = None,
    tape: Tape | None = None,
) -> Connection:
    """Make the connection; no call is made yet. `trace` receives one line for each API call, free of secrets.

    `secrets` learns the secrets that are read on the way, to be hidden. Every exchange with AWS passes `tape`.
    """
    from ecsdeploy.aws.control_plane import AwsControlPlane
    from ecsdeploy.aws.session import open_session

    if tape:
        from ecsdeploy.aws.taped import TapedSession

        session: Session = TapedSession(access, transport, trace, secrets or Secrets(), tape)
    else:
        session = open_session(access, transport=transport, trace=trace, secrets=secrets)
    clock = clock or WallClock()
    return Connection(
        plane=AwsControlPlane(session, clock.monotonic),
        clock=clock,
        endpoint=_foreign_endpoint(session),
    )


def _foreign_endpoint(session: Session) -> str:
    """The URL of the ECS endpoint, if it is not AWS's own; empty too where the configuration is not usable.

    The first call then raises the reason.
    """
    try:
        return "" if session.is_aws else session.endpoint_url
    except EcsDeployError:
        return ""


def plan(connection: Connection, request: PlannedRequest, sink: Sink) -> Plan:
    """Read what is there and say what `deploy` would do; writes nothing.

    The events are `Planned`, and `Finished` with the status `unchanged`, or `refused` where a finding blocks.
    """
    run = _run(connection, request, sink, monitored=True)
    try:
        found = _planned_work(run, request).plan()
    except EcsDeployError as error:
        run.finish(run.verdict_of(error), error)
        raise
    run.progress = replace(run.progress, has_changes=found.has_changes)
    run.finish(Verdict(status=Status.REFUSED if found.is_blocked else Status.UNCHANGED, phase=run.progress.phase))
    return found


def deploy(
    connection: Connection,
    request: Request,
    sink: Sink,
    question: Question | None = None,
    *,
    monitored: bool = False,
    machine: Machine | None = None,
    permit: Permit | None = None,
) -> Outcome:
    """Carry out the request and follow it to its verdict.

    The last event to `sink` is `Finished`, also where an error is raised. On Ctrl-C we put `question` to the user, if
    the request says to ask. With `monitored` we read target groups and alarms every ten seconds too, and `sink` gets
    `Monitored` events. `machine` runs the smoke test, and asks for approval. `permit` is asked before the first write,
    and after a success, where several are released as one.

    Errors: the tree of `ecsdeploy.errors`. A failed deployment is no error: it is in the outcome's verdict.
    """
    run = _run(connection, request, sink, question, monitored=monitored, machine=machine, permit=permit)
    work = _work(run, request)
    try:
        return work.perform()
    except KeyboardInterrupt as signal:
        return run.outcome_told() or work.interrupted(signal)
    except EcsDeployError as error:
        run.finish(run.verdict_of(error), error)
        raise
    except Exception as error:
        ours = Bug(f"A bug in ecs-deploy: {type(error).__name__}.")
        run.finish(run.verdict_of(ours), ours)
        raise


def _work(
    run: Run, request: Request
) -> ReleaseCommand | CreateCommand | RegisterCommand | RollbackCommand | WatchCommand | ContinueCommand | RunCommand:
    match request:
        case WatchRequest():
            from ecsdeploy.engine.commands.watch import WatchCommand

            return WatchCommand(run=run, request=request)
        case ContinueRequest():
            from ecsdeploy.engine.commands.resume import ContinueCommand

            return ContinueCommand(run=run, request=request)
        case RunRequest():
            from ecsdeploy.engine.commands.runtask import RunCommand

            return RunCommand(run=run, request=request)
        case _:
            return _planned_work(run, request)


def _planned_work(
    run: Run, request: PlannedRequest
) -> ReleaseCommand | CreateCommand | RegisterCommand | RollbackCommand:
    match request:
        case DeployRequest(creates=None):
            return ReleaseCommand(run=run, request=request)
        case DeployRequest():
            from ecsdeploy.engine.upkeep.create import CreateCommand

            return CreateCommand(run=run, request=request)
        case RegisterRequest():
            from ecsdeploy.engine.commands.register import RegisterCommand

            return RegisterCommand(run=run, request=request)
        case RollbackRequest():
            from ecsdeploy.engine.commands.rollback import RollbackCommand

            return RollbackCommand(run=run, request=request)


def _run(
    connection: Connection,
    request: Request,
    sink: Sink,
    question: Question | None = None,
    *,
    monitored: bool,
    machine: Machine | None = None,
    permit: Permit | None = None,
) -> Run:
    service = None if isinstance(request, RegisterRequest | RunRequest) else request.service
    run = run_of(connection, service, request.budget.seconds, sink, question, monitored=monitored, machine=machine)
    return run if permit is None else replace(run, context=replace(run.context, permit=permit))


def run_of(
    connection: Connection,
    service: ServiceRef | None,
    seconds: float,
    sink: Sink,
    question: Question | None = None,
    *,
    monitored: bool = False,
    machine: Machine | None = None,
) -> Run:
    """A run on this connection, for `seconds` at most, that tells `sink` its events."""
    context = Context(
        plane=connection.plane,
        clock=connection.clock,
        emit=Emitter(sink, connection.clock, service),
        budget_seconds=seconds,
        started_at=connection.clock.now(),
        started=connection.clock.monotonic(),
        question=question,
        monitored=monitored,
        machine=machine,
    )
    place = Place(
        cluster=service.short_cluster if service else "",
        service=service.short_name if service else "",
        region="",
        account="",
    )
    return Run(context=context, progress=RunProgress(place=place, time_began=connection.clock.monotonic()))
