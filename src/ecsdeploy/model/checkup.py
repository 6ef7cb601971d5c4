"""What is wrong with a service, or would be: what `ecs-deploy doctor` tells."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ecsdeploy.model.outcome import Cause, Place
from ecsdeploy.model.report import Report
from ecsdeploy.model.service import Task
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.values import value


class Subject(StrEnum):
    """What was looked at."""

    SERVICE = "service"
    TASK = "task"
    PREFLIGHT = "preflight"
    """What would go wrong if the service were deployed again as it is."""


@value(frozen=True, slots=True, kw_only=True)
class Action:
    """An entry of the cluster's action logs, as ECS wrote it: a JSON text."""

    at: datetime
    text: str


@value(frozen=True, slots=True, kw_only=True)
class Checkup:
    """The causes of what is wrong, the likeliest first; of a preflight, what its checks found.

    `report` is of the service, `task` the one that was asked about; `held` are the checks that found nothing, and
    `unread` says what was not read, and why. `actions` are the newest of what ECS logged as wrong about the service,
    the oldest first.
    """

    place: Place
    at: datetime
    subject: Subject
    is_well: bool
    report: Report | None = None
    task: Task | None = None
    causes: tuple[Cause, ...] = ()
    findings: tuple[Finding, ...] = ()
    held: tuple[Finding, ...] = ()
    actions: tuple[Action, ...] = ()
    unread: tuple[str, ...] = ()
