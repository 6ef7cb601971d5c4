"""The flag form's stdout: the lines that pipelines have read since 2015, word for word."""

from __future__ import annotations

from typing import assert_never

from ecsdeploy.model.events import (
    Concluded,
    Continued,
    Delayed,
    Doomed,
    Finished,
    FoundContact,
    LostContact,
    Monitored,
    Paused,
    Progress,
    Pruned,
    Reconsidered,
    Record,
    Registered,
    RollingBack,
    Said,
    Smoke,
    Spared,
    Started,
    TaskRunning,
    Warned,
)
from ecsdeploy.model.oneoff import TaskFinished, TaskSaid, TaskStarted, TaskStatus, TaskStopping
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.planned import Planned
from ecsdeploy.render.stream import LineStream
from ecsdeploy.render.view import View, fold

_OfService = Planned | Registered | Started | TaskRunning | RollingBack
_WAITING = "Waiting for service deployment to complete..."


class ScriptLines:
    """Writes what the bash script wrote, but success only about our own deployment."""

    def __init__(self, stream: LineStream) -> None:
        self._stream = stream
        self._view = View()
        self._held: tuple[str, ...] | None = ()
        """Lines that wait for the verdict; None once it is written."""

    def emit(self, record: Record) -> None:
        self._view = fold(self._view, record)
        match record.event:
            case Concluded(verdict=verdict):
                self._say(*self._conclusion(verdict))
            case Finished(outcome=outcome):
                self._say(*self._conclusion(outcome.verdict))
            case Pruned(revision=revision):
                self._say(*self._after_verdict(f"Deregistering outdated task revision: {revision}"))
            case TaskStarted() | TaskStatus() | TaskFinished() as event:
                self._say(*_task_lines(event, self._view))
            case Planned() | Registered() | Started() | TaskRunning() | RollingBack() as event:
                self._say(*_service_lines(event, self._view))
            case Reconsidered():
                self._held = ()
            case Progress() | Monitored() | Said() | Doomed() | Delayed() | Paused() | Continued():
                pass
            case LostContact() | FoundContact() | Spared() | Warned() | TaskSaid() | TaskStopping() | Smoke():
                pass
            case _ as never:
                assert_never(never)

    def _say(self, *lines: str) -> None:
        for line in lines:
            self._stream.line(line)

    def _after_verdict(self, line: str) -> tuple[str, ...]:
        if self._held is None:
            return (line,)
        self._held = (*self._held, line)
        return ()

    def _conclusion(self, verdict: Verdict) -> tuple[str, ...]:
        held, self._held = self._held, None
        return () if held is None else _verdict_lines(verdict, self._view) + held


def _service_lines(event: _OfService, view: View) -> tuple[str, ...]:
    waiting = (_WAITING,) if view.to_completion else ()
    match event:
        case RollingBack():
            return (f"Rolling back to {event.to_revision}",) if event.by == "us" else ()
        case _ if view.undoing:
            return ()
        case Planned(steps=("force",)):
            return ("Force a new deployment of the service",)
        case Planned():
            image = (f"Using image name: {event.requested}",) if event.requested else ()
            return (*image, f"Current task definition: {event.base}")
        case Registered():
            run = (f"Run task: {event.revision}",) if "run" in view.steps else ()
            return (f"New task definition: {event.revision}", *run)
        case Started():
            return waiting if view.forced else ()
        case TaskRunning():
            return () if view.forced else (_task_running(event), *waiting)
        case _ as never:
            assert_never(never)


def _task_running(event: TaskRunning) -> str:
    if event.skipped:
        return "Skipping check for running task definition, as desired-count <= 0"
    return "Service updated successfully, new task definition running."


def _task_lines(event: TaskStarted | TaskStatus | TaskFinished, view: View) -> tuple[str, ...]:
    match event:
        case TaskStarted():
            return (f"Executed task: {event.task}",)
        case TaskStatus(status="STOPPED"):
            return ()
        case TaskStatus() if "run" not in view.steps:
            # We look at the task of `--before` more often than the line below says.
            return ()
        case TaskStatus():
            return (f"Checking task status every 10 seconds. Status: {event.status}",)
        case TaskFinished(exit_code=0) if not view.task_status:
            return ()
        case TaskFinished():
            return ("Task finished with status: STOPPED", _task_end(event))
        case _ as never:
            assert_never(never)


def _task_end(event: TaskFinished) -> str:
    if event.exit_code == 0:
        return f"Task {event.task} executed successfully!"
    # A container that never ran has no exit code; the script printed jq's `null`.
    shown = "null" if event.exit_code is None else event.exit_code
    return f"Task execution failed with exit code: {shown}"


def _verdict_lines(verdict: Verdict, view: View) -> tuple[str, ...]:
    match verdict.status:
        case Status.SUCCEEDED if view.steps == ("register",):
            return ("Task definition updated successfully",)
        case Status.SUCCEEDED if view.started and view.to_completion:
            return ("Service deployment successful.",)
        case Status.TIMED_OUT if verdict.phase is Phase.STARTING:
            return (f"ERROR: New task definition not running within {verdict.limit_seconds:.0f} seconds",)
        case Status.TIMED_OUT if verdict.phase is Phase.TASK:
            return (f"ERROR: New task run took longer than {verdict.limit_seconds:.0f} seconds",)
        case _:
            return ()
