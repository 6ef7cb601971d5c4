"""Lifecycle hooks: Lambda functions that ECS asks until they answer, and pauses that wait for somebody.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html and
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ecsdeploy.sim.deployments.eventbridge import tell_hook
from ecsdeploy.sim.ground.strategies import ALL
from ecsdeploy.sim.ground.timings import HOOK_ANSWERS, HOOK_ASKS_AGAIN
from ecsdeploy.sim.state.courses import HookRun, Step
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Course, Json, Service, ServiceDeployment

_ID_LENGTH = 43
_PAUSE_MINUTES = 1440
_NO_STATUS = "ECS was unable to parse the response from {target} due to HookStatus must not be null"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredStage:
    """The stage that a deployment has entered. Its hooks run in it.

    We call `on_end` each time that a hook ends, with whatever status.
    """

    region: Region
    service: Service
    record: ServiceDeployment
    course: Course
    on_end: Callable[[], None]

    def later(self, delay: float, action: Callable[[], None]) -> None:
        """Run `action` in `delay` seconds, unless the course is halted before."""
        self.course.timers.append(self.region.clock.after(delay, action))


def hooks_of(record: ServiceDeployment, course: Course, step: Step) -> list[Json]:
    """The hooks that run in a step. A rollback shifts traffic too: it runs the Lambda hooks again, and no pause."""
    hooks: list[Json] = record.configuration.get("lifecycleHooks") or []
    return [h for h in hooks if step.stage in h["lifecycleStages"] and not (course.reversing and is_pause(h))]


def is_pause(hook: Json) -> bool:
    return hook.get("targetType") == "PAUSE"


def pause_seconds(hook: Json) -> float:
    """How many seconds ECS waits for a hook. 0 means that the hook has no limit of its own.

    Without a configured timeout, a pause lasts a day, and a function has the time limit of its stage.
    """
    minutes = (hook.get("timeoutConfiguration") or {}).get("timeoutInMinutes")
    if minutes is None:
        return _PAUSE_MINUTES * 60.0 if is_pause(hook) else 0.0
    return float(minutes) * 60


def run_all(here: EnteredStage) -> int:
    """Start all hooks of the present step, in parallel. Return how many there are."""
    hooks = hooks_of(here.record, here.course, here.course.step)
    for hook in hooks:
        _run(here, hook)
    return len(hooks)


def _run(here: EnteredStage, hook: Json) -> None:
    hook_type, wait = ("pause" if is_pause(hook) else "lambda"), pause_seconds(hook)
    ids = here.region.ids
    run = HookRun(
        id=f"ecs-{hook_type}-{(ids.suffix() + ids.suffix() + ids.suffix())[:_ID_LENGTH]}",
        hook=hook,
        stage=here.course.step.stage,
        status="AWAITING_ACTION" if hook_type == "pause" else "IN_PROGRESS",
        expires_at=here.region.now + wait if wait else None,
    )
    here.course.runs.append(run)
    tell_hook(here.region, here.service, here.record, run)
    if wait:
        here.later(wait, lambda: _expire(here, run))
    if hook_type == "lambda":
        here.later(HOOK_ANSWERS, lambda: _ask(here, run))


def _ask(here: EnteredStage, run: HookRun) -> None:
    """Call the function once. ECS calls it again if it answers IN_PROGRESS."""
    if not run.open:
        return
    match _answer(here, run):
        case "SUCCEEDED":
            conclude(here, run, "SUCCEEDED")
        case "IN_PROGRESS":
            here.later(HOOK_ASKS_AGAIN, lambda: _ask(here, run))
        case "FAILED":
            _fail(here, run, f"Lifecycle hook target {run.target_arn} returned FAILED status.")
        case _:
            _fail(here, run, _NO_STATUS.format(target=run.target_arn))


def _answer(here: EnteredStage, run: HookRun) -> str:
    """The next answer in the scenario's list; the last one again when the list ends. Unlisted functions succeed."""
    calls = here.region.hook_calls
    number: int = sum(call["target"] == run.target_arn for call in calls)
    calls.append(_event(here, run))
    answers: tuple[str, ...] = here.region.hook_answers.get(run.target_arn) or ("SUCCEEDED",)
    return answers[min(number, len(answers) - 1)]


def _event(here: EnteredStage, run: HookRun) -> Json:
    """What the function is called with. The weights are those that this stage will set."""
    course, step = here.course, here.course.step
    test = step.weight if step.stage == "TEST_TRAFFIC_SHIFT" else course.test
    production = step.weight if step.stage == "PRODUCTION_TRAFFIC_SHIFT" else course.production
    return {
        "target": run.target_arn,
        "executionId": run.id.removeprefix("ecs-lambda-"),
        "lifecycleStage": step.stage,
        "resourceArn": here.record.arn,
        "hookDetails": run.hook.get("hookDetails"),
        "executionDetails": {
            "serviceArn": here.service.arn,
            "targetServiceRevisionArn": course.green.revision.arn,
            "testTrafficWeights": _weights(course, test),
            "productionTrafficWeights": _weights(course, production),
        },
    }


def _weights(course: Course, green: float) -> Json:
    if not course.managed:
        return {}
    beside = {course.blue.revision.arn: ALL - green} if course.blue else {}
    return {**beside, course.green.revision.arn: green}


def _expire(here: EnteredStage, run: HookRun) -> None:
    """End a hook that has not answered in time.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
    """
    if run.open:
        hook_type = "pause" if is_pause(run.hook) else "lifecycle"
        run.reason = f"{run.stage} {hook_type} hook timed out."
        conclude(here, run, "TIMED_OUT")


def _fail(here: EnteredStage, run: HookRun, why: str) -> None:
    run.reason = f"{run.stage} lifecycle hook(s) failed. {why}"
    conclude(here, run, "FAILED")


def conclude(here: EnteredStage, run: HookRun, status: str) -> None:
    """End a hook with this status."""
    run.status = status
    tell_hook(here.region, here.service, here.record, run)
    here.on_end()


def refuse(here: EnteredStage, run: HookRun) -> None:
    """End a pause that somebody answered with ROLLBACK."""
    _fail(here, run, "ContinueServiceDeployment was called with the ROLLBACK action.")


def objection(course: Course) -> str | None:
    """Why a hook wants a rollback. None if no hook does. One hook is enough."""
    return next((run.reason for run in course.runs if _objects(run)), None)


def _objects(run: HookRun) -> bool:
    return run.status == "FAILED" or (run.status == "TIMED_OUT" and run.timeout_action == "ROLLBACK")


def are_open(course: Course) -> bool:
    """Whether a hook has not answered yet."""
    return any(run.open for run in course.runs)
