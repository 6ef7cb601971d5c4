"""Tells a plan, and stops where one of its findings blocks."""

from ecsdeploy.engine.run import Run
from ecsdeploy.errors import Refused
from ecsdeploy.model.edits import Edit, SetImage, SetTag
from ecsdeploy.model.events import Planned
from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.steps import Plan, PointService, Register, RunTask, Step

_REFUSALS = {
    "C-EXPRESS": "The service `{}` is managed by ECS Express Mode: update it there.",
    "C-CONTROLLER": "The service `{}` is deployed by its `{}` deployment controller: use that to deploy it.",
    "C-NO-FAMILY": "The task definition has no `family`.",
    "C-NO-CONTAINER": "The task definition `{}` has no container.",
    "C-NO-NETWORK": "Tasks of `{}` are in `awsvpc` mode: name their subnets with `--network-configuration`.",
    "C-REVISION-INACTIVE": "The revision `{}` is {}: only an active one can be deployed.",
    "C-NO-IMAGE": "Each container needs a `name` and an `image`; `{}` lacks one.",
}


def tell(run: Run, plan: Plan, edits: tuple[Edit, ...], until: WaitUntil = WaitUntil.COMPLETE) -> None:
    """Emit the plan and remember what of it belongs into the outcome."""
    run.from_revision = plan.base if plan.baseline is None else plan.baseline.revision
    for finding in plan.findings:
        run.emit.note(finding)
    run.emit(
        Planned(
            place=run.place,
            base=plan.base,
            requested=" ".join(_asked(each) for each in edits),
            changes=plan.changes,
            steps=tuple(_word(each) for each in plan.steps),
            findings=plan.findings,
            until=until,
            target=_target(plan),
        )
    )


def refuse_if_blocked(plan: Plan) -> None:
    """Raise `Refused` for the first finding that blocks; nothing was changed."""
    for finding in plan.findings:
        if finding.blocking:
            raise Refused(_REFUSALS[finding.code].format(*finding.subjects), hint="Nothing was changed.")


def _asked(edit: Edit) -> str:
    match edit:
        case SetImage():
            return str(edit.image)
        case SetTag():
            return edit.tag


def _target(plan: Plan) -> str:
    first = plan.steps[0]
    return first.revision if isinstance(first, PointService) and not first.force else ""


def _word(step: Step) -> str:
    match step:
        case Register():
            return "register"
        case PointService():
            return "force" if step.force else "update"
        case RunTask():
            return "run"
