"""What stands around a service and its definition: images, roles, secrets, log groups, target groups, limits."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ecsdeploy.model.values import value


class ResourceType(StrEnum):
    """What a resource of a definition is; its value is the word in a sentence."""

    ROLE = "role"
    SECRET = "secret"  # noqa: S105 - the word for one
    PARAMETER = "parameter"
    LOG_GROUP = "log group"


@value(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something that a task definition names and that must exist before a task can start.

    `name` is a name or an ARN; `region` is empty for a role, which has none.
    """

    type: ResourceType
    name: str
    region: str = ""


@value(frozen=True, slots=True, kw_only=True)
class Repository:
    """One repository of a private ECR registry."""

    account: str
    region: str
    path: str


@value(frozen=True, slots=True, kw_only=True)
class StoredImage:
    """An image that its registry has; `platforms` (`linux/arm64`) is empty where the manifest does not say."""

    digest: str
    platforms: tuple[str, ...] = ()


@value(frozen=True, slots=True, kw_only=True)
class TargetGroup:
    """How a load balancer judges and drains targets; `drain_seconds` is None where it could not be read."""

    check_seconds: float
    """From registration to healthy: the interval times the healthy threshold."""
    drain_seconds: float | None = None


@value(frozen=True, slots=True, kw_only=True)
class AlarmState:
    """A CloudWatch alarm: `OK`, `ALARM` or `INSUFFICIENT_DATA`, since when, and CloudWatch's words for why."""

    name: str
    state: str
    reason: str = ""
    since: datetime | None = None


@value(frozen=True, slots=True, kw_only=True)
class ScalingLimits:
    """Between which desired counts Application Auto Scaling keeps a service."""

    lowest: int
    highest: int
