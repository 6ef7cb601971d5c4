"""Releases several services as one, through one hub: the library `greenlet` of the extra `fleet` is loaded here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from ecsdeploy.api import Connection, Transport, deploy, plan
from ecsdeploy.aws.control_plane import AwsControlPlane
from ecsdeploy.aws.shared import SharedSession
from ecsdeploy.engine.clock import WallClock
from ecsdeploy.engine.fleet.conductor import Conductor
from ecsdeploy.engine.fleet.gates import Gates
from ecsdeploy.engine.fleet.hub import Hub
from ecsdeploy.errors import CredentialsError, EcsDeployError, Refused
from ecsdeploy.model.access import Access
from ecsdeploy.model.fleet import FleetOutcome, FleetRequest, Member, Wave
from ecsdeploy.model.request import PlannedRequest
from ecsdeploy.model.secrets import Secrets

if TYPE_CHECKING:
    from ecsdeploy.engine.atpause.ports import Approval
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
        self._sessions = {
            name: SharedSession(access, transport, trace, secrets or Secrets(), self.hub)
            for name, access in accesses.items()
        }
        self._by_name = {name: self._connected(session) for name, session in self._sessions.items()}

    def of(self, name: str) -> Connection:
        """The connection with this name."""
        return self._by_name[name]

    def check(self, request: FleetRequest) -> None:
        """Raise an error that names each access whose credentials are of no use, and each alarm that does not exist.

        What AWS does not answer is no reason: each service is still planned before the first write.
        """
        wrong = dict[str, EcsDeployError]()
        for name, session in self._sessions.items():
            self.hub.spawn(partial(_ask, partial(_identify, session), f"`{name}`" if name else "AWS", wrong))
        self.hub.run()
        if wrong:
            told = "; ".join(f"{name}: {error.message.rstrip('.')}" for name, error in wrong.items())
            raise CredentialsError(f"Not everything can be called. {told}.", hint=next(iter(wrong.values())).hint)
        missing = list[str]()
        self.hub.spawn(partial(self._find_alarms, request, missing))
        self.hub.run()
        if missing:
            names = ", ".join(f"`{name}`" for name in missing)
            raise Refused(f"These alarms of waves do not exist: {names}.", hint="Nothing was changed.")

    def alarms(self, request: FleetRequest, wave: Wave) -> dict[str, str]:
        """The states of the alarms of the wave, by name, where its services are."""
        places = dict.fromkeys(request.by_name[each].access for each in wave.members)
        asked = (self.of(place).plane.surroundings.alarms(wave.alarms) for place in places)
        return {each.name: each.state for states in asked for each in states}

    def _find_alarms(self, request: FleetRequest, missing: list[str]) -> None:
        for wave in request.waves:
            with suppress(EcsDeployError):
                found = self.alarms(request, wave) if wave.alarms else {}
                missing += (name for name in wave.alarms if name not in found)

    def _connected(self, session: SharedSession) -> Connection:
        return Connection(plane=AwsControlPlane(session, self.hub.monotonic), clock=self.hub)


def _identify(session: SharedSession) -> None:
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: it needs no permission."""
    session.query("sts", "GetCallerIdentity", {}, subject="the caller")


def _ask(ask: Callable[[], None], name: str, wrong: dict[str, EcsDeployError]) -> None:
    try:
        ask()
    except CredentialsError as error:
        wrong[name] = error
    except EcsDeployError:
        return


def deploy_all(
    connections: SharedConnections,
    request: FleetRequest,
    sink: FleetSink,
    question: Question | None = None,
    approval: Approval | None = None,
) -> FleetOutcome:
    """Carry out the release, and follow each service to its verdict, or only plan it. What fails is in the outcome.

    `question` asks what to do after a signal, `approval` whether a wave may begin.
    """

    def perform(member: Member, told: Sink, permit: Permit) -> None:
        connection, asked = connections.of(member.access), member.request
        if not request.plans_only:
            deploy(connection, asked, told, permit=permit)
        elif isinstance(asked, PlannedRequest):
            plan(connection, asked, told)

    gates = Gates(alarms=partial(connections.alarms, request), approval=approval)
    return Conductor(request, connections.hub, perform, sink, gates, question).conduct()
