"""The line that makes a GitHub runner show a failed run as an error on the page of its job.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
"""

from __future__ import annotations

from ecsdeploy.model.outcome import Status
from ecsdeploy.render.block import GOOD
from ecsdeploy.render.ended import Ended

_SHOWN = ("Why", "Hint")


def annotation(ended: Ended) -> str:
    """The line for a failed run: what serves production now, why, and what to do. Empty if nothing failed."""
    if ended.outcome.verdict.status in (*GOOD, Status.DETACHED):
        return ""
    why = (f"{each.label}: {each.text}" for each in ended.story if each.label in _SHOWN)
    return error_command(ended.title, "\n".join((ended.verdict, *why)))


def error_command(title: str, message: str) -> str:
    """The runner's `error` command. In `title` we also escape `:` and `,`, which would end it."""
    escaped = _escaped(title).replace(":", "%3A").replace(",", "%2C")
    return f"::error title={escaped}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
