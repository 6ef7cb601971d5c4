"""What the status of a service deployment means; any other status may come too, and means none of this.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
"""

from __future__ import annotations

_GOES_BACK = frozenset({"ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"})
WITHOUT_SUCCESS = ("STOPPED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED")
"""Of those that have failed, were stopped or replaced, or are taken back."""


class HasDeploymentStatus:
    """A service deployment, or its entry in a service's history."""

    __slots__ = ()
    status: str

    @property
    def can_be_stopped(self) -> bool:
        """Whether ECS is still moving the service to its target."""
        return self.status in ("PENDING", "IN_PROGRESS", "STOP_REQUESTED")

    @property
    def goes_back(self) -> bool:
        """Whether ECS is taking it back."""
        return self.status in _GOES_BACK

    @property
    def is_taken_back(self) -> bool:
        """Whether ECS is taking it back, or has tried to."""
        return self.goes_back or self.status in ("ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED")

    @property
    def has_succeeded(self) -> bool:
        return self.status == "SUCCESSFUL"

    @property
    def was_stopped(self) -> bool:
        """Whether it ended before it was complete, and ECS did not go back."""
        return self.status == "STOPPED"

    @property
    def was_rolled_back(self) -> bool:
        """Whether ECS has taken it back completely."""
        return self.status == "ROLLBACK_SUCCESSFUL"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more happens to it."""
        return self.status in ("SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED")
