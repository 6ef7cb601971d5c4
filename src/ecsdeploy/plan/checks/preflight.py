"""Makes all the checks of a release, and puts the findings in order: those that block come first."""

from __future__ import annotations

from ecsdeploy.model.steps import Finding
from ecsdeploy.model.values import value
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.duration import check_credentials, check_timeout
from ecsdeploy.plan.checks.existence import check_balancing, check_existence
from ecsdeploy.plan.checks.fitting import check_daemon, check_fit
from ecsdeploy.plan.checks.held import held
from ecsdeploy.plan.checks.history import check_busy, check_newest, check_way_back
from ecsdeploy.plan.checks.hosting import check_images
from ecsdeploy.plan.checks.room import check_deadlock, check_limits, check_zones
from ecsdeploy.plan.checks.sentences import found
from ecsdeploy.plan.checks.sizes import check_size


@value(frozen=True, slots=True, kw_only=True)
class Checked:
    """The findings, and the checks that were made and found nothing (`held`)."""

    findings: tuple[Finding, ...]
    held: tuple[Finding, ...]


def check(attempt: Attempt, known: Known) -> Checked:
    """Make all the checks."""
    findings = check_all(attempt, known)
    return Checked(findings=findings, held=held(attempt, known, findings))


def check_all(attempt: Attempt, known: Known) -> tuple[Finding, ...]:
    """All findings. One note names everything that could not be read."""
    findings = [*check_size(attempt.definition), *check_images(attempt, known), *check_existence(attempt, known)]
    findings += check_newest(attempt, known)
    if attempt.touches_service:
        findings += _of_service(attempt, known)
    if known.unread:
        findings.append(found("C-UNCHECKED", *known.unread))
    return tuple(sorted(findings, key=lambda finding: not finding.blocking))


def _of_service(attempt: Attempt, known: Known) -> list[Finding]:
    return [
        *check_deadlock(attempt),
        *check_zones(attempt),
        *check_daemon(attempt),
        *check_balancing(attempt, known),
        *check_fit(attempt),
        *check_limits(attempt, known),
        *check_busy(attempt, known),
        *check_way_back(attempt, known),
        *check_timeout(attempt, known),
        *check_credentials(attempt, known),
    ]
