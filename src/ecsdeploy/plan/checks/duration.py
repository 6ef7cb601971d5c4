"""Whether there is time: what the service's own settings take against the timeout, and the life of the credentials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.surroundings import TargetGroup
from ecsdeploy.model.taskdef import TaskDefinition, part
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.sentences import found

DEFAULT_DRAIN_SECONDS = 300.0
"""https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-connection-draining.html"""

TASKS_SECONDS = 60.0
"""So long tasks may take to start beside all that settings ask for."""
_INTERVAL, _RETRIES = 30, 3
"""A container's health check, where it does not say otherwise.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
"""


def seconds_back(attempt: Attempt, known: Known) -> float:
    """What a way back takes by the service's own settings: with less time, one in good health would be called late.

    The tasks that come back have their grace period and their checks, those that go drain, round after round; where
    traffic is shifted, ECS bakes.
    """
    groups = [each for each in known.target_groups.values() if each is not None]
    checks = max([each.check_seconds for each in groups] + [_container_checks(known.target or attempt.running)])
    drain = max(map(_drain, groups), default=DEFAULT_DRAIN_SECONDS if attempt.service.target_groups else 0)
    settings = attempt.service.settings
    return TASKS_SECONDS + attempt.service.grace_seconds + _rounds(attempt) * (checks + drain) + settings.bake_seconds


def _container_checks(definition: TaskDefinition | None) -> float:
    """Seconds until the slowest container is healthy."""
    checked = (each for each in definition.containers if each.has_health_check) if definition else ()
    return max((_until_healthy(part(each.payload, "healthCheck")) for each in checked), default=0)


def _until_healthy(check: Mapping[str, object]) -> float:
    start, interval, retries = check.get("startPeriod"), check.get("interval"), check.get("retries")
    rounds = _number(interval, _INTERVAL) * _number(retries, _RETRIES)
    return _number(start, 0) + rounds


def _number(given: object, default: float) -> float:
    return given if isinstance(given, int | float) else default


def _drain(group: TargetGroup) -> float:
    return DEFAULT_DRAIN_SECONDS if group.drain_seconds is None else group.drain_seconds


def check_timeout(attempt: Attempt, known: Known) -> Iterable[Finding]:
    """A timeout below what grace period, health checks and draining take ends a good release as timed out.

    ECS's bake time comes on top of every timeout, and does not count here.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-healthcheck.html
    """
    budget = attempt.request.budget.seconds
    needed = _seconds_needed(attempt, known) if attempt.is_watched and attempt.desired > 0 else 0
    if needed > budget:
        yield found("C-TIMEOUT", f"{needed:g}", f"{budget:g}")


def check_credentials(attempt: Attempt, known: Known) -> Iterable[Finding]:
    """Once they have expired the outcome stays unknown to us, although the deployment goes on.

    https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html
    """
    until = attempt.now + timedelta(seconds=attempt.request.budget.seconds)
    if attempt.is_watched and known.expire_at is not None and known.expire_at < until:
        yield found("C-CREDENTIALS-EXPIRE", f"{known.expire_at:%Y-%m-%dT%H:%M:%SZ}", f"{until:%Y-%m-%dT%H:%M:%SZ}")


def _seconds_needed(attempt: Attempt, known: Known) -> float:
    """Round after round, the new tasks pass their checks and the old ones drain."""
    complete = attempt.request.wait_until is WaitUntil.COMPLETE
    groups = [each for each in known.target_groups.values() if each is not None]
    if not groups:
        return 0
    checks = max(each.check_seconds for each in groups)
    drain = max(map(_drain, groups))
    last_drain = 0 if complete else drain
    return attempt.service.grace_seconds + _rounds(attempt) * (checks + drain) - last_drain


def _rounds(attempt: Attempt) -> int:
    """How often tasks are exchanged before all are new: as many at once as lie between the two bounds.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html
    """
    if not attempt.rolls:
        return 1
    fewest, most = attempt.bounds
    return -(-attempt.desired // max(1, most - fewest))
