"""A request and the facts give a plan: ordered steps, what they change, and where to go back to.

deploy     Register, PointService
revision   PointService, after Register of a copy where the revision is no longer active
force      PointService of the revision in use, forced
register   Register [, RunTask]
rollback   PointService of the baseline, with the sizing that was there
"""

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.request import DeployRequest, RegisterRequest, Sizing, WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Baseline, Plan, PointService, Register, RunTask, Step
from ecsdeploy.plan.checks import check_account, check_definition, check_one_off, check_service
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.knowngood import check_revision
from ecsdeploy.plan.revise import revise


def plan_deploy(request: DeployRequest, service: Service, facts: Facts) -> Plan:
    """The steps of a release to `service`; findings that block are in the plan, `Refused` is for what has no plan."""
    # A forced deployment sends no sizing, as the bash script did not: it changes nothing that must be restored.
    sizing = Sizing() if request.force else request.sizing
    baseline = _baseline(service, sizing)
    findings = check_account(service, request.expect_account) + check_service(service, sizing)
    if request.force:
        step = PointService(service=request.service, revision=service.task_definition, force=True)
        return Plan(steps=(step,), base=facts.current, findings=findings, baseline=baseline)
    if request.revision:
        gone = check_revision(facts.base)
        return Plan(
            steps=_again(request, facts, sizing) if gone else (_to(request, facts.base.arn, sizing),),
            base=facts.current,
            changes=_images(facts),
            findings=findings + gone,
            baseline=baseline,
        )
    revised = revise(facts.base, request.edits)
    steps: tuple[Step, ...] = (Register(definition=revised.definition),)
    if request.wait_until is not WaitUntil.REGISTERED:
        steps += (PointService(service=request.service, sizing=request.sizing),)
    return Plan(
        steps=steps,
        base=facts.current,
        changes=revised.changes,
        findings=findings + revised.findings + check_definition(revised.definition),
        baseline=baseline,
    )


def plan_register(request: RegisterRequest, facts: Facts) -> Plan:
    """The steps of registering a revision, and of running one task of it."""
    revised = revise(facts.base, request.edits)
    steps: tuple[Step, ...] = (Register(definition=revised.definition),)
    if request.run is not None:
        steps += (RunTask(one_off=request.run),)
    findings = revised.findings + check_definition(revised.definition)
    if request.run is not None:
        findings += check_one_off(revised.definition, request.run)
    return Plan(steps=steps, base=facts.current, changes=revised.changes, findings=findings)


def plan_rollback(ref: ServiceRef, baseline: Baseline) -> PointService:
    """The one step of a rollback: the service as it was before us."""
    return PointService(service=ref, revision=baseline.revision, sizing=baseline.sizing)


def _to(request: DeployRequest, revision: str, sizing: Sizing) -> PointService:
    return PointService(service=request.service, revision=revision, sizing=sizing)


def _again(request: DeployRequest, facts: Facts, sizing: Sizing) -> tuple[Step, ...]:
    """What is no longer active cannot be put on a service: a copy of it can."""
    return Register(definition=facts.base), _to(request, "", sizing)


def _images(facts: Facts) -> tuple[ImageChange, ...]:
    """The images of an existing revision; what they replace is another revision's."""
    return tuple(ImageChange(container=name, before="", after=image) for name, image in facts.base.images.items())


def _baseline(service: Service, sizing: Sizing) -> Baseline:
    """Where to go back to: what we are about to change, as it is now."""
    primary = service.primary
    return Baseline(
        revision=service.task_definition,
        deployment_id=primary.id if primary else "",
        sizing=Sizing(
            desired_count=service.desired if sizing.desired_count is not None else None,
            minimum_healthy_percent=_was(sizing.minimum_healthy_percent, service.minimum_healthy_percent, 100),
            maximum_percent=_was(sizing.maximum_percent, service.maximum_percent, 200),
        ),
    )


def _was(asked: int | None, before: int | None, default: int) -> int | None:
    """What a changed percentage goes back to; ECS's default where the service had none of its own.

    Defaults: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    """
    if asked is None:
        return None
    return default if before is None else before
