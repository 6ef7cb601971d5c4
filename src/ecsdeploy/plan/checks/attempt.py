"""The input of the checks: the release that is planned, and what was read for them."""

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
    """A planned release of `definition`, which may not be registered yet, to `service` at the time `now`."""

    request: DeployRequest
    service: Service
    definition: TaskDefinition
    now: datetime
    known_good: str = ""
    """The last revision that was released successfully, if the service itself does not list one."""
    running: TaskDefinition | None = None
    """The definition that the service has, if it was read. What it has too is no reason to refuse the new one."""

    @property
    def sizing(self) -> Sizing:
        """The counts, percentages and volumes that the release sends."""
        return self.request.sent_sizing

    @property
    def desired(self) -> int:
        """The desired count of the service after the release."""
        asked = self.sizing.desired_count
        return self.service.desired if asked is None else asked

    @property
    def bounds(self) -> tuple[int, int]:
        """The fewest healthy tasks and the most tasks that ECS allows during a rolling deployment.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
        """
        minimum, maximum = self.percentages
        return -(-self.desired * minimum // 100), self.desired * maximum // 100

    @property
    def percentages(self) -> tuple[int, int]:
        """The minimum and maximum percent after the release, with ECS's defaults of 100 and 200."""
        sizing, service = self.sizing, self.service
        minimum = _first(sizing.minimum_healthy_percent, service.minimum_healthy_percent, 100)
        return minimum, _first(sizing.maximum_percent, service.maximum_percent, 200)

    @property
    def rolls(self) -> bool:
        """Whether ECS replaces tasks within the bounds. If traffic is shifted, all new tasks are added first.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-types.html
        """
        strategy = self.sizing.deployment.get("strategy", self.service.strategy)
        return self.service.controller == "ECS" and strategy == "ROLLING"

    @property
    def touches_service(self) -> bool:
        """Whether the release changes the service, and does not only register a revision."""
        return self.request.wait_until is not WaitUntil.REGISTERED

    @property
    def is_watched(self) -> bool:
        """Whether we follow the deployment after its start."""
        return self.request.wait_until not in (WaitUntil.REGISTERED, WaitUntil.STARTED)

    @property
    def may_go_back(self) -> bool:
        """Whether a failure may lead to a rollback. A forced deployment keeps the revision, so it has none."""
        return self.request.on_failure is not OnFailure.LEAVE and self.touches_service and not self.request.force

    @property
    def starts_over(self) -> bool:
        """Whether the release edits the revision in use, and so may leave out a newer one."""
        request = self.request
        return request.base is FromRunning.RUNNING and not request.force and not request.revision


@value(frozen=True, slots=True, kw_only=True)
class Known:
    """What was read for the checks. None or a missing key means "not known", which never gives a finding.

    In `images` and `target_groups`, the value None means that the thing does not exist.
    """

    newest: TaskDefinition | None = None
    """The newest ACTIVE revision of the family in use."""
    newest_failed: bool = False
    """Whether it was released, and that failed or was rolled back."""
    target: TaskDefinition | None = None
    """The revision that a rollback goes back to."""
    images: Mapping[str, StoredImage | None]
    """The images in ECR, by their reference in the definition."""
    resources: Mapping[Resource, bool]
    """Whether each resource exists."""
    target_groups: Mapping[str, TargetGroup | None]
    """The service's target groups, by ARN."""
    limits: ScalingLimits | None = None
    """The limits of auto scaling, if it scales the service."""
    expire_at: datetime | None = None
    """When the credentials expire for good."""
    unread: tuple[str, ...] = ()
    """The names of the reads that failed, in words."""


def _first(*given: int | None) -> int:
    return next(each for each in given if each is not None)
