"""Makes a plan from a request and the facts: steps in their order, what they change, and where to go back to.

deploy     Register, PointService
revision   PointService; if the revision is no longer ACTIVE, Register of a copy before it, or a finding that blocks
force      PointService of the revision in use, forced
register   Register [, RunTask]
before     RunTask of the new revision or of another family, before the step that changes the service
rollback   PointService of the baseline, with the sizing from before the release

For a service with the controller CODE_DEPLOY, StartCodeDeploy stands in place of PointService.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.difference import Difference, covers
from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.request import DeployRequest, RegisterRequest, Sizing, WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import LaunchVolume, managed_volumes
from ecsdeploy.model.steps import (
    Baseline,
    Finding,
    Plan,
    PointService,
    Register,
    RunTask,
    Setting,
    StartCodeDeploy,
    StartStep,
    Step,
)
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks import (
    check_account,
    check_attestation,
    check_definition,
    check_family,
    check_forced,
    check_one_off,
    check_places,
    check_plain,
    check_registration,
    check_service,
    found,
)
from ecsdeploy.plan.diff import differences, tag_differences
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.revise import Revised, revise, tagged
from ecsdeploy.plan.revisions import check_revision, check_stays, way_back


def plan_deploy(request: DeployRequest, service: Service, facts: Facts) -> Plan:
    """The plan of a release to `service`, with the findings that block it; `Refused` or `UsageError` without one."""
    plan = _plan_release(request, service, facts)
    if request.before or request.after:
        from ecsdeploy.plan.gate import gated

        plan = gated(plan, request, service, facts)
    if request.sent_sizing.deployment:
        from ecsdeploy.plan.configuring import with_configuration

        plan = with_configuration(plan, request, service)
    if request.gate:
        from ecsdeploy.plan.pausing import check_gate

        plan = replace(plan, findings=(*plan.findings, *check_gate(request, service)))
    if facts.express is not None:
        from ecsdeploy.plan.express import as_express

        plan = as_express(plan, request, service, facts, facts.express)
    return plan


def _plan_release(request: DeployRequest, service: Service, facts: Facts) -> Plan:
    sizing = request.sent_sizing
    baseline = _baseline(service, facts, sizing)
    findings = check_account(service.arn, request.expect_account) + check_service(service, sizing) + facts.findings
    if request.force and not request.revision:
        start = _start(request, facts, service.task_definition)
        return Plan(
            steps=(start,),
            base=facts.current,
            findings=findings + check_forced(facts.base),
            baseline=baseline,
            setting=_setting(service, facts.current),
        )
    steps: tuple[Step, ...]
    if request.revision:
        gone = check_revision(facts.base, copied=request.copies_inactive)
        # ECS deploys only a copy of a revision that is no longer ACTIVE.
        copied = (Register(definition=facts.base), _start(request, facts))
        steps = copied if gone and request.copies_inactive else (_start(request, facts, facts.base.arn),)
        plan = Plan(
            steps=steps,
            base=facts.current,
            changes=_images(facts),
            findings=findings + gone + check_stays(steps[0], service),
            baseline=baseline,
            resized=_resized(service, sizing),
            setting=_setting(service, facts.current),
        )
        return _compared(plan, facts.running, facts.base, request)
    revised = revise(facts.base, request.edits)
    definition = tagged(revised.definition, request.tags)
    steps = (Register(definition=definition),)
    if request.wait_until is not WaitUntil.REGISTERED:
        steps += (_start(request, facts),)
    plan = Plan(
        steps=steps,
        base=facts.current,
        changes=revised.changes,
        findings=findings + revised.findings + _check_revised(revised, facts) + _unread(facts),
        baseline=baseline,
        resized=_resized(service, sizing),
        setting=_setting(service, facts.current),
    )
    plan = _compared(plan, facts.running or facts.base, definition, request)
    return _with_tags(plan, facts.base, request.tags)


def plan_register(request: RegisterRequest, facts: Facts) -> Plan:
    """The plan that registers a revision, and runs one task of it if asked. Errors: as of `plan_deploy`."""
    revised = revise(facts.base, request.edits)
    steps: tuple[Step, ...] = (Register(definition=tagged(revised.definition, request.tags)),)
    if request.run is not None:
        steps += (RunTask(one_off=request.run),)
    findings = revised.findings + _check_revised(revised, facts) + check_family(revised.definition, request.family)
    if request.run is not None:
        findings += check_one_off(revised.definition, request.run)
    plan = Plan(steps=steps, base=facts.current, changes=revised.changes, findings=findings + _unread(facts))
    return _with_tags(_compared(plan, facts.base, revised.definition), facts.base, request.tags)


def _unread(facts: Facts) -> tuple[Finding, ...]:
    return (found("C-TAGS-UNREAD"),) if facts.base.tags_unread else ()


def _with_tags(plan: Plan, base: TaskDefinition, asked: tuple[tuple[str, str], ...]) -> Plan:
    """The plan with the tags that are asked for and differ; a file has nothing to compare them with."""
    if not plan.compared:
        return plan
    return replace(plan, differences=(*plan.differences, *tag_differences(base, asked)))


def _check_revised(revised: Revised, facts: Facts) -> tuple[Finding, ...]:
    definition, stored = revised.definition, facts.running or (facts.base if facts.base.arn else None)
    return (
        *check_definition(definition),
        *check_places(definition, stored),
        *check_registration(definition, stored),
        *check_attestation(definition, revised.changes),
        *check_plain(definition, stored),
    )


def plan_rollback(ref: ServiceRef, baseline: Baseline) -> PointService:
    """The one step of a rollback: it puts the service back as it was before the release."""
    return PointService(service=ref, revision=baseline.revision, sizing=baseline.sizing)


def still_ours(before: Sizing, set_by_us: Sizing, now: Service) -> Sizing:
    """The part of the sizing from `before` our release to put back: what we set, and nobody else has changed since."""
    return Sizing(
        desired_count=before.desired_count if now.desired == set_by_us.desired_count else None,
        minimum_healthy_percent=before.minimum_healthy_percent
        if now.minimum_healthy_percent == set_by_us.minimum_healthy_percent
        else None,
        maximum_percent=before.maximum_percent if now.maximum_percent == set_by_us.maximum_percent else None,
        managed_tags=before.managed_tags if now.managed_tags == set_by_us.managed_tags else None,
        propagate_tags=before.propagate_tags if now.propagate_tags == set_by_us.propagate_tags else None,
        volumes=before.volumes if _are_on(now, set_by_us.volumes) else None,
        deployment=_still_configured(before, set_by_us, now),
    )


def _still_configured(before: Sizing, set_by_us: Sizing, now: Service) -> Mapping[str, object]:
    if not before.deployment:
        return {}
    from ecsdeploy.plan.configuring import still_set

    return still_set(now, before.deployment, set_by_us.deployment)


def _are_on(now: Service, volumes: Iterable[LaunchVolume] | None) -> bool:
    """Whether the service still has the volumes that we configured. ECS may have added defaults to them."""
    return volumes is not None and covers(
        managed_volumes(now.settings.demands.launch_volumes), managed_volumes(volumes)
    )


def _compared(
    plan: Plan, old: TaskDefinition | None, new: TaskDefinition, request: DeployRequest | None = None
) -> Plan:
    """The plan with the differences between `old` and `new`; without, if `old` is not registered or not known."""
    if old is None or not old.arn:
        return plan
    reveal, agreed = (request.show_values, request.agreed) if request else (False, None)
    differing = differences(old, new, reveal=reveal, key=agreed.key if agreed else "")
    return replace(plan, compared=old.arn, differences=differing, containers=tuple(new.images))


def _setting(service: Service, compared: str) -> Setting:
    return Setting(
        desired=service.desired,
        minimum_healthy_percent=service.minimum_healthy_percent,
        maximum_percent=service.maximum_percent,
        breaker=service.breaker,
        running=service.running,
        running_compared=sum(each.running for each in service.deployments if each.task_definition == compared),
    )


def _start(request: DeployRequest, facts: Facts, revision: str = "") -> StartStep:
    """The step that starts the deployment. With several deployment groups a finding blocks the plan."""
    if facts.routes:
        return StartCodeDeploy(service=request.service, route=facts.routes[0], revision=revision, force=request.force)
    sizing = request.sent_sizing
    return PointService(service=request.service, revision=revision, sizing=sizing, force=request.force)


def _images(facts: Facts) -> tuple[ImageChange, ...]:
    """The images of an existing revision, and those that they replace, if these are known."""
    before = facts.running.images if facts.running else {}
    images = facts.base.images.items()
    return tuple(ImageChange(container=name, before=before.get(name, ""), after=image) for name, image in images)


def _baseline(service: Service, facts: Facts, sizing: Sizing) -> Baseline | None:
    """What a rollback puts back: the last good revision, and the present values of the sizing that we change.

    None if no revision is known to be good.
    """
    primary, revision = service.primary, way_back(service, facts.known_good)
    if not revision:
        return None
    return Baseline(
        revision=revision,
        deployment_id=primary.id if primary else "",
        sizing=_former(service, sizing),
    )


def _former(service: Service, sizing: Sizing) -> Sizing:
    """The present values of what the sizing changes."""
    if sizing == Sizing():
        return sizing
    from ecsdeploy.plan.resizing import former

    return former(service, sizing)


def _resized(service: Service, sizing: Sizing) -> tuple[Difference, ...]:
    """What the sizing changes of the service as it is."""
    if sizing == Sizing():
        return ()
    from ecsdeploy.plan.resizing import resized

    return resized(service, sizing)
