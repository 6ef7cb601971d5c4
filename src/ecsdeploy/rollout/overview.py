"""The condition of each service of a cluster by DescribeServices alone, and their order, the worst first."""

from __future__ import annotations

from collections.abc import Iterable

from ecsdeploy.model.overview import ServiceCondition
from ecsdeploy.model.report import Condition
from ecsdeploy.model.service import Service
from ecsdeploy.model.values import replace
from ecsdeploy.rollout.condition import judge
from ecsdeploy.rollout.lines import goes_back

_WORST_FIRST = (
    Condition.FAILED,
    Condition.STUCK,
    Condition.GOING,
    Condition.FAILING,
    Condition.ROLLING_BACK,
    Condition.UNSTEADY,
    Condition.DEPLOYING,
    Condition.ROLLED_BACK,
    Condition.STEADY,
)
_WELL = (Condition.STEADY, Condition.GOING)


def condition_of(service: Service, *, trouble: str, hindered: bool) -> ServiceCondition:
    """The service with its condition and reason.

    `trouble` is ECS's newest event about what hinders it, or empty; `hindered` says that this does not pass by itself.
    """
    condition = judge(service, None, hindered=hindered)
    reason = "" if condition in _WELL else _verdict(service) or trouble
    return ServiceCondition(service=replace(service, events=()), condition=condition, reason=reason)


def worst_first(standings: Iterable[ServiceCondition]) -> tuple[ServiceCondition, ...]:
    """Sorted by condition, the worst first, then by name."""
    return tuple(sorted(standings, key=lambda each: (_WORST_FIRST.index(each.condition), each.service.name)))


def _verdict(service: Service) -> str:
    """ECS's reason for the failed deployment, else for the rollback; empty if there is neither."""
    failed = [each for each in service.deployments if each.has_failed]
    back = [each for each in service.deployments if each.is_in_progress and goes_back(each)]
    return next((each.rollout_reason for each in (*failed, *back)), "")
