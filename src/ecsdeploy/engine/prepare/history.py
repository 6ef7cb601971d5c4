"""Reads the past releases of a service, and whether their revisions can still be deployed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TypeVar

from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AccessDenied, AwsError, AwsRefused, NoSuchResource
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.service import PastDeployment
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.revisions import check_revision

T = TypeVar("T")

_MOST_PAGES = 50
"""The most pages of a history that we read. A page of ECS has twenty deployments, one of CodeDeploy a hundred."""
_MOST_READ = 50
"""The most revisions that we read to find one that still exists."""
SECONDS = 10.0
"""How long we repeat a read of the history that the run can do without."""


def recent(run: Run, ref: ServiceRef) -> tuple[PastDeployment, ...]:
    """The newest twenty service deployments, newest first; empty if they cannot be read."""
    return OptionalReads(clock=run.clock, again=SECONDS).ask("history", lambda: run.plane.history(ref)) or ()


def past(run: Run, ref: ServiceRef, patience: Patience | None = None) -> Iterator[PastDeployment]:
    """All service deployments that ECS keeps (ninety days), newest first. Each page is read when it is needed."""
    return paged(patience or run.patience(), partial(run.plane.history_page, ref), ref.short_name)


def paged(patience: Patience, read: Callable[[str], tuple[tuple[T, ...], str]], of: str) -> Iterator[T]:
    """The items of all pages. `read` gets a page's token, empty for the first, and returns items and the next token.

    `AwsError` if the pages do not end; `of` names the owner of the list in its message.
    """
    token, known = "", set[str]()
    for _ in range(_MOST_PAGES):
        page, token = patience.read(partial(read, token))
        yield from page
        if not token:
            return
        if token in known:
            raise AwsError(f"The releases of `{of}` were not read whole: AWS names one page twice.")
        known.add(token)
    raise AwsError(f"The releases of `{of}` have more than {_MOST_PAGES} pages, and were not read whole.")


def past_if_readable(run: Run, ref: ServiceRef) -> Iterator[PastDeployment]:
    """`past`, but it ends without an error where ECS gives no answer within SECONDS."""
    with suppress(AwsError, NoSuchResource):
        yield from past(run, ref, Patience(clock=run.clock, seconds=SECONDS, start=run.clock.monotonic()))


def usable(run: Run, releases: Iterable[PastDeployment]) -> PastDeployment | None:
    """The first release whose revision is ACTIVE, else the first whose revision can still be read and copied.

    Errors: those of the reads. A revision that we may not read is not one that is gone.
    """
    copied = None
    for each in islice(releases, _MOST_READ):
        found = _read(run, each.revision)
        if found is not None and not check_revision(found):
            return each
        copied = copied or (each if found else None)
    return copied


def _read(run: Run, revision: str) -> TaskDefinition | None:
    """The task definition of a revision; None if it was deleted.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/delete-task-definition-v2.html
    """
    try:
        return run.patience().read(lambda: run.plane.definition(revision))
    except AccessDenied:
        raise
    except (NoSuchResource, AwsRefused):
        return None
