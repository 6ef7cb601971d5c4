"""What may happen to a service between two looks at it, each as a function of what stood there before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from ecsdeploy.model.service import Deployment, Service
from tests.unit.rollout.builders import FOREIGN_ID, NOON, event

Happening = Callable[[Service], Service]


def started(identifier: str, revision: str) -> Happening:
    """A new deployment becomes primary; the others become active."""

    def happen(service: Service) -> Service:
        last = max(each.created_at or NOON for each in service.deployments)
        new = Deployment(
            id=identifier,
            created_at=last + timedelta(seconds=1),
            status="PRIMARY",
            task_definition=revision,
            desired=service.desired,
            rollout_state="IN_PROGRESS",
        )
        others = tuple(replace(each, status="ACTIVE") for each in service.deployments)
        return replace(service, deployments=(new, *others), task_definition=revision)

    return happen


def goes_on(service: Service) -> Service:
    """One task of the new revision runs."""
    new, *others = service.deployments
    return replace(service, deployments=(replace(new, running=1), *others))


def all_run(service: Service) -> Service:
    """All tasks of the new revision run; those of the old one drain."""
    new, *others = service.deployments
    return replace(service, deployments=(replace(new, running=service.desired), *others))


def old_is_gone(service: Service) -> Service:
    """The old tasks have drained; the new deployment is not complete yet (it bakes)."""
    return replace(service, deployments=service.deployments[:1])


def completes(service: Service) -> Service:
    new = replace(service.deployments[0], running=service.desired, rollout_state="COMPLETED")
    return replace(service, deployments=(new,))


def fails(service: Service) -> Service:
    new, *others = service.deployments
    failed = replace(new, rollout_state="FAILED", rollout_reason="tasks failed to start.")
    return replace(service, deployments=(failed, *others))


def ecs_goes_back(service: Service) -> Service:
    """ECS makes the deployment before the newest primary again."""
    new, before, *_ = service.deployments
    failed = replace(new, status="ACTIVE", rollout_state="FAILED")
    back = replace(before, status="PRIMARY", rollout_state="IN_PROGRESS")
    return replace(service, deployments=(back, failed), task_definition=back.task_definition)


def says(number: int) -> Happening:
    """ECS writes line `number` into the event log, whose newest comes first."""

    def happen(service: Service) -> Service:
        return replace(service, events=(event(number), *service.events))

    return happen


def at_once(*happenings: Happening) -> Happening:
    """Several things between two looks."""

    def happen(service: Service) -> Service:
        for each in happenings:
            service = each(service)
        return service

    return happen


ECS_IS_BACK = at_once(ecs_goes_back, completes)
TAKEN_OVER = started(FOREIGN_ID, "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:9")
"""Somebody else deploys."""
