"""Plans the one-off tasks of `run`."""

from __future__ import annotations

from collections.abc import Mapping

from ecsdeploy.errors import UsageError
from ecsdeploy.model.edits import Edit, SetMember
from ecsdeploy.model.oneoff import OneOff
from ecsdeploy.model.request import RunRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Plan, Register, RunTask, Step
from ecsdeploy.model.taskdef import TaskDefinition, part
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks import check_account, check_definition
from ecsdeploy.plan.checks.sizes import check_size
from ecsdeploy.plan.containers import meant_one
from ecsdeploy.plan.diff import differences
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.gate import as_in_service
from ecsdeploy.plan.override import overrides
from ecsdeploy.plan.revise import revise, tagged

_VPC = "awsvpcConfiguration"


def plan_run(request: RunRequest, facts: Facts, service: Service | None) -> Plan:
    """The plan: the edits are overrides of RunTask, or a revision is registered where overrides cannot say them.

    `UsageError` if it is not clear which container is meant, or in which network the task is to run.
    """
    base, container = facts.base, _container(request, facts.base)
    revised = revise(base, request.edits)
    after = revise(revised.definition, _command(request, container)).definition
    said = overrides(base, after) if base.status in ("ACTIVE", "") else None
    findings = check_account(base.arn, request.expect_account) + revised.findings + (*check_size(after),)
    steps: tuple[Step, ...] = ()
    if said is None:
        # The revision stays the newest of its family: it has the one-off command only if no override can say it.
        said = overrides(revised.definition, after)
        registered = after if said is None else revised.definition
        steps = (Register(definition=tagged(registered, ())),)
        findings += check_definition(registered)
    one_off = _one_off(request, service, after)
    members = {**one_off.members, "overrides": said or {}}
    one_off = replace(one_off, members=members, container=container, count=request.count, wait=not request.detach)
    steps += (RunTask(one_off=one_off, revision="" if steps else base.arn),)
    return Plan(
        steps=steps,
        base=facts.current,
        changes=revised.changes,
        findings=findings,
        compared=base.arn,
        differences=differences(base, after),
        containers=tuple(after.images),
    )


def _container(request: RunRequest, base: TaskDefinition) -> str:
    """The container that is given the command, or was named; empty where neither."""
    if not (request.command or request.container):
        return ""
    return meant_one(base, request.container, "the command after `--`", "--container {}").name


def _command(request: RunRequest, container: str) -> tuple[Edit, ...]:
    return (SetMember(member="command", value=request.command, container=container),) if request.command else ()


def _one_off(request: RunRequest, service: Service | None, definition: TaskDefinition) -> OneOff:
    if service is not None:
        one_off = as_in_service(service, request.cluster)
    else:
        kinds = definition.payload.get("requiresCompatibilities")
        fargate = isinstance(kinds, list) and "FARGATE" in kinds
        one_off = OneOff(cluster=request.cluster, launch_type="FARGATE" if fargate else "")
    network = _network(request.network, one_off.network_configuration or {}, definition)
    return replace(one_off, network_configuration=network, timeout_seconds=request.budget.seconds)


def _network(
    asked: Mapping[str, object], known: Mapping[str, object], definition: TaskDefinition
) -> Mapping[str, object] | None:
    """The service's network, with what the user asks for in its place."""
    mode = definition.payload.get("networkMode")
    if mode != "awsvpc":
        if not asked:
            return None
        raise UsageError(
            f"The task definition `{definition.family}` has the network mode `{mode or 'bridge'}`, and a subnet,"
            " a security group or a public address is only for `awsvpc`.",
            hint="Leave `--subnets`, `--security-groups` and `--assign-public-ip` out. Nothing was started.",
        )
    inner = {**part(known, _VPC), **asked}
    if not inner.get("subnets"):
        raise UsageError(
            f"The task definition `{definition.family}` has the network mode `awsvpc`, and no subnet is named.",
            hint="Name them with `--subnets`, or a service that runs in them with `--like-service`. Nothing was"
            " started.",
        )
    return {_VPC: inner}
