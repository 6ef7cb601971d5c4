"""`--before` and `--after`: plans tasks of the new revision that must succeed around the change of the service."""

from __future__ import annotations

from ecsdeploy.model.oneoff import Gate, OneOff
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Plan, Register, RunTask
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.containers import meant_one


def gated(plan: Plan, request: DeployRequest, service: Service, base: TaskDefinition) -> Plan:
    """The plan with these tasks: one before its last step, which changes the service, and one after the release.

    `base` is the definition of the tasks if the plan registers none. `UsageError` if it is not clear which container.
    """
    *first, start = plan.steps
    registered = [step.definition for step in first if isinstance(step, Register)]
    definition = registered[0] if registered else base
    if request.before:
        task = RunTask(one_off=_one_off(request.before, "--before", request, service, definition))
        plan = replace(plan, steps=(*first, task, start))
    if request.after:
        plan = replace(plan, after=RunTask(one_off=_one_off(request.after, "--after", request, service, definition)))
    return plan


def as_in_service(service: Service, cluster: str) -> OneOff:
    """A task that runs as the service's own do: with its network, launch type, capacity and platform.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
    """
    settings, launch = service.settings, service.settings.launch
    capacity = [
        {"capacityProvider": each.provider, "weight": each.weight, "base": each.base} for each in settings.capacity
    ]
    return OneOff(
        cluster=cluster,
        launch_type="" if capacity else launch.launch_type,
        platform_version=launch.platform_version,
        network_configuration=launch.network,
        members={"capacityProviderStrategy": capacity, "placementConstraints": [*launch.constraints]},
        wait=True,
    )


def _one_off(gate: Gate, option: str, request: DeployRequest, service: Service, definition: TaskDefinition) -> OneOff:
    container = meant_one(definition, gate.container, f"`{option}`", "{}: COMMAND")
    one_off = as_in_service(service, request.service.cluster)
    overrides = {"containerOverrides": [{"name": container.name, "command": [*gate.command]}]}
    return replace(
        one_off,
        members={"overrides": overrides, **one_off.members},
        container=container.name,
        timeout_seconds=request.budget.seconds,
    )
