"""The one door to AWS: each call is sent once, and its failure is raised as one of our exceptions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from botocore import xform_name
from botocore.exceptions import InvalidConfigError

from ecsdeploy.aws.credentials import expires_at
from ecsdeploy.aws.faults import RAISED, fault
from ecsdeploy.aws.reading import JsonObject, nested, pages, text
from ecsdeploy.aws.sdk import Sdk
from ecsdeploy.aws.unanswered import Call
from ecsdeploy.aws.wire import Transport
from ecsdeploy.errors import ReplyLost
from ecsdeploy.model.access import Access
from ecsdeploy.model.secrets import Secrets

_MOST_PAGES = 1000
"""No list of ECS is longer."""


def open_session(
    access: Access,
    *,
    transport: Transport | None = None,
    trace: Callable[[str], None] | None = None,
    secrets: Secrets | None = None,
) -> Session:
    """A session on `access`; nothing is read or sent before the first call.

    With `transport` there is no network, no instance metadata, no configuration file and no environment: only
    `access` counts. `trace` receives one line for each API call, free of payloads and credentials; `secrets`
    learns the caller's own, and those of the definitions that are read.
    """
    return Session(access, transport, trace, secrets or Secrets())


class Session:
    """Calls AWS with one `Access`; each client is made when first needed. Several threads may share it."""

    def __init__(
        self, access: Access, transport: Transport | None, trace: Callable[[str], None] | None, secrets: Secrets
    ) -> None:
        secrets.learn(each.value for each in (access.secret_key, access.external_id) if each)
        self.secrets = secrets
        self._access = access
        self._transport = transport
        self._trace = trace
        self._opened: Sdk | None = None
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = Lock()
        self._date = ""

    def call(
        self,
        service: str,
        operation: str,
        parameters: Mapping[str, object],
        *,
        subject: str,
        region: str = "",
    ) -> JsonObject:
        """The JSON of the reply to one call; `region` is for a call to another Region than the session's.

        `subject` says in words what the call is about. Errors: `NoSuchResource` and the `AwsError` family.
        """
        try:
            client = self._client(service, region)
            reply: JsonObject = getattr(client, xform_name(operation))(**parameters)
        except RAISED as error:
            raise self._fault(error, service, operation, subject) from error
        self._date = text(nested(nested(reply, "ResponseMetadata"), "HTTPHeaders"), "date")
        return reply

    def query(
        self, service: str, operation: str, parameters: Mapping[str, object], *, subject: str, region: str = ""
    ) -> JsonObject:
        """Like `call`, for a service that answers in XML; any other page raises `ReplyLost` too.

        The SDK looks for the operation's element in any well-formed page, and raises a KeyError where it is not there.
        """
        try:
            return self.call(service, operation, parameters, subject=subject, region=region)
        except KeyError as error:
            asked = f"`{service}:{operation}` for {subject}"
            raise ReplyLost(f"No usable reply came to {asked}: {error} is not in it.") from error

    def current_deployment(self, _cluster: str, _service: str) -> str | None:
        """The ARN of the service deployment that AWS named last for a service. None if that is not known.

        Empty if we have updated the service, and AWS has named none since.
        """
        return None

    @property
    def told_at(self) -> datetime | None:
        """When AWS says that it answered last; None before the first answer, or where it has no readable `Date`.

        https://www.rfc-editor.org/rfc/rfc9110#name-date
        """
        try:
            told = parsedate_to_datetime(self._date)
        except ValueError:
            return None
        return told if told.tzinfo else None

    def pages(self, operation: str, parameters: Mapping[str, object], *, subject: str) -> Iterator[JsonObject]:
        """The replies of an ECS operation that answers in pages; errors: those of `call` and `reading.pages`."""

        def ask(token: str) -> JsonObject:
            asked = {**parameters, "nextToken": token} if token else parameters
            return self.call("ecs", operation, asked, subject=subject)

        return pages(ask, subject, most=_MOST_PAGES)

    def input_shape(self, operation: str) -> Any:
        """The SDK's model of what an ECS operation takes."""
        return self._ecs().meta.service_model.operation_model(operation).input_shape

    @property
    def region(self) -> str:
        """The Region that is called; a `CredentialsError` where none is set."""
        return str(self._ecs().meta.region_name)

    @property
    def endpoint_url(self) -> str:
        """Where ECS is called."""
        return str(self._ecs().meta.endpoint_url)

    @property
    def named_endpoint(self) -> str:
        """The URL that the user gave for all services; empty if each is called where AWS has it."""
        return self._access.endpoint_url

    @property
    def assumed(self) -> Mapping[str, str]:
        """The credentials of the role that `Access.assume_role` names, by the names of their variables; else none."""
        return self._sdk().own_credentials if self._access.assume_role else {}

    @property
    def is_aws(self) -> bool:
        """Whether ECS is called at an address of AWS's own, in any partition."""
        host = urlsplit(self.endpoint_url).hostname or ""
        return any(host.endswith(f".{domain}") for domain in self._sdk().domains)

    @property
    def credentials_expire_at(self) -> datetime | None:
        """When the caller's credentials expire for good; None where they are renewed, or where that is not known."""
        return expires_at(self._access, {} if self._transport else os.environ)

    def _ecs(self) -> Any:
        try:
            return self._client("ecs", "")
        except RAISED as error:
            raise self._fault(error, "ecs", "", "this account") from error

    def _client(self, service: str, region: str) -> Any:
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self._made(service, region)
            return self._clients[key]

    def _made(self, service: str, region: str) -> Any:
        """A new client. For a setting that must be a number and is none, the SDK raises a bare ValueError."""
        try:
            return self._sdk().client(service, region)
        except (ValueError, TypeError) as error:
            raise InvalidConfigError(error_msg="a setting has a value of the wrong kind") from error

    def _sdk(self) -> Sdk:
        if self._opened is None:
            self._opened = Sdk(self._access, self._transport, self._trace, self.secrets)
        return self._opened

    def _fault(self, error: Exception, service: str, operation: str, subject: str) -> Exception:
        opened = self._opened
        call = Call(
            service=service,
            operation=operation,
            subject=subject,
            region=opened.region if opened else "",
            login=opened.login_hint if opened else "",
        )
        return fault(error, call)
