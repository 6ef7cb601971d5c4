"""The one table of the codes `C-...`: what each finding says, how severe it is, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from ecsdeploy.model.steps import Finding
from ecsdeploy.plan.checks.meanings.always import ALWAYS
from ecsdeploy.plan.checks.meanings.definition import OF_DEFINITION
from ecsdeploy.plan.checks.meanings.meaning import Meaning, Severity
from ecsdeploy.plan.checks.meanings.service import OF_SERVICE

MEANINGS: Mapping[str, Meaning] = {**ALWAYS, **OF_DEFINITION, **OF_SERVICE}


def found(code: str, *subjects: str) -> Finding:
    """A finding with this code; it blocks if the code is an error."""
    return Finding(code=code, subjects=subjects, blocking=MEANINGS[code].severity is Severity.ERROR)


ALWAYS_MADE = frozenset(ALWAYS)
"""The checks that are made even with `--no-preflight`, as they need only what every plan has."""


def sentence(finding: Finding) -> str:
    """The finding as one sentence. If the table has none for this code and these subjects, it lists them."""
    listed = ", ".join(f"`{each}`" for each in finding.subjects)
    try:
        return MEANINGS[finding.code].sentence.format(*finding.subjects, all=listed, plain=", ".join(finding.subjects))
    except (KeyError, IndexError):
        return f"{finding.code}: {listed}." if listed else f"{finding.code}."


def tick(finding: Finding) -> str:
    """The text that `plan` ticks off, with the number of things if there are several; empty if the code has none."""
    meaning = MEANINGS.get(finding.code)
    one, _, many = (meaning.held if meaning else "").partition("|")
    number = len(finding.subjects)
    return f"{many} ({number})" if many and number > 1 else one.format(*finding.subjects)


def is_note(finding: Finding) -> bool:
    """Whether the finding is a note, less than a warning."""
    meaning = MEANINGS.get(finding.code)
    return meaning is not None and meaning.severity is Severity.NOTE


def todo(finding: Finding) -> str:
    """What the user can do about it; empty for a code that is not in the table."""
    meaning = MEANINGS.get(finding.code)
    return meaning.todo if meaning else ""
