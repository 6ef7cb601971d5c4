"""A session that many runs share: it paces their calls, and asks for several of them in one call.

Each run asks as if it were alone. Its question about a service, a service deployment or a task waits for `GATHER`
seconds, and goes out with those of other runs. Each asker gets its own part of the reply. A revision that several runs
register is registered once. An error is the error of each that asked; but if AWS denies a question about several
things, each is asked about alone, as only one of them may be closed to us.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import field
from functools import partial
from math import inf
from typing import Any, Protocol, TypeVar, cast

from ecsdeploy.aws.rates import Buckets
from ecsdeploy.aws.reading import JsonObject, objects, text
from ecsdeploy.aws.session import Session
from ecsdeploy.aws.wire import Transport
from ecsdeploy.errors import AccessDenied, NoSuchResource, ReplyLost
from ecsdeploy.model.access import Access
from ecsdeploy.model.arn import short_name
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.model.values import value

T = TypeVar("T")

GATHER = 1.0
"""Seconds for which a question waits for others to go out with."""
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
class Together:
    """An operation that takes several things: the members of its request and reply, and how many it takes."""

    asks: str
    finds: str
    named: str
    most: int


TOGETHER: Mapping[str, Together] = {
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
    "DescribeServices": Together(asks="services", finds="services", named="serviceArn", most=10),
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html
    "DescribeServiceDeployments": Together(
        asks="serviceDeploymentArns", finds="serviceDeployments", named="serviceDeploymentArn", most=20
    ),
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
    "DescribeTasks": Together(asks="tasks", finds="tasks", named="taskArn", most=100),
}


@value(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What one run asks for, and what it will have been answered."""

    names: tuple[str, ...]
    subject: str
    answer: Promise[JsonObject]


@value(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """The wishes that go out in one call, and the rest of its parameters."""

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
        self._gathering = dict[tuple[str, str], _Gathered]()
        self._asked_once = dict[tuple[str, ...], _Once]()
        self._current = dict[tuple[str, str], str]()

    def call(
        self, service: str, operation: str, parameters: Mapping[str, object], *, subject: str, region: str = ""
    ) -> JsonObject:
        def send() -> JsonObject:
            return self._send(service, operation, parameters, subject, region)

        if service == "ecs" and not region and operation in TOGETHER:
            return self._ask_together(operation, parameters, subject)
        if operation == "RegisterTaskDefinition":
            return self._ask_once((service, operation, region), parameters, inf, send)
        if service in _NEIGHBOURS and operation.startswith(_READS):
            return self._ask_once((service, operation, region), parameters, FRESH_SECONDS, send)
        return send()

    def current_deployment(self, _cluster: str, _service: str) -> str:
        """The ARN of the service deployment that AWS named last for the service; empty if it named none."""
        return self._current.get((short_name(_cluster), short_name(_service)), "")

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

    def _ask_together(self, operation: str, parameters: Mapping[str, object], subject: str) -> JsonObject:
        together = TOGETHER[operation]
        names = tuple(cast(Sequence[str], parameters[together.asks]))
        rest = {name: each for name, each in parameters.items() if name != together.asks}
        key = operation, json.dumps(rest, sort_keys=True)
        gathered = self._gathering.get(key)
        if gathered is None or not gathered.has_room(names, together.most):
            gathered = self._gathering[key] = _Gathered(rest=rest)
            opened = gathered
            self._hub.spawn(lambda: self._send_together(operation, key, opened))
        wish = _Wish(names=names, subject=subject, answer=self._hub.promise())
        gathered.add(wish)
        return wish.answer.wait()

    def _send_together(self, operation: str, key: tuple[str, str], gathered: _Gathered) -> None:
        """Wait for others, ask, and give each asker its part; this is a strand of its own, which no signal reaches."""
        self._hub.sleep(GATHER)
        if self._gathering.get(key) is gathered:
            del self._gathering[key]
        subject = gathered.wishes[0].subject if len(gathered.wishes) == 1 else _SEVERAL[operation]
        try:
            reply = self._asked(operation, gathered.rest, (*gathered.names,), subject)
        except (AccessDenied, NoSuchResource) as error:
            if len(gathered.wishes) == 1:
                gathered.wishes[0].answer.keep(_raising(error))
                return
            for wish in gathered.wishes:
                self._hub.spawn(partial(self._ask_alone, operation, gathered.rest, wish))
        except Exception as error:  # noqa: BLE001 - it is raised by each that asked
            for wish in gathered.wishes:
                wish.answer.keep(_raising(error))
        else:
            for wish in gathered.wishes:
                wish.answer.keep(partial(_part, reply, TOGETHER[operation], wish.names))

    def _ask_alone(self, operation: str, rest: Mapping[str, object], wish: _Wish) -> None:
        try:
            reply = self._asked(operation, rest, wish.names, wish.subject)
        except Exception as error:  # noqa: BLE001 - it is raised by the one that asked
            wish.answer.keep(_raising(error))
        else:
            wish.answer.keep(lambda: reply)

    def _asked(self, operation: str, rest: Mapping[str, object], names: tuple[str, ...], subject: str) -> JsonObject:
        parameters = {**rest, TOGETHER[operation].asks: list(names)}
        reply = self._send("ecs", operation, parameters, subject, "")
        for each in objects(reply, "services") if operation == "DescribeServices" else ():
            where = short_name(text(each, "clusterArn")), text(each, "serviceName")
            self._current[where] = text(each, "currentServiceDeployment")
        return reply


_SEVERAL = {
    "DescribeServices": "several services",
    "DescribeServiceDeployments": "several service deployments",
    "DescribeTasks": "tasks of several services",
}


def _part(reply: JsonObject, together: Together, names: tuple[str, ...]) -> JsonObject:
    """What the reply has about these things, each of which is named by its name or its ARN."""
    short = set(map(short_name, names))
    found = [each for each in objects(reply, together.finds) if short_name(text(each, together.named)) in short]
    failed = [each for each in objects(reply, "failures") if short_name(text(each, "arn")) in short]
    return {**reply, together.finds: found, "failures": failed}


def _raising(error: Exception) -> Callable[[], JsonObject]:
    """Raises a copy: whoever catches an error of ours notes in it what has been told of it."""

    def answer() -> JsonObject:
        raise copy(error) from error

    return answer
