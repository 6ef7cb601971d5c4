"""Gives a service its condition, in one word, by what is under way and how that ended.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
"""

from __future__ import annotations

from ecsdeploy.model.report import Condition
from ecsdeploy.model.service import Service, ServiceDeployment
from ecsdeploy.rollout.lines import goes_back


def judge(service: Service, newest: ServiceDeployment | None, *, hindered: bool) -> Condition:
    """The condition of a service. `newest` is its newest service deployment, None if that could not be read.

    `hindered` says that something hinders its tasks that does not pass by itself.
    """
    if service.is_being_deleted:
        return Condition.GOING
    if _rolls_back(service, newest):
        return Condition.ROLLING_BACK
    if _has_failed(service, newest):
        return Condition.FAILED
    if _is_under_way(service, newest):
        return Condition.STUCK if hindered else _as_far_as(service)
    if service.running < service.desired:
        return Condition.STUCK if hindered else Condition.UNSTEADY
    return Condition.ROLLED_BACK if newest and newest.was_rolled_back else Condition.STEADY


def _as_far_as(service: Service) -> Condition:
    """FAILING if the primary deployment has failed tasks: ECS counts them until one of its tasks runs well.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
    """
    fails = service.primary is not None and service.primary.failed > 0
    return Condition.FAILING if fails else Condition.DEPLOYING


def _rolls_back(service: Service, newest: ServiceDeployment | None) -> bool:
    """Whether ECS is rolling the service back.

    Without a service deployment, the list shows it: the primary deployment is in progress, and another one has failed
    or its own reason says that it is a rollback.
    """
    if newest is not None:
        return newest.goes_back
    primary = service.primary
    if primary is None or not primary.is_in_progress:
        return False
    return goes_back(primary) or any(each.has_failed for each in service.deployments)


def _has_failed(service: Service, newest: ServiceDeployment | None) -> bool:
    if newest is not None and newest.status == "ROLLBACK_FAILED":
        return True
    return service.primary is not None and service.primary.has_failed


def _is_under_way(service: Service, newest: ServiceDeployment | None) -> bool:
    return service.under_way is not None or (newest is not None and newest.can_be_stopped)
