"""Text that others wrote, made safe to show: ECS events, reasons, log lines, tags and AWS's error texts.

A terminal obeys control sequences, and CI runners obey lines: GitHub's takes `::name::` at the start of a
line and `##[name]` anywhere in it, Azure's takes `##vso[name]`:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands,
https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands
"""

from __future__ import annotations

import re
import unicodedata

# ECMA-48: control strings (OSC, DCS, SOS, PM, APC) with their terminator, control sequences (CSI), escapes.
_SEQUENCE = re.compile(
    # A string that does not end stops at the next that begins, which also keeps the time linear.
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n\x9d\x90\x98\x9e\x9f]*(?:\x07|\x1b\\|\x9c)"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]"
)
_UNSEEN = {"Cc", "Cf", "Cs"}
"""Controls; formats (bidirectional overrides, zero-width); lone surrogates, which no encoding takes."""
_READ = 8
_AT_WORD_START = re.compile(r"(?<!\S):{2,}")
_BRACKETED = re.compile(r"##(?=[A-Za-z]*\[)")


def clean(text: str, limit: int = 2000) -> str:
    """One line of at most `limit` characters (at least one) that neither a terminal nor a CI runner obeys.

    Of a long text we read eight times as much as we show, in case most of that is removed.
    """
    text = _SEQUENCE.sub("", text[: limit * _READ])
    if not text.isprintable():
        text = "".join(" " if char.isspace() else char for char in text if char.isspace() or _is_seen(char))
    text = disarm(text)
    return text if len(text) <= limit else f"{text[: max(limit, 1) - 1]}…"


def printable(text: str) -> str:
    """The same text with every control character written out, as in `2\\r`, for a message about that character."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def disarm(line: str) -> str:
    """The same line with nothing in it that a CI runner would parse as a command."""
    return _BRACKETED.sub("# #", _AT_WORD_START.sub(lambda run: " ".join(run[0]), line))


def _is_seen(char: str) -> bool:
    return unicodedata.category(char) not in _UNSEEN
