"""The head of the live region: which service, where, from which revision and image to which."""

from __future__ import annotations

from ecsdeploy.errors import ImageError
from ecsdeploy.model.arn import account_of, region_of, revision_name
from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.image import ImageRef
from ecsdeploy.render.live.spans import Row, Span, first_that_fits, plain
from ecsdeploy.render.view import View
from ecsdeploy.render.words import short_digest

_BETWEEN = Span("dim", "  ·  ")


def place(view: View, columns: int) -> Row:
    """` web · prod · eu-west-1 · 111122223333`, as much as fits; empty before anything is known."""
    known = [name for name in _names(view) if name]
    rows = []
    for count in range(len(known), 0, -1):
        row = [Span("", " ")]
        for number, name in enumerate(known[:count]):
            row += [Span("bold", name)] if number == 0 else [_BETWEEN, Span("", name)]
        rows.append(tuple(row))
    return first_that_fits(columns, *rows) if rows else ()


def _names(view: View) -> tuple[str, ...]:
    if view.planned:
        told = view.planned.place
        return (told.service or revision_name(view.planned.base), told.cluster, told.region, told.account)
    arn = view.started.revision if view.started else ""
    if view.service:
        return (view.service.short_name, view.service.short_cluster, region_of(arn), account_of(arn))
    return (revision_name(arn),)


def revisions(view: View) -> Row:
    """` web:141 → web:142`; empty while neither is known."""
    before = revision_name(view.planned.base) if view.planned else ""
    after = revision_name(view.revision or (view.planned.target if view.planned else ""))
    if before and after and before != after:
        return (Span("", f" {before} → "), Span("bold", after))
    return plain("", f" {before or after}") if before or after else ()


def images(view: View, columns: int) -> Row:
    """`   acme/web 7f3c9a1 → b82e40d`, with as much of the repository as fits; empty if nothing fits."""
    changes = view.planned.changes if view.planned else ()
    told = tuple(dict.fromkeys((each.before, each.after) for each in changes))
    if not told:
        return ()
    more = f" and {len(told) - 1} more" if len(told) > 1 else ""
    change = next(each for each in changes if (each.before, each.after) == told[0])
    names = tuple(f"{text}{more}" for text in _variants(change))
    stored = f"   {short_digest(change.digest)}" if change.digest and change.digest not in change.after else ""
    fitting = (f"{names[0]}{stored}", *names) if stored else names
    return first_that_fits(columns, *(plain("", f"   {text}") for text in fitting), ())


def _variants(change: ImageChange) -> tuple[str, ...]:
    """The change of an image in words, from the longest variant to the shortest."""
    try:
        before, after = ImageRef.parse(change.before), ImageRef.parse(change.after)
    except ImageError:
        return (change.after,)
    if before.repository != after.repository:
        return (f"{before} → {after}", f"{after}", f"{after.path} {_version(after)}")
    moved = f"{_version(before)} → {_version(after)}" if before != after else f"{_version(after)} again"
    return (f"{after.name} {moved}", f"{after.path} {moved}", f"{after.path.rsplit('/')[-1]} {moved}", moved)


def _version(image: ImageRef) -> str:
    if not image.digest:
        return image.tag or "latest"
    short = short_digest(image.digest)
    return f"{image.tag}@{short}" if image.tag else short
