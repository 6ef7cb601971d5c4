"""ECS's neighbours (STS, IAM, ECR, ELB, CloudWatch, ...): moto's WSGI application, in this process.

moto's state is global to the process, so each world has an account of its own there; callers see ours.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from http import HTTPStatus
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

from ecsdeploy.sim.codec.wire import Reply, Request, read_request
from ecsdeploy.sim.ground.errors import ApiError
from ecsdeploy.sim.ground.ids import ACCOUNT, REGION

_MAKES = {"iam": "CreateRole", "secretsmanager": "CreateSecret", "ssm": "PutParameter", "ecr": "CreateRepository"}
INSTALL = "pip install 'moto[server]>=5.2'"
_accounts = count(900_000_000_001)


def _is_left_out(header: str) -> bool:
    """What our server says itself, and moto's leave for every page of the web to read what is here."""
    return header in ("content-length", "date", "server") or header.startswith("access-control-")


class Neighbours:
    """Answers for every service but ours; moto is loaded at the first call."""

    __slots__ = ("_account", "_application", "_modelled")

    def __init__(self) -> None:
        self._account = str(next(_accounts))
        self._application: Any = None
        self._modelled: set[str] = set()

    @property
    def are_asked(self) -> bool:
        """Somebody has asked one of them before, and may have made something there."""
        return self._application is not None

    def answer(self, request: Request) -> Reply:
        """moto's reply to `request`; ApiError where it has none, or where there is no moto."""
        application = self._load(request)
        status: list[str] = []
        headers: dict[str, str] = {}

        def start_response(line: str, listed: list[tuple[str, str]], _: Any = None) -> None:
            status.append(line)
            headers.update(listed)

        try:
            body = b"".join(application(self._environ(request), start_response))
        except NotImplementedError as error:
            raise ApiError("UnsupportedFeatureException", f"moto does not answer this: {error}", 501) from error
        headers = {name: text for name, text in headers.items() if not _is_left_out(name.lower())}
        code = int(status[0].split()[0])
        if code == HTTPStatus.OK and _MAKES.get(request.service) == request.operation:
            self._modelled.add(request.service)
        return code, headers, body.replace(self._account.encode(), ACCOUNT.encode())

    def has_its_own(self, request: Request) -> bool:
        """Whether somebody has made a thing of the kind that is asked for: then it is moto that knows what there is."""
        return request.service in self._modelled

    def ask_balancing(self, operation: str, parameters: Mapping[str, str]) -> bytes | None:
        """The body of Elastic Load Balancing's reply, if anybody has made something there and it says yes."""
        if self._application is None:
            return None
        body = urlencode({"Action": operation, "Version": "2015-12-01", **parameters}).encode()
        scope = f"Credential=ECS/20260101/{REGION}/elasticloadbalancing/aws4_request"
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0",
        }
        status, _, reply = self.answer(read_request("POST", "http://elb.invalid/", headers, body))
        return reply if status == HTTPStatus.OK else None

    def put_event(self, event: dict[str, Any]) -> None:
        """Put one of ECS's events onto the bus; nobody can listen there who has not asked a neighbour before."""
        if self._application is None:
            return
        entry = {
            "Source": event["source"],
            "DetailType": event["detail-type"],
            "Detail": json.dumps(event["detail"]),
            "Resources": event["resources"],
        }
        body = json.dumps({"Entries": [entry]}).encode()
        target = "AWSEvents.PutEvents"
        scope = f"Credential=ECS/20260101/{REGION}/events/aws4_request"
        headers = {
            "content-type": "application/x-amz-json-1.1",
            "x-amz-target": target,
            "authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0",
        }
        self.answer(read_request("POST", "http://events.invalid/", headers, body))

    def _load(self, request: Request) -> Any:
        if self._application is None:
            try:
                from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
            except ImportError as error:
                wanted = request.service or "this service"
                raise ApiError(
                    "UnsupportedFeatureException",
                    f"The simulator answers {wanted} {request.operation} only with moto beside it: {INSTALL}",
                    501,
                ) from error
            self._application = DomainDispatcherApplication(create_backend_app)
        return self._application

    def _environ(self, request: Request) -> dict[str, Any]:
        """The request in WSGI's form, addressed to this world's own account."""
        address = urlsplit(request.url)
        body = request.body.replace(ACCOUNT.encode(), self._account.encode())
        host = f"{request.service or 's3'}.{REGION}.amazonaws.com"
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": address.path or "/",
            "QUERY_STRING": address.query,
            "SERVER_NAME": host,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in request.headers.items():
            if name not in ("content-type", "content-length", "x-moto-account-id"):
                environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        own = {"CONTENT_LENGTH": str(len(body)), "HTTP_HOST": host, "HTTP_X_MOTO_ACCOUNT_ID": self._account}
        return environ | own
