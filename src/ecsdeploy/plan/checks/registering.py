"""Checks a complete definition for mistakes that RegisterTaskDefinition would refuse.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import ContainerDefinition, TaskDefinition
from ecsdeploy.plan.checks.hosting import is_for_fargate
from ecsdeploy.plan.checks.sentences import found

_ROLES = ("executionRoleArn", "taskRoleArn")
_ROLE = r"arn:aws[a-z-]*:iam::\d{12}:role/.+"


def check_registration(definition: TaskDefinition, running: TaskDefinition | None) -> tuple[Finding, ...]:
    """The errors in the definition. What the stored revision has too is no error, as ECS has accepted it."""
    taken = set(_refusals(running)) if running is not None else set()
    return tuple(each for each in _refusals(definition) if each not in taken)


def _refusals(definition: TaskDefinition) -> Iterator[Finding]:
    for member in _ROLES:
        role = str(definition.payload.get(member) or "")
        # ECS accepts a name alone too. Another check asks whether the role exists.
        if role.startswith("arn:") and not re.fullmatch(_ROLE, role, re.ASCII):
            yield found("C-ROLE-ARN", member, role)
    logging = tuple(each.name for each in definition.containers if each.log_options)
    if logging and is_for_fargate(definition) and not definition.payload.get("executionRoleArn"):
        yield found("C-EXECUTION-ROLE", *logging)
    if definition.payload.get("networkMode") == "awsvpc":
        yield from (finding for each in definition.containers for finding in _host_ports(each))


def _host_ports(container: ContainerDefinition) -> Iterator[Finding]:
    """Errors for host ports that differ from the container's.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
    """
    for mapping in container.port_mappings:
        port, host = mapping.get("containerPort"), mapping.get("hostPort")
        if host is not None and port is not None and host != port:
            yield found("C-HOST-PORT", container.name, str(port), str(host))
