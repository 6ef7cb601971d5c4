"""A world: one scenario come to life, its clock, and the transport that every request goes through."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ecsdeploy.sim.actions import act
from ecsdeploy.sim.clock import Clock
from ecsdeploy.sim.codec import wire
from ecsdeploy.sim.codec.model import operation_of, validate
from ecsdeploy.sim.codec.wire import Reply, Request
from ecsdeploy.sim.errors import ApiError, unsupported
from ecsdeploy.sim.faults import SERVER_TROUBLE, Faults, error_of, expired
from ecsdeploy.sim.genesis import begin
from ecsdeploy.sim.neighbours import Neighbours
from ecsdeploy.sim.quiet import is_quiet
from ecsdeploy.sim.scenario.values import Action, ApiFault, Scenario
from ecsdeploy.sim.services import (
    clusters,
    definitions,
    deployments,
    identity,
    logs,
    services,
    targets,
    tasks,
)
from ecsdeploy.sim.state import Json, Region

Handler = Callable[[Region, Json], Json]
_ECS: Mapping[str, Handler] = {
    **clusters.OPERATIONS,
    **definitions.OPERATIONS,
    **services.OPERATIONS,
    **tasks.OPERATIONS,
    **deployments.OPERATIONS,
}
_LOGS: Mapping[str, Handler] = logs.OPERATIONS
# From the first of these the scenario's `[[at]]` and windows count.
_CHANGES = {"CreateService", "UpdateService", "DeleteService", "StopServiceDeployment"}
START = 1_767_268_800.0  # 2026-01-01T12:00:00Z
KEYS = "AKIASIMULATOREXAMPLE"
_log = logging.getLogger(__name__)


def served(service: str) -> tuple[str, ...]:
    """The operations of `ecs` or `logs` that this model has."""
    return tuple(_ECS if service == "ecs" else _LOGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call a client made; `error` is the code it was answered with, or the kind of fault it met."""

    time: float
    service: str
    operation: str
    request: Mapping[str, Any]
    error: str | None


@dataclass(slots=True)
class Tally:
    """What the client's own calls have done."""

    registered: int = 0
    started: int = 0


class World:
    """The simulated account; deterministic for a scenario, a seed and a sequence of calls."""

    def __init__(self, scenario: Scenario, *, seed: int | None = None, start: float | None = None) -> None:
        self.scenario = scenario
        self.start = START if start is None else start
        self.region = begin(scenario, seed=scenario.seed if seed is None else seed, start=self.start)
        self.tally = Tally()
        self._faults = Faults(scenario.faults)
        self._neighbours = Neighbours()
        self._calls: list[Call] = []
        self._origin: float | None = None
        self._actions_left = len(scenario.actions)
        self._seen_keys = {KEYS}
        self._expired_keys: set[str] = set()

    @property
    def clock(self) -> Clock:
        return self.region.clock

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(self._calls)

    @property
    def forget_members(self) -> set[str]:
        """Names of members that vanish when a definition is registered: a control plane that loses something."""
        return self.region.forget_members

    @forget_members.setter
    def forget_members(self, names: set[str]) -> None:
        self.region.forget_members = set(names)

    def transport(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one HTTP request; a fault `reset` raises ConnectionResetError, `delay` moves the clock."""
        request = wire.read_request(method, url, headers, body)
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
        """Run until no deployment is in progress, or none that is can move, but at most `limit` seconds."""
        end = self.clock.time() + limit
        while not self._quiet():
            due = self.clock.next_due()
            if due is None:
                return
            if due > end:
                self.clock.run_until(end)
                return
            self.clock.step()

    def _quiet(self) -> bool:
        waiting = self._origin is not None and self._actions_left > 0
        return not waiting and is_quiet(self.region)

    def _answer(self, request: Request, fault: ApiFault | None) -> Reply:
        payload: Json = {}
        try:
            payload = _payload(request)
            self._check_credentials(request)
            if fault is not None and fault.error != "reset-after":
                raise _fault_error(fault, request)
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

    def _serve(self, request: Request, payload: Json) -> Reply:
        request_id = self.region.ids.request
        match request.service, request.operation:
            case "ecs", operation:
                return wire.json_reply(self._carry_out(operation, payload), request_id())
            case "logs", operation if operation in _LOGS:
                validate("logs", operation, payload)
                return wire.json_reply(_LOGS[operation](self.region, payload), request_id())
            case "sts", "GetCallerIdentity":
                return wire.xml_reply("GetCallerIdentity", identity.STS, identity.caller_identity(), request_id())
            case "elasticloadbalancing", operation if operation in targets.OPERATIONS and targets.knows(
                self.region, payload
            ):
                result = targets.OPERATIONS[operation](self.region, payload)
                return wire.xml_reply(operation, targets.ELB, result, request_id())
            case _:
                return self._neighbours.answer(request)

    def _carry_out(self, operation: str, payload: Json) -> Json:
        """An ECS operation; what the model does not have says so by name."""
        handler = _ECS.get(operation)
        if handler is None:
            raise _unknown(operation)
        validate("ecs", operation, payload)
        started = sum(len(service.history) for service in self.region.services)
        reply = handler(self.region, payload)
        self.tally.registered += operation == "RegisterTaskDefinition"
        self.tally.started += sum(len(service.history) for service in self.region.services) - started
        if operation in _CHANGES and self._origin is None:
            self._begin_interference()
        return reply

    def _begin_interference(self) -> None:
        self._origin = self.clock.time()
        for action in self.scenario.actions:
            self.clock.after(action.time, partial(self._interfere, action))

    def _interfere(self, action: Action) -> None:
        self._actions_left -= 1
        if action.do == "expire-credentials":
            self._expired_keys |= self._seen_keys
        else:
            act(self.region, action)


def _payload(request: Request) -> Json:
    """The request's members, as far as it is in a form that is ours to read."""
    if request.service in ("ecs", "logs"):
        return wire.read_json(request)
    return dict(wire.read_query(request)) if request.service in ("sts", "elasticloadbalancing") else {}


def _unknown(operation: str) -> ApiError:
    if operation_of("ecs", operation) is None:
        return ApiError("UnknownOperationException", f"There is no operation {operation or '(none named)'}.")
    return unsupported(f"The simulator does not have the operation {operation}.")


def _fault_error(fault: ApiFault, request: Request) -> Exception:
    if fault.error == "reset":
        return ConnectionResetError("The connection was reset before the call was carried out, as the scenario says.")
    return error_of(fault, request.service)
