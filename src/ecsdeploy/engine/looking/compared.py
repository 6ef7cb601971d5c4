"""`history --diff`: reads two revisions, and finds what differs between them."""

from __future__ import annotations

from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsError, AwsRefused, NoSuchResource
from ecsdeploy.model.arn import revision_name, split_revision
from ecsdeploy.model.history import Compared
from ecsdeploy.model.looking import DifferenceRequest
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.diff import differences
from ecsdeploy.plan.revisions import revision_meant


def compare(run: Run, request: DifferenceRequest) -> Compared:
    """The differences between two revisions, which the request names by number or in full.

    `NoSuchResource` if the service or a revision does not exist; its hint says which revisions do.
    """
    service = run.patience().read(lambda: run.plane.service(request.service))
    refuse_other_account(service.arn, request.expect_account)
    old, new = (_definition(run, revision_meant(each, service)) for each in (request.old, request.new))
    ref = request.service
    return Compared(
        place=Place.of(service.arn, cluster=ref.short_cluster, service=ref.short_name),
        at=run.clock.now(),
        old=old.arn,
        new=new.arn,
        differences=differences(old, new),
    )


def _definition(run: Run, revision: str) -> TaskDefinition:
    """The task definition of a revision; `NoSuchResource` if ECS does not have it."""
    try:
        return run.patience().read(lambda: run.plane.definition(revision))
    except (NoSuchResource, AwsRefused) as error:
        if isinstance(error, AwsError) and not error.says_no:
            raise
        raise NoSuchResource(
            f"There is no revision `{revision_name(revision)}`.", hint=_known(run, split_revision(revision)[0])
        ) from error


def _known(run: Run, family: str) -> str:
    """A hint with the family's oldest and newest active revisions; empty if they cannot be read."""
    try:
        arns = run.patience().brief(5).read(lambda: run.plane.revisions(family))
    except AwsError:
        return ""
    if not arns:
        return f"The family `{family}` has no active revision."
    return f"The active revisions of `{family}` go from `{revision_name(arns[-1])}` to `{revision_name(arns[0])}`."
