"""What a release changes of the service's deployment configuration, and what a rollback puts back of it.

ECS keeps each member that UpdateService does not receive. So a release sends only what was asked for, and members that
we do not know stay as they are. No page of AWS says so of the members of a circuit breaker: that is sent whole.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ecsdeploy.model.difference import Difference, How
from ecsdeploy.model.request import DeployRequest, IfBusy
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Finding, Plan, PointService, Step
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks.sentences import found
from ecsdeploy.plan.resizing import told
from ecsdeploy.plan.revisions import OF_STRATEGY

Json = Mapping[str, object]

_BREAKER, _ALARMS, _STRATEGY, _BAKE = "deploymentCircuitBreaker", "alarms", "strategy", "bakeTimeInMinutes"
_HOOKS = "lifecycleHooks"
_OFF: Json = {
    _STRATEGY: "ROLLING",
    _BAKE: 0,
    _BREAKER: {"enable": False, "rollback": False},
    _ALARMS: {"alarmNames": [], "enable": False, "rollback": False},
}
"""What a service has that never asked for another value."""


def with_configuration(plan: Plan, request: DeployRequest, service: Service) -> Plan:
    """The plan with what the request changes of the deployment configuration: sent, shown, checked, and put back."""
    sent = completed(service, request.sizing.deployment)
    baseline = plan.baseline
    if baseline is not None:
        baseline = replace(baseline, sizing=replace(baseline.sizing, deployment=former(service, sent)))
    return replace(
        plan,
        steps=tuple(_with_members(step, sent) for step in plan.steps),
        resized=(*plan.resized, *differing(service, sent)),
        findings=(*plan.findings, *check_configuration(service, sent, request.if_busy)),
        baseline=baseline,
    )


def _with_members(step: Step, sent: Json) -> Step:
    if not isinstance(step, PointService):
        return step
    return replace(step, sizing=replace(step.sizing, deployment=sent))


def check_configuration(service: Service, sent: Json, if_busy: IfBusy) -> Iterator[Finding]:
    """Errors for a strategy that ECS refuses for this service, after a revision has been registered for it.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-rolling-to-bluegreen.html
    """
    strategy = str(sent.get(_STRATEGY, service.strategy))
    if service.controller != "ECS" or strategy == service.strategy:
        return
    if strategy != "ROLLING" and not all(each.shifts for each in service.settings.balanced):
        yield found("C-STRATEGY-BALANCERS", service.name, strategy)
    if strategy != "ROLLING" and service.ends_early:
        yield found("C-STRATEGY-EARLY-SUCCESS", service.name, strategy)
    if strategy == "BLUE_GREEN" and _BAKE not in sent:
        yield found("C-STRATEGY-BAKE-TIME", service.name)
    if if_busy is IfBusy.SUPERSEDE and service.under_way is not None:
        yield found("C-STRATEGY-BUSY", service.name, service.under_way.id)


def completed(service: Service, asked: Json) -> Json:
    """The members to send. Alarms keep the service's `rollback`; where it watched none, they roll back.

    A circuit breaker keeps what it is not asked to change, as `resetOnHealthyTask`, whose default is another one.
    """
    breaker, present = asked.get(_BREAKER), service.settings.deployment.get(_BREAKER)
    if isinstance(breaker, Mapping) and isinstance(present, Mapping):
        asked = {**asked, _BREAKER: {**present, **breaker}}
    alarms = asked.get(_ALARMS)
    if not isinstance(alarms, Mapping) or "rollback" in alarms:
        return asked
    rollback = service.alarms.rollback if service.alarms.enabled else True
    return {**asked, _ALARMS: {**alarms, "rollback": rollback}}


def differing(service: Service, sent: Json) -> Iterator[Difference]:
    """What of the service's deployment configuration changes, one line for each member."""
    for member, after in sent.items():
        before = _present(service, member)
        if not isinstance(after, Mapping):
            yield from _differing(member, "", before, after)
            continue
        for name, value in after.items():
            yield from _differing(member, name, before.get(name) if isinstance(before, Mapping) else None, value)


def _differing(member: str, name: str, before: object, after: object) -> Iterator[Difference]:
    if before != after:
        yield Difference(member=member, name=name, how=How.CHANGED, before=told(before), after=told(after))


def former(service: Service, sent: Json) -> Json:
    """The members as they are now, to put back what `sent` changes."""
    members = [*sent, *(OF_STRATEGY if _STRATEGY in sent else ())]
    now = {member: _present(service, member) for member in members}
    if _HOOKS in sent:
        now[_HOOKS] = now[_HOOKS] or []
    return {member: value for member, value in now.items() if value is not None}


def still_set(service: Service, before: Json, sent: Json) -> Json:
    """The part of `before` to put back: what we set, and nobody else has changed since."""
    ours = {member for member, value in sent.items() if _is_as_sent(_present(service, member), value)}
    if _STRATEGY in ours:
        ours.update(member for member in OF_STRATEGY if member not in sent)
    return {member: value for member, value in before.items() if member in ours}


def _is_as_sent(present: object, sent: object) -> bool:
    if isinstance(sent, Mapping):
        return isinstance(present, Mapping) and all(present.get(name) == value for name, value in sent.items())
    return present == sent


def _present(service: Service, member: str) -> object:
    """A member as the service has it; of a service that does not say, ECS's default."""
    value = service.settings.deployment.get(member)
    return _OFF.get(member) if value is None else value
