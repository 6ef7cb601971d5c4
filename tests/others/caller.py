"""A client of AWS in virtual time that sends a call again as an SDK does, for rules of others that are re-stated."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from ecsdeploy.sim import World

_TARGETS = {"ecs": "AmazonEC2ContainerServiceV20141113", "codedeploy": "CodeDeploy_20141006"}
_RATE = frozenset({"ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException"})
_LONGEST = 20.0


class Refusal(Exception):
    """AWS said no, or gave no usable answer as often as it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Calls `attempts` times at most: the standard mode of all SDKs, with the middle of its random pauses.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
    """

    world: World
    attempts: int

    def call(self, operation: str, *, of: str = "ecs", **asked: object) -> Mapping[str, Any]:
        """The reply. Errors: `Refusal`, with AWS's code and words."""
        said = ""
        for attempt in range(self.attempts):
            if attempt:
                self.world.clock.sleep(min(_LONGEST, 0.5 * 2 ** (attempt - 1)))
            headers = {"X-Amz-Target": f"{_TARGETS[of]}.{operation}"}
            try:
                status, _, body = self.world.transport("POST", _url(of), headers, json.dumps(asked).encode())
            except ConnectionResetError:
                said = "no reply"
                continue
            reply: Mapping[str, Any] = json.loads(body or b"{}")
            if status == HTTPStatus.OK:
                return reply
            code = str(reply.get("__type", "")).rpartition("#")[2]
            said = f"{code}: {reply.get('message') or reply.get('Message') or ''}"
            if status < HTTPStatus.INTERNAL_SERVER_ERROR and code not in _RATE:
                break
        raise Refusal(said)


def _url(of: str) -> str:
    return f"http://{of}.sim.invalid/"
