"""Which AWS is called, and as whom."""

from __future__ import annotations

from dataclasses import field

from ecsdeploy.model.values import value


@value(frozen=True, slots=True)
class Secret:
    """A text that no representation shows."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return "***"


@value(frozen=True, slots=True, kw_only=True)
class Access:
    """Which AWS (or simulator) to call, and as whom; what is empty is found as the AWS CLI finds it."""

    region: str = ""
    profile: str = ""
    access_key: Secret | None = None
    secret_key: Secret | None = None
    assume_role: str = ""
    external_id: Secret | None = None
    endpoint_url: str = ""
    instance_role_only: bool = False
    """Use the role of this machine alone, and neither keys nor a profile."""
