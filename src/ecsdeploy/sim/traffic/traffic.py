"""The targets of a task at its load balancers: registration, health checks, draining.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-healthcheck.html and
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-connection-draining.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from ecsdeploy.sim.ground.behaviour import GOOD, Behaviour
from ecsdeploy.sim.ground.timings import AFTER_CHANGE, AFTER_PROGRESS, TARGET_DEREGISTERS, TARGET_REGISTERS
from ecsdeploy.sim.state.balancers import RegisteredTarget, TargetGroup
from ecsdeploy.sim.state.event_texts import say
from ecsdeploy.sim.state.health import balanced, note_health
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json, Service, Task
from ecsdeploy.sim.traffic.balancing import group_arn_of

_WENT_BAD = {"unhealthy", "target-unhealthy"}


def target_group(region: Region, group_arn: str) -> TargetGroup:
    """The target group of this ARN. An ARN that we did not know becomes a group with ELB's defaults."""
    return region.target_groups.setdefault(group_arn, TargetGroup(group_arn))


def register_later(region: Region, task: Task) -> None:
    """Register a task that has just reached RUNNING, after `TARGET_REGISTERS` seconds."""
    if balanced(task):
        task.timers.append(region.clock.after(TARGET_REGISTERS, lambda: _register(region, task)))


def register_now(region: Region, task: Task) -> list[RegisteredTarget]:
    """Register a task with each target group of its service. The targets are `initial`."""
    task.targets = [_join(region, task, balancer) for balancer in task.settings["loadBalancers"]]
    return task.targets


def _join(region: Region, task: Task, balancer: Json) -> RegisteredTarget:
    group = target_group(region, _group_arn(task, balancer))
    target = RegisteredTarget(group, task.address, int(balancer.get("containerPort", 80)))
    group.targets.append(target)
    return target


def _group_arn(task: Task, balancer: Json) -> str:
    return group_arn_of(bool(task.deployment and task.deployment.revision.alternate), balancer)


def _register(region: Region, task: Task) -> None:
    service = task.service
    if service is None or not task.wanted:
        return
    for target in register_now(region, task):
        _follow(region, service, task, target)
        _say_per_group(region, service, [target], "registered")


def _follow(region: Region, service: Service, task: Task, target: RegisteredTarget) -> None:
    """Plan what the health checks of a target will find, from the behaviour of the container that answers them."""
    behaviour = _behind(task, target)
    started = task.started_at or region.now
    interval = target.group.health_interval
    spoils = behaviour.run == "target-unhealthy"
    if not spoils or behaviour.healthy_after is not None:
        passes = region.now + interval if behaviour.healthy_after is None else started + behaviour.healthy_after
        _later(region, target, passes, lambda: _passed(region, service, target))
    if spoils:
        failing = region.now + interval * target.group.unhealthy_threshold
        fails = failing if behaviour.after is None else max(started + behaviour.after, region.now)
        _later(region, target, fails, lambda: _failed(region, service, task, target))


def _behind(task: Task, target: RegisteredTarget) -> Behaviour:
    """The behaviour of the container to which the target group sends requests."""
    for balancer in task.settings["loadBalancers"]:
        if _group_arn(task, balancer) == target.group.arn:
            name = balancer.get("containerName")
            return next((c.behaviour for c in task.containers if c.name == name), GOOD)
    return GOOD


def _later(region: Region, target: RegisteredTarget, when: float, action: Callable[[], None]) -> None:
    target.timers.append(region.clock.at(when, action))


def _passed(region: Region, service: Service, target: RegisteredTarget) -> None:
    target.state = "healthy"
    wake(region, service, AFTER_PROGRESS)


def _failed(region: Region, service: Service, task: Task, target: RegisteredTarget) -> None:
    target.state = "unhealthy"
    note_health(region, service)
    grace = (task.started_at or region.now) + float(task.settings.get("healthCheckGracePeriodSeconds") or 0)
    _later(region, target, grace, lambda: _condemn(region, service, task, target))


def _condemn(region: Region, service: Service, task: Task, target: RegisteredTarget) -> None:
    """Have the scheduler replace a task whose target is unhealthy after the grace period. It ignores failures before.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html
    """
    if target.state != "unhealthy" or not task.wanted or task.condemned:
        return
    task.condemned = f"Task failed ELB health checks in (target-group {target.group.arn})"
    reason = "(reason Health checks failed with these codes: [503])"
    say(
        region,
        service,
        f"(port {target.port}) is unhealthy in (target-group {target.group.arn}) due to {reason}.",
    )
    wake(region, service, AFTER_CHANGE)


def drain_targets(region: Region, service: Service, tasks: Sequence[Task], stop: Callable[[Task], None]) -> None:
    """Take stopped tasks out of their target groups. Call `stop` for each when its connections have drained."""
    leaving = [task for task in tasks if task.targets]
    if leaving:
        region.clock.after(TARGET_DEREGISTERS, lambda: _deregister(region, service, leaving, stop))


def _deregister(region: Region, service: Service, tasks: Sequence[Task], stop: Callable[[Task], None]) -> None:
    leaving = [task for task in tasks if task.stopped_at is None]
    _say_per_group(region, service, [target for task in leaving for target in task.targets], "deregistered")
    counts = Counter(task.deployment.id for task in leaving if task.deployment)
    for deployment, count in counts.items():
        text = f"has begun draining connections on {count} tasks."
        said = f"(service {service.name}, taskSet {deployment}) {text}"
        service.events.append((region.ids.uuid(), region.now + 0.006, said))
    for task in leaving:
        _drain(region, task, stop)


def _drain(region: Region, task: Task, stop: Callable[[Task], None]) -> None:
    for target in task.targets:
        end_checks(target)
        target.state = "draining"
    delay = max(target.group.deregistration_delay for target in task.targets)
    region.clock.after(delay, lambda: _drained(task, stop))


def _drained(task: Task, stop: Callable[[Task], None]) -> None:
    leave(task)
    stop(task)


def leave(task: Task) -> None:
    """Remove the targets of a task at once."""
    for target in task.targets:
        end_checks(target)
        target.group.targets.remove(target)
    task.targets = []


def end_checks(target: RegisteredTarget) -> None:
    """Cancel the health checks of a target."""
    for timer in target.timers:
        timer.cancel()
    target.timers = []


def _say_per_group(region: Region, service: Service, targets: Sequence[RegisteredTarget], verb: str) -> None:
    for group, count in Counter(target.group.arn for target in targets).items():
        say(region, service, f"{verb} {count} targets in (target-group {group})")
