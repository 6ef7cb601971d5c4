"""When the caller's credentials expire for good, where that can be known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from ecsdeploy.model.request import Target


def expires_at(target: Target, environment: Mapping[str, str]) -> datetime | None:
    """The time that the environment's keys come with; None for keys that are renewed, or whose end nobody says.

    The SDK renews what a profile, a machine or a web identity gives; keys in the environment are all there is, and a
    role assumed with them is renewed only as long as they live.
    https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html

    The output of GitHub's action for credentials is JSON: a time in quotes.
    """
    if target.profile or target.instance_role_only:
        return None
    key = environment.get("AWS_ACCESS_KEY_ID", "")
    if not key or (target.access_key is not None and target.access_key.value != key):
        return None
    try:
        end = datetime.fromisoformat(environment.get("AWS_CREDENTIAL_EXPIRATION", "").strip('"'))
    except ValueError:
        return None
    return end.astimezone(UTC) if end.tzinfo else end.replace(tzinfo=UTC)
