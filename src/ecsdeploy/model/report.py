"""How a service stands at one moment: what `ecs-deploy status` tells."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ecsdeploy.model.balancer import TargetHealth
from ecsdeploy.model.outcome import Cause, Other, Place
from ecsdeploy.model.service import PastDeployment, Service, ServiceDeployment
from ecsdeploy.model.surroundings import AlarmState, ScalingLimits
from ecsdeploy.model.values import value


class Condition(StrEnum):
    """One word for the whole service."""

    STEADY = "steady"
    """All tasks run, and nothing is under way."""
    ROLLED_BACK = "rolled_back"
    """The same, but the newest deployment was taken back: an older revision runs."""
    UNSTEADY = "unsteady"
    """Fewer tasks run than are wanted, although nothing is being deployed."""
    DEPLOYING = "deploying"
    FAILING = "failing"
    """A deployment is under way, and its tasks have failed one after another so far; ECS has not ended it."""
    ROLLING_BACK = "rolling_back"
    STUCK = "stuck"
    """A deployment makes no progress, and what holds it up does not pass by itself."""
    FAILED = "failed"
    """The newest deployment failed and was not taken back."""
    GOING = "going"
    """The service is being deleted, or is gone."""


@value(frozen=True, slots=True, kw_only=True)
class GroupTargets:
    """The targets of one target group, by its ARN."""

    target_group: str
    targets: tuple[TargetHealth, ...] = ()


@value(frozen=True, slots=True, kw_only=True)
class Report:
    """The service as it is seen at `at`. All but `service` may be missing: then `unread` says what, and why.

    `images` are those of the revision that the service is on. `releases` has, for each of its deployments, the images
    and who registered the revision. `newest` is the newest service deployment. `cause` is why a deployment makes no
    progress, or has failed.
    """

    place: Place
    at: datetime
    condition: Condition
    service: Service
    images: tuple[tuple[str, str], ...] = ()
    releases: tuple[Other, ...] = ()
    newest: ServiceDeployment | None = None
    targets: tuple[GroupTargets, ...] = ()
    alarms: tuple[AlarmState, ...] = ()
    scaling: ScalingLimits | None = None
    history: tuple[PastDeployment, ...] = ()
    cause: Cause | None = None
    causes: tuple[Cause, ...] = ()
    unread: tuple[str, ...] = ()
