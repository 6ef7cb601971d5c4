"""Reads which releases there have been, and which of their revisions can still be put on the service."""

from collections.abc import Iterable

from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsError, AwsRefused, NoSuchResource
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.service import PastDeployment
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.knowngood import check_revision

SECONDS = 10.0
"""What only makes a statement better is not asked for longer."""


def recent(run: Run, ref: ServiceRef) -> tuple[PastDeployment, ...]:
    """The newest service deployments, newest first; none where they cannot be read."""
    patience = Patience(clock=run.clock, seconds=SECONDS, start=run.clock.monotonic())
    try:
        return patience.read(lambda: run.plane.history(ref))
    except (AwsError, NoSuchResource):
        return ()


def usable(run: Run, revisions: Iterable[str]) -> str:
    """The first of the revisions that is active, else that can still be copied; empty if there is none."""
    copied = ""
    for revision in revisions:
        found = _read(run, revision)
        if found is not None and not check_revision(found):
            return revision
        copied = copied or (revision if found else "")
    return copied


def _read(run: Run, revision: str) -> TaskDefinition | None:
    """None for one that has been deleted for good.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/delete-task-definition-v2.html
    """
    try:
        return run.patience().read(lambda: run.plane.definition(revision))
    except (NoSuchResource, AwsRefused):
        return None
