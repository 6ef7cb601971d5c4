"""Holds a release to a plan that was made, and perhaps reviewed, before.

A plan is told by its marks: for each part of it a name, and a fingerprint of what it is or becomes. Two plans are the
same release if they have the same marks. A mark gives no value away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ecsdeploy.model.difference import Agreed, Difference
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.steps import Plan, RunTask, StartCodeDeploy
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks.sentences import found
from ecsdeploy.plan.codedeploy import shown_appspec
from ecsdeploy.plan.diff import fingerprint
from ecsdeploy.plan.revise import OF_OURS

_DIGEST = "the digest of the image of"


def held_to(plan: Plan, place: Place, agreed: Agreed) -> Plan:
    """The plan, blocked if it is another one than was agreed on. Nothing was, if `agreed` has no marks."""
    differing = _differing(agreed.marks, marks(plan, place, agreed.key)) if agreed.marks else ()
    return replace(plan, findings=(found("C-PLAN-DIFFERS", *differing), *plan.findings)) if differing else plan


def _differing(agreed: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the parts that differ. A digest that could not be read when the plan was made says nothing."""
    added = (name for name in now if name not in agreed and not name.startswith(_DIGEST))
    return (*(name for name, mark in agreed.items() if now.get(name) != mark), *added)


def marks(plan: Plan, place: Place, key: str) -> dict[str, str]:
    """The marks of a plan for the service at `place`, made with `key`."""
    return {name: fingerprint(text, key) for name, text in _parts(plan, place)}


def _parts(plan: Plan, place: Place) -> Iterator[tuple[str, str]]:
    yield "the service", f"{place.account} {place.region} {place.cluster} {place.service}"
    yield "the revision that runs", plan.compared
    yield "the definition that the edits start from", plan.base
    yield "the steps", " ".join(_step(each) for each in plan.steps)
    for each in plan.changes:
        yield f"the image of {each.container}", f"{each.before} {each.after}"
        if each.digest:
            yield f"{_DIGEST} {each.container}", each.digest
    for difference in (*plan.differences, *plan.resized):
        if difference.member == "tags" and difference.name.startswith(OF_OURS):
            # Who runs it is another one in each run; which images they are is told above.
            continue
        yield _name(difference), f"{difference.how} {difference.before} {difference.after}"
    if plan.after:
        yield "the task of --after", _task(plan.after)
    for step in plan.steps:
        if isinstance(step, RunTask):
            yield "the task of --before", _task(step)
        if isinstance(step, StartCodeDeploy):
            yield "the AppSpec", "\n".join((step.route.group, *shown_appspec(step)))


def _task(step: RunTask) -> str:
    return f"{step.revision} {step.one_off.container} {step.one_off.members}"


def _step(step: object) -> str:
    return f"{type(step).__name__} {getattr(step, 'revision', '')} {getattr(step, 'force', '')}"


def _name(difference: Difference) -> str:
    of = f" of {difference.container}" if difference.container else ""
    return f"{difference.member} {difference.name}".strip() + of
