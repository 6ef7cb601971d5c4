"""Which revision to go back to, and which old ones may be deregistered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from ecsdeploy.model.arn import revision_name, split_revision
from ecsdeploy.model.service import Deployment, PastDeployment, Service
from ecsdeploy.model.steps import Finding, PointService, Step
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
    failed = primary is not None and primary.has_failed
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


def serves_or_moves(service: Service) -> bool:
    """Whether what the service is on serves, or is being brought there. A release that has failed is neither.

    CodeDeploy moves a service on to a revision only once that serves.
    """
    primary = service.primary
    if service.controller != "ECS" or service.under_way is not None:
        return True
    if primary is None or listed_good(service) is not primary:
        return False
    return bool(primary.rollout_state) or (primary.running == primary.desired and not primary.pending)


def check_stays(step: Step, service: Service) -> tuple[Finding, ...]:
    """A revision that stays the same starts no deployment: what has failed does not get better by it.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-parameters.html
    """
    if not (isinstance(step, PointService) and step.keeps(service.task_definition)):
        return ()
    subjects = (service.name, revision_name(service.task_definition))
    if serves_or_moves(service):
        return (Finding(code="C-REVISION-IN-USE", subjects=subjects),)
    return (Finding(code="C-REVISION-IN-USE-FAILED", subjects=subjects, blocking=True),)


def _is_complete(each: Deployment, service: Service) -> bool:
    """A Classic load balancer's deployments have no state: one is complete once it is alone.

    Of those that were replaced, the oldest was: had a later one been completed, the oldest would run no task any more.
    """
    if each.rollout_state:
        return each.is_complete
    if each.is_primary:
        return len(service.deployments) == 1
    return each.running > 0 and not any(each.is_younger_than(other) for other in service.deployments)


def candidates(history: Iterable[PastDeployment], in_use: str = "") -> Iterator[PastDeployment]:
    """Releases that a service can go back to, newest first: each of another revision, and none of the one in use.

    `history` is newest first, and is read no further than needed. A revision was good if its newest try succeeded, and
    if nobody went back from it since: "revision minus one" may be a failed one, or one that a rollback left.
    """
    walked, taken_back, waiting = [in_use] if in_use else [], set[str](), list[PastDeployment]()
    for past in history:
        revision = past.revision
        if revision in walked and past.has_succeeded:
            left = _left(walked, revision)
            waiting = [each for each in waiting if each.revision not in left]
        elif past.has_succeeded and revision and revision not in taken_back:
            waiting.append(past)
        taken_back |= {revision} if past.is_taken_back else set()
        walked += [revision] if revision and past.has_succeeded else []
        while waiting and _was_never_left(waiting[0].revision, walked):
            yield waiting.pop(0)
    yield from waiting


def _left(walked: Sequence[str], revision: str) -> frozenset[str]:
    """What a rollback left, whoever made it: the service returned to `revision`, over what was released in between.

    `walked` are the revisions that were released later, newest first. A return to a higher number is a step forward.
    """
    oldest_first = walked[::-1]
    between = oldest_first[: oldest_first.index(revision)]
    return frozenset(each for each in between if not _is_older(each, revision))


def _was_never_left(revision: str, walked: Sequence[str]) -> bool:
    """Certain where all that was released later has a higher number: a rollback leads to a lower one."""
    later = walked[: walked.index(revision)]
    return all(_is_older(revision, each) for each in later)


def _is_older(one: str, other: str) -> bool:
    """Registered before, as far as their numbers tell: those of one family only grow.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-task-definition-console-v2.html
    """
    (family, number), (other_family, other_number) = split_revision(one), split_revision(other)
    return family == other_family and (number or 0) < (other_number or 0)


def has_run(history: Iterable[PastDeployment], revision: str) -> PastDeployment | None:
    """The newest release of `revision` (an ARN or `family:number`): one that succeeded, else any."""
    name, tried = revision_name(revision), None
    for past in history:
        if revision_name(past.revision) == name:
            if past.has_succeeded:
                return past
            tried = tried or past
    return tried


def revision_meant(to: str, service: Service) -> str:
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


def sort_out(newest_first: Sequence[str], keep: int, needed: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The revisions beyond the `keep` newest, each with who needs it, or an empty text: it may go. Oldest first.

    `needed` has revisions by ARN or as `family:revision`: they are all of one account and Region.
    """
    beyond = newest_first[keep:] if keep > 0 else ()
    by = {revision_name(revision): user for revision, user in needed.items()}
    return tuple((revision, by.get(revision_name(revision), "")) for revision in reversed(beyond))
