"""The changes one can ask for in a task definition, as values."""

from __future__ import annotations

from ecsdeploy.model.image import ImageRef
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class SetImage:
    """Put `image` into `container`, or, without one, into every container of the same repository."""

    image: ImageRef
    container: str = ""


@value(frozen=True, slots=True, kw_only=True)
class SetTag:
    """Give every image this tag, except those pinned by digest."""

    tag: str


Edit = SetImage | SetTag


@value(frozen=True, slots=True, kw_only=True)
class ImageChange:
    """What happened to one container's image; `before == after` when the same reference is deployed again."""

    container: str
    before: str
    after: str
    digest: str = ""
    """What the registry has as `after` at the moment, where that was asked."""
    platforms: tuple[str, ...] = ()
    """Those that it is there for (`linux/arm64`), where the registry says."""
