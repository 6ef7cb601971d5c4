"""Tells a plan, and ends the run if one of its findings blocks."""

from __future__ import annotations

from ecsdeploy.engine.controllers.deployer import deployer_of
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import Refused
from ecsdeploy.model.edits import Edit, Patch, SetImage, SetTag
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.request import Sizing, WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import (
    CreateService,
    Finding,
    Plan,
    PointService,
    Register,
    RunTask,
    StartCodeDeploy,
    StartStep,
    Step,
    UpdateExpress,
)
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks import check_account, check_service, found, sentence, todo


def tell(run: Run, plan: Plan, edits: tuple[Edit, ...], until: WaitUntil = WaitUntil.COMPLETE) -> None:
    """Emit the plan, and keep its warnings for the outcome.

    A run may plan again, as after it waited for another deployment. Then the plan is told again only if it differs.
    """
    run.progress = replace(run.progress, from_revision=plan.base if plan.baseline is None else plan.baseline.revision)
    event = _planned(run, plan, edits, until)
    told = run.progress.planned.findings if run.progress.planned is not None else ()
    fresh = [each for each in plan.findings if each not in told]
    if run.progress.planned is not None and not fresh and _does(run.progress.planned) == _does(event):
        return
    run.progress = replace(run.progress, planned=event)
    for finding in fresh:
        run.emit.note(finding)
    run.emit(event)


def _planned(run: Run, plan: Plan, edits: tuple[Edit, ...], until: WaitUntil) -> Planned:
    return Planned(
        place=run.progress.place,
        base=plan.base,
        requested=" ".join(filter(None, map(_asked, edits))),
        changes=plan.changes,
        steps=(
            *(_word(each, is_last=each is plan.steps[-1]) for each in plan.steps),
            *(("after",) if plan.after else ()),
        ),
        findings=plan.findings,
        held=plan.held,
        until=until,
        target=_target(plan),
        compared=plan.compared,
        containers=plan.containers,
        differences=plan.differences,
        resized=plan.resized,
        setting=plan.setting,
        usual=plan.usual,
        back=plan.baseline.revision if plan.baseline else "",
        appspec=deployer_of(run.progress.controller).shown(plan.steps[-1]),
        before=next((each.revision for each in plan.steps[:-1] if isinstance(each, RunTask)), ""),
        after=plan.after.revision if plan.after else "",
        released=plan.released,
    )


def _does(planned: Planned) -> Planned:
    """What the plan does, to compare with another one: without findings and what else was read on the way."""
    return replace(planned, findings=(), held=(), setting=None, usual=None, back="")


def refuse_if_blocked(plan: Plan) -> None:
    """Raise `Refused` with all findings that block, if there are any."""
    _refuse(plan.findings)


def refuse_unusable(run: Run, plan: Plan) -> None:
    """Raise the `UsageError` that the registration would raise before its call; nothing if a finding blocks anyway."""
    for step in plan.steps if not plan.is_blocked else ():
        if isinstance(step, Register):
            run.plane.refuse_unusable(step.definition)


def with_unknown_members(run: Run, plan: Plan, edits: tuple[Edit, ...], base: TaskDefinition) -> Plan:
    """The plan, warning of members that a patch brings and that nothing here knows: ECS may not know them either."""
    if not any(isinstance(each, Patch) for each in edits):
        return plan
    known = run.plane.unknown_members(base) if base.arn else ()
    registered = (step.definition for step in plan.steps if isinstance(step, Register))
    fresh = [path for each in registered for path in run.plane.unknown_members(each) if path not in known]
    return replace(plan, findings=(*plan.findings, found("C-UNKNOWN-MEMBER", *fresh))) if fresh else plan


def refuse_other_account(arn: str, expected: str) -> None:
    """Raise `Refused` if this ARN is not of the account `expected`; an empty one allows all."""
    _refuse(check_account(arn, expected))


def refuse_without_definition(service: Service) -> None:
    """Raise `Refused` for a service without a task definition: with controller EXTERNAL, only its task sets have one.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-external.html
    """
    if not service.task_definition:
        _refuse(check_service(service, Sizing()))


def refuse_other_deployer(service: Service) -> None:
    """Raise `Refused` for a service that neither ECS nor CodeDeploy deploys: another program makes its task sets."""
    if service.controller not in ("ECS", "CODE_DEPLOY"):
        _refuse(check_service(service, Sizing()))


def _refuse(findings: tuple[Finding, ...]) -> None:
    blocking = [each for each in findings if each.blocking]
    if blocking:
        hints = filter(None, (*map(todo, blocking), "Nothing was changed."))
        raise Refused(" ".join(map(sentence, blocking)), hint=" ".join(hints))


def _asked(edit: Edit) -> str:
    """The image or tag of an edit, empty for any other: those are told as differences."""
    match edit:
        case SetImage():
            return str(edit.image)
        case SetTag():
            return edit.tag
        case _:
            return ""


def _target(plan: Plan) -> str:
    """The existing revision that the plan puts on the service; empty if it registers one, or forces a deployment."""
    last = plan.steps[-1]
    return last.revision if isinstance(last, StartStep) and not last.force else ""


def _word(step: Step, *, is_last: bool) -> str:
    """The step's word in events, such as `register`."""
    match step:
        case Register():
            return "register"
        case PointService():
            return "force" if step.force else "update"
        case StartCodeDeploy():
            return "force" if step.force else "codedeploy"
        case UpdateExpress():
            return "express"
        case RunTask():
            return "run" if is_last else "before"
        case CreateService():
            return "create"
