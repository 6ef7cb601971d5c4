"""Whether a deployment of the service is under way, or being taken back."""

from __future__ import annotations

from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.service import Deployment, Service
from ecsdeploy.model.steps import PointService, Step


def running_deployment(service: Service) -> Deployment | None:
    """The deployment that ECS is working on, if there is one.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
    """
    primary = service.primary
    if primary is None or primary.rollout_state:
        return primary if primary is not None and primary.rollout_state == "IN_PROGRESS" else None
    # A Classic load balancer's service has no rolloutState: then what is left of the old one is all that shows it.
    return primary if len(service.deployments) > 1 else None


def runs_whole(service: Service) -> bool:
    """Whether all the tasks run that are wanted, or a deployment of ECS's is about to see to that.

    What was released with success may be down since.
    """
    if service.controller == "ECS" and running_deployment(service) is not None:
        return True
    return service.primary is not None and service.primary.running >= service.desired


def taken_back(service: Service) -> Deployment | None:
    """The deployment that ECS takes back, or just has, as far as the list shows: one that failed, and is not primary.

    The one before it is primary again, so it is older than the one that failed.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
    """
    primary = service.primary
    failed = (each for each in service.deployments if each.rollout_state == "FAILED")
    younger = [each for each in failed if primary is not None and is_younger(each, primary)]
    return max(younger, key=lambda each: str(each.created_at), default=None)


def is_younger(one: Deployment, other: Deployment) -> bool:
    """As far as their times are known."""
    return one.created_at is not None and other.created_at is not None and one.created_at > other.created_at


def stays(step: Step, service: Service) -> bool:
    """Whether a step leaves the service on the revision that it is on: then ECS begins no deployment."""
    if not isinstance(step, PointService) or step.force or not step.revision:
        return False
    return revision_name(step.revision) == revision_name(service.task_definition)
