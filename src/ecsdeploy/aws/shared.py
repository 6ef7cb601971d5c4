"""A session that many runs share: it paces their calls, and asks for several of them in one call.

Each run asks as if it were alone. Its question about a service, a service deployment or a task waits a second
or more, and goes out with those of other runs. Each asker gets its own part of the reply. A revision that several runs
register is registered once. An error is the error of each that asked; but if AWS refuses a question about several
things, each is asked about alone, as only one of them may be wrong or closed to us.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import field
from functools import partial
from math import inf
from typing import Any, Protocol, TypeVar

from ecsdeploy.aws.rates import Buckets
from ecsdeploy.aws.reading import JsonObject, objects, text
from ecsdeploy.aws.session import Session
from ecsdeploy.aws.together import TOGETHER
from ecsdeploy.aws.wire import Transport
from ecsdeploy.errors import AwsRefused, NoSuchResource, ReplyLost
from ecsdeploy.model.access import Access
from ecsdeploy.model.arn import short_name
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.model.values import value

T = TypeVar("T")

GATHER = 1.0
"""How many times as long as `Together.gather` says a question waits for others; 0 where nobody else asks."""
FRESH_SECONDS = 5.0
"""For how long the answer of a neighbour of ECS, such as ECR, also answers other runs that ask the same."""
_NEIGHBOURS = frozenset({"ecr", "iam", "logs", "secretsmanager", "ssm", "sts"})
_READS = ("Describe", "Get", "List", "Batch")


class Promise(Protocol[T]):
    """What a call will have answered: `keep` gives it, and `wait` waits for it."""

    def keep(self, answer: Callable[[], T]) -> None: ...

    def wait(self) -> T: ...


class Hub(Protocol):
    """What lets many runs share a thread; see `engine.fleet.hub`."""

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...

    def call(self, ask: Callable[[], T]) -> T: ...

    def promise(self) -> Promise[Any]: ...

    def spawn(self, work: Callable[[], None]) -> object: ...


@value(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What one run asks for, and what it will have been answered."""

    names: tuple[str, ...]
    parameters: Mapping[str, object]
    subject: str
    answer: Promise[JsonObject]


@value(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """The wishes that go out in one call, and the rest of its parameters."""

    operation: str
    region: str
    rest: Mapping[str, object]
    wishes: list[_Wish] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)
    """What they ask for, in order."""

    def add(self, wish: _Wish) -> None:
        self.wishes.append(wish)
        self.names.update(dict.fromkeys(wish.names))

    def has_room(self, names: tuple[str, ...], most: int) -> bool:
        return len(self.names.keys() | set(names)) <= most


@value(frozen=True, slots=True, kw_only=True)
class _Once:
    """The answer to a call that is made once for several runs, and when it was asked for."""

    at: float
    answer: Promise[JsonObject]


class SharedSession(Session):
    """One account and Region, shared by the runs of a hub."""

    def __init__(
        self,
        access: Access,
        transport: Transport | None,
        trace: Callable[[str], None] | None,
        secrets: Secrets,
        hub: Hub,
    ) -> None:
        super().__init__(access, transport, trace, secrets)
        self._hub = hub
        self._buckets = Buckets()
        self._gathering = dict[tuple[str, ...], _Gathered]()
        self._asked_once = dict[tuple[str, ...], _Once]()
        self._current = dict[tuple[str, str], str]()

    def call(
        self, service: str, operation: str, parameters: Mapping[str, object], *, subject: str, region: str = ""
    ) -> JsonObject:
        def send() -> JsonObject:
            return self._send(service, operation, parameters, subject, region)

        if operation in TOGETHER:
            return self._ask_together(operation, parameters, subject, region)
        if operation == "RegisterTaskDefinition":
            return self._ask_once((service, operation, region), parameters, inf, send)
        if service in _NEIGHBOURS and operation.startswith(_READS):
            return self._ask_once((service, operation, region), parameters, FRESH_SECONDS, send)
        if operation == "UpdateService":
            # What AWS named before is not the deployment that begins now.
            where = short_name(str(parameters.get("cluster", ""))), short_name(str(parameters["service"]))
            self._current[where] = ""
        return send()

    def current_deployment(self, _cluster: str, _service: str) -> str | None:
        """The ARN that AWS named last for the service; empty if it has named none since we have updated the service."""
        return self._current.get((short_name(_cluster), short_name(_service)))

    def _send(
        self, service: str, operation: str, parameters: Mapping[str, object], subject: str, region: str
    ) -> JsonObject:
        """One call, when its turn has come."""
        if service == "ecs":
            now = self._hub.monotonic()
            due = self._buckets.ticket(operation, now)
            if due > now:
                self._hub.sleep(due - now)
        ask = super().call
        return self._hub.call(lambda: ask(service, operation, parameters, subject=subject, region=region))

    def _ask_once(
        self,
        called: tuple[str, str, str],
        parameters: Mapping[str, object],
        seconds: float,
        send: Callable[[], JsonObject],
    ) -> JsonObject:
        """One call for all that ask the same within so many seconds. If it fails, the next one asks anew."""
        key, now = (*called, json.dumps(parameters, sort_keys=True, default=str)), self._hub.monotonic()
        known = self._asked_once.get(key)
        if known is not None and now <= known.at + seconds:
            return known.answer.wait()
        mine = self._asked_once[key] = _Once(at=now, answer=self._hub.promise())
        try:
            reply = send()
        except BaseException as error:
            del self._asked_once[key]
            lost = ReplyLost(f"The call of `{called[0]}:{called[1]}` was given up by the run that made it.")
            mine.answer.keep(_raising(error if isinstance(error, Exception) else lost))
            raise
        mine.answer.keep(lambda: reply)
        return reply

    def _ask_together(self, operation: str, parameters: Mapping[str, object], subject: str, region: str) -> JsonObject:
        together = TOGETHER[operation]
        names, rest = together.names(parameters), together.rest(parameters)
        key = operation, region, json.dumps(rest, sort_keys=True)
        gathered = self._gathering.get(key)
        if gathered is None or not gathered.has_room(names, together.most):
            gathered = self._gathering[key] = _Gathered(operation=operation, region=region, rest=rest)
            self._hub.spawn(partial(self._send_together, key, gathered))
        wish = _Wish(names=names, parameters=parameters, subject=subject, answer=self._hub.promise())
        gathered.add(wish)
        return wish.answer.wait()

    def _send_together(self, key: tuple[str, ...], gathered: _Gathered) -> None:
        """Wait for others, ask, and give each asker its part; this is a strand of its own, which no signal reaches."""
        self._hub.sleep(TOGETHER[gathered.operation].gather * GATHER)
        if self._gathering.get(key) is gathered:
            del self._gathering[key]
        if len(gathered.wishes) == 1:
            self._ask_alone(gathered, gathered.wishes[0])
            return
        together = TOGETHER[gathered.operation]
        try:
            reply = self._asked(gathered, {**gathered.rest, together.asks: [*gathered.names]}, together.several)
        except (AwsRefused, NoSuchResource):
            for wish in gathered.wishes:
                self._hub.spawn(partial(self._ask_alone, gathered, wish))
        except Exception as error:  # noqa: BLE001 - it is raised by each that asked
            for wish in gathered.wishes:
                wish.answer.keep(_raising(error))
        else:
            for wish in gathered.wishes:
                if together.has(reply, wish.names):
                    wish.answer.keep(partial(together.part, reply, wish.names))
                else:
                    self._hub.spawn(partial(self._ask_alone, gathered, wish))

    def _ask_alone(self, gathered: _Gathered, wish: _Wish) -> None:
        try:
            reply = self._asked(gathered, wish.parameters, wish.subject)
        except Exception as error:  # noqa: BLE001 - it is raised by the one that asked
            wish.answer.keep(_raising(error))
        else:
            wish.answer.keep(lambda: reply)

    def _asked(self, gathered: _Gathered, parameters: Mapping[str, object], subject: str) -> JsonObject:
        operation = gathered.operation
        reply = self._send(TOGETHER[operation].service, operation, parameters, subject, gathered.region)
        for each in objects(reply, "services") if operation == "DescribeServices" else ():
            named = text(each, "currentServiceDeployment")
            if named:
                self._current[short_name(text(each, "clusterArn")), text(each, "serviceName")] = named
        return reply


def _raising(error: Exception) -> Callable[[], JsonObject]:
    """Raises a copy: whoever catches an error of ours notes in it what has been told of it."""

    def answer() -> JsonObject:
        raise copy(error) from error

    return answer
