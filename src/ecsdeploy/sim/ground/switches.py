"""Points that AWS's documentation leaves open.

Each is a switch: its default, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PreProductionStage = Literal["POST_TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"]
FailedStatus = Literal["ACTIVE", "DRAINING"]
Abort = Literal["refuse", "stop"]
DigestRule = Literal["with-all", "first-task"]
RollingBake = Literal["settable", "alarms-only"]

SUPERSEDED = "Service deployment was stopped because a new service deployment was started."


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What a world does where AWS's documentation is silent or contradicts itself.

    pre_production_stage: the `lifecycleStage` before production traffic shifts. The documentation and the hooks have
        PRE_PRODUCTION_TRAFFIC_SHIFT. The enum of `lifecycleStage` does not have it. Default PRODUCTION_TRAFFIC_SHIFT:
        the enum has it, and the stage then never goes backwards during LINEAR and CANARY.
    breaker_outside_rolling: whether the circuit breaker also watches BLUE_GREEN, LINEAR and CANARY. The documentation
        says no. An acceptance test of Terraform's provider and a drill of 2026 saw it trip. Default true.
    superseded_reason: the `statusReason` of a service deployment that a newer one stopped. AWS documents none. Default:
        a sentence in AWS's style.
    failed_status: the `status` of a failed deployment while ECS rolls back. Most captures show ACTIVE, one drill showed
        DRAINING. Default ACTIVE.
    abort: what StopServiceDeployment does with ABORT. The enum has it, no page explains it. Default `refuse`. With
        `stop`, the deployment ends where it is, without a rollback.
    digest_rule: which tasks start before the image digests are known. With `with-all`, all tasks start, the first pull
        sets the digests, and a bad tag counts for the breaker like any failure. With `first-task`, one task starts
        alone. After three failures ECS goes on without digests, or fails the deployment if it has a breaker. Default
        `with-all`: captures show that all tasks start together.
    stopping_counts: whether tasks that are stopping count for maximumPercent. Two pages differ. Default true, as
        measured at maximumPercent 100.
    rolling_bake: whether `bakeTimeInMinutes` holds for ROLLING without alarms. An older page says no, a later one yes.
        Default `settable` (yes).
    attached_after: seconds until `Service.currentServiceDeployment` shows a new deployment. The first reply does not
        have it, a reply some seconds later does (measured). Default 3.
    """

    pre_production_stage: PreProductionStage = "PRODUCTION_TRAFFIC_SHIFT"
    breaker_outside_rolling: bool = True
    superseded_reason: str = SUPERSEDED
    failed_status: FailedStatus = "ACTIVE"
    abort: Abort = "refuse"
    digest_rule: DigestRule = "with-all"
    stopping_counts: bool = True
    rolling_bake: RollingBake = "settable"
    attached_after: float = 3.0


DEFAULT = Switches()
