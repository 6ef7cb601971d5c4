"""The client: one account and Region of AWS, or a simulator, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from ecsdeploy import api
from ecsdeploy.api import Transport, looking
from ecsdeploy.client.running import Running
from ecsdeploy.engine.ports import Clock, Sink
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.access import Access
from ecsdeploy.model.asked import know_request
from ecsdeploy.model.checkup import Checkup
from ecsdeploy.model.events import Record
from ecsdeploy.model.history import History
from ecsdeploy.model.logs import LogLine, LogNotice
from ecsdeploy.model.looking import DoctorRequest, HistoryRequest, LogsRequest, StatusRequest
from ecsdeploy.model.outcome import Outcome
from ecsdeploy.model.rehearsal import Rehearsal
from ecsdeploy.model.report import Report
from ecsdeploy.model.request import (
    ContinueRequest,
    DeployRequest,
    PlannedRequest,
    Request,
    RollbackRequest,
    RunRequest,
    WatchRequest,
)
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.model.steps import Plan
from ecsdeploy.render.clean import cleaned

T = TypeVar("T")


def connect(
    access: Access | None = None,
    *,
    transport: Transport | None = None,
    clock: Clock | None = None,
    trace: Callable[[str], None] | None = None,
) -> Client:
    """A client of the AWS that `access` names; what it leaves empty is found as the AWS CLI finds it.

    No call is made yet. `transport` answers HTTP requests in place of the network, and `clock` gives the time: both
    are for tests. `trace` receives one line for each API call, without secrets.
    """
    secrets = Secrets()
    connection = api.connect(access or Access(), transport=transport, clock=clock, trace=trace, secrets=secrets)
    return Client(connection, secrets)


class Client:
    """One account and Region of AWS, or a simulator; `connect` makes it. One thread at a time may use it.

    What its methods return has no control characters, and `***` for secrets, as the command line shows it. The steps
    of a plan alone hold task definitions as they are. Errors: the tree of `ecsdeploy.errors`. A deployment that fails
    raises no error: see `Outcome.verdict` and `Outcome.raise_for_verdict`.
    """

    def __init__(self, connection: api.Connection, secrets: Secrets) -> None:
        self._connection, self._secrets = connection, secrets

    @property
    def endpoint(self) -> str:
        """The URL of the ECS endpoint where that is not AWS's own, else empty."""
        return self._connection.endpoint

    def plan(self, request: PlannedRequest) -> Plan:
        """Read what is there, and say what `deploy` or `rollback` would do; writes nothing.

        `Plan.is_blocked` says that it would refuse, and `Plan.findings` why.
        """
        know_request(self._secrets, request)
        with self._safe_errors():
            return self._clean(api.plan(self._connection, request, _Nobody()))

    def deploy(self, request: DeployRequest) -> Outcome:
        """Release to a service, and follow the deployment to its verdict."""
        return self._perform(request)

    def rehearse(self, request: DeployRequest, faults: Iterable[str] = ()) -> Rehearsal:
        """Play the release in the simulator, in a world like the live service; reads AWS, and writes nothing.

        The first of `Rehearsal.plays` is without a fault; then comes one for each of `faults`, by the names that
        `ecs-deploy rehearse --fault` takes, or `all`. What comes back is a prediction. Raises an `EcsDeployError` for
        a service that the simulator cannot play.
        """
        from ecsdeploy.rehearsal.faults import faults_named
        from ecsdeploy.rehearsal.playing import rehearse

        know_request(self._secrets, request)
        with self._safe_errors():
            return self._clean(rehearse(self._connection, request, faults_named(faults)))

    def watch(self, request: WatchRequest) -> Outcome:
        """Follow a deployment that somebody else started to its verdict; writes nothing."""
        return self._perform(request)

    def rollback(self, request: RollbackRequest) -> Outcome:
        """Go back to the last good release, or to the one that the request names, and follow that to its verdict."""
        return self._perform(request)

    def resume(self, request: ContinueRequest) -> Outcome:
        """Let a paused deployment go on, or take it back, and follow it to its verdict."""
        return self._perform(request)

    def run(self, request: RunRequest) -> Outcome:
        """Run one-off tasks, and wait until all have stopped; `Outcome.task_exit_code` is that of one that failed."""
        return self._perform(request)

    def start(self, request: Request) -> Running:
        """Begin any of these runs in a thread of its own, and iterate over its events as they come."""
        return Running(lambda clock, sink: self._performed(request, clock, sink), self._connection.clock)

    def status(self, request: StatusRequest) -> Report:
        """Read how a service stands; writes nothing. `Report.unread` names what could not be read."""
        know_request(self._secrets, request)
        with self._safe_errors():
            return self._clean(looking.status(self._connection, request))

    def history(self, request: HistoryRequest) -> History:
        """Read the newest releases of a service; writes nothing. `History.unread` names what could not be read."""
        know_request(self._secrets, request)
        with self._safe_errors():
            return self._clean(looking.history(self._connection, request))

    def doctor(self, request: DoctorRequest) -> Checkup:
        """Read what is wrong with a service, or would be; writes nothing."""
        know_request(self._secrets, request)
        with self._safe_errors():
            return self._clean(looking.doctor(self._connection, request))

    def logs(self, request: LogsRequest) -> Iterator[LogLine | LogNotice]:
        """What the containers of a service wrote, by time, each as it is read; writes nothing.

        With `follow` it never ends by itself: leave the loop.
        """
        know_request(self._secrets, request)
        with self._safe_errors():
            for found in looking.logs(self._connection, request):
                yield self._clean(found)

    def _perform(self, request: Request) -> Outcome:
        return self._performed(request, self._connection.clock, _Nobody())

    def _performed(self, request: Request, clock: Clock, sink: Sink) -> Outcome:
        know_request(self._secrets, request)
        connection = api.Connection(plane=self._connection.plane, clock=clock, endpoint=self.endpoint)
        with self._safe_errors():
            return self._clean(api.deploy(connection, request, _Cleaned(sink, self._clean)))

    def _clean(self, found: T) -> T:
        return cleaned(found, self._secrets)

    @contextmanager
    def _safe_errors(self) -> Iterator[None]:
        """Raise each error of ours cleaned, and without those that led to it: their texts are AWS's own."""
        try:
            yield
        except EcsDeployError as error:
            raise self._clean(error) from None


class _Nobody:
    """A sink for runs whose events nobody wants."""

    def emit(self, record: Record) -> None:
        """Drop it."""


class _Cleaned:
    """A sink that passes on each record cleaned."""

    def __init__(self, sink: Sink, clean: Callable[[Record], Record]) -> None:
        self._sink, self._clean = sink, clean

    def emit(self, record: Record) -> None:
        self._sink.emit(self._clean(record))
