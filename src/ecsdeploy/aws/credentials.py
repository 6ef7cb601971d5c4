"""As whom we call, and for how long: the keys, profile, role or machine that `Access` names, else the CLI's chain.

https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialResolver,
    Credentials,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import NoCredentialsError, PartialCredentialsError

from ecsdeploy.aws.provided import GuardedChain
from ecsdeploy.errors import CredentialsError
from ecsdeploy.model.access import Access, Secret

SESSION_NAME = "ecs-deploy"
"""The role session's name: CloudTrail and `startedBy` show it."""

_PLACEHOLDER = Credentials("AKIDOFNOBODY", "signs-for-no-one")
_OF_THE_MACHINE = frozenset({"container-role", "iam-role"})


class _Found:
    """A credential chain whose result was found before."""

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials

    def load_credentials(self) -> Any:
        return self._credentials


def install(session: Any, access: Access, create_client: Callable[..., Any], *, offline: bool) -> None:
    """Make `session`, a botocore session, use the credentials that `access` asks for.

    `create_client` makes a client with keys of its own, for `sts:AssumeRole`. `offline`: nothing outside
    `access` counts, and keys that no one checks take the place of missing ones.
    """
    source = keys_of(access, {} if offline else os.environ) or (_PLACEHOLDER if offline else None)
    if source:
        session.register_component("credential_provider", _Found(source))
    elif access.instance_role_only:
        _restrict_to_machine(session.get_component("credential_provider"))
    else:
        _refuse_mfa_prompt(session, explicit=bool(access.profile))
    if not source:
        chain = session.get_component("credential_provider")
        session.register_component("credential_provider", GuardedChain(chain, session))
    if access.assume_role:
        own = session.get_component("credential_provider").load_credentials()
        session.register_component("credential_provider", _Found(_assumed(access, own, create_client)))


def login_hint(session: Any, access: Access) -> str:
    """What to do when the credentials are missing or have expired."""
    if access.instance_role_only:
        return "`--aws-instance-profile` takes the role of this machine alone: leave it out to use keys or a profile."
    profile = session.profile or "default"
    configuration = session.full_config.get("profiles", {}).get(profile, {})
    if "sso_session" in configuration or "sso_start_url" in configuration:
        return f"Run `aws sso login --profile {profile}`."
    if "login_session" in configuration:
        return f"Run `aws login --profile {profile}`."
    return "Name a profile with `--profile`, or set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`."


def keys_of(access: Access, environment: Mapping[str, str]) -> Credentials | None:
    """The keys that `access` has; None where it has none.

    Where it has only one of the two, `environment` has the other. The session token there is for the key there alone.
    """
    if access.access_key is None and access.secret_key is None:
        return None
    key_id = _value(access.access_key) or environment.get("AWS_ACCESS_KEY_ID", "")
    secret = _value(access.secret_key) or environment.get("AWS_SECRET_ACCESS_KEY", "")
    if not key_id or not secret:
        missing = "AWS_SECRET_ACCESS_KEY" if key_id else "AWS_ACCESS_KEY_ID"
        raise PartialCredentialsError(provider="explicit", cred_var=missing)
    same = key_id == environment.get("AWS_ACCESS_KEY_ID")
    return Credentials(key_id, secret, environment.get("AWS_SESSION_TOKEN") if same else None)


def expires_at(access: Access, environment: Mapping[str, str]) -> datetime | None:
    """When the keys in the environment expire; None for keys that are renewed, or where that is not known.

    The SDK renews what a profile, a machine or a web identity gives; keys in the environment are all there is, and a
    role assumed with them is renewed only as long as they live.
    https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html

    GitHub's action for credentials writes the time as JSON, in quotes.
    """
    if access.profile or access.instance_role_only:
        return None
    key = environment.get("AWS_ACCESS_KEY_ID", "")
    if not key or (access.access_key is not None and access.access_key.value != key):
        return None
    try:
        end = datetime.fromisoformat(environment.get("AWS_CREDENTIAL_EXPIRATION", "").strip('"'))
    except ValueError:
        return None
    return end.astimezone(UTC) if end.tzinfo else end.replace(tzinfo=UTC)


def _value(secret: Secret | None) -> str:
    return secret.value if secret else ""


def _restrict_to_machine(resolver: CredentialResolver) -> None:
    for provider in tuple(resolver.providers):
        if provider.METHOD not in _OF_THE_MACHINE:
            resolver.remove(provider.METHOD)


def _assumed(access: Access, source: Any, create_client: Callable[..., Any]) -> Any:
    """The role's credentials: fetched when first needed, renewed before they expire."""
    if source is None:
        raise NoCredentialsError
    wanted = {"RoleSessionName": SESSION_NAME}
    if access.external_id:
        wanted["ExternalId"] = access.external_id.value
    fetcher = AssumeRoleCredentialFetcher(create_client, source, access.assume_role, extra_args=wanted)
    return DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")


def _refuse_mfa_prompt(session: Any, *, explicit: bool) -> None:
    """Raise a `CredentialsError` where the SDK would ask for an MFA code without end, as there is no terminal.

    It does not ask where the environment has keys, unless a profile was named.
    """
    if os.isatty(0) or ("AWS_ACCESS_KEY_ID" in os.environ and not explicit):
        return
    for name, profile in _roles(session):
        if "mfa_serial" in profile:
            raise CredentialsError(
                f"The profile `{name}` asks for a code of the MFA device `{profile['mfa_serial']}`, "
                "and there is no terminal to ask on.",
                hint="Use a role without MFA here, or pass the credentials of a session begun with MFA.",
            )


def _roles(session: Any) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The profile in use and those that it takes its credentials from, as long as each assumes a role."""
    profiles, name, seen = session.full_config.get("profiles", {}), session.profile or "default", set[str]()
    while name not in seen and "role_arn" in (profile := profiles.get(name, {})):
        yield name, profile
        seen.add(name)
        name = profile.get("source_profile", "")
