"""One-off tasks: how RunTask is to start them, and those that a release waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class Gate:
    """A task of the new revision that has to succeed before the service is touched.

    Without a `container` the command is for the only one, else the only essential one.
    """

    command: tuple[str, ...] = field(repr=False)
    container: str = ""


@value(frozen=True, slots=True, kw_only=True)
class OneOff:
    """Run `count` tasks of a revision; with `wait`, until they have stopped."""

    cluster: str
    launch_type: str = ""
    platform_version: str = ""
    network_configuration: Mapping[str, object] | None = None
    members: Mapping[str, object] = field(default_factory=dict, repr=False)
    """What else RunTask is given, as it is: overrides, tags and so on."""
    container: str = ""
    """The container that is given another command, where one is."""
    count: int = 1
    wait: bool = False
    timeout_seconds: float = 90
