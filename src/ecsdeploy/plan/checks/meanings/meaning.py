"""One row of the tables: what a code's finding says, how grave it is, and what to do."""

from __future__ import annotations

from enum import StrEnum

from ecsdeploy.model.values import value

GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/"


class Severity(StrEnum):
    """An error ends the deployment before its first write; a note is no more than a line to know about."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@value(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A code's sentence, with places for the finding's subjects (`{0}`, `{all}`, `{plain}`), and its page of AWS."""

    severity: Severity
    sentence: str
    todo: str
    link: str
    held: str = ""
    """What is ticked off where the check is made and finds nothing: about one thing, and after a bar about several."""


def error(sentence: str, todo: str, link: str, *, held: str = "") -> Meaning:
    return Meaning(severity=Severity.ERROR, sentence=sentence, todo=todo, link=link, held=held)


def warning(sentence: str, todo: str, link: str, *, held: str = "") -> Meaning:
    return Meaning(severity=Severity.WARNING, sentence=sentence, todo=todo, link=link, held=held)


def note(sentence: str, todo: str, link: str) -> Meaning:
    return Meaning(severity=Severity.NOTE, sentence=sentence, todo=todo, link=link)
