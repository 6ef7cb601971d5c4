"""Which revision to go back to."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from ecsdeploy.model.arn import revision_name, split_revision
from ecsdeploy.model.service import Deployment, PastDeployment, Service
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def way_back(service: Service, known_good: str) -> str:
    """Where a release that fails goes back to, empty if nothing is known to be good.

    What runs is not always that: it may be somebody's release that has not ended, or has failed. So it is what the
    list shows to be complete, else `known_good` of the history, and only where neither tells what the service is on.
    """
    if service.controller != "ECS":
        return service.task_definition
    listed, primary = listed_good(service), service.primary
    if listed is not None:
        return listed.task_definition
    failed = primary is not None and primary.rollout_state == "FAILED"
    return known_good or ("" if failed else service.task_definition)


def listed_good(service: Service) -> Deployment | None:
    """The newest deployment that is listed as complete: nearly always it is the primary one.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
    """
    primary = service.primary
    complete = [each for each in service.deployments if _is_complete(each, service)]
    if primary in complete:
        return primary
    return max(complete, key=lambda each: each.created_at or _LONG_AGO, default=None)


def _is_complete(each: Deployment, service: Service) -> bool:
    """A Classic load balancer's deployments have no state: one is complete once it is alone, or was replaced."""
    if each.rollout_state:
        return each.rollout_state == "COMPLETED"
    return each.status != "PRIMARY" or len(service.deployments) == 1


def candidates(history: Iterable[PastDeployment], in_use: str = "") -> Iterator[str]:
    """Revisions that have been released successfully, but for the one in use, the newest first, each once.

    "Revision minus one" may be a failed one: what was deployed with success is known good.
    """
    seen = {in_use}
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
