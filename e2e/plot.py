"""Draws the run by hand: for each case a strip of time, with who answered how many requests in it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from e2e.images import RELEASES
from e2e.load import RATE
from e2e.play import Played

WIDTH, LEFT, TOP, STRIP, GAP = 960, 24, 84, 54, 58
NARROWEST = 280.0
"""Pixels that a strip's title needs."""
BIN_SECONDS = 0.5
LEAST_SECONDS = 20.0
TALLEST = RATE * BIN_SECONDS * 1.3
"""Requests of one bin that fill a strip's height: a little more than are begun."""
FAILED, QUIET = "#d1242f", "#57606a"
COLOURS = (
    "#8c959f",
    "#0969da",
    "#54aeff",
    "#1a7f37",
    "#4ac26b",
    "#8250df",
    "#c297ff",
    "#9a6700",
    "#d4a72c",
    "#0a6b75",
    "#39c5cf",
)
COLOUR = dict(zip(RELEASES, COLOURS, strict=True))


def draw(played: Sequence[Played]) -> str:
    """An SVG; all strips share one scale of time, and stand side by side where they fit."""
    scale = (WIDTH - 2 * LEFT) / max(LEAST_SECONDS, *(each.lasted for each in played))
    strips: list[str] = []
    left, top = float(LEFT), float(TOP)
    for each in played:
        width = max(NARROWEST, each.lasted * scale)
        if left > LEFT and left + width > WIDTH - LEFT:
            left, top = LEFT, top + STRIP + GAP
        strips += _strip(each, left, top, scale)
        left += width + LEFT
    height = int(top + STRIP + GAP)
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
            f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
            _text(LEFT, 22, "Requests through the load balancer, by the version that answered", size=15),
            _text(LEFT, 40, "Red: failed. Grey band: the command runs. A tick is 5 seconds.", colour=QUIET),
            *strips,
            "</svg>",
            "",
        )
    )


def _strip(played: Played, left: float, top: float, scale: float) -> Iterator[str]:
    base = top + STRIP
    yield _text(left, top - 19, played.case.name)
    yield _text(left, top - 5, f"{len(played.answers)} requests, {played.failed} failed", size=10, colour=QUIET)
    for step in played.steps:
        yield _rect(left + step.began * scale, top, (step.ended - step.began) * scale - 1, STRIP, "#eaeef2")
    yield from _areas(_bins(played), left, base, BIN_SECONDS * scale)
    yield _rect(left, base, played.lasted * scale, 1, QUIET)
    for tick in range(0, int(played.lasted) + 1, 5):
        yield _rect(left + tick * scale, base, 1, 5, QUIET)
    yield from _labels(played, left, base, scale)


def _bins(played: Played) -> dict[int, Counter[str]]:
    bins: dict[int, Counter[str]] = {}
    for each in played.answers:
        bins.setdefault(int(each.at / BIN_SECONDS), Counter())["" if each.failed else each.said] += 1
    return bins


def _areas(bins: Mapping[int, Counter[str]], left: float, base: float, width: float) -> Iterator[str]:
    """The bars of each version, as one path of its colour."""
    bars: defaultdict[str, list[str]] = defaultdict(list)
    for at, counted in sorted(bins.items()):
        top = base
        for version in sorted(counted, key=_age):
            # After a pause of the machine, a bin holds the requests that were due before it too.
            high = min(counted[version] / TALLEST * STRIP, top - (base - STRIP))
            bars[version].append(f"M{left + at * width:.1f} {top:.1f}v-{high:.1f}h{width:.1f}v{high:.1f}z")
            top -= high
    for version, drawn in bars.items():
        yield f'<path fill="{COLOUR.get(version, FAILED)}" d="{"".join(drawn)}"/>'


def _age(version: str) -> int:
    """Failures lowest, then the versions from old to new."""
    return RELEASES.index(version) if version in RELEASES else -1


def _labels(played: Played, left: float, base: float, scale: float) -> Iterator[str]:
    """Each version's name where it first answered."""
    first: dict[str, float] = {}
    for each in played.answers:
        if not each.failed:
            first.setdefault(each.said, each.at)
    for version, at in first.items():
        yield _text(left + at * scale, base + 16, version, size=10, colour=COLOUR.get(version, FAILED))


def _rect(left: float, top: float, width: float, height: float, colour: str) -> str:
    place = f'x="{left:.1f}" y="{top:.1f}" width="{max(width, 0.3):.1f}" height="{height:.1f}"'
    return f'<rect {place} fill="{colour}"/>'


def _text(left: float, top: float, words: str, *, size: int = 11, colour: str = "#1f2328") -> str:
    return f'<text x="{left:.1f}" y="{top:.1f}" font-size="{size}" fill="{colour}">{escape(words)}</text>'
