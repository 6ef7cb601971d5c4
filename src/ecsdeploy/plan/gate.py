"""`--before` and `--after`: plans tasks that must succeed around the change of the service."""

from __future__ import annotations

from collections.abc import Iterator

from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.oneoff import Gate, OneOff
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Finding, Plan, Register, RunTask
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks import found
from ecsdeploy.plan.containers import meant_one
from ecsdeploy.plan.facts import Facts


def gated(plan: Plan, request: DeployRequest, service: Service, facts: Facts) -> Plan:
    """The plan with these tasks: one before its last step, which changes the service, and one after the release.

    `UsageError` if it is not clear which container; an error among the findings if the service cannot run such a task.
    """
    *first, start = plan.steps
    registered = [step.definition for step in first if isinstance(step, Register)]
    definition = registered[0] if registered else facts.base
    if request.before:
        task = _task(request.before, "--before", request, service, facts, definition)
        plan = replace(plan, steps=(*first, task, start))
    if request.after:
        plan = replace(plan, after=_task(request.after, "--after", request, service, facts, definition))
    unfit = (each for gate in facts.gates.values() for each in _unfit(service, gate))
    return replace(plan, findings=(*plan.findings, *unfit))


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


def _task(
    gate: Gate, option: str, request: DeployRequest, service: Service, facts: Facts, definition: TaskDefinition
) -> RunTask:
    """The task of the new revision, which is like `definition`, or of the family that the gate names."""
    if not gate.family:
        return RunTask(one_off=_one_off(gate, option, request, service, definition))
    other = facts.gates[gate.family]
    one_off = _one_off(gate, option, request, service, other)
    if other.payload.get("networkMode") != "awsvpc":
        one_off = replace(one_off, network_configuration=None)
    return RunTask(one_off=one_off, revision=other.arn, definition=other)


def _one_off(gate: Gate, option: str, request: DeployRequest, service: Service, definition: TaskDefinition) -> OneOff:
    one_off = replace(as_in_service(service, request.service.cluster), timeout_seconds=request.budget.seconds)
    if not gate.command:
        return one_off
    container = meant_one(definition, gate.container, f"`{option}`", "{}: COMMAND")
    overrides = {"containerOverrides": [{"name": container.name, "command": [*gate.command]}]}
    return replace(one_off, members={"overrides": overrides, **one_off.members}, container=container.name)


def _unfit(service: Service, definition: TaskDefinition) -> Iterator[Finding]:
    """An error for each reason why a task of another family cannot run as those of the service do."""
    name, payload = revision_name(definition.arn), definition.payload
    if definition.status not in ("ACTIVE", ""):
        yield found("C-GATE-FAMILY", service.name, name, f"it is {definition.status}")
    if payload.get("networkMode") == "awsvpc" and not service.settings.launch.network:
        yield found("C-GATE-FAMILY", service.name, name, "its network mode is `awsvpc`, and the service has no network")
    compatible = payload.get("requiresCompatibilities")
    if service.settings.demands.fargate and not (isinstance(compatible, list) and "FARGATE" in compatible):
        yield found("C-GATE-FAMILY", service.name, name, "it is not for Fargate, on which the service runs")
