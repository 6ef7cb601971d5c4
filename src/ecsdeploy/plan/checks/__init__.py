"""What is checked before the first write: pure rules over facts. Imported by `plan.planner`, `engine` and `render`.

`admission` needs nothing but what every plan has; the other checks need what `engine.prepare.preflight` reads.
"""

from __future__ import annotations

from ecsdeploy.plan.checks.admission import (
    check_account,
    check_attestation,
    check_definition,
    check_family,
    check_forced,
    check_one_off,
    check_service,
)
from ecsdeploy.plan.checks.placeholders import check_places
from ecsdeploy.plan.checks.registering import check_registration
from ecsdeploy.plan.checks.sentences import found, is_note, sentence, tick, todo

__all__ = [
    "check_account",
    "check_attestation",
    "check_definition",
    "check_family",
    "check_forced",
    "check_one_off",
    "check_places",
    "check_registration",
    "check_service",
    "found",
    "is_note",
    "sentence",
    "tick",
    "todo",
]
