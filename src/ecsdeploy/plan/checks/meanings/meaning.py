"""One row of the tables: what a finding of a code says, how severe it is, and what to do."""

from __future__ import annotations

from enum import StrEnum

from ecsdeploy.model.values import value

GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/"


class Severity(StrEnum):
    """An error ends the run before its first write. A warning does not, and a note is less than a warning."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@value(frozen=True, slots=True, kw_only=True)
class Meaning:
    """The texts of one code. The sentence may have the finding's subjects: `{0}`, `{all}` or `{plain}`."""

    severity: Severity
    sentence: str
    todo: str
    """What the user can do."""
    link: str
    """The page of AWS on which the check rests."""
    held: str = ""
    """The text to tick off if the check finds nothing. After a `|`, the text for several things."""


def error(sentence: str, todo: str, link: str, *, held: str = "") -> Meaning:
    return Meaning(severity=Severity.ERROR, sentence=sentence, todo=todo, link=link, held=held)


def warning(sentence: str, todo: str, link: str, *, held: str = "") -> Meaning:
    return Meaning(severity=Severity.WARNING, sentence=sentence, todo=todo, link=link, held=held)


def note(sentence: str, todo: str, link: str) -> Meaning:
    return Meaning(severity=Severity.NOTE, sentence=sentence, todo=todo, link=link)
