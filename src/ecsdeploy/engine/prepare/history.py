"""Reads which releases there have been, and which of their revisions can still be put on the service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TypeVar

from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsError, AwsRefused, NoSuchResource
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.service import PastDeployment
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.revisions import check_revision

T = TypeVar("T")

_MOST_PAGES = 50
"""Of twenty: ECS remembers the service deployments of ninety days. CodeDeploy's have a hundred."""
_MOST_READ = 50
"""How many revisions are read to find one that still exists."""
SECONDS = 10.0
"""What only makes a statement better is not asked for longer."""


def recent(run: Run, ref: ServiceRef) -> tuple[PastDeployment, ...]:
    """The newest service deployments, newest first; none where they cannot be read."""
    return OptionalReads(clock=run.clock, again=SECONDS).ask("history", lambda: run.plane.history(ref)) or ()


def past(run: Run, ref: ServiceRef, patience: Patience | None = None) -> Iterator[PastDeployment]:
    """All service deployments that ECS remembers, newest first, page by page as they are asked for."""
    return paged(patience or run.patience(), partial(run.plane.history_page, ref), ref.short_name)


def paged(patience: Patience, read: Callable[[str], tuple[tuple[T, ...], str]], of: str) -> Iterator[T]:
    """What each page has, one after the other; `read` is given a page's token, an empty one for the first."""
    token, known = "", set[str]()
    for _ in range(_MOST_PAGES):
        page, token = patience.read(partial(read, token))
        yield from page
        if not token:
            return
        if token in known:
            raise AwsError(f"The releases of `{of}` were not read whole: one page is named twice.")
        known.add(token)
    raise AwsError(f"The releases of `{of}` have more than {_MOST_PAGES} pages, and were not read whole.")


def past_if_readable(run: Run, ref: ServiceRef) -> Iterator[PastDeployment]:
    """The same, as far as it can be read soon."""
    with suppress(AwsError, NoSuchResource):
        yield from past(run, ref, Patience(clock=run.clock, seconds=SECONDS, start=run.clock.monotonic()))


def usable(run: Run, releases: Iterable[PastDeployment]) -> PastDeployment | None:
    """The first release whose revision is active, else the first whose revision can still be copied."""
    copied = None
    for each in islice(releases, _MOST_READ):
        found = _read(run, each.revision)
        if found is not None and not check_revision(found):
            return each
        copied = copied or (each if found else None)
    return copied


def _read(run: Run, revision: str) -> TaskDefinition | None:
    """None for one that has been deleted for good.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/delete-task-definition-v2.html
    """
    try:
        return run.patience().read(lambda: run.plane.definition(revision))
    except (NoSuchResource, AwsRefused):
        return None
