"""A deployment of CodeDeploy: one lifecycle event after the other, the shift of traffic, the end of the blue tasks.

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ecsdeploy.sim.codedeploy import appspec, pairing, undoing
from ecsdeploy.sim.codedeploy.configs import Shift, routing, shifts
from ecsdeploy.sim.deployments import task_sets
from ecsdeploy.sim.ground.strategies import ALL
from ecsdeploy.sim.ground.timings import ALARM_POLL
from ecsdeploy.sim.state.codedeploy import CodeDeployment, LifecycleEvent
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.traffic.alarms import alarm_named

Then = Callable[[], None]
# Seconds until CodeDeploy begins, for a hook, and until it looks at a task set again: our choice.
_BEGINS, _TAKES, _LOOKS = 2.0, 1.0, 5.0
_STABLE_WITHIN = 3600.0
_MINUTE = 60.0


def begin(region: Region, deployment: CodeDeployment) -> None:
    """Queue the deployment. It is InProgress two seconds later."""
    deployment.status = "Queued"
    _after(region, deployment, _BEGINS, lambda: _start(region, deployment))


def _after(region: Region, deployment: CodeDeployment, delay: float, action: Then) -> None:
    """Do something in `delay` seconds, unless the deployment ends before."""
    deployment.timers.append(region.clock.after(delay, action))


def _start(region: Region, deployment: CodeDeployment) -> None:
    deployment.status, deployment.started_at = "InProgress", region.now
    _watch_alarms(region, deployment)
    _go_on(region, deployment, deployment.events)


def _watch_alarms(region: Region, deployment: CodeDeployment) -> None:
    """Stop the deployment when an alarm of its group rings.

    https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-create-alarms.html
    """
    names = deployment.group.alarms
    if any(alarm_named(region, name).state == "ALARM" for name in names):
        undoing.ring(region, deployment)
    elif names:
        _after(region, deployment, ALARM_POLL, lambda: _watch_alarms(region, deployment))


def _go_on(region: Region, deployment: CodeDeployment, events: Sequence[LifecycleEvent]) -> None:
    """Do the first of `events`, then the others. End the blue tasks after the last."""
    if deployment.ended:
        return
    if not events:
        _await_termination(region, deployment)
        return
    event, *rest = events
    event.status, event.started_at = "InProgress", region.now
    deployment.touched_at = region.now
    _take(region, deployment, event, lambda: _done(region, deployment, event, rest))


def _done(region: Region, deployment: CodeDeployment, event: LifecycleEvent, rest: Sequence[LifecycleEvent]) -> None:
    if event.status == "InProgress":
        event.status = "Succeeded"
    event.ended_at = region.now
    _go_on(region, deployment, rest)


def _take(region: Region, deployment: CodeDeployment, event: LifecycleEvent, then: Then) -> None:
    match event.name:
        case "Install":
            _install(region, deployment, then)
        case "AllowTestTraffic" | "AfterAllowTestTraffic" if not deployment.group.tests:
            event.status = "Skipped"
            then()
        case "AllowTestTraffic":
            _after(region, deployment, _TAKES, then)
        case "AllowTraffic":
            steps = shifts(routing(region.codedeploy, deployment.config))
            _await_ready(region, deployment, lambda: _shift(region, deployment, steps, then))
        case _:
            _after(region, deployment, _TAKES, lambda: _call_hook(region, deployment, event, then))


def _call_hook(region: Region, deployment: CodeDeployment, event: LifecycleEvent, then: Then) -> None:
    """Call the Lambda function of a hook. It answers as the scenario says, and else succeeds.

    https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
    """
    function = deployment.spec["hooks"].get(event.name)
    if function is None or "FAILED" not in region.hook_answers.get(function, ()):
        then()
        return
    event.status, event.ended_at = "Failed", region.now
    event.message = f"The function {function} returned Failed."
    undoing.fail(region, deployment, "HOOK_EXECUTION_FAILURE", undoing.HOOK_FAILED)


def _install(region: Region, deployment: CodeDeployment, then: Then) -> None:
    """Create the green task set in full, and wait until it is stable."""
    balancers = pairing.green_balancers(region, deployment)
    settings = appspec.settings_of(deployment.spec) | ({"loadBalancers": balancers} if balancers else {})
    green = deployment.green = task_sets.create(region, deployment.service, deployment.definition, settings)
    task_set = task_sets.set_of(green)
    task_set.external_id, task_set.started_by = deployment.id, "CODE_DEPLOY"
    task_sets.scale(region, deployment.service, green, ALL)
    _await_stable(region, deployment, region.now + _STABLE_WITHIN, then)


def _await_stable(region: Region, deployment: CodeDeployment, until: float, then: Then) -> None:
    if deployment.service.status != "ACTIVE":
        undoing.fail(region, deployment, "ECS_UPDATE_ERROR", undoing.NOT_ACTIVE)
    elif deployment.green is not None and task_sets.set_of(deployment.green).stable:
        then()
    elif region.now >= until:
        undoing.fail(region, deployment, "TIMEOUT", undoing.NOT_HEALTHY_IN_TIME)
    else:
        _after(region, deployment, _LOOKS, lambda: _await_stable(region, deployment, until, then))


def _await_ready(region: Region, deployment: CodeDeployment, then: Then) -> None:
    """Wait for ContinueDeployment before production traffic shifts, if the group asks for that. Else go on."""
    minutes = deployment.group.ready_minutes
    if not minutes:
        then()
        return
    deployment.status = "Ready"
    _wait(region, deployment, "READY_WAIT", then)
    _after(region, deployment, minutes * _MINUTE, lambda: _give_up(region, deployment))


def _give_up(region: Region, deployment: CodeDeployment) -> None:
    if deployment.waits_for == "READY_WAIT":
        undoing.stop(region, deployment, undoing.NOT_CONTINUED)


def _wait(region: Region, deployment: CodeDeployment, wait_type: str, then: Then) -> None:
    """Wait until somebody continues the deployment, or until the time is over."""
    deployment.waits_for, deployment.on_continue = wait_type, then
    deployment.touched_at = region.now


def proceed(region: Region, deployment: CodeDeployment) -> None:
    """End the present wait, as ContinueDeployment does."""
    then, deployment.waits_for, deployment.on_continue = deployment.on_continue, None, None
    deployment.status, deployment.touched_at = "InProgress", region.now
    if then is not None and not deployment.ended:
        then()


def _shift(region: Region, deployment: CodeDeployment, steps: Sequence[Shift], then: Then) -> None:
    """Do one step of the shift, stay for a while, then do the others. At 100 per cent, green becomes PRIMARY."""
    step, *rest = steps
    pairing.send(region, deployment, step.weight)
    if not rest and deployment.green is not None:
        task_sets.promote(region, deployment.service, deployment.green)
        _after(region, deployment, _TAKES, then)
    else:
        _after(region, deployment, step.rest, lambda: _shift(region, deployment, rest, then))


def _await_termination(region: Region, deployment: CodeDeployment) -> None:
    """Keep the blue tasks for a while after the shift, so that a rollback is quick."""
    minutes = deployment.group.termination_minutes
    if minutes is None:
        _succeed(region, deployment)
        return
    deployment.terminating = True
    _wait(region, deployment, "TERMINATION_WAIT", lambda: _end_blue(region, deployment))
    _after(region, deployment, minutes * _MINUTE, lambda: _time_is_up(region, deployment))


def _time_is_up(region: Region, deployment: CodeDeployment) -> None:
    if deployment.waits_for == "TERMINATION_WAIT":
        proceed(region, deployment)


def _end_blue(region: Region, deployment: CodeDeployment) -> None:
    """End every task set but green. An earlier deployment may have left one."""
    for task_set in deployment.service.sources:
        task_sets.retire(region, deployment.service, task_set)
    _succeed(region, deployment)


def _succeed(region: Region, deployment: CodeDeployment) -> None:
    deployment.status, deployment.ended_at, deployment.touched_at = "Succeeded", region.now, region.now
    undoing.forget_timers(deployment)
