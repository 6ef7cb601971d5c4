"""The volumes that a service configures when it launches a task: the definition leaves that to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class LaunchVolume:
    """One of them, by the name that the definition gives it.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceVolumeConfiguration.html
    """

    name: str
    managed: Mapping[str, object] = field(default_factory=dict)
    """The Amazon EBS volume, with AWS's members."""
