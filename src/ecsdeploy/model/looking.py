"""What the user asks for with the commands that only look at one service."""

from __future__ import annotations

from datetime import datetime, timedelta

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class StatusRequest:
    """How a service stands now; only reads."""

    service: ServiceRef
    expect_account: str = ""


@value(frozen=True, slots=True, kw_only=True)
class HistoryRequest:
    """The newest `most` releases of a service; with `only_failed` those that did not succeed."""

    service: ServiceRef
    most: int = 20
    only_failed: bool = False
    expect_account: str = ""


@value(frozen=True, slots=True, kw_only=True)
class DifferenceRequest:
    """What differs between two revisions: numbers of the service's own family, `family:number`, or ARNs."""

    service: ServiceRef
    old: str
    new: str
    expect_account: str = ""


@value(frozen=True, slots=True, kw_only=True)
class LogsRequest:
    """What containers of the service's tasks wrote `since` then; with `follow`, what they write from now on too.

    `task`, `deployment` and `revision` (a number, `family:number` or an ARN) narrow the tasks, `only_failed` to those
    that have failed, and then to the container that did; `grep` is a text that each event has.
    """

    service: ServiceRef
    follow: bool = False
    since: datetime | timedelta = timedelta(minutes=15)
    only_failed: bool = False
    container: str = ""
    revision: str = ""
    deployment: str = ""
    task: str = ""
    grep: str = ""
    expect_account: str = ""


@value(frozen=True, slots=True, kw_only=True)
class DoctorRequest:
    """What is wrong with the service, or with one task; with `preflight` what a deploy would be refused for.

    `since` is how long ago a task may have stopped.
    """

    service: ServiceRef
    task: str = ""
    since: timedelta = timedelta(hours=1)
    preflight: bool = False
    expect_account: str = ""
