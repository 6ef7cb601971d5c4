"""Checks whether the counts and percentages let ECS deploy at all, and whether auto scaling leaves them so."""

from __future__ import annotations

from collections.abc import Iterable

from ecsdeploy.model.steps import Finding
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.sentences import found


def check_deadlock(attempt: Attempt) -> Iterable[Finding]:
    """An error if a rolling deployment may neither start a new task nor stop an old one: it would never end.

    If no task runs, ECS can start new ones in any case.
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
    """An error for a maximum of 100 % or less if the service rebalances Availability Zones: UpdateService refuses it.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
    """
    asked = attempt.sizing.maximum_percent
    if asked is not None and asked <= 100 and attempt.service.settings.rebalances_zones:
        yield found("C-ZONE-REBALANCING", attempt.service.name, str(asked))


def check_limits(attempt: Attempt, known: Known) -> Iterable[Finding]:
    """A warning if the count is outside the limits of auto scaling, which would change it again soon.

    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
    """
    asked, limits = attempt.sizing.desired_count, known.limits
    if asked is not None and limits is not None and not limits.lowest <= asked <= limits.highest:
        yield found("C-SCALING-LIMITS", str(asked), str(limits.lowest), str(limits.highest))
