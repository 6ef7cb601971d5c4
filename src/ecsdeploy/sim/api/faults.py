"""The faults of a scenario: which call fails, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ecsdeploy.sim.ground.errors import ApiError
from ecsdeploy.sim.ground.ids import ACCOUNT
from ecsdeploy.sim.scenario.values import ApiFault

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
_TEXTS = {
    "ThrottlingException": "Rate exceeded",
    "Throttling": "Rate exceeded",
    "RequestLimitExceeded": "Request limit exceeded.",
    "TooManyRequestsException": "Too Many Requests",
    "ExpiredTokenException": "The security token included in the request is expired",
    "ExpiredToken": "The security token included in the request is expired",
    "UnrecognizedClientException": "The security token included in the request is invalid.",
    "ServerException": "Service Unavailable. Please try again later.",
    "ClientException": "Too many concurrent attempts to create a new revision of the specified family.",
    "LimitExceededException": "The limit for the resource has been exceeded.",
    "ClusterNotFoundException": "Cluster not found.",
    "ServiceNotFoundException": "Service not found.",
    "ServiceNotActiveException": "Service was not ACTIVE.",
}
SERVER_TROUBLE = "Service Unavailable. Please try again later."


@dataclass(slots=True)
class _Counter:
    fault: ApiFault
    seen: int = 0
    used: int = 0

    def fires(self, since_origin: float | None, *, taken: bool) -> bool:
        """Whether this call fails. It does not if another fault has taken it (`taken`).

        `since_origin` is the time since the first change, in seconds: a window counts from there.
        """
        fault = self.fault
        if fault.start is not None or fault.until is not None:
            if since_origin is None or taken:
                return False
            return (fault.start or 0) <= since_origin < (fault.until if fault.until is not None else float("inf"))
        self.seen += 1
        if taken or self.seen <= fault.after or (fault.times and self.used >= fault.times):
            return False
        self.used += 1
        return True


class Faults:
    """The `[[api]]` tables of a scenario, with how often each was used."""

    __slots__ = ("_counters",)

    def __init__(self, faults: Sequence[ApiFault]) -> None:
        self._counters = [_Counter(fault) for fault in faults]

    def hit(self, operation: str, since_origin: float | None) -> list[ApiFault]:
        """The faults of this call: every delay, and the first of the others."""
        fired: list[ApiFault] = []
        for counter in self._counters:
            if counter.fault.operation != operation:
                continue
            taken = counter.fault.error != "delay" and any(fault.error != "delay" for fault in fired)
            if counter.fires(since_origin, taken=taken):
                fired.append(counter.fault)
        return fired


def error_of(fault: ApiFault, service: str) -> ApiError:
    """The error that the caller gets."""
    match fault.error:
        case "http-500" | "ServerException":
            return ApiError("ServerException", SERVER_TROUBLE, 500)
        case "http-503":
            return ApiError("ServiceUnavailableException", SERVER_TROUBLE, 503)
        case "AccessDeniedException" | "AccessDenied":
            who, what = f"arn:aws:iam::{ACCOUNT}:user/simulator", f"{service}:{fault.operation}"
            text = f"User: {who} is not authorized to perform: {what} on resource: *"
            return ApiError(fault.error, f"{text} because no identity-based policy allows the {what} action")
        case code:
            return ApiError(code, _TEXTS.get(code, f"The simulator answers {code}, as its scenario says."))


def throttled() -> ApiError:
    """ThrottlingException.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
    """
    return ApiError("ThrottlingException", _TEXTS["ThrottlingException"])


def expired(query_protocol: bool) -> ApiError:
    """The error for expired credentials. Its code depends on the protocol.

    https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
    """
    code = "ExpiredToken" if query_protocol else "ExpiredTokenException"
    return ApiError(code, _TEXTS[code], 403 if query_protocol else 400)


def cause_of(fault: ApiFault, service: str) -> Exception:
    """The exception for a call that is not carried out: an error reply, or ConnectionResetError."""
    if fault.error == "reset":
        return ConnectionResetError("The connection was reset before the call was carried out, as the scenario says.")
    return error_of(fault, service)
