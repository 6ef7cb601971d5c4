"""Warnings about a command line of the flag form, before the run: what is risky, and what has no effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ecsdeploy.cli.options.table import OPTIONS
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.images import split_container
from ecsdeploy.model.text import printable

_IGNORED_BY_FORCE = (
    "image",
    "tag",
    "desired_count",
    "min",
    "max",
    "managed_tags",
    "propagate_tags",
    "volume_configurations",
)


def notices(given: Given) -> tuple[str, ...]:
    """The warnings as whole sentences, in the order in which we write them."""
    return tuple(f"Warning: {sentence}" for sentence in (*_overridden(given), *_risky(given), *_ignored(given)))


def _overridden(given: Given) -> Iterator[str]:
    """Options that were given several times. As in the script, only the last value counts."""
    for option in OPTIONS:
        if option.metavar and not option.many:
            yield from _only_last(given.origin(option.key), given.texts(option.key), secret=option.secret)
    images: dict[str, list[str]] = {}
    for text in given.texts("image"):
        images.setdefault(split_container(text)[0], []).append(text)
    for texts in images.values():
        yield from _only_last(given.origin("image"), texts)


def _only_last(origin: str, texts: Sequence[str], *, secret: bool = False) -> Iterator[str]:
    left = [f"`{printable(each)}`" for each in dict.fromkeys(texts) if each != texts[-1]]
    if left:
        which = "" if secret else f": `{printable(texts[-1])}`, and not {', '.join(left)}"
        yield f"{origin} is given several times, and only the last counts{which}."


def _risky(given: Given) -> Iterator[str]:
    if given.has("access_key") or given.has("secret_key"):
        yield "other processes can see keys given with `-k` and `-s`; prefer the environment or a profile."


def _ignored(given: Given) -> Iterator[str]:
    if given.has("force_new_deployment") and any(given.text(key) for key in _IGNORED_BY_FORCE):
        yield (
            "`--force-new-deployment` deploys the revision in use as it is; the image, the desired count, the"
            " percentages, tags and volumes are ignored."
        )
