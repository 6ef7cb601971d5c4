"""`--min-stable`: a release that ECS calls complete is watched a little longer."""

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
"""So long after the time that was asked for AWS may still be asked what came of it."""

Answered = Callable[[KeyboardInterrupt], Verdict | None]
"""What a signal means: a verdict, or None to go on; it may raise the signal again."""


def stays_up(run: Run, ref: ServiceRef, definition: TaskDefinition, seconds: float, answer: Answered) -> Verdict | None:
    """None when no task of ours fails within `seconds` of completion, or the verdict about the one that does.

    Where they cannot be read, the release has completed, and what was asked for beside that is not known.
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
    """One deadline for all reads."""
    clock = run.clock
    return Patience(clock=clock, seconds=seconds, start=clock.monotonic(), out_of_reach=seconds, forgives=True)


def _failed(run: Run, ref: ServiceRef, definition: TaskDefinition, patience: Patience) -> dict[str, str]:
    """The tasks of our deployment that failed, with ECS's reason."""
    stopped = patience.read(lambda: run.plane.tasks_started_by(ref, run.progress.starter, stopped=True))
    return {each.arn: each.stopped_reason for each in stopped if read_task(each, definition) is not None}
