"""Checks what others did to the service, and whether a rollback is possible."""

from __future__ import annotations

from collections.abc import Iterable

from ecsdeploy.model.arn import revision_name, split_revision
from ecsdeploy.model.difference import Difference
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.hosting import missing_images
from ecsdeploy.plan.checks.sentences import found
from ecsdeploy.plan.diff import differences


def check_busy(attempt: Attempt, known: Known) -> Iterable[Finding]:
    """A warning if another deployment is under way: ours would end it half-way.

    We say who registered its revision, as ECS does not say who started the deployment.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
    """
    other = attempt.service.under_way
    if other is None:
        return
    since = f"{other.created_at:%Y-%m-%dT%H:%M:%SZ}" if other.created_at else "an unknown time"
    at_hand = (each for each in (attempt.definition, known.newest, known.target) if each is not None)
    by = next((each.payload.get("registeredBy") for each in at_hand if each.arn == other.task_definition), None)
    revision = revision_name(other.task_definition)
    yield found("C-BUSY", attempt.service.name, other.id, revision, since, str(by or "somebody unknown"))


def check_newest(attempt: Attempt, known: Known) -> Iterable[Finding]:
    """A warning if the family has a newer revision with changes that this release leaves out.

    Somebody has registered it without deploying it, for example with Terraform.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
    """
    newest = known.newest
    if newest is None or not is_passed_over(attempt, newest):
        return
    code = "C-NEWER-FAILED" if known.newest_failed else "C-NEWER-REVISION"
    base = attempt.service.task_definition
    yield found(
        code, revision_name(newest.arn), revision_name(base), ", ".join(_new_in(attempt, newest)) or "all of them"
    )


def is_passed_over(attempt: Attempt, newest: TaskDefinition) -> bool:
    """Whether the release leaves out changes of a newer revision. Images do not count, as a release changes them."""
    if not attempt.starts_over or not is_newer(attempt, newest):
        return False
    return attempt.running is None or bool(_new_in(attempt, newest))


def is_newer(attempt: Attempt, newest: TaskDefinition) -> bool:
    """Whether the revision `newest` is newer than the one in use."""
    return newest.revision > (split_revision(attempt.service.task_definition)[1] or 0)


def _new_in(attempt: Attempt, newest: TaskDefinition) -> tuple[str, ...]:
    if attempt.running is None:
        return ()
    told = [each for each in differences(attempt.running, newest) if each.member != "image"]
    return tuple(dict.fromkeys(_part(each) for each in told))


def _part(each: Difference) -> str:
    named = f"`{each.member} {each.name}`" if each.name else f"`{each.member}`"
    return f"{named} of `{each.container}`" if each.container else named


def check_way_back(attempt: Attempt, known: Known) -> Iterable[Finding]:
    """Warnings if a rollback has no revision to go back to, or one that it cannot use.

    The revision must have worked before, be ACTIVE, and its images must still exist.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html and
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
    """
    if not attempt.may_go_back:
        return
    # With a Classic load balancer, ECS gives deployments no state.
    if not attempt.known_good and not any(
        each.rollout_state in ("COMPLETED", "") for each in attempt.service.deployments
    ):
        yield found("C-NO-ROLLBACK-TARGET", attempt.service.name)
    if known.target is None:
        return
    if known.target.status not in ("ACTIVE", ""):
        yield found("C-ROLLBACK-INACTIVE", revision_name(known.target.arn), known.target.status)
    gone = missing_images(known.target, known)
    if gone:
        yield found("C-ROLLBACK-IMAGE", *gone)
