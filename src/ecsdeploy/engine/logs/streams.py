"""Which log streams the containers of tasks write, and what is said of those that write elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ecsdeploy.diagnose.causes import read_task
from ecsdeploy.diagnose.evidence import log_place, log_stream
from ecsdeploy.model.logs import LogEvent, LogLine, LogSource
from ecsdeploy.model.service import Task
from ecsdeploy.model.taskdef import ContainerDefinition, TaskDefinition
from ecsdeploy.model.values import value

StreamKey = tuple[str, str, str]
"""A Region, a group, and the stream's name."""


@value(frozen=True, slots=True, kw_only=True)
class Streams:
    """The task and the container that each stream is of, and where the others write: a sentence's words each."""

    writers: Mapping[StreamKey, tuple[str, str]]
    elsewhere: tuple[str, ...]
    may_grow: bool = False
    """Whether other tasks may come. Then a source is the same for one task and for two: it is read on, and not anew."""

    @property
    def sources(self) -> tuple[LogSource, ...]:
        """A stream alone by its whole name; of several tasks by what the names of a container have in common."""
        found: dict[StreamKey, list[str]] = defaultdict(list)
        for region, group, name in self.writers:
            found[region, group, name.rpartition("/")[0]].append(name)
        return tuple(
            LogSource(region=region, group=group, prefix=f"{common}/" if self.may_grow or len(names) > 1 else names[0])
            for (region, group, common), names in found.items()
        )

    def line(self, source: LogSource, event: LogEvent) -> LogLine | None:
        """The event as a line of a container; None if no container here wrote it."""
        writer = self.writers.get((source.region, source.group, event.stream))
        return LogLine(at=event.at, task=writer[0], container=writer[1], message=event.message) if writer else None


def streams_of(
    tasks: Iterable[Task], definitions: Mapping[str, TaskDefinition], container: str = "", *, at_fault: bool = False
) -> Streams:
    """Of every container, or of the one of that name; with `at_fault` of the one that a task failed by."""
    writers: dict[StreamKey, tuple[str, str]] = {}
    elsewhere: dict[str, None] = {}
    for task in tasks:
        definition = definitions[task.task_definition]
        for each in _chosen(task, definition, container, at_fault=at_fault):
            stream = log_stream(definition, each.name, task)
            if stream is None:
                elsewhere.setdefault(log_place(definition, each, task))
            else:
                writers[stream.region, stream.group, stream.stream] = (task.id, each.name)
    return Streams(writers=writers, elsewhere=tuple(elsewhere))


def _chosen(task: Task, definition: TaskDefinition, container: str, *, at_fault: bool) -> Iterator[ContainerDefinition]:
    symptom = read_task(task, definition) if at_fault else None
    name = container or (symptom.container if symptom else "")
    return (each for each in definition.containers if not name or each.name == name)
