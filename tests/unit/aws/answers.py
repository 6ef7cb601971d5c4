"""An AWS that answers what a test tells it to, as raw HTTP, and remembers what it was sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from ecsdeploy.aws.control_plane import AwsControlPlane
from ecsdeploy.aws.session import Session, open_session
from ecsdeploy.model.access import Access
from ecsdeploy.model.arn import ServiceRef

WEB = ServiceRef(cluster="prod", name="web")
ARN = "arn:aws:ecs:us-east-1:123456789012:"

Http = tuple[int, Mapping[str, str], bytes]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An error reply of a JSON service."""

    code: str
    message: str = ""
    status: int = 400


Answer = Mapping[str, object] | Refusal | Exception | bytes


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One request as it left."""

    operation: str
    body: dict[str, object]
    url: str
    headers: Mapping[str, str]


@dataclass(kw_only=True)
class Aws:
    """The transport: for each operation the answers in order, of which the last is given for ever."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Http:
        request = _read(method, url, headers, body)
        self.sent.append(request)
        waiting = self.answers[request.operation]
        return _reply(waiting.pop(0) if len(waiting) > 1 else waiting[0])

    @property
    def operations(self) -> list[str]:
        return [each.operation for each in self.sent]


def aws(**answers: Answer | list[Answer]) -> Aws:
    return Aws(answers={name: one if isinstance(one, list) else [one] for name, one in answers.items()})


def session_on(transport: Aws, **access: str) -> Session:
    return open_session(Access(**access), transport=transport)  # type: ignore[arg-type]


def plane_on(transport: Aws) -> AwsControlPlane:
    return AwsControlPlane(session_on(transport))


def service(**members: object) -> dict[str, object]:
    """A service as DescribeServices gives it, with the least that one can have."""
    return {
        "serviceArn": f"{ARN}service/prod/web",
        "serviceName": "web",
        "clusterArn": f"{ARN}cluster/prod",
        "status": "ACTIVE",
        "taskDefinition": f"{ARN}task-definition/web:7",
        **members,
    }


def _read(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Sent:
    target = headers.get("X-Amz-Target", "")
    if target:
        return Sent(operation=target.rpartition(".")[2], body=json.loads(body or b"{}"), url=url, headers=headers)
    path = urlsplit(url).path
    if path.startswith("/schedules"):
        one = "UpdateSchedule" if method == "PUT" else "GetSchedule"
        operation = "ListSchedules" if path == "/schedules" else one
        return Sent(operation=operation, body=json.loads(body or b"{}"), url=url, headers=headers)
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return Sent(operation=form["Action"], body=dict(form), url=url, headers=headers)


def _reply(answer: Answer) -> Http:
    match answer:
        case Exception():
            raise answer
        case bytes():
            return 200, {"x-amzn-RequestId": "id-1"}, answer
        case Refusal():
            body = json.dumps({"__type": answer.code, "message": answer.message}).encode()
            return answer.status, {"x-amzn-RequestId": "id-1"}, body
        case _:
            return 200, {"x-amzn-RequestId": "id-1"}, json.dumps(answer).encode()
