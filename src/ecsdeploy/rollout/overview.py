"""How each service of a cluster stands by what DescribeServices says of it alone, and which of them is worse."""

from __future__ import annotations

from collections.abc import Iterable

from ecsdeploy.model.overview import Standing
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


def standing(service: Service, *, trouble: str, hindered: bool) -> Standing:
    """How the service stands. `trouble` is ECS's newest line about what holds it up, if there is one; `hindered` says
    that this does not pass by itself.
    """
    condition = judge(service, None, hindered=hindered)
    reason = "" if condition in _WELL else _verdict(service) or trouble
    return Standing(service=replace(service, events=()), condition=condition, reason=reason)


def worst_first(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """Those of one condition by name."""
    return tuple(sorted(standings, key=lambda each: (_WORST_FIRST.index(each.condition), each.service.name)))


def _verdict(service: Service) -> str:
    """ECS's reason for the deployment that it calls failed, or else for the way back."""
    failed = [each for each in service.deployments if each.has_failed]
    back = [each for each in service.deployments if each.is_in_progress and goes_back(each)]
    return next((each.rollout_reason for each in (*failed, *back)), "")
