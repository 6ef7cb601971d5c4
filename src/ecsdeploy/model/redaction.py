"""Finds secrets in a text by the ways in which programs write them, and hides them.

Most texts have no secret: the modules that look closer are loaded for the first text that may have one. Each pattern is
bounded, or consumes what it has looked at, so that the time grows no faster than the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecsdeploy.model.secretforms import Span

HIDDEN = "***"

_NAMES = re.compile(
    r"pass|pw|key|secret|token|cred|dsn|salt|pepper|otp=|sas=|_pat|external|auth|signature|[?&]sig", re.IGNORECASE
)
"""Without one of these, a text has none of the names that stand for a secret."""
_FORMS = re.compile(
    r"(?i:@|(?:^|\s)-(?:[upa]|-user)|authorization|bearer|basic|cookie|-----begin|hooks\.slack|login)"
    r"|\b(?:eyJ|A[KS]IA|IQoJ|F[wQ]oG|gh[pousr]_|github_pat_|glpat-|xox|[srp]k[_-]|AIza|npm_|pypi-|SG\.|dckr_|hv[sb]\.)"
    r"|\b(?:NRAK-|whsec_)"
    r"|[A-Za-z\d+/]{40}"
)
"""Without one of these, a text has no secret by its form."""


def redact(text: str) -> str:
    """The same text with `***` for each secret that its surroundings or its form give away."""
    return hidden(text, spans(text))


def secrets_in(text: str) -> tuple[str, ...]:
    """What `redact` hides."""
    return tuple(text[start:end] for start, end in spans(text))


def hidden(text: str, found: Iterable[Span]) -> str:
    """The same text with `***` for each part."""
    shown, end = [], 0
    for first, last in sorted(found):
        if last > end:
            shown += [text[end:first], HIDDEN] if first >= end else []
            end = last
    return "".join((*shown, text[end:]))


@lru_cache(maxsize=1024)
def spans(text: str) -> tuple[Span, ...]:
    """Where the secrets stand; kept, as the same names and ARNs come again with each event."""
    found: list[Span] = []
    if _NAMES.search(text):
        from ecsdeploy.model.secretnames import secrets_by_name

        found += secrets_by_name(text)
    if _FORMS.search(text):
        from ecsdeploy.model.secretforms import secrets_by_form

        found += secrets_by_form(text)
    return tuple(found)
