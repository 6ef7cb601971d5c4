"""What is checked before the first write, from facts alone; each check gives findings, blocking or not."""

from ecsdeploy.model.request import OneOff, Sizing
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition


def check_service(service: Service, sizing: Sizing) -> tuple[Finding, ...]:
    """Whether a new revision may be put on this service by UpdateService, and will be tried with this `sizing`."""
    if service.managed_by_express:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-overview.html
        return (Finding(code="C-EXPRESS", subjects=(service.name,), blocking=True),)
    if service.controller != "ECS":
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
        return (Finding(code="C-CONTROLLER", subjects=(service.name, service.controller), blocking=True),)
    desired = service.desired if sizing.desired_count is None else sizing.desired_count
    if desired == 0:
        return (Finding(code="W-SCALED-TO-ZERO", subjects=(service.name,)),)
    return ()


def check_definition(definition: TaskDefinition) -> tuple[Finding, ...]:
    """Whether the definition can be registered at all: a family, containers, a name and an image in each."""
    if not definition.family:
        return (Finding(code="C-NO-FAMILY", blocking=True),)
    if not definition.containers:
        return (Finding(code="C-NO-CONTAINER", subjects=(definition.family,), blocking=True),)
    bare = tuple(each.name or "?" for each in definition.containers if not each.name or not each.image)
    return (Finding(code="C-NO-IMAGE", subjects=bare, blocking=True),) if bare else ()


def check_one_off(definition: TaskDefinition, one_off: OneOff) -> tuple[Finding, ...]:
    """Whether RunTask is told where the task's network interface goes.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
    """
    if definition.payload.get("networkMode") == "awsvpc" and not one_off.network_configuration:
        return (Finding(code="C-NO-NETWORK", subjects=(definition.family,), blocking=True),)
    return ()
