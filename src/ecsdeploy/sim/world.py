"""A world: a scenario that runs, with its clock, and the transport that every request goes through."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from email.utils import formatdate
from functools import partial
from typing import Any, TypeVar

from ecsdeploy.sim.actions import act
from ecsdeploy.sim.api.faults import SERVER_TROUBLE, Faults, cause_of, expired, throttled
from ecsdeploy.sim.api.lag import Lag
from ecsdeploy.sim.api.neighbours import Neighbours
from ecsdeploy.sim.api.operations import CHANGES, OURS, Handler, payload_of, reads, unknown
from ecsdeploy.sim.codec import wire
from ecsdeploy.sim.codec.model import validate
from ecsdeploy.sim.codec.wire import Reply, Request
from ecsdeploy.sim.deployments.quiet import is_quiet
from ecsdeploy.sim.first_state import begin
from ecsdeploy.sim.ground.buckets import Buckets
from ecsdeploy.sim.ground.clock import Clock
from ecsdeploy.sim.ground.errors import ApiError
from ecsdeploy.sim.ground.switches import DEFAULT, Switches
from ecsdeploy.sim.scenario.values import Action, ApiFault, Scenario
from ecsdeploy.sim.services.beside import alarms, assumed, fixed, owned, targets
from ecsdeploy.sim.services.beside.learning import learn_again, learn_groups
from ecsdeploy.sim.services.legal.limits import check_tags
from ecsdeploy.sim.services.legal.unsupported import refuse_left_out
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json

START = 1_767_268_800.0  # 2026-01-01T12:00:00Z
KEYS = "AKIASIMULATOREXAMPLE"
_log = logging.getLogger(__name__)
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of a client. `error` is the code of the reply, or the fault that the call met. None if it succeeded."""

    time: float
    service: str
    operation: str
    request: Mapping[str, Any]
    error: str | None


@dataclass(slots=True)
class Tally:
    """What calls of clients have done: definitions registered, deployments started."""

    registered: int = 0
    started: int = 0


class World:
    """A simulated account. The same scenario, seed and calls give the same world."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int | None = None,
        start: float | None = None,
        switches: Switches = DEFAULT,
    ) -> None:
        self.scenario = scenario
        self._switches = switches
        self.start: float = START if start is None else start
        self.region: Region = self._begin(seed)
        self.on_signal: Callable[[str], None] | None = None
        self.signals: list[str] = []
        self.tally: Tally = Tally()
        self._faults = Faults(scenario.faults)
        self._buckets = Buckets(self.start) if scenario.limits.throttle else None
        self._lag = Lag(self._begin(seed), scenario.limits.read_lag) if scenario.limits.read_lag else None
        self._neighbours = Neighbours()
        self.region.listener = self._neighbours.put_event
        self._calls: list[Call] = []
        self._origin: float | None = None
        self._actions_left = len(scenario.actions)
        self._seen_keys = {KEYS}
        self._expired_keys: set[str] = set()

    def _begin(self, seed: int | None) -> Region:
        region = begin(self.scenario, seed=self.scenario.seed if seed is None else seed, start=self.start)
        region.switches = self._switches
        return region

    @property
    def clock(self) -> Clock:
        return self.region.clock

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(self._calls)

    @property
    def forget_members(self) -> set[str]:
        """Names of members that RegisterTaskDefinition drops, like a control plane that loses something."""
        return self.region.forget_members

    @forget_members.setter
    def forget_members(self, names: set[str]) -> None:
        self.region.forget_members = set(names)

    @property
    def stale_views(self) -> bool:
        """Whether the scheduler acts on an old view of a service that has just changed (see `start_stale`)."""
        return self.region.stale_views

    @stale_views.setter
    def stale_views(self, on: bool) -> None:
        self.region.stale_views = on

    def transport(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one HTTP request. Raises ConnectionResetError for a fault `reset`. A `delay` moves the clock."""
        request = wire.read_request(method, url, headers, body)
        status, told, reply = self._received(request)
        return status, {**told, "Date": formatdate(self.clock.time(), usegmt=True)}, reply

    def _received(self, request: Request) -> Reply:
        self.clock.sleep(self.scenario.limits.latency_ms / 1000)
        since = None if self._origin is None else self.clock.time() - self._origin
        cause: ApiFault | None = None
        for fault in self._faults.hit(request.operation, since):
            if fault.error == "delay":
                self.clock.sleep(fault.delay)
            else:
                cause = fault
        return self._answer(request, cause)

    def settle(self, limit: float = 48 * 3600) -> None:
        """Move the time on until the world is quiet, but by `limit` seconds at most."""
        end = self.clock.time() + limit
        while not self.quiet and (due := self.clock.next_due()) is not None:
            if due > end:
                self.clock.run_until(end)
                return
            self.clock.step()
        # Run what else is due in the same moment.
        self.clock.run_until(self.clock.time())

    @property
    def quiet(self) -> bool:
        """Whether no deployment is in progress that can still change, and no action of others is still to come."""
        waiting = self._origin is not None and self._actions_left > 0
        return not waiting and is_quiet(self.region)

    def _answer(self, request: Request, fault: ApiFault | None) -> Reply:
        payload: Json = {}
        try:
            payload = payload_of(request)
            self._check_credentials(request)
            if fault is not None and fault.error != "reset-after":
                raise cause_of(fault, request.service)
            reply = self._serve(request, payload)
        except ApiError as error:
            self._note(request, payload, error.code)
            return wire.error_reply(request, error, self.region.ids.request())
        except ConnectionResetError:
            self._note(request, payload, "reset")
            raise
        except Exception:  # noqa: BLE001 - a crash of the model is the model's, and the server goes on
            _log.exception("The model crashed at %s %s.", request.service, request.operation)
            self._note(request, payload, "ServerException")
            return wire.error_reply(
                request, ApiError("ServerException", SERVER_TROUBLE, 500), self.region.ids.request()
            )
        self._note(request, payload, "reset-after" if fault else None)
        if fault is not None:
            raise ConnectionResetError("The connection was reset after the call was carried out, as the scenario says.")
        return reply

    def _note(self, request: Request, payload: Json, error: str | None) -> None:
        self._calls.append(
            Call(
                time=self.clock.time(),
                service=request.service,
                operation=request.operation,
                request=payload,
                error=error,
            )
        )

    def _check_credentials(self, request: Request) -> None:
        self._seen_keys.add(request.access_key)
        if request.access_key and request.access_key in self._expired_keys:
            raise expired("x-www-form-urlencoded" in request.headers.get("content-type", ""))

    def _serve(self, request: Request, payload: Json) -> Reply:  # noqa: C901 - one case for a service
        request_id = self.region.ids.request
        match request.service, request.operation:
            case ("ecs" | "codedeploy") as service, operation:
                return wire.json_reply(self._carry_out(service, operation, payload), request_id())
            case "logs", operation:
                return wire.json_reply(self._carry_out("logs", operation, payload), request_id())
            case "sts", "GetCallerIdentity":
                return wire.xml_reply("GetCallerIdentity", fixed.STS, fixed.caller_identity(), request_id())
            case "elasticloadbalancing", operation if operation in targets.OPERATIONS and targets.knows(
                self.region, payload
            ):
                result = targets.OPERATIONS[operation](self.region, payload)
                return wire.xml_reply(operation, targets.ELB, result, request_id())
            case "monitoring", "DescribeAlarms" if alarms.knows(self.region, request):
                return alarms.describe(self.region, request, request_id())
            case _ if (answer := owned.find(self.region, request)) is not None:
                number = request_id()
                return self.apply(lambda region: answer(region, request, number))
            case _ if assumed.knows(self.region, request):
                return assumed.answer(self.region, request, request_id())
            case _ if assumed.is_by_name(request) and not self._neighbours.has_its_own(request):
                return assumed.answer(self.region, request, request_id())
            case _ if not self._neighbours.are_asked and (empty := fixed.timetables(request)) is not None:
                return wire.json_reply(empty, request_id())
            case _:
                reply = self._neighbours.answer(request)
                if request.service == "elasticloadbalancing" and not reads(request.operation):
                    self.apply(lambda region: learn_again(region, self._neighbours.ask_balancing))
                return reply

    def _carry_out(self, service: str, operation: str, payload: Json) -> Json:
        """Carry out an operation of ours. ApiError if we do not have it."""
        handler = OURS[service].get(operation)
        if handler is None:
            raise unknown(service, operation)
        if service == "ecs" and self._buckets is not None and not self._buckets.allow(operation, self.clock.time()):
            raise throttled()
        validate(service, operation, payload)
        refuse_left_out(operation, payload)
        if service == "ecs":
            check_tags(payload.get("tags") or ())
        if reads(operation):
            return self._read(service, handler, payload)
        if "loadBalancers" in payload:
            self.apply(lambda region: learn_groups(region, payload, self._neighbours.ask_balancing))
        started = self._deployments()
        reply = self._write(handler, payload)
        self.tally.registered += operation == "RegisterTaskDefinition"
        self.tally.started += self._deployments() - started
        if operation in CHANGES and self._origin is None:
            self._begin_interference()
        return reply

    def _deployments(self) -> int:
        """How many deployments there are: by ECS, and those that somebody had CodeDeploy make."""
        by_hand = [each for each in self.region.codedeploy.deployments.values() if each.creator == "user"]
        return sum(len(service.history) for service in self.region.services) + len(by_hand)

    def _read(self, service: str, handler: Handler, payload: Json) -> Json:
        if self._lag is None or service != "ecs":
            return handler(self.region, payload)
        return self._lag.read(self.clock.time(), lambda region: handler(region, payload))

    def _write(self, handler: Handler, payload: Json) -> Json:
        kept = deepcopy(payload) if self._lag is not None else payload
        return self.apply(lambda region: handler(region, payload if region is self.region else kept))

    def apply(self, change: Callable[[Region], Done]) -> Done:
        """Apply a change to the world. Reads that lag see it later."""
        if self._lag is not None:
            self._lag.note(self.clock.time(), change)
        return change(self.region)

    def _begin_interference(self) -> None:
        self._origin = self.clock.time()
        for action in self.scenario.actions:
            self.clock.after(action.time, partial(self._interfere, action))
        if self._lag is not None:
            self._lag.note(self._origin, self._plan_actions)

    def _plan_actions(self, region: Region) -> None:
        for action in self.scenario.actions:
            region.clock.after(action.time, partial(act, region, action))

    def _interfere(self, action: Action) -> None:
        self._actions_left -= 1
        if action.do == "expire-credentials":
            self._expired_keys |= self._seen_keys
        elif action.signal is not None:
            self._signal(action.signal)
        else:
            act(self.region, action)

    def _signal(self, name: str) -> None:
        """Send a signal to the client, as Ctrl-C does. Without a client that listens, we only remember it."""
        self.signals.append(name)
        if self.on_signal is not None:
            self.on_signal(name)
