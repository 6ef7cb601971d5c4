"""The points that AWS leaves open: one switch each, with the default that this model takes and why."""

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
    """What a world assumes where AWS's documentation is silent or contradicts itself.

    pre_production_stage: what `lifecycleStage` says before production traffic shifts. The documentation and the
        hooks have PRE_PRODUCTION_TRAFFIC_SHIFT, the enum of `lifecycleStage` has not. Default
        PRODUCTION_TRAFFIC_SHIFT: a value of the enum, and the stage then never goes back during LINEAR and CANARY.
    breaker_outside_rolling: whether the circuit breaker watches BLUE_GREEN, LINEAR and CANARY too. Default true: the
        documentation says no, but an acceptance test of Terraform's provider and a drill of 2026 saw it trip.
    superseded_reason: `statusReason` of a service deployment that a newer one stopped. Undocumented; default a
        sentence in AWS's style, which says what happened.
    failed_status: `status` of a failed deployment while the service goes back. Default ACTIVE, as in most captures;
        one drill showed DRAINING.
    abort: what StopServiceDeployment does with ABORT. Default `refuse`: it is in the enum and documented nowhere.
        `stop` ends the deployment where it stands, without a rollback.
    digest_rule: `with-all` starts all tasks at once, and the first to pull fixes the digests; a bad tag then counts
        for the breaker like every other failure. `first-task` starts one task alone until the digests are known, and
        after three failures goes on without them or, with a breaker, fails. Default `with-all`: captures show the
        tasks of a deployment starting together.
    stopping_counts: whether tasks that are stopping take a place under maximumPercent. Two pages of the documentation
        differ; default true, as measured at maximumPercent 100.
    rolling_bake: whether `bakeTimeInMinutes` holds for ROLLING without alarms too. An older page says that it
        cannot be set, a later one that it can; default `settable`.
    attached_after: seconds until `Service.currentServiceDeployment` names a new deployment. Measured: absent from the
        reply and there seconds later; default 3.
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
