"""Requests and replies as bytes: AWS JSON 1.1 for ECS, CodeDeploy and Logs, query and XML for ELB and STS."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from ecsdeploy.sim.ground.errors import ApiError

_SCOPE = re.compile(r"Credential=([^/,\s]*)/\d+/([^/]+)/([^/]+)/aws4_request")
_TARGETS = {"AmazonEC2ContainerServiceV20141113": "ecs", "Logs_20140328": "logs", "CodeDeploy_20141006": "codedeploy"}
Reply = tuple[int, Mapping[str, str], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request. `service` and `access_key` are from its signature. Header names are in lower case."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    service: str
    operation: str
    access_key: str


def read_request(method: str, url: str, headers: Mapping[str, str | bytes], body: bytes) -> Request:
    """Read a request. The service is the one it was signed for, else the one of `X-Amz-Target`.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
    """
    lower = {k.lower(): v.decode("latin-1") if isinstance(v, bytes) else v for k, v in headers.items()}
    prefix, _, operation = lower.get("x-amz-target", "").partition(".")
    scope = _SCOPE.search(lower.get("authorization", ""))
    service = scope.group(3) if scope else _TARGETS.get(prefix, "")
    if not operation:
        operation = _query(body).get("Action", "")
    return Request(
        method=method,
        url=url,
        headers=lower,
        body=body,
        service=service,
        operation=operation,
        access_key=scope.group(1) if scope else "",
    )


def read_json(request: Request) -> dict[str, Any]:
    """The members of a JSON request, without nulls. SerializationException if it is not a JSON object."""
    try:
        payload = json.loads(request.body or b"{}")
    except ValueError as error:
        raise ApiError("SerializationException", "The request is not valid JSON.") from error
    if not isinstance(payload, dict):
        raise ApiError("SerializationException", "The request is not a JSON object.")
    return {key: value for key, value in payload.items() if value is not None}


def read_query(request: Request) -> dict[str, str]:
    return _query(request.body)


def _query(body: bytes) -> dict[str, str]:
    if body.startswith((b"{", b"[")):
        return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def json_reply(payload: Mapping[str, Any], request_id: str, *, status: int = 200) -> Reply:
    headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": request_id}
    return status, headers, json.dumps(payload, separators=(",", ":")).encode()


def json_error(error: ApiError, request_id: str) -> Reply:
    payload = {"__type": error.code, "message": error.message, **error.members}
    return json_reply(payload, request_id, status=error.status)


def xml_reply(action: str, namespace: str, result: str, request_id: str) -> Reply:
    """The reply of the query protocol around `result`, which is XML."""
    body = (
        f'<{action}Response xmlns="{namespace}"><{action}Result>{result}</{action}Result>'
        f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{action}Response>"
    )
    return 200, {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}, body.encode()


def xml_error(error: ApiError, request_id: str) -> Reply:
    fault = "Receiver" if error.status >= 500 else "Sender"
    body = (
        f"<ErrorResponse><Error><Type>{fault}</Type>{element('Code', error.code)}{element('Message', error.message)}"
        f"</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    return error.status, {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}, body.encode()


def error_reply(request: Request, error: ApiError, request_id: str) -> Reply:
    """The error in the protocol of the request."""
    form = "x-www-form-urlencoded" in request.headers.get("content-type", "")
    return (xml_error if form else json_error)(error, request_id)


def element(name: str, value: object) -> str:
    return f"<{name}>{escape(str(value))}</{name}>"


def members(items: Sequence[str]) -> str:
    return "".join(f"<member>{item}</member>" for item in items)
