"""Lifecycle hooks: functions that are asked until they answer, and pauses that wait for somebody.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html and
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ecsdeploy.sim.deployments.eventbridge import tell_hook
from ecsdeploy.sim.ground.timings import HOOK_ANSWERS, HOOK_ASKS_AGAIN
from ecsdeploy.sim.state.courses import ALL, HookRun, Step
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Course, Json, Service, ServiceDeployment

_ID_LENGTH = 43
_PAUSE_MINUTES = 1440
_NO_STATUS = "ECS was unable to parse the response from {target} due to HookStatus must not be null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stage of a deployment whose hooks run; `settled` is called whenever one of them has come to its end."""

    region: Region
    service: Service
    record: ServiceDeployment
    course: Course
    settled: Callable[[], None]

    def later(self, delay: float, action: Callable[[], None]) -> None:
        self.course.timers.append(self.region.clock.after(delay, action))


def hooks_of(record: ServiceDeployment, course: Course, step: Step) -> list[Json]:
    """The hooks of a step. A rollback runs those of the traffic shifts again, which are all Lambda's."""
    hooks: list[Json] = record.configuration.get("lifecycleHooks") or []
    return [h for h in hooks if step.stage in h["lifecycleStages"] and not (course.reversing and is_pause(h))]


def is_pause(hook: Json) -> bool:
    return hook.get("targetType") == "PAUSE"


def pause_seconds(hook: Json) -> float:
    """How long a hook may stay open: a day for a pause, unless configured; a function has the stage's limit."""
    minutes = (hook.get("timeoutConfiguration") or {}).get("timeoutInMinutes")
    if minutes is None:
        return _PAUSE_MINUTES * 60.0 if is_pause(hook) else 0.0
    return float(minutes) * 60


def run_all(stop: Stop) -> int:
    """Start all hooks of the present step, in parallel; how many there are."""
    hooks = hooks_of(stop.record, stop.course, stop.course.step)
    for hook in hooks:
        _run(stop, hook)
    return len(hooks)


def _run(stop: Stop, hook: Json) -> None:
    kind, wait = ("pause" if is_pause(hook) else "lambda"), pause_seconds(hook)
    ids = stop.region.ids
    run = HookRun(
        id=f"ecs-{kind}-{(ids.suffix() + ids.suffix() + ids.suffix())[:_ID_LENGTH]}",
        hook=hook,
        stage=stop.course.step.stage,
        status="AWAITING_ACTION" if kind == "pause" else "IN_PROGRESS",
        expires_at=stop.region.now + wait if wait else None,
    )
    stop.course.runs.append(run)
    tell_hook(stop.region, stop.service, stop.record, run)
    if wait:
        stop.later(wait, lambda: _expire(stop, run))
    if kind == "lambda":
        stop.later(HOOK_ANSWERS, lambda: _ask(stop, run))


def _ask(stop: Stop, run: HookRun) -> None:
    """One call of the function; IN_PROGRESS has it called again."""
    if not run.open:
        return
    match _answer(stop, run):
        case "SUCCEEDED":
            conclude(stop, run, "SUCCEEDED")
        case "IN_PROGRESS":
            stop.later(HOOK_ASKS_AGAIN, lambda: _ask(stop, run))
        case "FAILED":
            _fail(stop, run, f"Lifecycle hook target {run.target} returned FAILED status.")
        case _:
            _fail(stop, run, _NO_STATUS.format(target=run.target))


def _answer(stop: Stop, run: HookRun) -> str:
    """What the scenario lists, in order, the last one for ever; a function it does not list succeeds."""
    calls = stop.region.hook_calls
    number: int = sum(call["target"] == run.target for call in calls)
    calls.append(_event(stop, run))
    answers: tuple[str, ...] = stop.region.hook_answers.get(run.target) or ("SUCCEEDED",)
    return answers[min(number, len(answers) - 1)]


def _event(stop: Stop, run: HookRun) -> Json:
    """What the function is called with, and which one it is; weights are those that the stage leads to."""
    course, step = stop.course, stop.course.step
    test = step.weight if step.stage == "TEST_TRAFFIC_SHIFT" else course.test
    production = step.weight if step.stage == "PRODUCTION_TRAFFIC_SHIFT" else course.production
    return {
        "target": run.target,
        "executionId": run.id.removeprefix("ecs-lambda-"),
        "lifecycleStage": step.stage,
        "resourceArn": stop.record.arn,
        "hookDetails": run.hook.get("hookDetails"),
        "executionDetails": {
            "serviceArn": stop.service.arn,
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


def _expire(stop: Stop, run: HookRun) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html"""
    if run.open:
        kind = "pause" if is_pause(run.hook) else "lifecycle"
        run.reason = f"{run.stage} {kind} hook timed out."
        conclude(stop, run, "TIMED_OUT")


def _fail(stop: Stop, run: HookRun, why: str) -> None:
    run.reason = f"{run.stage} lifecycle hook(s) failed. {why}"
    conclude(stop, run, "FAILED")


def conclude(stop: Stop, run: HookRun, status: str) -> None:
    """A hook has come to its end, one way or another."""
    run.status = status
    tell_hook(stop.region, stop.service, stop.record, run)
    stop.settled()


def refuse(stop: Stop, run: HookRun) -> None:
    """Somebody answered a pause with ROLLBACK."""
    _fail(stop, run, "ContinueServiceDeployment was called with the ROLLBACK action.")


def objection(course: Course) -> str | None:
    """Why the deployment is to go back, if some hook says so; one is enough."""
    return next((run.reason for run in course.runs if _objects(run)), None)


def _objects(run: HookRun) -> bool:
    return run.status == "FAILED" or (run.status == "TIMED_OUT" and run.timeout_action == "ROLLBACK")


def are_open(course: Course) -> bool:
    return any(run.open for run in course.runs)
