"""An ECS endpoint at the level of HTTP: signed AWS JSON 1.1 in; status, headers and bytes out.

It answers from a course, puts down every call with what it was told, and lets `bends` change what it says. It knows
the operations that are named here and refuses every other as unknown, as an older endpoint does.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/Welcome.html, "Common errors"
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from tests.foreign.course import NOON, Course
from tests.foreign.fronts import lattice, target_health
from tests.foreign.replies import Replies
from tests.foreign.shapes import HERE, Json, Names

Answer = tuple[int, Mapping[str, str], bytes]
WRITES = (
    "RegisterTaskDefinition",
    "UpdateService",
    "UpdateExpressGatewayService",
    "StopServiceDeployment",
    "DeregisterTaskDefinition",
)
_PREFIX = "AmazonEC2ContainerServiceV20141113."


@dataclass(slots=True, kw_only=True)
class Call:
    """One request, and what came of it. `applied`: a write changed the world; `told`: the caller got a plain reply."""

    operation: str
    request: Json
    at: float
    target: str = ""
    applied: bool = False
    told: bool = False
    straight: bool = False
    """The reply was told as it is, and at once."""
    reply: Json = field(default_factory=dict)
    stood: int = 0
    """The digits of the primary deployment when it came."""


class Refusal(Exception):
    """An error reply: its code, its text and its HTTP status."""

    def __init__(self, code: str, text: str, status: int = 400) -> None:
        super().__init__(code)
        self.answer: Answer = (status, _headers(), json.dumps({"__type": code, "message": text}).encode())


class Bend(Protocol):
    """Changes what an endpoint says. `before` may end the call: not carried out. `after` may change its reply.

    An `Answer` or an exception is what the caller gets; JSON is a reply that goes on to the next bend.
    """

    def before(self, world: "Endpoint", call: Call) -> Answer | None: ...

    def after(self, world: "Endpoint", call: Call, reply: Json) -> Json | Answer: ...


class Endpoint:
    """The transport and the clock of a run; `latency` is the seconds that each call takes.

    `beside` are the replies of other services, by their `X-Amz-Target`; those that are not named may not be asked.
    `shows_targets`: nor may the load balancer's targets be, otherwise.
    """

    def __init__(
        self,
        course: Course,
        *,
        names: Names = HERE,
        replies: type[Replies] = Replies,
        bends: Sequence[Bend] = (),
        latency: float = 0.1,
        beside: Mapping[str, Json] | None = None,
        shows_targets: bool = False,
        **said: Any,
    ) -> None:
        self.course, self.names, self.bends, self.latency = course, names, tuple(bends), latency
        self.beside, self.shows_targets = beside or {}, shows_targets
        self.replies = replies(course, names, **said)
        self.calls: list[Call] = []

    def transport(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.course.pass_by(self.latency)
        target = next((value for name, value in headers.items() if name.lower() == "x-amz-target"), "")
        operation = target.removeprefix(_PREFIX)
        request = json.loads(body) if body.startswith(b"{") else {}
        call = Call(operation=operation, request=request, at=self.course.now, target=target)
        call.stood = self.course.primary.number
        self.calls.append(call)
        if target in self.beside:
            return 200, _headers(), json.dumps(self.beside[target]).encode()
        if body.startswith(b"Action=DescribeTargetHealth&") and self.shows_targets:
            return 200, _headers("text/xml"), target_health(self.course)
        if not target.startswith(_PREFIX):
            found = lattice(self.course, url.partition("amazonaws.com")[2]) if self.shows_targets else None
            return (200, _headers("application/json"), json.dumps(found).encode()) if found else _not_allowed(call)
        try:
            return self._answered(call)
        except Refusal as refusal:
            return refusal.answer

    def _answered(self, call: Call) -> Answer:
        for bend in self.bends:
            ended = bend.before(self, call)
            if ended is not None:
                return ended
        reply = self._reply(call)
        call.applied = call.operation in WRITES
        bent: Json | Answer = reply
        for bend in self.bends:
            if isinstance(bent, tuple):
                break
            bent = bend.after(self, call, bent)
        if isinstance(bent, tuple):
            return bent
        call.told, call.straight, call.reply = True, bent is reply, bent
        return 200, _headers(), json.dumps(bent).encode()

    def _reply(self, call: Call) -> Json:
        answer: Callable[[Json], Json] | None = getattr(self.replies, f"on_{call.operation}", None)
        if answer is None:
            raise Refusal("UnknownOperationException", "", 404)
        try:
            return answer(call.request)
        except LookupError as absent:
            raise Refusal(*absent.args) from None

    # The clock of the run

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.course.now, UTC)

    def monotonic(self) -> float:
        return self.course.now - NOON

    def sleep(self, seconds: float) -> None:
        self.course.pass_by(seconds)

    # What the rules ask

    def made(self, *operations: str) -> list[Call]:
        return [each for each in self.calls if each.operation in operations]

    def applied(self, *operations: str) -> list[Call]:
        return [each for each in self.made(*(operations or WRITES)) if each.applied]


def _headers(kind: str = "application/x-amz-json-1.1") -> Mapping[str, str]:
    return {"Content-Type": kind, "x-amzn-RequestId": "a1b2c3d4-5678-90ab-cdef-11111EXAMPLE"}


def _not_allowed(call: Call) -> Answer:
    """Whatever stands beside ECS may not be asked."""
    denied = {"__type": "AccessDeniedException", "message": "User: arn:aws:iam::123456789012:user/deployer is not "}
    denied["message"] += "authorized to perform this action"
    if call.target:
        return 400, _headers(), json.dumps(denied).encode()
    xml = (
        f"<ErrorResponse><Error><Code>AccessDenied</Code><Message>{denied['message']}</Message></Error></ErrorResponse>"
    )
    return 403, _headers("text/xml"), xml.encode()
