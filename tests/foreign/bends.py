"""What an endpoint may say instead of its plain reply: less, nothing, something else, something old, or another's.

A bend leaves out, garbles, delays or mixes up; it never invents a state that ECS has not had. So what a run makes of
it can be held against the truth: not to know is right, to claim what was not so is not.
"""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.foreign.course import FIRST, NOON
from tests.foreign.endpoint import WRITES, Answer, Call, Endpoint, Refusal
from tests.foreign.shapes import Json, Names

HTML = b"<html><head><title>502 Bad Gateway</title></head><body>squid</body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which calls are meant: of these operations (all: empty), between two instants in seconds since the beginning.

    Of those the first `spares` are left alone and the next `times` are not.
    """

    operations: tuple[str, ...] = ()
    first: float = 0
    until: float = 1e9
    spares: int = 0
    times: int = 1_000_000

    def __contains__(self, seen: tuple[Endpoint, Call]) -> bool:
        world, call = seen
        meant = not self.operations or call.operation in self.operations
        if not meant or not self.first <= call.at - NOON <= self.until:
            return False
        before = sum(each.operation in (self.operations or (each.operation,)) for each in world.calls) - 1
        return self.spares <= before < self.spares + self.times


def _plain(world: Endpoint, call: Call, reply: Json) -> Json:
    return reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuses:
    """The call is not carried out: throttled, expired, denied, or a failure of the server's own."""

    where: Window
    code: str = "ThrottlingException"
    text: str = "Rate exceeded"
    status: int = 400
    share: float = 1
    seed: int = 0

    def before(self, world: Endpoint, call: Call) -> Answer | None:
        chance = Random(f"{self.seed} {len(world.calls)}").random()
        if (world, call) in self.where and chance < self.share:
            raise Refusal(self.code, self.text, self.status)
        return None

    after = staticmethod(_plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaks:
    """The connection or what comes through it is no reply; `carried_out` says whether ECS did what was asked."""

    where: Window
    how: str = "reset"
    """`reset`, `half` a reply, `empty`, `html`, `list`, or `slow`: nothing within the ten seconds of a client."""
    carried_out: bool = True

    def before(self, world: Endpoint, call: Call) -> Answer | None:
        if self.carried_out or (world, call) not in self.where:
            return None
        return self._broken(world, b"{}")

    def after(self, world: Endpoint, call: Call, reply: Json) -> Json | Answer:
        if not self.carried_out or (world, call) not in self.where:
            return reply
        return self._broken(world, json.dumps(reply).encode())

    def _broken(self, world: Endpoint, body: bytes) -> Answer:
        match self.how:
            case "half":
                return 200, {}, body[: len(body) // 2]
            case "empty":
                return 200, {}, b""
            case "html":
                return 502, {"Content-Type": "text/html"}, HTML
            case "list":
                return 200, {}, b"[]"
            case _:
                world.course.pass_by(10 if self.how == "slow" else 0)
        raise ConnectionResetError


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """The reply is as of the call, and comes `seconds` later."""

    where: Window
    seconds: float

    def before(self, world: Endpoint, call: Call) -> Answer | None:
        return None

    def after(self, world: Endpoint, call: Call, reply: Json) -> Json:
        if (world, call) not in self.where:
            return reply
        told = copy.deepcopy(reply)
        world.course.pass_by(self.seconds)
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Lags:
    """Reads are answered as they would have been `seconds` ago, where that was asked then."""

    where: Window
    seconds: float
    said: dict[str, list[tuple[float, str]]] = field(default_factory=dict, compare=False, repr=False)

    def before(self, world: Endpoint, call: Call) -> Answer | None:
        return None

    def after(self, world: Endpoint, call: Call, reply: Json) -> Json:
        if call.operation in WRITES:
            return reply
        earlier = self.said.setdefault(json.dumps([call.operation, call.request], sort_keys=True), [])
        earlier.append((call.at, json.dumps(reply)))
        old = [text for at, text in earlier if at <= call.at - self.seconds]
        return json.loads(old[-1]) if old and (world, call) in self.where else reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Mangles:
    """One member of a reply is `dropped`, `null`, `empty`, of another `kind`, or an enum has a new `word`."""

    where: Window
    how: str
    seed: int = 0
    share: float = 1
    member: str = ""
    """Only members of this name; empty: any."""

    def before(self, world: Endpoint, call: Call) -> Answer | None:
        return None

    def after(self, world: Endpoint, call: Call, reply: Json) -> Json:
        chance = Random(f"{self.seed} {len(world.calls)}")
        if (world, call) not in self.where or chance.random() >= self.share:
            return reply
        told: Json = json.loads(json.dumps(reply))
        places = [each for each in _members(told) if self._meant(*each)]
        if not places:
            return reply
        for place in places if self.member else [chance.choice(places)]:
            _mangle(*place, self.how)
        return told

    def _meant(self, holder: Json, name: str) -> bool:
        if self.how == "word":
            return name in ENUMS and (not self.member or name == self.member)
        return not self.member or name == self.member


ENUMS = frozenset(
    {"status", "rolloutState", "lastStatus", "desiredStatus", "healthStatus", "stopCode", "launchType", "connectivity"}
    | {"schedulingStrategy", "type", "propagateTags", "strategy", "lifecycleStage", "networkMode"}
)


def _members(value: Any) -> Iterator[tuple[Json, str]]:
    """Every member of every object, the outer ones first."""
    if isinstance(value, dict):
        yield from ((value, name) for name in list(value))
        for each in value.values():
            yield from _members(each)
    elif isinstance(value, list):
        for each in value:
            yield from _members(each)


def _mangle(holder: Json, name: str, how: str) -> None:
    was = holder[name]
    match how:
        case "dropped":
            del holder[name]
        case "null":
            holder[name] = None
        case "empty":
            holder[name] = type(was)() if isinstance(was, (str, list, dict)) else None
        case "kind":
            holder[name] = {"value": was} if isinstance(was, (str, list, bool)) else str(was)
        case _:
            holder[name] = "QUIESCING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixes:
    """The reply is of something else: another service, another's deployment before ours, another's record."""

    where: Window

    def before(self, world: Endpoint, call: Call) -> Answer | None:
        return None

    def after(self, world: Endpoint, call: Call, reply: Json) -> Json:
        mix: Callable[[Json, Names], Json] | None = _MIXED.get(call.operation)
        if mix is None or (world, call) not in self.where:
            return reply
        with suppress(AttributeError, IndexError, KeyError, TypeError):
            # Another bend may have left nothing to mix.
            return mix(json.loads(json.dumps(reply)), world.names)
        return reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Misses:
    """DescribeServices does not find the service: reads lag behind writes.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
    """

    where: Window

    def before(self, world: Endpoint, call: Call) -> Answer | None:
        return None

    def after(self, world: Endpoint, call: Call, reply: Json) -> Json:
        if call.operation != "DescribeServices" or (world, call) not in self.where:
            return reply
        return {"services": [], "failures": [{"arn": world.names.service_arn, "reason": "MISSING"}]}


def _of_another_service(reply: Json, names: Names) -> Json:
    """As it is, but of a service beside it, which is at rest."""
    for each in reply["services"]:
        each |= {"serviceName": "other", "serviceArn": names.service_arn.replace(names.service, "other")}
        del each["deployments"][1:]
        each["deployments"][0] |= {"id": "ecs-svc/1111111111111111111", "rolloutState": "COMPLETED"}
    return reply


def _of_others(reply: Json, names: Names) -> Json:
    """Somebody was faster: the deployment that stands first is theirs, of another revision, and ours stands below."""
    service = reply["service"]
    theirs = service["deployments"][0] | {"id": "ecs-svc/1111111111111111111"}
    theirs["taskDefinition"] = names.definition_arn(77)
    service["deployments"][0]["status"] = "ACTIVE"
    service["deployments"].insert(0, theirs)
    return reply


def _of_another_record(reply: Json, names: Names) -> Json:
    """The record of another deployment, which has succeeded."""
    for each in reply["serviceDeployments"]:
        each |= {"serviceDeploymentArn": names.record_arn(FIRST - 7), "status": "SUCCESSFUL"}
        each["targetServiceRevision"]["arn"] = names.revision_arn(FIRST - 7)
    return reply


_MIXED: dict[str, Callable[[Json, Names], Json]] = {
    "DescribeServices": _of_another_service,
    "UpdateService": _of_others,
    "DescribeServiceDeployments": _of_another_record,
}
