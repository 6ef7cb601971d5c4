"""One-off tasks: how RunTask is to start them, those that a release waits for, and the events that tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class Gate:
    """A task of the new revision that has to succeed before the service is touched, or after the release.

    Without a `container` the command is for the only one, else the only essential one.
    """

    command: tuple[str, ...] = field(default=(), repr=False)
    container: str = ""
    family: str = ""
    """The task is of this family (its newest ACTIVE revision), `family:revision` or ARN, and needs no command."""


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


@value(frozen=True, slots=True, kw_only=True)
class TaskStarted:
    """A one-off task was started."""

    task: str


@value(frozen=True, slots=True, kw_only=True)
class TaskStatus:
    """The status of the one-off task now."""

    task: str
    status: str


@value(frozen=True, slots=True, kw_only=True)
class TaskFinished:
    """The one-off task has stopped. `codes` has the exit code of each container, None if it never ran.

    `exit_code` is that of the essential container that ended the task, and 0 if it did its work.
    """

    task: str
    exit_code: int | None
    codes: tuple[tuple[str, int | None], ...] = ()


@value(frozen=True, slots=True, kw_only=True)
class TaskStopping:
    """We asked ECS to stop this one-off task."""

    task: str


@value(frozen=True, slots=True, kw_only=True)
class TaskSaid:
    """A container of the one-off task (its id) wrote this into its log."""

    task: str
    container: str
    at: datetime
    message: str
