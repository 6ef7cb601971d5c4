"""What we attach to the SDK's events: raw JSON both ways, a transport instead of the network, and the trace.

The SDK finds the endpoint, signs, sends and raises errors. A JSON body passes through it unread, so that members which
its model does not know survive and no time goes into parsing.
Events: https://docs.aws.amazon.com/boto3/latest/guide/events.html
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from botocore.awsrequest import AWSResponse

_BODY = "ecs-deploy.body"
_BEGAN = "ecs-deploy.began"


class Transport(Protocol):
    """Answers an HTTP request instead of the network; raises `ConnectionResetError` for a lost reply."""

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]: ...


class NotJsonError(ValueError):
    """A successful reply is no JSON object."""


def pass_json_unread(client: Any) -> None:
    """Let a client of a JSON service send its parameters as they are, and return the reply's JSON as it is."""
    protocol = client.meta.service_model.resolved_protocol
    if protocol in ("json", "rest-json"):
        aside = _set_body_aside if protocol == "json" else _leave_address
        client.meta.events.register("provide-client-params", aside)
        client.meta.events.register("before-call", _send_body)
        client.meta.events.register("before-parse", _keep_reply)


def answer_with(transport: Transport, events: Any) -> None:
    """Let `transport` answer every request of the clients that share `events`."""

    def answer(request: Any, **_: object) -> AWSResponse:
        headers = {str(name): _plain(value) for name, value in request.headers.items()}
        status, reply_headers, body = transport(request.method, request.url, headers, _bytes(request.body))
        return AWSResponse(request.url, status, dict(reply_headers), _Body(body))

    events.register("before-send", answer)


def trace_to(say: Callable[[str], None], events: Any) -> None:
    """Tell `say` each call in one line: seconds, action, outcome, request id. No payload and no header."""

    def ended(http_response: Any, parsed: Mapping[str, Any], context: Mapping[str, Any], **_: object) -> None:
        request_id = parsed.get("ResponseMetadata", {}).get("RequestId", "unknown")
        code = parsed.get("Error", {}).get("Code", "") if http_response.status_code >= 300 else ""
        say(_line(context, http_response.status_code, code, f"request id {request_id}"))

    def failed(exception: Exception, context: Mapping[str, Any], **_: object) -> None:
        say(_line(context, "no usable reply", type(exception).__name__))

    events.register("before-call", _note_begin)
    events.register("after-call", ended)
    events.register("after-call-error", failed)


class _Body:
    """A reply's body in the form that the SDK reads."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self._content


def _set_body_aside(params: Mapping[str, object], context: dict[str, object], **_: object) -> dict[str, object]:
    context[_BODY] = params
    return {}


def _leave_address(
    params: Mapping[str, object], model: Any, context: dict[str, object], **_: object
) -> dict[str, object]:
    """Set aside what belongs into the body; the rest belongs into the address of the request."""
    members = model.input_shape.members
    located = {name: value for name, value in params.items() if name in members and _is_located(members[name])}
    body = {name: value for name, value in params.items() if name not in located}
    if body:
        context[_BODY] = body
    return located


def _is_located(shape: Any) -> bool:
    return bool(shape.serialization.get("location"))


def _send_body(params: dict[str, Any], context: dict[str, object], **_: object) -> None:
    if _BODY in context:
        params["body"] = json.dumps(context.pop(_BODY)).encode()
        params["headers"].setdefault("Content-Type", "application/json")


def _keep_reply(response_dict: dict[str, Any], customized_response_dict: dict[str, object], **_: object) -> None:
    """Parse a success ourselves and give the SDK an empty object; refusals are left to the SDK."""
    if response_dict["status_code"] < 300:
        customized_response_dict.update(_object(response_dict["body"]))
        response_dict["body"] = b"{}"


def _object(body: bytes) -> dict[str, object]:
    try:
        parsed = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise NotJsonError from None
    if not isinstance(parsed, dict):
        raise NotJsonError
    return parsed


def _note_begin(model: Any, context: dict[str, object], **_: object) -> None:
    context[_BEGAN] = (time.perf_counter(), f"{model.service_model.signing_name}:{model.name}")


def _line(context: Mapping[str, Any], outcome: object, *details: str) -> str:
    began, action = context[_BEGAN]
    taken = f"{time.perf_counter() - began:.3f} s"
    return " ".join((taken, action, str(outcome), *(detail for detail in details if detail)))


def _plain(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(body: object) -> bytes:
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b""
