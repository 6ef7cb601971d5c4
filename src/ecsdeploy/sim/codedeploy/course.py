"""How a deployment goes: its lifecycle events one after the other, the shift of traffic, the end of blue.

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ecsdeploy.sim.codedeploy import appspec, pairing, undoing
from ecsdeploy.sim.codedeploy.configs import Shift, routing, shifts
from ecsdeploy.sim.deployments import task_sets
from ecsdeploy.sim.ground.timings import ALARM_POLL
from ecsdeploy.sim.state.codedeploy import Event, Release
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.traffic.alarms import alarm_named

Then = Callable[[], None]
# Our choice: how long CodeDeploy takes to begin, to call a hook, and to look at a task set again.
_BEGINS, _TAKES, _LOOKS = 2.0, 1.0, 5.0
_STABLE_WITHIN = 3600.0
_MINUTE = 60.0
_ALL = 100.0


def begin(region: Region, release: Release) -> None:
    """Queue the deployment; it is InProgress two seconds later."""
    release.status = "Queued"
    _after(region, release, _BEGINS, lambda: _start(region, release))


def _after(region: Region, release: Release, delay: float, action: Then) -> None:
    """Do something later, unless the deployment has ended by then."""
    release.timers.append(region.clock.after(delay, action))


def _start(region: Region, release: Release) -> None:
    release.status, release.started_at = "InProgress", region.now
    _watch_alarms(region, release)
    _go_on(region, release, release.events)


def _watch_alarms(region: Region, release: Release) -> None:
    """An alarm that rings stops the deployment.

    https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-create-alarms.html
    """
    names = release.group.alarms
    if any(alarm_named(region, name).state == "ALARM" for name in names):
        undoing.ring(region, release)
    elif names:
        _after(region, release, ALARM_POLL, lambda: _watch_alarms(region, release))


def _go_on(region: Region, release: Release, events: Sequence[Event]) -> None:
    """The first of `events`, then the rest; after the last, the end of blue."""
    if release.ended:
        return
    if not events:
        _await_termination(region, release)
        return
    event, *rest = events
    event.status, event.started_at = "InProgress", region.now
    release.touched_at = region.now
    _take(region, release, event, lambda: _done(region, release, event, rest))


def _done(region: Region, release: Release, event: Event, rest: Sequence[Event]) -> None:
    if event.status == "InProgress":
        event.status = "Succeeded"
    event.ended_at = region.now
    _go_on(region, release, rest)


def _take(region: Region, release: Release, event: Event, then: Then) -> None:
    match event.name:
        case "Install":
            _install(region, release, then)
        case "AllowTestTraffic" | "AfterAllowTestTraffic" if not release.group.tests:
            event.status = "Skipped"
            then()
        case "AllowTestTraffic":
            _after(region, release, _TAKES, then)
        case "AllowTraffic":
            steps = shifts(routing(region.codedeploy, release.config))
            _await_ready(region, release, lambda: _shift(region, release, steps, then))
        case _:
            _after(region, release, _TAKES, lambda: _call_hook(region, release, event, then))


def _call_hook(region: Region, release: Release, event: Event, then: Then) -> None:
    """A hook's function answers as the scenario says, and succeeds where it says nothing.

    https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
    """
    function = release.spec["hooks"].get(event.name)
    if function is None or "FAILED" not in region.hook_answers.get(function, ()):
        then()
        return
    event.status, event.ended_at = "Failed", region.now
    event.message = f"The function {function} returned Failed."
    undoing.fail(region, release, "HOOK_EXECUTION_FAILURE", undoing.HOOK_FAILED)


def _install(region: Region, release: Release, then: Then) -> None:
    """A green task set at full scale, and patience until it is stable."""
    balancers = pairing.green_balancers(region, release)
    settings = appspec.settings_of(release.spec) | ({"loadBalancers": balancers} if balancers else {})
    green = release.green = task_sets.create(region, release.service, release.definition, settings)
    task_set = task_sets.set_of(green)
    task_set.external_id, task_set.started_by = release.id, "CODE_DEPLOY"
    task_sets.scale(region, release.service, green, _ALL)
    _await_stable(region, release, region.now + _STABLE_WITHIN, then)


def _await_stable(region: Region, release: Release, until: float, then: Then) -> None:
    if release.service.status != "ACTIVE":
        undoing.fail(region, release, "ECS_UPDATE_ERROR", undoing.NOT_ACTIVE)
    elif release.green is not None and task_sets.set_of(release.green).stable:
        then()
    elif region.now >= until:
        undoing.fail(region, release, "TIMEOUT", undoing.NOT_HEALTHY_IN_TIME)
    else:
        _after(region, release, _LOOKS, lambda: _await_stable(region, release, until, then))


def _await_ready(region: Region, release: Release, then: Then) -> None:
    """Where the group says so, production traffic waits for ContinueDeployment; without it the deployment stops."""
    minutes = release.group.ready_minutes
    if not minutes:
        then()
        return
    release.status = "Ready"
    _wait(region, release, "READY_WAIT", then)
    _after(region, release, minutes * _MINUTE, lambda: _give_up(region, release))


def _give_up(region: Region, release: Release) -> None:
    if release.waits_for == "READY_WAIT":
        undoing.stop(region, release, undoing.NOT_CONTINUED)


def _wait(region: Region, release: Release, kind: str, then: Then) -> None:
    """Until somebody continues the deployment, or the wait is over."""
    release.waits_for, release.on_continue = kind, then
    release.touched_at = region.now


def proceed(region: Region, release: Release) -> None:
    """ContinueDeployment: what was waited for need not be any longer."""
    then, release.waits_for, release.on_continue = release.on_continue, None, None
    release.status, release.touched_at = "InProgress", region.now
    if then is not None and not release.ended:
        then()


def _shift(region: Region, release: Release, steps: Sequence[Shift], then: Then) -> None:
    """One step of the shift, its rest, and the steps after it; with all of the traffic green is the PRIMARY."""
    step, *rest = steps
    pairing.send(region, release, step.weight)
    if not rest and release.green is not None:
        task_sets.promote(region, release.service, release.green)
        _after(region, release, _TAKES, then)
    else:
        _after(region, release, step.rest, lambda: _shift(region, release, rest, then))


def _await_termination(region: Region, release: Release) -> None:
    """Blue stands by for a while after the shift, so that going back is quick."""
    minutes = release.group.termination_minutes
    if minutes is None:
        _succeed(region, release)
        return
    release.terminating = True
    _wait(region, release, "TERMINATION_WAIT", lambda: _end_blue(region, release))
    _after(region, release, minutes * _MINUTE, lambda: _time_is_up(region, release))


def _time_is_up(region: Region, release: Release) -> None:
    if release.waits_for == "TERMINATION_WAIT":
        proceed(region, release)


def _end_blue(region: Region, release: Release) -> None:
    """Every set but green goes, what an earlier deployment left behind included."""
    for deployment in release.service.sources:
        task_sets.retire(region, release.service, deployment)
    _succeed(region, release)


def _succeed(region: Region, release: Release) -> None:
    release.status, release.ended_at, release.touched_at = "Succeeded", region.now, region.now
    undoing.forget_timers(release)
