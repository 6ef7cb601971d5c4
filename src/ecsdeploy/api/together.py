"""Releases several services as one, through one hub: the library `greenlet` of the extra `fleet` is loaded here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ecsdeploy.api import Connection, Transport, deploy, plan
from ecsdeploy.aws.control_plane import AwsControlPlane
from ecsdeploy.aws.shared import SharedSession
from ecsdeploy.engine.clock import WallClock
from ecsdeploy.engine.fleet.conductor import Conductor
from ecsdeploy.engine.fleet.hub import Hub
from ecsdeploy.model.access import Access
from ecsdeploy.model.fleet import FleetOutcome, FleetRequest, Member
from ecsdeploy.model.request import PlannedRequest
from ecsdeploy.model.secrets import Secrets

if TYPE_CHECKING:
    from ecsdeploy.engine.fleet.stream import FleetSink
    from ecsdeploy.engine.ports import Clock, Permit, Question, Sink

THREADS = 8
"""How many calls are in flight at once."""


class SharedConnections:
    """The connections of one release: one for each account, Region and role, all through one hub."""

    def __init__(
        self,
        accesses: Mapping[str, Access],
        *,
        transport: Transport | None = None,
        clock: Clock | None = None,
        trace: Callable[[str], None] | None = None,
        secrets: Secrets | None = None,
    ) -> None:
        self.hub: Hub = Hub(clock or WallClock(), threads=0 if transport else THREADS)
        self._by_name = {
            name: self._connected(SharedSession(access, transport, trace, secrets or Secrets(), self.hub))
            for name, access in accesses.items()
        }

    def of(self, name: str) -> Connection:
        """The connection with this name."""
        return self._by_name[name]

    def _connected(self, session: SharedSession) -> Connection:
        return Connection(plane=AwsControlPlane(session, self.hub.monotonic), clock=self.hub)


def deploy_all(
    connections: SharedConnections, request: FleetRequest, sink: FleetSink, question: Question | None = None
) -> FleetOutcome:
    """Carry out the release, and follow each service to its verdict, or only plan it. What fails is in the outcome."""

    def perform(member: Member, told: Sink, permit: Permit) -> None:
        connection, asked = connections.of(member.access), member.request
        if not request.plans_only:
            deploy(connection, asked, told, permit=permit)
        elif isinstance(asked, PlannedRequest):
            plan(connection, asked, told)

    return Conductor(request, connections.hub, perform, sink, question).conduct()
