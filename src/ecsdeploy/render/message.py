"""How a run ended as a message to people: for Slack and what reads its messages, and for others.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import json
import re

from ecsdeploy.render.block import GOOD, glyph_of, link_of
from ecsdeploy.render.ended import Ended

_MOST = 3000
"""Slack cuts a text after 40,000 characters, and asks for 4,000 at most."""
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_NOT_PLAIN = re.compile(r"[^\w .:()/-]")


def message(ended: Ended) -> tuple[str, str]:
    """The title, and the verdict with its story."""
    return _title(ended), _cut(ended.text)


def slack_message(ended: Ended) -> str:
    """The JSON that a webhook of Slack takes.

    The words of others stand in a block of code, where they call nobody, lead nowhere and format nothing.
    """
    said = _cut(ended.text).replace("```", "'''").translate(_ESCAPED)
    text = f"*{_title(ended)}*\n```\n{said}\n```"
    link = link_of(ended.view, ended.outcome)
    if link:
        text += f"\n<{link.translate(_ESCAPED)}|AWS console>"
    return json.dumps({"text": text})


def _title(ended: Ended) -> str:
    good = ended.outcome.verdict.status in GOOD
    title = f"{ended.title}: {ended.outcome.verdict.status.name}"
    return f"{'✔' if good else glyph_of(ended.outcome)} {_NOT_PLAIN.sub('', title)}"


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
