"""Whether the definition has what the service's load balancers send requests to."""

from collections.abc import Iterable, Mapping

from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import ContainerDefinition
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.sentences import found


def check_balancing(attempt: Attempt, known: Known) -> Iterable[Finding]:
    """UpdateService refuses a definition without the container and port; a target group that is gone fails each task.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html
    """
    gone = [arn for arn in attempt.service.target_groups if arn in known.target_groups and not known.target_groups[arn]]
    if gone:
        yield found("C-TARGET-GROUP-MISSING", *gone)
    for each in attempt.service.settings.balanced:
        container = attempt.definition.container(each.container)
        if container is None:
            yield found("C-BALANCED-CONTAINER", each.container)
        elif not any(each.port in ports for ports in _mapped(container)):
            yield found("C-BALANCED-PORT", each.container, str(each.port))


def _mapped(container: ContainerDefinition) -> Iterable[range]:
    """The container's ports: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html"""
    mappings = container.payload.get("portMappings")
    for each in mappings if isinstance(mappings, list) else ():
        if not isinstance(each, Mapping):
            continue
        first, _, last = str(each.get("containerPortRange") or each.get("containerPort") or "").partition("-")
        if first.isdecimal():
            yield range(int(first), int(last if last.isdecimal() else first) + 1)
