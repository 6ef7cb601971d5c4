"""The summary of a step in a GitHub job, in Markdown: the outcome, the story, and the log of the failure folded away.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from ecsdeploy.model.events import Finished, Record
from ecsdeploy.model.outcome import Place
from ecsdeploy.render.block import GOOD, glyph_of, rows, sentences
from ecsdeploy.render.rows import laid_out
from ecsdeploy.render.stream import Style
from ecsdeploy.render.verdicts import success
from ecsdeploy.render.view import View, fold

_BYTES = 400_000
"""GitHub takes 1 MiB of a step: so much there may be of the story, and so much of the log."""
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&!])")


class StepSummary:
    """Hands the summary to `write` when the run ends."""

    def __init__(self, write: Callable[[str], None], style: Style) -> None:
        self._write = write
        self._style = style
        self._view = View()
        self._is_told = False

    def emit(self, record: Record) -> None:
        self._view = fold(self._view, record)
        if isinstance(record.event, Finished) and not self._is_told:
            self._is_told = True
            self._write("".join(f"{line}\n" for line in _summary(self._view, record.event, record.time, self._style)))


def _summary(view: View, finished: Finished, now: datetime, style: Style) -> Iterator[str]:
    outcome = finished.outcome
    yield from ("", f"### {_plain(_title(outcome.place))}", "")
    if outcome.verdict.status in GOOD:
        yield f"✔ **{outcome.verdict.status.name}** {_plain(success(outcome, view))}"
        return
    first, *rest = sentences(view, finished, style)
    yield " ".join((f"{glyph_of(outcome)} **{_plain(first)}**", *map(_plain, rest)))
    told = tuple(rows(view, finished, now, style.again))
    story = laid_out((each for each in told if each.label != "Log"), style)
    yield from _fenced(tuple(story))
    log = tuple(each.text for each in told if each.label == "Log")
    if log:
        yield from ("", "<details><summary>Log</summary>", *_fenced(log), "", "</details>")


def _title(place: Place) -> str:
    where = f"{place.service} ({place.cluster})" if place.service else place.cluster
    return f"ecs-deploy: {where}" if where else "ecs-deploy"


def _plain(text: str) -> str:
    """Nothing in it is Markdown or HTML."""
    return _MARKUP.sub(r"\\\1", text)


def _fenced(lines: Sequence[str]) -> Iterator[str]:
    """As it is, in a fence that no line of it ends."""
    if not lines:
        return
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield from ("", f"{fence}text", *_fitting(lines), fence)


def _fitting(lines: Sequence[str]) -> Iterator[str]:
    left = _BYTES
    for line in lines:
        left -= len(line.encode(errors="replace")) + 1
        if left < 0:
            yield "…"
            return
        yield line
