"""Whether the sizing in force lets ECS deploy at all, and lets what was asked for last."""

from __future__ import annotations

from collections.abc import Iterable

from ecsdeploy.model.steps import Finding
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.sentences import found


def check_deadlock(attempt: Attempt) -> Iterable[Finding]:
    """A rolling deployment stands still for ever when it may start no task above the old and stop no old one.

    Where nothing runs, there is nothing to stop, and new tasks take the room that is there.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html
    """
    service, desired = attempt.service, attempt.desired
    fewest, most = attempt.bounds
    if (
        attempt.rolls
        and service.scheduling == "REPLICA"
        and desired > 0
        and service.running + service.pending > 0
        and most <= desired <= fewest
    ):
        minimum, maximum = attempt.percentages
        yield found("C-DEADLOCK", str(desired), str(minimum), str(maximum))


def check_zones(attempt: Attempt) -> Iterable[Finding]:
    """UpdateService refuses a maximum up to 100 % on a service that moves tasks between zones: moving needs room.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
    """
    asked = attempt.sizing.maximum_percent
    if asked is not None and asked <= 100 and attempt.service.settings.rebalances_zones:
        yield found("C-ZONE-REBALANCING", attempt.service.name, str(asked))


def check_limits(attempt: Attempt, known: Known) -> Iterable[Finding]:
    """Application Auto Scaling brings a count outside its limits back into them at its next activity.

    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
    """
    asked, limits = attempt.sizing.desired_count, known.limits
    if asked is not None and limits is not None and not limits.lowest <= asked <= limits.highest:
        yield found("C-SCALING-LIMITS", str(asked), str(limits.lowest), str(limits.highest))
