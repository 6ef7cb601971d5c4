"""Tells what the containers of one-off tasks write, while they run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from ecsdeploy.engine.logs.reader import LogReader
from ecsdeploy.engine.logs.streams import streams_of
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import EcsDeployError, NoSuchResource
from ecsdeploy.model.oneoff import TaskSaid
from ecsdeploy.model.service import Task
from ecsdeploy.model.taskdef import TaskDefinition

LOOK_EVERY = 2.0
"""Seconds between two reads of the logs."""
LATE_SECONDS = 2.0
"""How long after a task's end we look for its last lines: CloudWatch Logs shows them some seconds late."""
_PATIENCE = 1.0
"""A read that fails is repeated for no longer than this: the end of a task is not to be told late."""
_BEFORE = timedelta(minutes=1)
"""The clocks of the hosts may differ by this much. No other task writes to the streams of ours."""


class TaskLogs:
    """The logs of these tasks. No failure to read them changes what is said of the tasks: it costs one warning."""

    def __init__(self, run: Run, definition: TaskDefinition, tasks: Sequence[Task], heard: str) -> None:
        """We warn if the log of `heard` goes where we cannot read it; of any container if it is empty."""
        known = {each.task_definition: definition for each in tasks}
        self._run = run
        self._sources = (streams := streams_of(tasks, known)).sources
        self._streams = streams
        self._elsewhere = streams_of(tasks[:1], known, heard).elsewhere
        self._reader = LogReader(run.plane, run.clock, _PATIENCE)
        self._since = (run.plane.told_at() or run.clock.now()) - _BEFORE
        self._looked = run.clock.monotonic()
        self._failed: EcsDeployError | None = None

    def follow(self) -> None:
        """Tell what is new, if the last look was a while ago."""
        if self._run.clock.monotonic() - self._looked >= LOOK_EVERY:
            self._look()

    def end(self) -> None:
        """Tell the last lines after the tasks have stopped, and warn of logs that could not be read."""
        if self._sources:
            self._look()
            self._run.clock.sleep(LATE_SECONDS)
            self._look()
        lost = next(iter(self._reader.lost.values()), self._failed)
        if lost is not None:
            self._run.emit.warn_once("W-UNREADABLE-LOGS", str(lost))
        for each in self._elsewhere:
            self._run.emit.tell("W-LOG-ELSEWHERE", each)

    def _look(self) -> None:
        self._reader.again(NoSuchResource)
        try:
            for source, event in self._reader.poll(self._sources, self._since):
                line = self._streams.line(source, event)
                if line is not None:
                    self._run.emit(
                        TaskSaid(task=line.task, container=line.container, at=line.at, message=line.message.rstrip())
                    )
            self._failed = None
        except EcsDeployError as error:
            self._failed = error
        self._looked = self._run.clock.monotonic()
