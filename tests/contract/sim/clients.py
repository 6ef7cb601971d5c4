"""botocore clients of a world: in process through `before-send`, or over HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import botocore.session
from botocore.awsrequest import AWSRequest, AWSResponse, HeadersDict
from botocore.config import Config
from botocore.model import ServiceModel

from ecsdeploy.sim import REGION, World
from tests.contract.sim.shapes import strange

OURS = ("ecs", "logs", "codedeploy")


class _Body:
    """A reply's body as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._content


def client(service: str, *, url: str = "http://sim.invalid", key: str = "AKIATESTEXAMPLE") -> Any:
    """A client that never retries, so that every answer is seen."""
    session = botocore.session.Session()
    session.set_credentials(key, "secret")
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=10)
    return session.create_client(service, region_name=REGION, endpoint_url=url, config=config)


class Line:
    """A client in process that can be plugged into one world after another: making a client takes long.

    Every reply is held against botocore's model, which would pass over what it does not know.
    """

    def __init__(self, service: str = "ecs", *, key: str = "AKIATESTEXAMPLE", checked: bool = True) -> None:
        self.world: World | None = None
        self.client = client(service, key=key)
        self.checked = checked and service in OURS
        self.client.meta.events.register("before-send.*", self._send)

    def _send(self, request: AWSRequest, **_: Any) -> AWSResponse:
        assert self.world is not None
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        status, headers, reply = self.world.transport(request.method, request.url, dict(request.headers.items()), body)
        if status == 200 and self.checked:
            _check(self.client.meta.service_model, request.headers["X-Amz-Target"], reply)
        return AWSResponse(request.url, status, HeadersDict(headers), _Body(reply))


def _check(model: ServiceModel, target: Any, reply: bytes) -> None:
    target = target.decode() if isinstance(target, bytes) else target
    shape = model.operation_model(target.partition(".")[2]).output_shape
    assert shape is None or list(strange(shape, json.loads(reply))) == []


def connect(world: World, service: str = "ecs", *, key: str = "AKIATESTEXAMPLE") -> Any:
    """A client whose requests never leave the process."""
    line = Line(service, key=key)
    line.world = world
    return line.client
