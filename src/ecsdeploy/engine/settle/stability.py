"""`--min-stable`: watches a release for some more time after ECS calls it complete."""

from __future__ import annotations

from collections.abc import Callable

from ecsdeploy.diagnose.causes import read_task
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.taskdef import TaskDefinition

LOOK_EVERY = 5.0
LATE_SECONDS = 30.0
"""How long after the end of that time we still repeat a read that fails."""

Answered = Callable[[KeyboardInterrupt], Verdict | None]
"""Called with a signal. Returns the verdict that ends the watch, or None to go on; may raise the signal again."""


def watch_stability(
    run: Run, ref: ServiceRef, definition: TaskDefinition, seconds: float, answer: Answered
) -> Verdict | None:
    """Watch our tasks for `seconds`. None if none of them fails, else a FAILED verdict with ECS's reason.

    UNKNOWN if the tasks cannot be read: the release has completed, but we do not know whether it is stable.
    A signal may end it with the verdict of `answer`.
    """
    try:
        return _watched(run, ref, definition, seconds, answer)
    except EcsDeployError as error:
        lost = type(error).__name__
        return Verdict(status=Status.UNKNOWN, reason=error.message, phase=Phase.WAITING, lost=lost)


def _watched(run: Run, ref: ServiceRef, definition: TaskDefinition, seconds: float, answer: Answered) -> Verdict | None:
    until, patience = run.clock.monotonic() + seconds, _patience(run, seconds + LATE_SECONDS)
    known = _failed(run, ref, definition, patience).keys()
    while (left := until - run.clock.monotonic()) > 0:
        try:
            run.clock.sleep(min(LOOK_EVERY, left))
            failed = _failed(run, ref, definition, patience)
        except KeyboardInterrupt as signal:
            if (said := answer(signal)) is not None:
                return said
            continue
        for task in failed.keys() - known:
            return Verdict(status=Status.FAILED, reason=failed[task], phase=Phase.WAITING)
    return None


def _patience(run: Run, seconds: float) -> Patience:
    """The patience of all reads: they share one deadline."""
    clock = run.clock
    return Patience(clock=clock, seconds=seconds, start=clock.monotonic(), out_of_reach=seconds, forgives=True)


def _failed(run: Run, ref: ServiceRef, definition: TaskDefinition, patience: Patience) -> dict[str, str]:
    """The tasks of our deployment that failed: ARN to ECS's reason."""
    stopped = patience.read(lambda: run.plane.tasks_started_by(ref, run.progress.starter, stopped=True))
    return {each.arn: each.stopped_reason for each in stopped if read_task(each, definition) is not None}
