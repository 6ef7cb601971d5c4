"""The summary of a step in a GitHub job, in Markdown: the outcome, the story, and the log of the failure folded away.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ecsdeploy.render.block import GOOD, glyph_of, link_of, sentences
from ecsdeploy.render.ended import Ended
from ecsdeploy.render.labelled import laid_out
from ecsdeploy.render.verdicts import success

_BYTES = 400_000
"""GitHub takes 1 MiB for a step: the story may have this many bytes, and the log as many."""
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&!])")
_APART = ("Log", "Link")


def summary(ended: Ended, most: int = _BYTES) -> str:
    """The Markdown, with at most `most` bytes of the story and as many of the log."""
    return "".join(f"{line}\n" for line in _lines(ended, most))


def _lines(ended: Ended, most: int) -> Iterator[str]:
    view, finished, style = ended.view, ended.finished, ended.style
    yield from ("", f"### {plain(ended.title)}", "")
    if ended.outcome.verdict.status in GOOD:
        yield f"✔ **{ended.outcome.verdict.status.name}** {plain(success(ended.outcome, view))}"
        yield from _facts(ended)
        return
    first, *rest = sentences(view, finished, style)
    yield " ".join((f"{glyph_of(ended.outcome)} **{plain(first)}**", *map(plain, rest)))
    yield from _facts(ended)
    story = laid_out((each for each in ended.story if each.label not in _APART), style)
    yield from fenced(tuple(story), most)
    log = tuple(each.text for each in ended.story if each.label == "Log")
    if log:
        yield from ("", "<details><summary>Log</summary>", *fenced(log, most), "", "</details>")


def _facts(ended: Ended) -> Iterator[str]:
    """The images, and the page of the service, or of the task, in the AWS console."""
    outcome, link = ended.outcome, link_of(ended.view, ended.outcome)
    facts = [f"- Image: {code(image)} ({plain(container)})" for container, image in outcome.images]
    if link:
        facts.append(f"- [{plain(outcome.place.service or 'the task')} in the AWS console]({link})")
    if facts:
        yield from ("", *facts)


def plain(text: str) -> str:
    """The text, escaped: nothing in it is read as Markdown or HTML."""
    return _MARKUP.sub(r"\\\1", text)


def code(text: str) -> str:
    """The text as code, between more backticks than it has in a row."""
    mark = "`" * (_longest_run((text,)) + 1)
    return f"{mark}{text}{mark}" if len(mark) == 1 else f"{mark} {text} {mark}"


def fenced(lines: Sequence[str], most: int) -> Iterator[str]:
    """The lines as a block of code, in a fence that none of them can end."""
    if not lines:
        return
    fence = "`" * max(3, _longest_run(lines) + 1)
    yield from ("", f"{fence}text", *_fitting(lines, most), fence)


def _longest_run(lines: Sequence[str]) -> int:
    return max((len(run) for line in lines for run in re.findall("`+", line)), default=0)


def _fitting(lines: Sequence[str], most: int) -> Iterator[str]:
    left = most
    for line in lines:
        left -= len(line.encode(errors="replace")) + 1
        if left < 0:
            yield "…"
            return
        yield line
