"""The stages of BLUE_GREEN, LINEAR and CANARY.

Each runs its hooks, then does its work, then the next one begins.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
"""

from __future__ import annotations

from collections.abc import Callable

from ecsdeploy.sim.deployments.failures import stage_failed
from ecsdeploy.sim.deployments.rollout import fail
from ecsdeploy.sim.ground.timings import AFTER_PROGRESS, DEPLOYMENT_LIMIT, STAGE_LIMIT, STAGE_TAKES
from ecsdeploy.sim.shifting import hooks
from ecsdeploy.sim.shifting.hooks import EnteredStage
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Course, Service, ServiceDeployment
from ecsdeploy.sim.traffic import alarms, balancing


def begin(region: Region, service: Service, record: ServiceDeployment, course: Course) -> None:
    """Enter the first step, on the way there or on the way back."""
    course.entered = True
    if not course.reversing:
        limit = "the service deployment exceeded the limit of 30 days."
        course.timers.append(
            region.clock.after(DEPLOYMENT_LIMIT, lambda: fail(region, service, stage_failed(limit))),
        )
    _enter(entered(region, service, record, course))


def entered(region: Region, service: Service, record: ServiceDeployment, course: Course) -> EnteredStage:
    """The stage that the deployment has entered."""
    here: EnteredStage = EnteredStage(
        region=region, service=service, record=record, course=course, on_end=lambda: _hook_ended(here)
    )
    return here


def advance(region: Region, service: Service, record: ServiceDeployment, course: Course) -> None:
    """Enter the next step."""
    course.at += 1
    _enter(entered(region, service, record, course))


def _enter(here: EnteredStage) -> None:
    course, step = here.course, here.course.step
    course.working, course.stage = False, step.stage
    here.record.updated_at = here.region.now
    _limit(here)
    if step.stage == "PRE_SCALE_UP" and not _is_wired(here):
        return
    if not hooks.run_all(here):
        _work(here)


def _limit(here: EnteredStage) -> None:
    """Fail the deployment if this step takes longer than a day.

    Time to bake and time to pause come on top of the day.
    """
    course = here.course
    if course.limit is not None:
        course.limit.cancel()
    pauses = [hooks.pause_seconds(hook) for hook in hooks.hooks_of(here.record, course, course.step)]
    allowed = STAGE_LIMIT + course.step.rest + max(pauses, default=0.0)
    because = f"the {course.step.stage} lifecycle stage exceeded the limit of 24 hours."
    course.limit = here.region.clock.after(allowed, lambda: fail(here.region, here.service, stage_failed(because)))


def _is_wired(here: EnteredStage) -> bool:
    """Whether the listener rules fit. ECS checks them before it starts a task, and fails the deployment if not."""
    wrong = balancing.problem(here.region, here.course.green.revision.settings)
    if wrong is not None:
        fail(here.region, here.service, stage_failed(wrong))
        return False
    balancing.apply(here.region, here.course)
    return True


def _hook_ended(here: EnteredStage) -> None:
    """Fail at once if a hook wants a rollback. Else begin the work when all hooks have ended."""
    against = hooks.objection(here.course)
    if against is not None and not here.course.reversing:
        fail(here.region, here.service, stage_failed(against))
    elif not hooks.are_open(here.course):
        _work(here)


def _work(here: EnteredStage) -> None:
    """Do the work of the stage. Stages that wait for tasks leave it to `shifting.look`."""
    course, step = here.course, here.course.step
    match step.stage:
        case "SCALE_UP" | "CLEAN_UP" | "RECONCILE_SERVICE":
            if step.stage == "CLEAN_UP":
                alarms.look_away(here.record)
            balancing.apply(here.region, course)
            course.working = True
            wake(here.region, here.service, AFTER_PROGRESS)
        case "TEST_TRAFFIC_SHIFT" | "PRODUCTION_TRAFFIC_SHIFT":
            _then(here, balancing.shift_takes(course), lambda: _shift(here))
        case "BAKE_TIME":
            _then(here, step.rest, lambda: _next(here))
        case _:
            _then(here, STAGE_TAKES, lambda: _next(here))


def _shift(here: EnteredStage) -> None:
    """Set the weights, at the end of the stage's work. Then the step bakes."""
    course, step = here.course, here.course.step
    if step.stage == "TEST_TRAFFIC_SHIFT":
        course.test = step.weight
    else:
        course.production = step.weight
    balancing.apply(here.region, course)
    _then(here, step.rest, lambda: _next(here))


def _next(here: EnteredStage) -> None:
    advance(here.region, here.service, here.record, here.course)


def _then(here: EnteredStage, delay: float, action: Callable[[], None]) -> None:
    if delay > 0:
        here.later(delay, action)
    else:
        action()
