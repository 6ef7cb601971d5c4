"""The checks before the first write, as pure rules over facts. Imported by `plan.planner`, `engine` and `render`.

`admission`, `placeholders` and `registering` need only what every plan has. The others need what
`engine.prepare.preflight` reads.
"""

from __future__ import annotations

from ecsdeploy.plan.checks.admission import (
    check_account,
    check_attestation,
    check_definition,
    check_family,
    check_forced,
    check_one_off,
    check_plain,
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
    "check_plain",
    "check_registration",
    "check_service",
    "found",
    "is_note",
    "sentence",
    "tick",
    "todo",
]
