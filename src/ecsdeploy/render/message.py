"""How a run ended as a message to people: for Slack and what reads its messages, and for others.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import json
import re

from ecsdeploy.model.values import value
from ecsdeploy.render.block import GOOD, glyph_of, link_of
from ecsdeploy.render.ended import Ended
from ecsdeploy.render.jsonl import result_object
from ecsdeploy.render.several.ended import EndedFleet, text_of

_MOST = 3000
"""Slack cuts a text after 40,000 characters, and asks for 4,000 at most."""
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_NOT_PLAIN = re.compile(r"[^\w .:()/-]")


@value(frozen=True, slots=True, kw_only=True)
class Message:
    """What others are told, in each form: the JSON result, the JSON of a Slack message, a title and a text."""

    result: str
    slack: str
    title: str
    text: str


def message(ended: Ended) -> Message:
    """What others are told of a run."""
    return Message(
        result=result_object(ended.finished, ended.at, ended.exit_code),
        slack=slack_message(ended),
        title=_title(ended),
        text=_cut(ended.text),
    )


def message_of_release(fleet: EndedFleet) -> Message:
    """What others are told of a release of several services."""
    glyph = "✖" if fleet.failed else "✔"
    title, text = f"{glyph} {_NOT_PLAIN.sub('', f'{fleet.title}: {fleet.status.name}')}", _cut(text_of(fleet))
    return Message(result=fleet.result, slack=slack_text(title, text), title=title, text=text)


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


def slack_text(title: str, said: str) -> str:
    """The JSON of a message of this title and text, which calls nobody."""
    said = _cut(said).replace("```", "'''").translate(_ESCAPED)
    return json.dumps({"text": f"*{title}*\n```\n{said}\n```"})


def _title(ended: Ended) -> str:
    good = ended.outcome.verdict.status in GOOD
    title = f"{ended.title}: {ended.outcome.verdict.status.name}"
    return f"{'✔' if good else glyph_of(ended.outcome)} {_NOT_PLAIN.sub('', title)}"


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
