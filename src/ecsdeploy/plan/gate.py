"""`--before`: plans a task of the new revision that must succeed before the service is changed."""

from __future__ import annotations

from ecsdeploy.model.oneoff import Gate, OneOff
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Plan, Register, RunTask
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.containers import meant_one
from ecsdeploy.plan.running import as_in_service


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
    container = meant_one(definition, gate.container, "`--before`", "{}: COMMAND")
    one_off = as_in_service(service, request.service.cluster)
    overrides = {"containerOverrides": [{"name": container.name, "command": [*gate.command]}]}
    return replace(
        one_off,
        members={"overrides": overrides, **one_off.members},
        container=container.name,
        timeout_seconds=request.budget.seconds,
    )
