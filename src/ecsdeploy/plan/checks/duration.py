"""Checks whether timeout and credentials last as long as the service's own settings make a deployment take."""

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
"""AWS's default for a target group's deregistration delay.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-connection-draining.html
"""

TASKS_SECONDS = 60.0
"""How long tasks may take to start, beside what the settings say."""
_INTERVAL, _RETRIES = 30, 3
"""AWS's defaults for a container's health check: seconds between two checks, and how many must fail.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
"""


def seconds_back(attempt: Attempt, known: Known) -> float:
    """How many seconds a rollback may take by the service's own settings: with less, a good one would time out.

    It is the start of tasks, the grace period, then in each round the checks of the new tasks and the draining of the
    old ones, and the bake time at the end.
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
    """A warning if the timeout is shorter than grace period, health checks and draining: a good release would time out.

    The bake time does not count here, as we add it to every timeout.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-healthcheck.html
    """
    budget = attempt.request.budget.seconds
    needed = _seconds_needed(attempt, known) if attempt.is_watched and attempt.desired > 0 else 0
    if needed > budget:
        yield found("C-TIMEOUT", f"{needed:g}", f"{budget:g}")


def check_credentials(attempt: Attempt, known: Known) -> Iterable[Finding]:
    """A warning if the credentials may expire before the timeout: then we could not see how the deployment ends.

    https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html
    """
    until = attempt.now + timedelta(seconds=attempt.request.budget.seconds)
    if attempt.is_watched and known.expire_at is not None and known.expire_at < until:
        yield found("C-CREDENTIALS-EXPIRE", f"{known.expire_at:%Y-%m-%dT%H:%M:%SZ}", f"{until:%Y-%m-%dT%H:%M:%SZ}")


def _seconds_needed(attempt: Attempt, known: Known) -> float:
    """Seconds that the deployment may need: in each round, new tasks pass their checks and old ones drain."""
    complete = attempt.request.wait_until is WaitUntil.COMPLETE
    groups = [each for each in known.target_groups.values() if each is not None]
    if not groups:
        return 0
    checks = max(each.check_seconds for each in groups)
    drain = max(map(_drain, groups))
    last_drain = 0 if complete else drain
    return attempt.service.grace_seconds + _rounds(attempt) * (checks + drain) - last_drain


def _rounds(attempt: Attempt) -> int:
    """In how many rounds ECS replaces all tasks: in each one, as many as there are between the two bounds.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html
    """
    if not attempt.rolls:
        return 1
    fewest, most = attempt.bounds
    return -(-attempt.desired // max(1, most - fewest))
