"""Finds the checks that were made and found nothing: `plan` ticks them off."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ecsdeploy.model.steps import Finding
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.existence import CODES
from ecsdeploy.plan.checks.history import is_newer
from ecsdeploy.plan.checks.hosting import is_for_fargate, platform

_WAY_BACK = frozenset({"C-NO-ROLLBACK-TARGET", "C-ROLLBACK-INACTIVE", "C-ROLLBACK-IMAGE"})
_SIZE = frozenset({"C-FARGATE-SIZE", "C-FARGATE-NEW-SIZE"})
_BALANCED = frozenset({"C-BALANCED-CONTAINER", "C-BALANCED-PORT"})
_NEWEST = frozenset({"C-NEWER-REVISION", "C-NEWER-FAILED"})
_ONE = {code: together for together in (_WAY_BACK, _SIZE, _BALANCED, _NEWEST) for code in together}
"""For each code, the codes with which it shares a line: if one of them found something, the line is not ticked off."""


def held(attempt: Attempt, known: Known, findings: Collection[Finding]) -> tuple[Finding, ...]:
    """The checks that could be made and found nothing, each with what it looked at."""
    found = {each.code for each in findings}
    made = [*_of_definition(attempt, known)]
    if attempt.touches_service:
        made += _of_service(attempt, known)
    return tuple(each for each in made if not found & _ONE.get(each.code, {each.code}))


def _of_definition(attempt: Attempt, known: Known) -> Iterator[Finding]:
    if is_for_fargate(attempt.definition):
        yield _made("C-FARGATE-SIZE")
    images = [each for each in dict.fromkeys(attempt.definition.images.values()) if known.images.get(each)]
    if images:
        yield _made("C-IMAGE-MISSING", *images)
    stored = [known.images[each] for each in images]
    wanted = platform(attempt.definition)
    if wanted and any(each and each.platforms for each in stored):
        yield _made("C-IMAGE-PLATFORM", wanted)
    for resource_type, code in CODES.items():
        there = [each.name for each, is_there in known.resources.items() if each.type is resource_type and is_there]
        if there:
            yield _made(code, *there)
    if attempt.starts_over and known.newest is not None and not is_newer(attempt, known.newest):
        # A newer one that differs only in images gives no finding, but then "newest" would be wrong.
        yield _made("C-NEWER-REVISION")


def _of_service(attempt: Attempt, known: Known) -> Iterator[Finding]:
    if attempt.rolls and attempt.desired > 0:
        yield _made("C-DEADLOCK")
    groups = [arn for arn, group in known.target_groups.items() if group is not None]
    if groups:
        yield _made("C-TARGET-GROUP-MISSING", *groups)
    if attempt.service.settings.balanced:
        yield _made("C-BALANCED-PORT")
    if known.limits is not None:
        yield _made("C-SCALING-LIMITS")
    if attempt.may_go_back and known.target is not None:
        yield _made("C-NO-ROLLBACK-TARGET")
    if attempt.is_watched and groups:
        yield _made("C-TIMEOUT")
    if attempt.is_watched and known.expire_at is not None:
        yield _made("C-CREDENTIALS-EXPIRE")


def _made(code: str, *subjects: str) -> Finding:
    return Finding(code=code, subjects=subjects)
