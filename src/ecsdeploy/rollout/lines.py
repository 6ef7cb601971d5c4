"""Reads ECS's service events: which deployment one is about, and what it says of it.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
"""

from __future__ import annotations

from datetime import datetime

from ecsdeploy.model.service import Deployment, ServiceEvent

_STEADY = "has reached a steady state."
"""`(service web) has reached a steady state.`"""
_COMPLETED = "(deployment {}) deployment completed."
"""`(service web) (deployment ecs-svc/2000000000000000002) deployment completed.`"""

_OF_ONE = "(deployment "
_GOES_BACK = "rolling back to deploymentId"
"""`ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1000000000000000001.`"""
_TAKES_BACK = "rolling back to deployment "
"""`(service web) rolling back to deployment ecs-svc/1000000000000000001.`"""


def concerns(event: ServiceEvent, deployment: str) -> bool:
    """Whether an event may be about the deployment of this id: it names this one, or none."""
    return _OF_ONE not in event.message or f"{_OF_ONE}{deployment})" in event.message


def shows_another(event: ServiceEvent, deployment: str) -> bool:
    """Whether an event is about another deployment: it names that one, or says that ECS rolls one back."""
    return not concerns(event, deployment) or _TAKES_BACK in event.message


def goes_back(deployment: Deployment) -> bool:
    """Whether ECS gives a rollback as the reason of this deployment.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
    """
    return _GOES_BACK in deployment.rollout_reason


def tells_completed(event: ServiceEvent, deployment: str) -> bool:
    """Whether an event says that the deployment of this id has completed."""
    return _COMPLETED.format(deployment) in event.message


def is_steady_since(events: tuple[ServiceEvent, ...], ours: Deployment) -> bool:
    """Whether an event since our deployment was created says that the service is steady. Both times are ECS's."""
    began: datetime | None = ours.created_at
    return began is not None and any(each.at > began and each.message.endswith(_STEADY) for each in events)
