"""A session whose every exchange with AWS passes a tape, as JSON: to be recorded, or to come from a record.

It is taken down above the SDK: a signature, a credential or a token of the caller never comes this far.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NoReturn, Protocol

from botocore.exceptions import ClientError

from ecsdeploy import errors
from ecsdeploy.aws.reading import JsonObject, nested, text
from ecsdeploy.aws.session import Session
from ecsdeploy.aws.wire import Transport
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.access import Access
from ecsdeploy.model.secrets import Secrets

_TIME = "$time"
_DETAILS = ("hint", "code", "raw", "operation", "action")


class Tape(Protocol):
    """Returns what came of `ask`, or has come of it in a record."""

    def take(self, asked: Mapping[str, Any], ask: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]: ...


class TapedSession(Session):
    """Whoever uses it sees what the tape gives back, also while it records."""

    def __init__(
        self,
        access: Access,
        transport: Transport | None,
        trace: Callable[[str], None] | None,
        secrets: Secrets,
        tape: Tape,
    ) -> None:
        super().__init__(access, transport, trace, secrets)
        self._tape = tape
        self._is_asking = False

    def call(
        self, service: str, operation: str, parameters: Mapping[str, object], *, subject: str, region: str = ""
    ) -> JsonObject:
        def ask() -> Any:
            return super(TapedSession, self).call(service, operation, parameters, subject=subject, region=region)

        asked = {"service": service, "operation": operation, "parameters": _plain(parameters), "region": region}
        reply: JsonObject = self._taped(asked, ask)
        self._date = text(nested(nested(reply, "ResponseMetadata"), "HTTPHeaders"), "date")
        return reply

    @property
    def region(self) -> str:
        return str(self._taped({"fact": "region"}, lambda: super(TapedSession, self).region))

    @property
    def endpoint_url(self) -> str:
        return str(self._taped({"fact": "endpoint"}, lambda: super(TapedSession, self).endpoint_url))

    @property
    def is_aws(self) -> bool:
        return bool(self._taped({"fact": "is_aws"}, lambda: super(TapedSession, self).is_aws))

    @property
    def credentials_expire_at(self) -> datetime | None:
        asked = {"fact": "credentials_expire_at"}
        found: datetime | None = self._taped(asked, lambda: super(TapedSession, self).credentials_expire_at)
        return found

    def _taped(self, asked: Mapping[str, object], ask: Callable[[], Any]) -> Any:
        """What the tape gives; what an answer takes itself, to find the address for instance, is a part of it."""
        if self._is_asking:
            return ask()
        outcome = self._tape.take(asked, lambda: self._outcome(ask))
        if "error" in outcome:
            _raise(outcome["error"])
        return _whole(outcome["reply"])

    def _outcome(self, ask: Callable[[], Any]) -> Mapping[str, Any]:
        self._is_asking = True
        try:
            reply = ask()
        except (EcsDeployError, KeyError) as error:
            return {"error": _told(error)}
        finally:
            self._is_asking = False
        return {"reply": _plain(_without_headers(reply) if isinstance(reply, Mapping) else reply)}


def _without_headers(reply: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of the headers we read the time alone."""
    date = nested(nested(reply, "ResponseMetadata"), "HTTPHeaders").get("date")
    return {**reply, "ResponseMetadata": {"HTTPHeaders": {"date": date} if date else {}}}


def _plain(found: object) -> object:
    """As JSON; the SDK reads the times of some services itself."""
    match found:
        case Mapping():
            return {str(key): _plain(each) for key, each in found.items()}
        case list() | tuple():
            return [_plain(each) for each in found]
        case datetime():
            return {_TIME: found.isoformat()}
        case _:
            return found


def _whole(found: Any) -> Any:
    match found:
        case {"$time": str(moment)}:
            return datetime.fromisoformat(moment)
        case dict():
            return {key: _whole(each) for key, each in found.items()}
        case list():
            return [_whole(each) for each in found]
        case _:
            return found


def _told(error: EcsDeployError | KeyError) -> Mapping[str, Any]:
    if isinstance(error, KeyError):
        return {"kind": "KeyError", "message": str(error.args[0]) if error.args else ""}
    details = {name: getattr(error, name) for name in _DETAILS if getattr(error, name, "")}
    cause = error.__cause__
    sdk = {"response": _plain(_refusal(cause)), "of": cause.operation_name} if isinstance(cause, ClientError) else {}
    return {"kind": type(error).__name__, "message": error.message, "details": details, **sdk}


def _refusal(cause: ClientError) -> Mapping[str, Any]:
    metadata = cause.response.get("ResponseMetadata", {})
    told = {name: metadata[name] for name in ("HTTPStatusCode", "RequestId") if name in metadata}
    return {"Error": cause.response.get("Error", {}), "ResponseMetadata": told}


def _raise(told: Mapping[str, Any]) -> NoReturn:
    kind, message = getattr(errors, str(told["kind"]), None), str(told["message"])
    if not (isinstance(kind, type) and issubclass(kind, EcsDeployError)):
        raise KeyError(message)
    cause = ClientError(told["response"], told["of"]) if "response" in told else None
    raise kind(message, **told["details"]) from cause
