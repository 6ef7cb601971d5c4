"""Decides which revision to go back to, and which old ones may be deregistered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from ecsdeploy.model.arn import is_older, revision_name, split_revision
from ecsdeploy.model.request import Sizing
from ecsdeploy.model.service import Deployment, PastDeployment, Service
from ecsdeploy.model.steps import Finding, PointService, Step
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace

OF_STRATEGY = ("strategy", "bakeTimeInMinutes", "linearConfiguration", "canaryConfiguration", "lifecycleHooks")
"""Members that go back with the strategy: ECS drops those that another strategy does not use."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def way_back(service: Service, known_good: str) -> str:
    """The ARN of the revision to which a failed release goes back; empty if none is known to be good.

    With the controller ECS, it is the revision that the service lists as complete, else `known_good` from the history.
    The revision that the service has comes last, as its release may not have ended. It does not count if that release
    has failed.
    """
    if service.controller != "ECS":
        return service.task_definition
    listed, primary = listed_good(service), service.primary
    if listed is not None:
        return listed.task_definition
    failed = primary is not None and primary.has_failed
    return known_good or ("" if failed else service.task_definition)


def listed_good(service: Service) -> Deployment | None:
    """The newest deployment that the service lists as complete, if any: nearly always the primary one.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
    """
    primary = service.primary
    complete = [each for each in service.deployments if _is_complete(each, service)]
    if primary in complete:
        return primary
    return max(complete, key=lambda each: each.created_at or _LONG_AGO, default=None)


def serves_or_moves(service: Service) -> bool:
    """Whether the service's revision serves, or a deployment of it is under way. False if its release has failed.

    CodeDeploy changes a service's revision only once the new one serves.
    """
    primary = service.primary
    if service.controller != "ECS" or service.under_way is not None:
        return True
    if primary is None or listed_good(service) is not primary:
        return False
    return bool(primary.rollout_state) or (primary.running == primary.desired and not primary.pending)


def check_stays(step: Step, service: Service) -> tuple[Finding, ...]:
    """A finding if `step` leaves the revision as it is: ECS then starts no deployment.

    It blocks if the release of that revision has failed, as this run would not repair it.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-parameters.html
    """
    if not (isinstance(step, PointService) and step.keeps(service.task_definition)):
        return ()
    subjects = (service.name, revision_name(service.task_definition))
    if serves_or_moves(service):
        return (Finding(code="C-REVISION-IN-USE", subjects=subjects),)
    return (Finding(code="C-REVISION-IN-USE-FAILED", subjects=subjects, blocking=True),)


def _is_complete(each: Deployment, service: Service) -> bool:
    """Whether a deployment was completed. With a Classic load balancer ECS gives no state, and we decide by the list.

    A primary deployment is complete if it is alone. Of the others, it is the oldest that still runs tasks: if a later
    one had been completed, the oldest would run none.
    """
    if each.rollout_state:
        return each.is_complete
    if each.is_primary:
        return len(service.deployments) == 1
    return each.running > 0 and not any(each.is_younger_than(other) for other in service.deployments)


def candidates(history: Iterable[PastDeployment], in_use: str = "") -> Iterator[PastDeployment]:
    """The releases that a service can go back to, newest first: one for each revision but the one in use.

    `history` is newest first, and read no further than needed. A release is good if ECS completed it, if no younger
    release of its revision was rolled back, and if no rollback has gone back over it since. So "revision minus one" may
    be wrong.
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
    """The revisions that a rollback to `revision` has gone back over: those released in between with a higher number.

    `walked` has the revisions that were released later, newest first. A second release of a higher number is no
    rollback, but a step forward.
    """
    oldest_first = walked[::-1]
    between = oldest_first[: oldest_first.index(revision)]
    return frozenset(each for each in between if not is_older(each, revision))


def _was_never_left(revision: str, walked: Sequence[str]) -> bool:
    """Whether no rollback can have gone back over `revision`: all later releases have a higher number."""
    later = walked[: walked.index(revision)]
    return all(is_older(revision, each) for each in later)


def has_run(history: Iterable[PastDeployment], revision: str) -> PastDeployment | None:
    """The newest successful release of `revision` (an ARN or `family:number`), else its newest one; None if none."""
    name, tried = revision_name(revision), None
    for past in history:
        if revision_name(past.revision) == name:
            if past.has_succeeded:
                return past
            tried = tried or past
    return tried


def revision_meant(to: str, service: Service) -> str:
    """The revision that `--to` means: a number alone is one of the service's own family."""
    family = split_revision(service.task_definition)[0]
    return f"{family}:{to}" if to.isdecimal() else to


def check_revision(definition: TaskDefinition, *, copied: bool = True) -> tuple[Finding, ...]:
    """A finding if the revision is not ACTIVE: ECS deploys only a copy of it, and without `copied` it is an error.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
    """
    if definition.status in ("ACTIVE", ""):
        return ()
    name = revision_name(definition.arn)
    code = "C-REVISION-INACTIVE" if copied else "C-REVISION-NOT-ACTIVE"
    return (Finding(code=code, subjects=(name, definition.status), blocking=not copied),)


def sort_out(newest_first: Sequence[str], keep: int, needed: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The revisions beyond the `keep` newest, the oldest first. Each has who needs it, or an empty text if it may go.

    `needed` maps revisions, by ARN or as `family:revision`, to who needs them. All are of one account and Region.
    """
    beyond = newest_first[keep:] if keep > 0 else ()
    by = {revision_name(revision): user for revision, user in needed.items()}
    return tuple((revision, by.get(revision_name(revision), "")) for revision in reversed(beyond))


def taken_now(sizing: Sizing, now: Service) -> Sizing:
    """What ECS takes of the sizing now: during a deployment it changes no strategy.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-bluegreen-to-rolling.html
    """
    if "strategy" not in sizing.deployment or now.under_way is None:
        return sizing
    return replace(
        sizing, deployment={name: each for name, each in sizing.deployment.items() if name not in OF_STRATEGY}
    )
