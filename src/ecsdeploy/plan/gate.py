"""`--before`: plans a task of the new revision that must succeed before the service is changed."""

from __future__ import annotations

from ecsdeploy.model.oneoff import Gate, OneOff
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Plan, Register, RunTask
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.containers import meant_one


def gated(plan: Plan, request: DeployRequest, service: Service, base: TaskDefinition) -> Plan:
    """The plan with that task before its last step, which changes the service; the same plan without `--before`.

    `base` is the definition of the task if the plan registers none. `UsageError` if it is not clear which container.
    """
    gate, *before, start = (request.before, *plan.steps)
    if gate is None:
        return plan
    registered = [step.definition for step in before if isinstance(step, Register)]
    definition = registered[0] if registered else base
    task = RunTask(one_off=_one_off(gate, request, service, definition))
    return replace(plan, steps=(*before, task, start))


def _one_off(gate: Gate, request: DeployRequest, service: Service, definition: TaskDefinition) -> OneOff:
    """The task runs as the service's own do: with its network, launch type, capacity and platform.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
    """
    settings, launch = service.settings, service.settings.launch
    container = meant_one(definition, gate.container, "`--before`", "{}: COMMAND")
    capacity = [
        {"capacityProvider": each.provider, "weight": each.weight, "base": each.base} for each in settings.capacity
    ]
    return OneOff(
        cluster=request.service.cluster,
        launch_type="" if capacity else launch.launch_type,
        platform_version=launch.platform_version,
        network_configuration=launch.network,
        members={
            "overrides": {"containerOverrides": [{"name": container.name, "command": [*gate.command]}]},
            "capacityProviderStrategy": capacity,
            "placementConstraints": [*launch.constraints],
        },
        container=container.name,
        wait=True,
        timeout_seconds=request.budget.seconds,
    )
