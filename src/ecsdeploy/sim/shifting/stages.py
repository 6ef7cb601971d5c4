"""The stages of BLUE_GREEN, LINEAR and CANARY: each runs its hooks, does its work, and hands over to the next.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
"""

from __future__ import annotations

from collections.abc import Callable

from ecsdeploy.sim.deployments.failures import stage_failed
from ecsdeploy.sim.deployments.rollout import fail
from ecsdeploy.sim.ground.timings import AFTER_PROGRESS, DEPLOYMENT_LIMIT, STAGE_LIMIT, STAGE_TAKES
from ecsdeploy.sim.shifting import hooks
from ecsdeploy.sim.shifting.hooks import Stop
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Course, Service, ServiceDeployment
from ecsdeploy.sim.traffic import alarms, balancing


def begin(region: Region, service: Service, record: ServiceDeployment, course: Course) -> None:
    """Take the first step, of the way there or of the way back."""
    course.entered = True
    if not course.reversing:
        limit = "the service deployment exceeded the limit of 30 days."
        course.timers.append(
            region.clock.after(DEPLOYMENT_LIMIT, lambda: fail(region, service, stage_failed(limit))),
        )
    _enter(stop_at(region, service, record, course))


def stop_at(region: Region, service: Service, record: ServiceDeployment, course: Course) -> Stop:
    """Where the deployment stands, for its hooks."""
    stop: Stop = Stop(region=region, service=service, record=record, course=course, settled=lambda: _hook_settled(stop))
    return stop


def advance(region: Region, service: Service, record: ServiceDeployment, course: Course) -> None:
    """The present step is done; on to the next."""
    course.at += 1
    _enter(stop_at(region, service, record, course))


def _enter(stop: Stop) -> None:
    course, step = stop.course, stop.course.step
    course.working, course.stage = False, step.stage
    stop.record.updated_at = stop.region.now
    _limit(stop)
    if step.stage == "PRE_SCALE_UP" and not _is_wired(stop):
        return
    if not hooks.run_all(stop):
        _work(stop)


def _limit(stop: Stop) -> None:
    """A stage, or a step of a shift, that takes longer than a day has failed; time to pause does not count."""
    course = stop.course
    if course.limit is not None:
        course.limit.cancel()
    pauses = [hooks.pause_seconds(hook) for hook in hooks.hooks_of(stop.record, course, course.step)]
    allowed = STAGE_LIMIT + course.step.rest + max(pauses, default=0.0)
    because = f"the {course.step.stage} lifecycle stage exceeded the limit of 24 hours."
    course.limit = stop.region.clock.after(allowed, lambda: fail(stop.region, stop.service, stage_failed(because)))


def _is_wired(stop: Stop) -> bool:
    """Whether the listener rules fit; they are looked at before anything is started."""
    wrong = balancing.problem(stop.region, stop.course.green.revision.settings)
    if wrong is not None:
        fail(stop.region, stop.service, stage_failed(wrong))
        return False
    balancing.apply(stop.region, stop.course)
    return True


def _hook_settled(stop: Stop) -> None:
    """A vote against goes at once; otherwise the work begins when all hooks have come to their end."""
    against = hooks.objection(stop.course)
    if against is not None and not stop.course.reversing:
        fail(stop.region, stop.service, stage_failed(against))
    elif not hooks.are_open(stop.course):
        _work(stop)


def _work(stop: Stop) -> None:
    course, step = stop.course, stop.course.step
    match step.stage:
        case "SCALE_UP" | "CLEAN_UP" | "RECONCILE_SERVICE":
            if step.stage == "CLEAN_UP":
                alarms.look_away(stop.record)
            balancing.apply(stop.region, course)
            course.working = True
            wake(stop.region, stop.service, AFTER_PROGRESS)
        case "TEST_TRAFFIC_SHIFT" | "PRODUCTION_TRAFFIC_SHIFT":
            _then(stop, balancing.shift_takes(course), lambda: _shift(stop))
        case "BAKE_TIME":
            _then(stop, step.rest, lambda: _next(stop))
        case _:
            _then(stop, STAGE_TAKES, lambda: _next(stop))


def _shift(stop: Stop) -> None:
    """The weights change at the end of the stage's work; a step of a shift then bakes."""
    course, step = stop.course, stop.course.step
    if step.stage == "TEST_TRAFFIC_SHIFT":
        course.test = step.weight
    else:
        course.production = step.weight
    balancing.apply(stop.region, course)
    _then(stop, step.rest, lambda: _next(stop))


def _next(stop: Stop) -> None:
    advance(stop.region, stop.service, stop.record, stop.course)


def _then(stop: Stop, delay: float, action: Callable[[], None]) -> None:
    if delay > 0:
        stop.later(delay, action)
    else:
        action()
