"""The statuses of a service deployment, in the groups that decide something; any other status may come too.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
"""

from __future__ import annotations

MOVES = frozenset({"PENDING", "IN_PROGRESS", "STOP_REQUESTED"})
"""It is on its way to its target, and can be stopped."""
GOES_BACK = frozenset({"ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"})
"""ECS is taking it back."""
TAKEN_BACK = GOES_BACK | {"ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"}
"""ECS is taking it back, or has tried to."""
ENDED = frozenset({"SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"})
"""Nothing more happens to it."""
