"""What a rehearsal rests on: which services can be played, what was read of one, and what has to be assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil, floor
from statistics import median

from ecsdeploy.model.codedeploy import CONTROLLER, Route
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.rehearsal import Bounds, Ground, Play, Premise, Premises
from ecsdeploy.model.request import Sizing
from ecsdeploy.model.service import Service
from ecsdeploy.model.taskdef import part, parts
from ecsdeploy.model.values import replace

START_SECONDS = 30.0
"""The start-up time of a task, where none could be read."""
_FARGATE = ("FARGATE", "FARGATE_SPOT")
_LAUNCHES = ("", "EC2", "FARGATE")
# https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
_OWN_SHIFTS = "CodeDeployDefault.ECS"
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
_CHECK_SECONDS = 30.0
_DRAIN_SECONDS = 300.0
_DEFAULT = "assumed: the default of Elastic Load Balancing, as it could not be read"


def unplayable(service: Service) -> str:
    """Why the simulator cannot play a release of this service, as a sentence; empty if it can."""
    launch = service.settings.launch.launch_type
    if service.controller not in ("ECS", CONTROLLER):
        return f"Its deployment controller is {service.controller}, and the simulator plays ECS and CodeDeploy alone."
    if service.scheduling != "REPLICA":
        return f"Its scheduling strategy is {service.scheduling}, which the simulator does not play."
    if service.managed_by_express:
        return "Express mode manages it, and deploys by its own rules."
    if launch not in _LAUNCHES:
        return f"Its launch type is {launch}, which the simulator does not play."
    if service.settings.is_checked_unseen:
        return "A Classic load balancer or VPC Lattice checks its tasks, and the simulator plays target groups alone."
    return ""


def unroutable(route: Route | None) -> str:
    """Why the simulator cannot play how CodeDeploy would bring the release, as a sentence; empty if it can."""
    if route is None:
        return "CodeDeploy cannot deploy it as it is: `plan` says why."
    shift = route.configuration or route.shift
    if not shift.startswith(_OWN_SHIFTS):
        return f"Its traffic shifts by the configuration `{shift}`, and the simulator knows those of CodeDeploy alone."
    if route.ready_seconds:
        return "Its traffic waits for somebody to reroute it, which the simulator does not play."
    return ""


def is_on_fargate(service: Service) -> bool:
    """Whether Fargate runs its tasks."""
    settings = service.settings
    providers = {each.provider for each in settings.capacity}
    return providers <= set(_FARGATE) if providers else settings.launch.launch_type == "FARGATE"


def bounds(service: Service, sizing: Sizing) -> Bounds:
    """The lower bound is rounded up, the upper one down.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html
    """
    desired = service.desired if sizing.desired_count is None else sizing.desired_count
    lowest = _first(sizing.minimum_healthy_percent, service.minimum_healthy_percent, 100)
    highest = _first(sizing.maximum_percent, service.maximum_percent, 200)
    return Bounds(desired=desired, lowest=ceil(desired * lowest / 100), highest=floor(desired * highest / 100))


def _first(*values: int | None) -> int:
    return next(each for each in values if each is not None)


def premises(ground: Ground) -> Premises:
    """What was read, and in its place what is assumed."""
    rests = Premises(start=_start(ground), assumed=tuple(_assumed(ground)))
    if not ground.service.target_groups:
        return rests
    return replace(
        rests,
        check=_of_balancer("between two checks of a target", ground.check_seconds, _CHECK_SECONDS),
        drain=_of_balancer("to drain a target", ground.drain_seconds, _DRAIN_SECONDS),
    )


def _start(ground: Ground) -> Premise:
    what, of = "to start a task", len(ground.starts)
    if not of:
        nothing = "assumed: no task that runs could be read"
        return Premise(what=what, seconds=START_SECONDS, source=nothing, assumed=True)
    source = "of the one task that runs" if of == 1 else f"the median of the {of} tasks that run"
    return Premise(what=what, seconds=round(median(ground.starts), 1), source=source)


def _of_balancer(what: str, read: float | None, default: float) -> Premise:
    if read is None:
        return Premise(what=what, seconds=default, source=_DEFAULT, assumed=True)
    return Premise(what=what, seconds=read, source="of the target group")


def _assumed(ground: Ground) -> Iterator[str]:
    """A sentence for each thing that nothing can tell."""
    service, settings = ground.service, ground.service.settings
    yield "The new image takes as long to pull and to start as the one that runs."
    if service.target_groups or ground.after.is_checked:
        yield "A new task passes its first health check; what answers later than that is not known."
    if service.running < service.desired:
        yield f"{service.running} of {service.desired} tasks run now: played as if all did."
    if service.under_way is not None:
        yield "A deployment is under way: played as if it had completed."
    if len(service.target_groups) > 1 and not service.shifts_traffic:
        yield "Several target groups check each task: played as one, the slowest."
    if service.target_groups and service.shifts_traffic and ground.route is None:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html
        yield "It has an Application Load Balancer; a Network Load Balancer takes ten minutes more for each shift."
    if not is_on_fargate(service):
        providers = ", ".join(f"`{each.provider}`" for each in settings.capacity)
        where = f"the capacity providers {providers} have" if providers else "the container instances have"
        yield f"Whether {where} room for each new task at once is not known: played as if so."
    yield from _of_hooks(service)
    yield from _of_route(ground.route)


def _of_route(route: Route | None) -> Iterator[str]:
    if route is None:
        return
    if "hooks" in route.appspec.lower():
        yield "What the functions of the AppSpec's hooks answer is not known: played as Succeeded, after a second."
    if route.alarms:
        yield "No alarm of the deployment group goes off."


def _of_hooks(service: Service) -> Iterator[str]:
    kinds = [str(each.get("targetType") or "AWS_LAMBDA") for each in hooks_of(service)]
    if "AWS_LAMBDA" in kinds:
        yield "What the functions of the lifecycle hooks answer is not known: played as SUCCEEDED, after a second."
    if "PAUSE" in kinds:
        yield "When somebody continues a pause is not known: played as at once."


def hooks_of(service: Service) -> tuple[dict[str, object], ...]:
    """The lifecycle hooks of its deployments, with AWS's members."""
    return tuple(dict(each) for each in parts(service.settings.deployment, "lifecycleHooks"))


def limits(service: Service, sizing: Sizing, desired: int, route: Route | None = None) -> tuple[str, ...]:
    """What ends a release that goes wrong, or does not yet count against it: a sentence for each limit."""
    return tuple(_limits(service, sizing, desired) if route is None else _limits_of(route))


def _limits_of(route: Route) -> Iterator[str]:
    yield "CodeDeploy gives a deployment up whose new tasks are not stable within an hour."
    if "DEPLOYMENT_FAILURE" not in route.rolls_back_on:
        yield "CodeDeploy does not roll back by itself a deployment that fails."
    if route.keeps_old:
        yield "Nobody ends the tasks of the old version."
    else:
        yield f"CodeDeploy keeps the old version for {round(route.wait_seconds)} s after the shift."


def _limits(service: Service, sizing: Sizing, desired: int) -> Iterator[str]:
    asked = part(sizing.deployment, "deploymentCircuitBreaker")
    breaker = service.breaker
    if asked:
        breaker = replace(breaker, enabled=asked.get("enable") is True, rollback=asked.get("rollback") is True)
    if not breaker.enabled:
        yield "No circuit breaker: ECS ends no release whose tasks fail."
    elif not part(asked, "thresholdConfiguration"):
        back = "rolls back" if breaker.rollback else "stops"
        yield f"The circuit breaker {back} after {breaker.threshold(desired)} failed tasks."
    if service.target_groups and service.grace_seconds:
        yield f"What a load balancer finds in a task's first {service.grace_seconds} s does not count against it."
    for hook in hooks_of(service):
        yield from _of_timeout(hook)


def _of_timeout(hook: Mapping[str, object]) -> Iterator[str]:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html"""
    timeout = part(hook, "timeoutConfiguration")
    stages = hook.get("lifecycleStages")
    if "timeoutInMinutes" in timeout and isinstance(stages, list):
        where, action = ", ".join(map(str, stages)), timeout.get("action") or "ROLLBACK"
        yield f"The hook in {where} may take {timeout['timeoutInMinutes']} min, then ECS does {action}."


def traps(good: Play, within: Bounds, timeout: float, *, rolls: bool) -> tuple[str, ...]:
    """The deadlock, the time limit or the outage that the release meets without any fault."""
    found = list[str]()
    if rolls and within.desired and within.highest <= within.desired <= within.lowest:
        found.append(
            f"Deadlock: {within.lowest} of {within.desired} tasks must stay healthy and at most {within.highest} may"
            " exist, so that ECS can neither stop an old task nor start a new one."
        )
    elif good.status is Status.TIMED_OUT:
        needs = "" if good.settled_seconds is None else f", and the release takes {round(good.settled_seconds)} s"
        found.append(f"The time limit (`--timeout`) is {round(timeout)} s{needs}.")
    if good.down_seconds:
        found.append(f"No task is healthy for {round(good.down_seconds)} s, although nothing fails.")
    elif good.below_seconds:
        found.append(f"Fewer tasks than the service's own bound are healthy for {round(good.below_seconds)} s.")
    return tuple(found)
