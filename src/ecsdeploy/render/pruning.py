"""What pruning does to a family, as a screen and as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.pruning import Dropped, Pruning
from ecsdeploy.render.labelled import Labelled, laid_out, wrapped
from ecsdeploy.render.objects import object_of
from ecsdeploy.render.stream import LineStream, Style
from ecsdeploy.render.words import count

_LABELS = 5


def show_pruning(pruning: Pruning, stream: LineStream, style: Style) -> None:
    """Write the plan: which revisions go, and which old ones stay for whom."""
    keep = min(pruning.keep, pruning.active)
    newest = "the newest stays" if keep == 1 else f"the {keep} newest stay"
    head = f"{pruning.family} ({pruning.place.region}, {pruning.place.account}): "
    for line in wrapped(f"{head}{count(pruning.active, 'ACTIVE revision')}, {newest}.", style.width - 1):
        stream.line(f" {line}")
    for line in laid_out(_rows(pruning), style, _LABELS):
        stream.line(line)


def _rows(pruning: Pruning) -> Iterator[Labelled]:
    if pruning.free:
        yield Labelled("Go", ", ".join(map(revision_name, pruning.free)))
    yield from (Labelled("Stay", f"{revision_name(each.revision)}: {each.by}") for each in pruning.needed)


def pruning_object(pruning: Pruning) -> str:
    """The plan: an object of the type `prune_plan` (`docs/reference/prune.schema.json`)."""
    return object_of(
        "prune_plan",
        pruning.at,
        pruning.place,
        family=pruning.family,
        keep=pruning.keep,
        active=pruning.active,
        free=pruning.free,
        needed=pruning.needed,
    )


def dropped_line(dropped: Dropped) -> str:
    name = revision_name(dropped.revision)
    return f"kept {name}: {dropped.by}" if dropped.by else f"deregistered {name}"


def dropped_object(dropped: Dropped, pruning: Pruning, at: datetime) -> str:
    """One step: an object of the type `pruned`, or `spared` if somebody has begun to use the revision."""
    kind = "spared" if dropped.by else "pruned"
    return object_of(kind, at, pruning.place, revision=dropped.revision, by=dropped.by)
