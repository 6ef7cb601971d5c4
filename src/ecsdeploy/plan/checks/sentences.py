"""What each check's finding says, how grave it is, and what to do: the one table of the codes `C-...`."""

from __future__ import annotations

from collections.abc import Mapping

from ecsdeploy.model.steps import Finding
from ecsdeploy.plan.checks.meanings.always import ALWAYS
from ecsdeploy.plan.checks.meanings.definition import OF_DEFINITION
from ecsdeploy.plan.checks.meanings.meaning import Meaning, Severity
from ecsdeploy.plan.checks.meanings.service import OF_SERVICE

MEANINGS: Mapping[str, Meaning] = {**ALWAYS, **OF_DEFINITION, **OF_SERVICE}


def found(code: str, *subjects: str) -> Finding:
    """The finding of this code; an error blocks."""
    return Finding(code=code, subjects=subjects, blocking=MEANINGS[code].severity is Severity.ERROR)


ALWAYS_MADE = frozenset(ALWAYS)
"""The checks that `--no-preflight` does not leave out: they need nothing but what every plan has."""


def sentence(finding: Finding) -> str:
    """One sentence; where the table has none for this code and these subjects, it names them."""
    listed = ", ".join(f"`{each}`" for each in finding.subjects)
    try:
        return MEANINGS[finding.code].sentence.format(*finding.subjects, all=listed, plain=", ".join(finding.subjects))
    except (KeyError, IndexError):
        return f"{finding.code}: {listed}." if listed else f"{finding.code}."


def tick(finding: Finding) -> str:
    """What is ticked off, with how many it was, if several; empty for a code that has no such text."""
    meaning = MEANINGS.get(finding.code)
    one, _, many = (meaning.held if meaning else "").partition("|")
    number = len(finding.subjects)
    return f"{many} ({number})" if many and number > 1 else one.format(*finding.subjects)


def is_note(finding: Finding) -> bool:
    """Whether it is no more than a line to know about."""
    meaning = MEANINGS.get(finding.code)
    return meaning is not None and meaning.severity is Severity.NOTE


def todo(finding: Finding) -> str:
    """What to do about it; empty for a code that is not in the table."""
    meaning = MEANINGS.get(finding.code)
    return meaning.todo if meaning else ""
