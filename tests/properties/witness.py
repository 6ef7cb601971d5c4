"""Plays a case through the ordinary client, and keeps what the world itself knew at each word the client said."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, ClassVar

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.hooks import EventAliaser
from botocore.useragent import UserAgentString

from ecsdeploy.aws import session
from ecsdeploy.aws.sdk import Sdk
from ecsdeploy.aws.wire import Transport
from ecsdeploy.cli.commands.simulated import inside
from ecsdeploy.cli.main import main
from ecsdeploy.engine import watch
from ecsdeploy.model.request import Target
from ecsdeploy.model.snapshot import Look
from ecsdeploy.rollout.machine import advance
from ecsdeploy.rollout.state import Advance, State
from ecsdeploy.sim import World, parse_scenario
from ecsdeploy.sim.actions import act
from ecsdeploy.sim.courses import ALL
from ecsdeploy.sim.health import is_up
from ecsdeploy.sim.scenario.values import Action
from ecsdeploy.sim.state import Service, ServiceDeployment
from tests.cli.worlds import surroundings
from tests.properties.cases import EARLIER, Case

Json = Mapping[str, Any]
SETTLES = 3 * 3600.0
"""Seconds in which what can still come of a deployment has come of it."""
_alias_anew = EventAliaser._alias_event_name  # noqa: SLF001 - it has no public name
_aliases: dict[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What the world knew at one instant. `ours` is the record of the deployment that our release started, if any."""

    time: float
    status: str
    """Of our service deployment: empty when we have started none."""
    state: str
    """The rolloutState of our deployment."""
    reason: str
    ended_at: float | None
    taken_over_at: float | None
    """When somebody else's deployment began after ours."""
    by_others: bool
    """The primary deployment began after ours, and is not ours."""
    put_back: str
    """The status of the service deployment of our own rollback, where it is a deployment of its own."""
    service: str
    """The service's status."""
    primary: str
    image: str
    """The first image of the primary deployment's definition."""
    rollout: str
    """The rolloutState of the primary deployment."""
    well: bool
    """All the tasks that our deployment is to have run, and pass their checks."""
    shifted: bool
    """All production traffic goes to our deployment."""
    failures: int
    """Tasks of our deployment that ended though nobody told them to, or failed their checks."""
    in_progress: bool
    """Whether any deployment of the service is in progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A call of ours that changes the service: what stood there when it came, and when we last had looked."""

    operation: str
    request: Json
    at: float
    error: str | None
    started: ServiceDeployment | None
    replaced: str
    """The id of the deployment that was primary."""
    looked: str
    """The id of the deployment that was primary when DescribeServices was last answered."""


@dataclass(slots=True)
class Witness:
    """Stands between the client and the world, and in the stream of what the client says."""

    world: World
    ours: list[ServiceDeployment] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    looked: Truth | None = None
    told: list[tuple[Json, Truth, Truth | None]] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    ends: list[State] = field(default_factory=list)

    def advance(self, state: State, look: Look, now: float) -> Advance:
        """The machine's own step, with what went in and what ended a watch taken down."""
        after = advance(state, look, now)
        self.looks.append(look)
        self.ends += [after[0]] if after[0].verdict else []
        return after

    @property
    def service(self) -> Service:
        spec = self.world.scenario.services[0]
        return self.world.region.clusters[spec.cluster].services[spec.name]

    def transport(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Any:
        before, known = self.world.tally.started, len(self.world.calls)
        try:
            return self.world.transport(method, url, headers, body)
        finally:
            # A signal may come before the call is carried out.
            if len(self.world.calls) > known:
                self._note(self.world.tally.started - before)

    def _note(self, started: int) -> None:
        call = self.world.calls[-1]
        if call.operation == "DescribeServices" and call.error is None:
            self.looked = self.truth()
        if call.operation not in ("UpdateService", "StopServiceDeployment"):
            return
        record = self.service.history[-1] if started else None
        replaced = self.service.deployments[1:] if record else self.service.deployments
        self.ours += [record] if record else []
        self.writes.append(
            Write(
                operation=call.operation,
                request=call.request,
                at=call.time,
                error=call.error,
                started=record,
                replaced=replaced[0].id if replaced else "",
                looked=self.looked.primary if self.looked else "",
            )
        )

    def truth(self) -> Truth:
        service, ours = self.service, self.ours[0] if self.ours else None
        later = service.history[service.history.index(ours) + 1 :] if ours else []
        theirs = [each for each in later if each not in self.ours]
        back = self.ours[1] if len(self.ours) > 1 else None
        return Truth(
            time=self.world.clock.time(),
            status=ours.status if ours else "",
            state=ours.deployment.rollout_state if ours else "",
            reason=(ours.reason or "") if ours else "",
            ended_at=ours.finished_at if ours else None,
            taken_over_at=theirs[0].created_at if theirs else None,
            by_others=bool(service.deployments) and any(each.deployment is service.primary for each in theirs),
            put_back=back.status if back else "",
            service=service.status,
            primary=service.primary.id if service.deployments else "",
            image=str(service.definition.containers[0]["image"]) if service.deployments else "",
            rollout=service.primary.rollout_state if service.deployments else "",
            well=ours is not None and 0 < ours.deployment.desired <= sum(map(is_up, ours.deployment.tasks)),
            shifted=ours is not None and self._shifted(ours),
            failures=self._failures(),
            in_progress=any(not each.ended for each in service.history),
        )

    def _shifted(self, ours: ServiceDeployment) -> bool:
        if ours.course is not None:
            return ours.course.production >= ALL
        others = (task for each in self.service.deployments if each is not ours.deployment for task in each.tasks)
        return not any(task.last_status == "RUNNING" for task in others)

    def _failures(self) -> int:
        ours = self.ours[0].deployment if self.ours else None
        tasks = [task for cluster in self.world.region.clusters.values() for task in cluster.tasks.values()]
        return sum(task.deployment is ours and bool(task.failed or task.condemned) for task in tasks if ours)


class _Stream(io.StringIO):
    """The client's JSON lines; the truth of each verdict is taken down as it is written."""

    def __init__(self, witness: Witness) -> None:
        super().__init__()
        self._witness = witness

    def write(self, text: str) -> int:
        if '"type":"concluded"' in text or '"type":"result"' in text:
            self._witness.told.append((json.loads(text), self._witness.truth(), self._witness.looked))
        return super().write(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One run: what it said, what the world knew meanwhile, and the world once it is quiet."""

    case: Case
    code: int
    lines: tuple[str, ...]
    stderr: str
    began: float
    witness: Witness
    finally_: Truth

    @property
    def result(self) -> Json:
        return self.witness.told[-1][0]


def _alias(events: EventAliaser, name: str) -> str:
    """The SDK's name for one of its events, which is the same in every session."""
    if name not in _aliases:
        _aliases[name] = _alias_anew(events, name)
    return _aliases[name]


def _sign(auth: SigV4Auth, request: AWSRequest) -> None:
    """Who calls, and no hash: the world wants to know whose keys these are, and has nothing to check them with."""
    scope = f"{auth.credentials.access_key}/20260101/{auth._region_name}/{auth._service_name}/aws4_request"  # noqa: SLF001
    request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"


class _Sdk(Sdk):
    """The SDK, opened once for each target: reading it in takes as long as a short run."""

    answers: ClassVar[Transport]
    """The transport of the run that is on."""

    def __init__(self, target: Target) -> None:
        super().__init__(target, lambda *request: self.answers(*request), None)  # noqa: PLW0108 - answers change
        self.client = cache(super().client)  # type: ignore[method-assign]


_opened = cache(_Sdk)


def run(case: Case) -> Ran:
    world = World(parse_scenario(case.text))
    witness = Witness(world)
    if case.busy:
        act(world.region, Action(time=0, do="deploy", cluster="prod", service="web", image=EARLIER))
        world.clock.sleep(case.busy)
    began, around = world.clock.time(), replace(surroundings(), record=None, stdout=_Stream(witness))
    environment = inside(world, around)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch, "advance", witness.advance)
        # A process reads and names the SDK's things once; thousands of runs in one need not do so thousands of times.
        patch.setattr(EventAliaser, "_alias_event_name", _alias)
        patch.setattr(UserAgentString, "to_string", lambda _: "ecs-deploy")
        patch.setattr(SigV4Auth, "add_auth", _sign)
        patch.setattr(session, "Sdk", lambda target, *_: _opened(target))
        patch.setattr(_Sdk, "answers", witness.transport, raising=False)
        code = main((*case.argv, "--output", "json"), replace(environment, transport=witness.transport))
    lines, world.on_signal = tuple(environment.stdout.getvalue().splitlines()), None  # type: ignore[attr-defined]
    world.settle(SETTLES)
    return Ran(
        case=case,
        code=code,
        lines=lines,
        stderr=environment.stderr.getvalue(),  # type: ignore[attr-defined]
        began=began,
        witness=witness,
        finally_=witness.truth(),
    )
