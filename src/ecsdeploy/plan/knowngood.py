"""Which revision to go back to."""

from collections.abc import Iterable, Iterator

from ecsdeploy.model.arn import revision_name, split_revision
from ecsdeploy.model.service import PastDeployment, Service
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition


def candidates(service: Service, history: Iterable[PastDeployment]) -> Iterator[str]:
    """Revisions that have been released successfully before the one in use, the newest first, each once.

    "Revision minus one" may be a failed one: what was deployed with success is known good.
    """
    seen = {service.task_definition}
    for past in history:
        if past.status == "SUCCESSFUL" and past.revision and past.revision not in seen:
            seen.add(past.revision)
            yield past.revision


def named(to: str, service: Service) -> str:
    """What `--to` means: a number is a revision of the service's own family."""
    family = split_revision(service.task_definition)[0]
    return f"{family}:{to}" if to.isdecimal() else to


def check_revision(definition: TaskDefinition) -> tuple[Finding, ...]:
    """Only an ACTIVE revision can be put on a service; of another one, a copy can.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
    """
    if definition.status in ("ACTIVE", ""):
        return ()
    name = revision_name(definition.arn)
    return (Finding(code="C-REVISION-INACTIVE", subjects=(name, definition.status)),)
