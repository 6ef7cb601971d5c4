"""What the SDK raises, as our exceptions; the only place that reads AWS's codes and texts, beside their samples.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html and the errors of each operation.
"""

from __future__ import annotations

import os
import re
import socket

from botocore import exceptions as sdk
from botocore.parsers import ResponseParserError

from ecsdeploy.aws.denial import denied
from ecsdeploy.aws.wire import NotJsonError
from ecsdeploy.errors import (
    AwsError,
    AwsRefused,
    CredentialsError,
    EcsDeployError,
    ReplyLost,
    Throttled,
    Unknown,
    Unreachable,
)
from ecsdeploy.model.values import value

RAISED = (sdk.BotoCoreError, sdk.ClientError, ResponseParserError, NotJsonError, OSError)
"""Every kind of exception that a call of the SDK ends in, apart from bugs."""

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
# "<botocore.awsrequest.AWSHTTPSConnection object at 0x7f>: Failed to establish a new connection: ..." and
# "AWSHTTPSConnectionPool(host='ecs.us-east-1.amazonaws.com', port=443): Read timed out."
_OBJECT = r"<[^<>]* object at 0x[0-9a-f]+>:? ?|\S+\(host='[^']*', port=\d+\): ?"
# "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)" and
# "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)"
_HANDSHAKE = r"(?i)CERTIFICATE|HANDSHAKE|VERSION|UNSUPPORTED_PROTOCOL|UNKNOWN_CA|hostname"

# "<!DOCTYPE html> <html><head><title>Access Denied</title>", from whatever stands between us and AWS
_PAGE = r"(?i)<(!doctype html|html\b)"
_TITLE = r"(?is)<title[^>]*>(.*?)</title>"

_UNSENT = (sdk.ConnectionError, ConnectionRefusedError, socket.gaierror)
_LOST = (sdk.HTTPClientError, sdk.IncompleteReadError, ResponseParserError, NotJsonError, OSError)
# The oldest SDK that we take knows no `aws login`.
_LOGIN = (sdk.LoginError,) if hasattr(sdk, "LoginError") else ()
_LOGGED_OUT = (sdk.SSOError, *_LOGIN, sdk.TokenRetrievalError, sdk.NoAuthTokenError)


_TITLE_LENGTH = 60
_UNTRUSTED = (
    "This machine does not trust who signed the certificate. "
    "If a proxy of yours signs for AWS, name the file of its CA in `AWS_CA_BUNDLE`. "
)


@value(frozen=True, slots=True, kw_only=True)
class Call:
    """What was asked: the operation, its subject in words, where, and how to renew the credentials."""

    service: str
    operation: str
    subject: str
    region: str = ""
    login: str = ""

    @property
    def words(self) -> str:
        return f"`{self.service}:{self.operation}` for {self.subject}"


def fault(error: Exception, call: Call) -> EcsDeployError:
    """Our exception for one of `RAISED`."""
    if isinstance(error, sdk.ClientError):
        return _refusal(error, call)
    if isinstance(error, _UNSENT) and not _broke_off(error):
        return _unreachable(error, call)
    if isinstance(error, (sdk.SSLError, *_LOST)):
        return _no_reply(error, call)
    return _no_credentials(error, call)


def lacks_operation(error: AwsError) -> bool:
    """The endpoint does not offer the operation: there is no use in asking again. Who is denied is not told so.

    The page of whatever stands between us and AWS says nothing of what AWS offers.
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
    """AWS answers in no HTML: the page is told by its title alone."""
    kind, status, title = _kind("", "", error), _status(error), re.search(_TITLE, _text(error))
    named = f" titled `{' '.join(title[1].split())[:_TITLE_LENGTH]}`" if title else ""
    return kind(
        f"{call.words} was answered with HTTP {status} and an HTML page{named}: AWS's API answers in no HTML.",
        hint=f"Check what stands between this machine and AWS. {_proxies()}",
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


def _broke_off(error: Exception) -> bool:
    """A TLS error other than of the handshake may have come after the request was sent."""
    return isinstance(error, sdk.SSLError) and not re.search(_HANDSHAKE, str(error))


def _unreachable(error: Exception, call: Call) -> Unreachable:
    hint = f"Check the network, the Region `{call.region}` and the endpoint. {_proxies()}"
    return Unreachable(
        f"No connection could be made for {call.words}: {_reason(error)}",
        hint=_UNTRUSTED + _proxies() if "CERTIFICATE_VERIFY_FAILED" in str(error) else hint,
        raw=re.sub(_OBJECT, "", str(error)),
        operation=call.operation,
    )


def _no_reply(error: Exception, call: Call) -> ReplyLost:
    return ReplyLost(
        f"No usable reply came to {call.words}: {_reason(error)}",
        raw=re.sub(_OBJECT, "", str(error)),
        operation=call.operation,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, NotJsonError):
        return "it is not a JSON object."
    text, detail = str(error), _innermost(getattr(error, "kwargs", {}).get("error", ""))
    if detail and detail not in text:
        text = f"{text} {detail}"
    text = re.sub(_OBJECT, "", text) or type(error).__name__
    return text if text.endswith(".") else f"{text}."


def _innermost(detail: object) -> str:
    """A proxy's refusal wraps that of the connection: https://urllib3.readthedocs.io/en/stable/reference/urllib3.exceptions.html"""
    while original := getattr(detail, "original_error", None):
        detail = original
    return str(detail)


def _proxies() -> str:
    names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy")
    found = [f"`{name}`" for name in names if os.environ.get(name)]
    return f"Proxy variables in use: {', '.join(found)}." if found else "No proxy variable is set."


def _no_credentials(error: Exception, call: Call) -> CredentialsError:
    message, hint = _missing_sentence(error, call)
    # The SDK quotes the lines of a malformed file, whatever they hold.
    raw = "" if isinstance(error, sdk.ConfigParseError) else str(error)
    return CredentialsError(message, hint=hint, raw=raw, operation=call.operation)


def _missing_sentence(error: Exception, call: Call) -> tuple[str, str]:
    match error:
        case sdk.NoCredentialsError():
            return "No AWS credentials were found.", call.login
        case sdk.PartialCredentialsError():
            return f"The AWS credentials are incomplete: `{error.kwargs['cred_var']}` is missing.", call.login
        case sdk.ProfileNotFound():
            hint = "`aws configure list-profiles` names those that exist."
            return f"The AWS profile `{error.kwargs['profile']}` does not exist.", hint
        case sdk.NoRegionError():
            return "No AWS Region is set.", "Give `--region`, or set `AWS_DEFAULT_REGION`."
        case sdk.CredentialRetrievalError() | sdk.MetadataRetrievalError():
            return f"The AWS credentials could not be obtained: {_reason(error)}", call.login
        case sdk.ConfigParseError():
            return _malformed_file(error), "Each line is a `[profile NAME]` or `name = value`."
        case _ if isinstance(error, _LOGGED_OUT):
            return "The AWS login has expired, or there was none.", call.login
        case _:
            hint = "Check `~/.aws/config` and the `AWS_*` variables."
            return f"The AWS configuration is not usable: {_reason(error)}", hint


def _malformed_file(error: sdk.ConfigParseError) -> str:
    """The place, without the line itself: it may be a key."""
    parser = error.kwargs.get("error")
    lines = [number for number, _ in getattr(parser, "errors", ())] or [getattr(parser, "lineno", 0)]
    where = f" in line {lines[0]}" if lines[0] else ""
    return f"The AWS configuration file `{error.kwargs['path']}` cannot be understood{where}."


def _code(error: sdk.ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "")).rpartition("#")[2]


def _text(error: sdk.ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message") or "")


def _status(error: sdk.ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _raw(error: sdk.ClientError) -> str:
    request_id = error.response.get("ResponseMetadata", {}).get("RequestId", "unknown")
    return f"{_code(error)}: {_text(error)} (HTTP {_status(error)}, request id {request_id})"
