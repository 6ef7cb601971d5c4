"""Other AWS services (STS, IAM, ECR, ELB, CloudWatch and more): moto answers for them, in our process.

moto keeps its state for the whole process. So each world has its own account number in moto, and callers see ours.
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
    """Whether we drop a header of moto: our server writes its own, and moto allows every web page to read replies."""
    return header in ("content-length", "date", "server") or header.startswith("access-control-")


class Neighbours:
    """Answers for every service that is not ours. We load moto at the first call."""

    __slots__ = ("_account", "_application", "_modelled")

    def __init__(self) -> None:
        self._account = str(next(_accounts))
        self._application: Any = None
        self._modelled: set[str] = set()

    @property
    def are_asked(self) -> bool:
        """Whether somebody has called moto, and so may have made something there."""
        return self._application is not None

    def answer(self, request: Request) -> Reply:
        """moto's reply. ApiError if moto does not have the operation, or is not installed."""
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
        """Whether somebody has made a thing of this kind in moto. Then moto knows which exist."""
        return request.service in self._modelled

    def ask_balancing(self, operation: str, parameters: Mapping[str, str]) -> bytes | None:
        """The body of Elastic Load Balancing's reply. None for an error, or if nobody has called moto."""
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
        """Put an event of ECS onto moto's bus. If nobody has called moto, nobody has made a rule for it."""
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
                    f"The simulator needs moto to answer {wanted} {request.operation}: {INSTALL}",
                    501,
                ) from error
            self._application = DomainDispatcherApplication(create_backend_app)
        return self._application

    def _environ(self, request: Request) -> dict[str, Any]:
        """The request in WSGI's form, with this world's account number in moto."""
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
