"""The one error that a failed run puts on the page of a GitHub job, as the line that the runner obeys.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
"""

from __future__ import annotations

from ecsdeploy.model.outcome import Status
from ecsdeploy.render.block import GOOD
from ecsdeploy.render.ended import Ended

_SHOWN = ("Why", "Hint")


def annotation(ended: Ended) -> str:
    """What serves production now, why, and what to do; empty where nothing failed."""
    if ended.outcome.verdict.status in (*GOOD, Status.DETACHED):
        return ""
    why = (f"{each.label}: {each.text}" for each in ended.story if each.label in _SHOWN)
    return error_command(ended.title, "\n".join((ended.verdict, *why)))


def error_command(title: str, message: str) -> str:
    """Escaped as the runner unescapes it: a value of a property also ends at `:` and `,`."""
    escaped = _escaped(title).replace(":", "%3A").replace(",", "%2C")
    return f"::error title={escaped}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
