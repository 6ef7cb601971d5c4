"""`--min-stable`: a release that ECS calls complete is watched a little longer."""

from ecsdeploy.diagnose.causes import read_task
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.taskdef import TaskDefinition

LOOK_EVERY = 5.0


def stays_up(run: Run, ref: ServiceRef, definition: TaskDefinition, seconds: float) -> Verdict | None:
    """None when no task of ours fails within `seconds` of completion, or the verdict about the one that does.

    Where they cannot be read, the release has completed, and what was asked for beside that is not known.
    """
    try:
        return _watched(run, ref, definition, seconds)
    except EcsDeployError as error:
        return Verdict(status=Status.UNKNOWN, reason=error.message, phase=Phase.WAITING)


def _watched(run: Run, ref: ServiceRef, definition: TaskDefinition, seconds: float) -> Verdict | None:
    until, known = run.clock.monotonic() + seconds, _failed(run, ref, definition).keys()
    while (left := until - run.clock.monotonic()) > 0:
        run.clock.sleep(min(LOOK_EVERY, left))
        failed = _failed(run, ref, definition)
        for task in failed.keys() - known:
            return Verdict(status=Status.FAILED, reason=failed[task], phase=Phase.WAITING)
    return None


def _failed(run: Run, ref: ServiceRef, definition: TaskDefinition) -> dict[str, str]:
    """The tasks of our deployment that failed, with ECS's reason."""
    stopped = run.patience().once_begun().read(lambda: run.plane.tasks_started_by(ref, run.starter, stopped=True))
    return {each.arn: each.stopped_reason for each in stopped if read_task(each, definition) is not None}
