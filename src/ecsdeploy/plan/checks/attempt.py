"""What the checks judge: what is about to be done, and what is known of the world around it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ecsdeploy.model.request import DeployRequest, FromRunning, OnFailure, Sizing, WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.surroundings import Resource, ScalingLimits, StoredImage, TargetGroup
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The release of `definition`, which need not be registered yet, to `service` at the time `now`."""

    request: DeployRequest
    service: Service
    definition: TaskDefinition
    now: datetime
    known_good: str = ""
    """The revision that was released with success last, where the service's own list does not tell."""
    running: TaskDefinition | None = None
    """What the service runs, where that was read: what it has too is no reason to refuse."""

    @property
    def sizing(self) -> Sizing:
        """What is sent of it."""
        return self.request.sent_sizing

    @property
    def desired(self) -> int:
        asked = self.sizing.desired_count
        return self.service.desired if asked is None else asked

    @property
    def bounds(self) -> tuple[int, int]:
        """The fewest healthy tasks and the most tasks that ECS keeps to while it deploys.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
        """
        minimum, maximum = self.percentages
        return -(-self.desired * minimum // 100), self.desired * maximum // 100

    @property
    def percentages(self) -> tuple[int, int]:
        """Minimum and maximum percent in force; ECS's defaults where the service has none of its own."""
        sizing, service = self.sizing, self.service
        minimum = _first(sizing.minimum_healthy_percent, service.minimum_healthy_percent, 100)
        return minimum, _first(sizing.maximum_percent, service.maximum_percent, 200)

    @property
    def rolls(self) -> bool:
        """ECS itself exchanges old tasks for new ones within the bounds; CodeDeploy and the other strategies add.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-types.html
        """
        return self.service.controller == "ECS" and not self.service.shifts_traffic

    @property
    def touches_service(self) -> bool:
        return self.request.wait_until is not WaitUntil.REGISTERED

    @property
    def is_watched(self) -> bool:
        """Somebody waits for what becomes of it."""
        return self.request.wait_until not in (WaitUntil.REGISTERED, WaitUntil.STARTED)

    @property
    def may_go_back(self) -> bool:
        """After a failure we put back what ran before; a forced deployment has nothing else to put back."""
        return self.request.on_failure is not OnFailure.LEAVE and self.touches_service and not self.request.force

    @property
    def starts_over(self) -> bool:
        """A new revision is made of the one in use, so that a newer one would be passed over."""
        request = self.request
        return request.base is FromRunning.RUNNING and not request.force and not request.revision


@value(frozen=True, slots=True, kw_only=True)
class Known:
    """What could be read; None, or a key that is not there, is unknown, and never a reason for a finding.

    A value of None in `images` and `target_groups` is a thing that is not there.
    """

    newest: TaskDefinition | None = None
    """The newest ACTIVE revision of the family in use."""
    newest_failed: bool = False
    """It was released, and that failed or was rolled back."""
    target: TaskDefinition | None = None
    """The revision that a rollback goes back to."""
    images: Mapping[str, StoredImage | None]
    """By reference, as the definitions have it."""
    resources: Mapping[Resource, bool]
    """Whether it is there."""
    target_groups: Mapping[str, TargetGroup | None]
    """By ARN."""
    limits: ScalingLimits | None = None
    expire_at: datetime | None = None
    """When the caller's credentials expire for good."""
    unread: tuple[str, ...] = ()
    """What could not be read, in words."""


def _first(*given: int | None) -> int:
    return next(each for each in given if each is not None)
