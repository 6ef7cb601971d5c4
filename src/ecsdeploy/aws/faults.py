"""Turns what the SDK raises into our exceptions; AWS's codes and texts are read only here, beside their samples.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html and the errors of each operation.
"""

from __future__ import annotations

import re
import socket

from botocore import exceptions as sdk
from botocore.parsers import ResponseParserError

from ecsdeploy.aws.denial import denied
from ecsdeploy.aws.unanswered import Call, broke_off, no_credentials, no_reply, proxies, unreachable
from ecsdeploy.aws.wire import NotJsonError
from ecsdeploy.errors import (
    AwsError,
    AwsRefused,
    CredentialsError,
    EcsDeployError,
    ReplyLost,
    Throttled,
    Unknown,
)

RAISED: tuple[type[Exception], ...] = (
    sdk.BotoCoreError,
    sdk.ClientError,
    ResponseParserError,
    NotJsonError,
    OSError,
)
"""Every type of exception that a call of the SDK raises, apart from bugs."""

_THROTTLES = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottledException",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_STALE = frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"})
_INVALID = frozenset(
    {
        "AuthFailure",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "InvalidToken",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NotAuthorized",
        "OptInRequired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_SKEWED = frozenset({"RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"})
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedException", "UnauthorizedOperation"})
_ABSENT = frozenset(
    {
        "ApplicationDoesNotExistException",
        "ClusterNotFoundException",
        "DaemonNotFoundException",
        "DeploymentDoesNotExistException",
        "DeploymentGroupDoesNotExistException",
        "GatewayNotFoundException",
        "NamespaceNotFoundException",
        "ResourceNotFoundException",
        "RevisionDoesNotExistException",
        "ServiceDeploymentNotFoundException",
        "ServiceNotFoundException",
        "TargetNotFoundException",
        "TaskSetNotFoundException",
    }
)
_SILENT = frozenset({"InternalError", "InternalFailure", "ServerException", "ServiceUnavailable"})
_LACKING = frozenset({"InvalidAction", "UnknownOperation", "UnknownOperationException", "UnsupportedFeatureException"})

# ClientException: "Too many concurrent attempts to create a new revision of the specified family."
_CONCURRENT = "Too many concurrent attempts to create a new revision"
# ClientException: "Unable to describe task definition." and "TaskDefinition not found."
_NO_DEFINITION = ("Unable to describe task definition", "TaskDefinition not found")
# InvalidSignatureException: "Signature expired: 20260101T000000Z is now earlier than 20260101T001500Z (...)" and
# "Signature not yet current: 20260101T003000Z is still later than 20260101T000500Z (...)"
_SKEW = ("Signature expired", "Signature not yet current")
# AccessDeniedException, ClientException: "User: arn:... is not authorized to perform: iam:PassRole on resource: ..."
_UNAUTHORIZED = "is not authorized to perform"

# "<!DOCTYPE html> <html><head><title>Access Denied</title>", from whatever stands between us and AWS
_PAGE = r"(?i)<(!doctype html|html\b)"
_TITLE = r"(?is)<title[^>]*>(.*?)</title>"

_TITLE_LENGTH = 60

_UNSENT = (sdk.ConnectionError, ConnectionRefusedError, socket.gaierror)
_LOST = (sdk.HTTPClientError, sdk.IncompleteReadError, ResponseParserError, NotJsonError, OSError)


def fault(error: Exception, call: Call) -> EcsDeployError:
    """Our exception for one of `RAISED`."""
    if isinstance(error, sdk.ClientError):
        return _refusal(error, call)
    if isinstance(error, _UNSENT) and not broke_off(error):
        return unreachable(error, call)
    if isinstance(error, (sdk.SSLError, *_LOST)):
        return no_reply(error, call)
    return no_credentials(error, call)


def lacks_operation(error: AwsError) -> bool:
    """Whether the endpoint does not offer the operation, so that it is no use to ask again.

    A denial does not say so, nor does the HTML page of a proxy between us and AWS.
    """
    cause = error.__cause__
    if isinstance(cause, sdk.ClientError):
        if re.search(_PAGE, _text(cause)):
            return False
        if _status(cause) in {404, 501}:
            return True
    return error.code in _LACKING


def _refusal(error: sdk.ClientError, call: Call) -> EcsDeployError:
    code, text = _code(error), _text(error)
    if re.search(_PAGE, text):
        return _of_a_proxy(error, call)
    if code in _ABSENT or text.startswith(_NO_DEFINITION):
        return Unknown(
            f"AWS does not know {call.subject}: {text or code}",
            hint="Check the name, the Region and the account.",
        )
    if _is_denied(code, text):
        return denied(text, f"{call.service}:{error.operation_name}", code=code, raw=_raw(error))
    kind = _kind(code, text, error)
    message, hint = _sentence(kind, code, text, call)
    return kind(message, hint=hint, code=code, raw=_raw(error), operation=error.operation_name)


def _of_a_proxy(error: sdk.ClientError, call: Call) -> AwsError:
    """The page is that of something between us and AWS; the message shows its title alone."""
    kind, status, title = _kind("", "", error), _status(error), re.search(_TITLE, _text(error))
    named = f" titled `{' '.join(title[1].split())[:_TITLE_LENGTH]}`" if title else ""
    return kind(
        f"{call.words} was answered with HTTP {status} and an HTML page{named}, which AWS's API never sends.",
        hint=f"Check what stands between this machine and AWS. {proxies()}",
        code=_code(error),
        operation=error.operation_name,
    )


def _kind(code: str, text: str, error: sdk.ClientError) -> type[AwsError]:
    if _is_throttle(code, text, error):
        return Throttled
    if code in _STALE | _INVALID | _SKEWED:
        return CredentialsError
    return ReplyLost if code in _SILENT or _status(error) >= 500 else AwsRefused


def _is_throttle(code: str, text: str, error: sdk.ClientError) -> bool:
    registering = code == "LimitExceededException" and error.operation_name == "RegisterTaskDefinition"
    return code in _THROTTLES or registering or text.startswith(_CONCURRENT) or _status(error) == 429


def _is_denied(code: str, text: str) -> bool:
    return code in _DENIED or _UNAUTHORIZED in text


def _sentence(kind: type, code: str, text: str, call: Call) -> tuple[str, str]:
    if kind is Throttled:
        return f"AWS throttled {call.words}.", _throttle_hint(text)
    if kind is ReplyLost:
        return f"AWS failed to answer {call.words}: {text or code}", ""
    if kind is CredentialsError:
        return _credentials_sentence(code, text, call)
    return f"AWS refused {call.words}: {text or code}", ""


def _throttle_hint(text: str) -> str:
    if text.startswith(_CONCURRENT):
        return "Another pipeline registers revisions of the same family."
    return "Other callers of this account and Region use the same rate limit."


def _credentials_sentence(code: str, text: str, call: Call) -> tuple[str, str]:
    if code in _SKEWED or text.startswith(_SKEW):
        return "The clock of this machine differs too much from that of AWS.", "Set the clock."
    if code in _STALE:
        return "The AWS credentials have expired.", call.login
    return f"AWS does not accept the credentials for {call.words}: {text or code}", call.login


def _code(error: sdk.ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "")).rpartition("#")[2]


def _text(error: sdk.ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message") or "")


def _status(error: sdk.ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _raw(error: sdk.ClientError) -> str:
    request_id = error.response.get("ResponseMetadata", {}).get("RequestId", "unknown")
    return f"{_code(error)}: {_text(error)} (HTTP {_status(error)}, request id {request_id})"
