"""Reads what the containers of a service wrote, by time, and goes on as long as it is followed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from ecsdeploy.engine.logs.chosen import check_container, chosen
from ecsdeploy.engine.logs.reader import LogReader
from ecsdeploy.engine.logs.streams import Streams, streams_of
from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.logs import LogEvent, LogLine, LogNotice, LogSource
from ecsdeploy.model.looking import LogsRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace

SECONDS = 20.0
"""So long each read is asked again."""
POLL_SECONDS = 2.0
TASKS_SECONDS = 10.0
"""How often it is looked which tasks there are."""


class LogReads:
    """The reads of one `logs`. A group that cannot be read costs a notice; all of them together are an error."""

    def __init__(self, run: Run, request: LogsRequest) -> None:
        self._run = run
        self._request = request
        self._reader = LogReader(run.plane, run.clock, SECONDS)
        self._definitions: dict[str, TaskDefinition] = {}
        self._tasks = frozenset[str]()
        self._foreign = set[str]()
        """Tasks of others that write to the same groups."""
        self._looked = 0.0
        self._streams = Streams(writers={}, elsewhere=())

    def lines(self) -> Iterator[LogLine | LogNotice]:
        """Errors: `NoSuchResource` where the service, or what is named of it, is not there; those of the reads."""
        reader = self._reader
        service = reader.read(lambda: self._run.plane.service(self._request.service))
        refuse_other_account(service.arn, self._request.expect_account)
        since = self._since()
        self._look(service)
        yield from reader.news()
        shown = False
        for line in self._poll(service, since):
            shown = True
            yield line
        if reader.lost and len(reader.lost) == len(self._streams.sources):
            yield from reader.news()
            raise _told(next(iter(reader.lost.values())))
        if self._streams.sources and not (shown or self._request.follow):
            what = " with that text in it" if self._request.grep else ""
            reader.tell(f"No event{what} was written since {since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC.")
        yield from reader.news()
        while self._request.follow:
            self._run.clock.sleep(POLL_SECONDS)
            if self._run.clock.monotonic() - self._looked >= TASKS_SECONDS:
                self._look(service)
                reader.again()
            yield from self._poll(service, since)
            yield from reader.news()

    def _since(self) -> datetime:
        """By AWS's clock, where it is to be so long ago."""
        since = self._request.since
        if isinstance(since, datetime):
            return since
        return (self._run.plane.told_at() or self._run.clock.now()) - since

    def _look(self, service: Service) -> None:
        """Which tasks there are, and where those that are asked for write."""
        plane, ref, reader = self._run.plane, self._request.service, self._reader
        tasks = (
            *reader.read(lambda: plane.tasks_of_service(ref, stopped=True)),
            *reader.read(lambda: plane.tasks_of_service(ref, stopped=False)),
        )
        for arn in {each.task_definition for each in tasks} - self._definitions.keys():
            self._definitions[arn] = reader.read(partial(plane.definition, arn))
        self._looked = self._run.clock.monotonic()
        self._tasks = frozenset(each.id for each in tasks)
        check_container(self._request.container, self._definitions.values(), service.name)
        found = chosen(tasks, self._definitions, self._request, service)
        if not found:
            reader.tell(f"No task of `{service.name}` {_what(self._request)} within the last hour.")
        streams = streams_of(found, self._definitions, self._request.container, at_fault=self._request.only_failed)
        self._streams = replace(streams, may_grow=self._request.follow and not self._request.task)
        for each in self._streams.elsewhere:
            reader.tell(f"{each[:1].upper()}{each[1:]}.")

    def _poll(self, service: Service, since: datetime) -> Iterator[LogLine]:
        """What is new of what is asked for, by time."""
        for source, event in self._reader.poll(self._streams.sources, since):
            line = self._line(service, source, event)
            if line is not None:
                yield line

    def _line(self, service: Service, source: LogSource, event: LogEvent) -> LogLine | None:
        """None for what is not asked for."""
        task = event.stream.rpartition("/")[2]
        if self._request.follow and task not in self._tasks and task not in self._foreign:
            self._look(service)
            self._foreign |= {task} - self._tasks
        line = self._streams.line(source, event)
        return line if line and self._request.grep in line.message else None


def _told(error: EcsDeployError) -> EcsDeployError:
    """The notice has said it."""
    error.is_told = True
    return error


def _what(request: LogsRequest) -> str:
    return "has failed" if request.only_failed else "runs, and none has stopped"
