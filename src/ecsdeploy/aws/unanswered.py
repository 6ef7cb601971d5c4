"""The errors for a call that AWS did not answer: no connection, no usable reply, or no credentials to sign it with."""

from __future__ import annotations

import os
import re

from botocore import exceptions as sdk

from ecsdeploy.aws.wire import NotJsonError
from ecsdeploy.errors import CredentialsError, ReplyLost, Unreachable
from ecsdeploy.model.values import value

# "<botocore.awsrequest.AWSHTTPSConnection object at 0x7f>: Failed to establish a new connection: ..." and
# "AWSHTTPSConnectionPool(host='ecs.us-east-1.amazonaws.com', port=443): Read timed out."
_OBJECT = r"<[^<>]* object at 0x[0-9a-f]+>:? ?|\S+\(host='[^']*', port=\d+\): ?"
# "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)" and
# "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)"
_HANDSHAKE = r"(?i)CERTIFICATE|HANDSHAKE|VERSION|UNSUPPORTED_PROTOCOL|UNKNOWN_CA|hostname"
# The oldest SDK that we take knows no `aws login`.
_LOGIN = (sdk.LoginError,) if hasattr(sdk, "LoginError") else ()
_LOGGED_OUT = (sdk.SSOError, *_LOGIN, sdk.TokenRetrievalError, sdk.NoAuthTokenError)
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


def broke_off(error: Exception) -> bool:
    """Whether this is a TLS error that may have come after the request was sent: it is not about the handshake."""
    return isinstance(error, sdk.SSLError) and not re.search(_HANDSHAKE, str(error))


def unreachable(error: Exception, call: Call) -> Unreachable:
    hint = f"Check the network, the Region `{call.region}` and the endpoint. {proxies()}"
    return Unreachable(
        f"No connection could be made for {call.words}: {_reason(error)}",
        hint=_UNTRUSTED + proxies() if "CERTIFICATE_VERIFY_FAILED" in str(error) else hint,
        raw=re.sub(_OBJECT, "", str(error)),
        operation=call.operation,
    )


def no_reply(error: Exception, call: Call) -> ReplyLost:
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


def proxies() -> str:
    names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy")
    found = [f"`{name}`" for name in names if os.environ.get(name)]
    return f"Proxy variables in use: {', '.join(found)}." if found else "No proxy variable is set."


def no_credentials(error: Exception, call: Call) -> CredentialsError:
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
