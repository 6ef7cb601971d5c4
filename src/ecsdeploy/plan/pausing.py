"""Checks that a release can be held at the pause after test traffic, and adds that pause where it is asked for.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ecsdeploy.model.pausegate import AFTER_TEST
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks.sentences import found

_HOOKS = "lifecycleHooks"
_PAUSE: Mapping[str, object] = {
    "targetType": "PAUSE",
    "lifecycleStages": [AFTER_TEST],
    "timeoutConfiguration": {"timeoutInMinutes": 1440, "action": "ROLLBACK"},
}
"""With ECS's own defaults, so that the service shows it as we have sent it."""


def with_pause(request: DeployRequest, service: Service) -> DeployRequest:
    """The request with the PAUSE hook among what changes, if it asks for one and the service has none."""
    gate = request.gate
    if gate is None or not gate.adds_pause or request.force or has_pause(service):
        return request
    deployment = {**request.sizing.deployment, _HOOKS: [*_hooks(service), _PAUSE]}
    return replace(request, sizing=replace(request.sizing, deployment=deployment))


def check_gate(request: DeployRequest, service: Service) -> Iterator[Finding]:
    """An error if no pause after test traffic will come."""
    deployment = request.sent_sizing.deployment
    strategy = str(deployment.get("strategy", service.strategy))
    if service.deployer != "ECS":
        yield found("C-GATE-CONTROLLER", service.name, service.deployer)
    elif strategy == "ROLLING":
        yield found("C-GATE-STRATEGY", service.name, strategy)
    elif not has_pause(service) and _HOOKS not in deployment:
        yield found("C-GATE-NO-PAUSE", service.name)


def has_pause(service: Service) -> bool:
    return any(_is_pause(each) for each in _hooks(service))


def _hooks(service: Service) -> list[object]:
    hooks = service.settings.deployment.get(_HOOKS)
    return [*hooks] if isinstance(hooks, list | tuple) else []


def _is_pause(hook: object) -> bool:
    if not isinstance(hook, Mapping) or hook.get("targetType") != "PAUSE":
        return False
    stages = hook.get("lifecycleStages")
    return isinstance(stages, list | tuple) and AFTER_TEST in stages
