"""The AWS SDK, opened once for a run: its configuration, credentials and clients."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import NoRegionError

from ecsdeploy import __version__
from ecsdeploy.aws import credentials, provided, timing, wire
from ecsdeploy.aws.loading import lean_loader
from ecsdeploy.model.access import Access
from ecsdeploy.model.secrets import Secrets

_REGION_OF_A_TRANSPORT = "us-east-1"

_ONCE = Config(
    # Only the engine retries: the SDK would repeat a write whose reply was lost.
    retries={"mode": "standard", "total_max_attempts": 1},
    connect_timeout=5,
    read_timeout=10,
    parameter_validation=False,
    user_agent_extra=f"ecs-deploy/{__version__}",
)
_OFFLINE = Config(ignore_configured_endpoint_urls=True, use_fips_endpoint=False, use_dualstack_endpoint=False)
_UNREAD = {
    name: (None, None, default, None)
    for name, default in {
        "profile": None,
        "config_file": os.devnull,
        "credentials_file": os.devnull,
        "ca_bundle": None,
        "defaults_mode": "legacy",
    }.items()
}
"""The settings that would otherwise come from the environment or lead to files, in the SDK's notation."""


class Sdk:
    """A session of the SDK and the clients that it makes; a wrong configuration raises the SDK's errors."""

    def __init__(
        self,
        access: Access,
        transport: wire.Transport | None,
        trace: Callable[[str], None] | None,
        secrets: Secrets,
    ) -> None:
        self._access = access
        self._secrets = secrets
        self._session: Any = (
            botocore.session.Session(session_vars=_UNREAD)
            if transport
            else botocore.session.Session(profile=access.profile or None)
        )
        # As the session's default it also holds for the clients that the credential chain makes.
        self._session.set_default_client_config(_ONCE.merge(_OFFLINE) if transport else _ONCE)
        self._session.register_component("data_loader", lean_loader())
        self.region: str = self._region(access.region, offline=transport is not None)
        events = self._session.get_component("event_emitter")
        if trace:
            wire.trace_to(trace, events)
        if transport:
            wire.answer_with(transport, events)
        if not transport:
            self._check()
        credentials.install(self._session, access, self._create, offline=transport is not None)
        if not transport:
            events.register("before-send", self._learn_credentials)

    def client(self, service: str, region: str) -> Any:
        """A new client; a service that speaks JSON is not read by the SDK (`wire.pass_json_unread`)."""
        client = self._create(service, region_name=region or self.region)
        wire.pass_json_unread(client)
        return client

    @property
    def login_hint(self) -> str:
        """What to do when credentials are missing or have expired."""
        return credentials.login_hint(self._session, self._access)

    @property
    def own_credentials(self) -> dict[str, str]:
        """The credentials that calls are signed with, by the names of their variables."""
        found = self._session.get_credentials().get_frozen_credentials()
        named = {
            "AWS_ACCESS_KEY_ID": found.access_key,
            "AWS_SECRET_ACCESS_KEY": found.secret_key,
            "AWS_SESSION_TOKEN": found.token,
        }
        return {name: value for name, value in named.items() if value}

    @property
    def domains(self) -> frozenset[str]:
        """The domains of AWS's own endpoints, in every partition."""
        names = ("dnsSuffix", "dualStackDnsSuffix")
        return frozenset(each["outputs"][name] for each in self._partitions for name in names)

    @property
    def _partitions(self) -> Any:
        return self._session.get_component("data_loader").load_data("partitions")["partitions"]

    def _check(self) -> None:
        """Raise a `CredentialsError` for faults that can be seen before a call.

        An endpoint that somebody names may take any Region, and needs no certificates for plain HTTP.
        """
        elsewhere = (text for name, text in os.environ.items() if name.startswith("AWS_ENDPOINT_URL"))
        named = self._access.endpoint_url or next(elsewhere, "")
        if not named:
            provided.check_region(self.region, self._partitions)
        if not named.startswith("http://"):
            provided.check_bundle(self._session)

    def _learn_credentials(self, **_event: object) -> None:
        """Learn the secrets that this call is signed with, so that no text shows them; the SDK has just read them."""
        found = self._session.get_credentials()
        if found:
            frozen = found.get_frozen_credentials()
            self._secrets.learn(filter(None, (frozen.secret_key, frozen.token)))

    def _region(self, wanted: str, *, offline: bool) -> str:
        """The Region as the AWS CLI finds it, and `AWS_REGION` after `AWS_DEFAULT_REGION`; raises `NoRegionError`."""
        if offline:
            return wanted or _REGION_OF_A_TRANSPORT
        environment = os.environ.get("AWS_DEFAULT_REGION") or os.environ.get("AWS_REGION")
        found = wanted or environment or self._session.get_config_variable("region")
        if not found:
            raise NoRegionError
        return str(found)

    def _create(self, service: str, **options: Any) -> Any:
        options.setdefault("region_name", self.region)
        client = self._session.create_client(service, endpoint_url=self._access.endpoint_url or None, **options)
        timing.bound(client)
        return client
