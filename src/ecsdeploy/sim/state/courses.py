"""The stages of a deployment that shifts traffic, and the lifecycle hooks that run in them.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
Stage = Literal[
    "RECONCILE_SERVICE",
    "PRE_SCALE_UP",
    "SCALE_UP",
    "POST_SCALE_UP",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
    "BAKE_TIME",
    "CLEAN_UP",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stage, or one step of a traffic shift.

    `weight` is the new revision's per cent of traffic in this step. `rest` is how many seconds the step lasts after its
    weight is set.
    """

    stage: Stage
    weight: float = 0.0
    rest: float = 0.0


@dataclass(slots=True)
class HookRun:
    """One execution of a lifecycle hook, as `lifecycleHookDetails` shows it."""

    id: str
    hook: Json
    stage: Stage
    status: str
    expires_at: float | None = None
    reason: str = ""

    @property
    def target_type(self) -> str:
        """`AWS_LAMBDA` or `PAUSE`."""
        return str(self.hook.get("targetType") or "AWS_LAMBDA")

    @property
    def target_arn(self) -> str:
        """The ARN of the Lambda function. Empty for a pause."""
        return str(self.hook.get("hookTargetArn") or "")

    @property
    def open(self) -> bool:
        """Whether the hook has not answered yet."""
        return self.status in ("IN_PROGRESS", "AWAITING_ACTION")

    @property
    def timeout_action(self) -> str:
        """`ROLLBACK` or `CONTINUE`: what ECS does when the hook does not answer in time."""
        return str((self.hook.get("timeoutConfiguration") or {}).get("action") or "ROLLBACK")
