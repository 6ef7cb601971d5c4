"""Reads what the containers of a service wrote, by time, and goes on as long as it is followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from heapq import merge
from typing import TypeVar

from ecsdeploy.engine.looking.chosen import check_container, chosen
from ecsdeploy.engine.looking.streams import Streams, streams_of
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AccessDenied, EcsDeployError, NoSuchResource
from ecsdeploy.model.logs import LogEvent, LogLine, LogNotice, LogSource
from ecsdeploy.model.looking import LogsRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.taskdef import TaskDefinition

T = TypeVar("T")

SECONDS = 20.0
"""So long each read is asked again."""
POLL_SECONDS = 2.0
TASKS_SECONDS = 10.0
"""How often it is looked which tasks there are."""
OVERLAP = timedelta(seconds=5)
"""An event may be there later than one that was written after it."""
_MOST_PAGES = 10_000


class LogReads:
    """The reads of one `logs`. A group that cannot be read costs a notice; all of them together are an error."""

    def __init__(self, run: Run, request: LogsRequest) -> None:
        self._run = run
        self._request = request
        self._definitions: dict[str, TaskDefinition] = {}
        self._tasks = frozenset[str]()
        self._foreign = set[str]()
        """Tasks of others that write to the same groups."""
        self._looked = 0.0
        self._streams = Streams(writers={}, elsewhere=())
        self._from: dict[LogSource, datetime] = {}
        self._seen: dict[tuple[str, str], datetime] = {}
        """When the events were written that have been read, by stream and id."""
        self._told = set[str]()
        self._notices: list[LogNotice] = []
        self._lost: dict[LogSource, EcsDeployError] = {}

    def lines(self) -> Iterator[LogLine | LogNotice]:
        """Errors: `NoSuchResource` where the service, or what is named of it, is not there; those of the reads."""
        service = self._read(lambda: self._run.plane.service(self._request.service))
        refuse_other_account(service.arn, self._request.expect_account)
        since = self._since()
        self._look(service)
        yield from self._news()
        yield from self._poll(service, since)
        if self._lost and len(self._lost) == len(self._streams.sources):
            yield from self._news()
            raise _told(next(iter(self._lost.values())))
        yield from self._news()
        while self._request.follow:
            self._run.clock.sleep(POLL_SECONDS)
            if self._run.clock.monotonic() - self._looked >= TASKS_SECONDS:
                self._look(service)
                self._lost.clear()
            yield from self._poll(service, since)
            yield from self._news()

    def _since(self) -> datetime:
        """By AWS's clock, where it is to be so long ago."""
        since = self._request.since
        if isinstance(since, datetime):
            return since
        return (self._run.plane.told_at() or self._run.clock.now()) - since

    def _look(self, service: Service) -> None:
        """Which tasks there are, and where those that are asked for write."""
        plane, ref = self._run.plane, self._request.service
        tasks = (
            *self._read(lambda: plane.tasks_of_service(ref, stopped=True)),
            *self._read(lambda: plane.tasks_of_service(ref, stopped=False)),
        )
        for arn in {each.task_definition for each in tasks} - self._definitions.keys():
            self._definitions[arn] = self._read(partial(plane.definition, arn))
        self._looked = self._run.clock.monotonic()
        self._tasks = frozenset(each.id for each in tasks)
        check_container(self._request.container, self._definitions.values(), service.name)
        found = chosen(tasks, self._definitions, self._request, service)
        if not found:
            self._tell(f"No task of `{service.name}` {_what(self._request)} within the last hour.")
        self._streams = streams_of(
            found, self._definitions, self._request.container, at_fault=self._request.only_failed
        )
        for each in self._streams.elsewhere:
            self._tell(f"{each[:1].upper()}{each[1:]}.")

    def _poll(self, service: Service, since: datetime) -> Iterator[LogLine]:
        """What is new in every source, by time."""
        sources = [each for each in self._streams.sources if each not in self._lost]
        events = (self._events(each, self._from.get(each, since)) for each in sources)
        for source, event in merge(*events, key=lambda pair: pair[1].at):
            key = (event.stream, event.id)
            if key in self._seen:
                continue
            self._seen[key] = event.at
            self._from[source] = max(since, event.at - OVERLAP)
            line = self._line(service, source, event)
            if line is not None:
                yield line
        oldest = min((self._from.get(each, since) for each in sources), default=since)
        self._seen = {key: at for key, at in self._seen.items() if at >= oldest}

    def _line(self, service: Service, source: LogSource, event: LogEvent) -> LogLine | None:
        """None for what is not asked for."""
        task = event.stream.rpartition("/")[2]
        if self._request.follow and task not in self._tasks and task not in self._foreign:
            self._look(service)
            self._foreign |= {task} - self._tasks
        writer = self._streams.writers.get((source.region, source.group, event.stream))
        if writer is None or self._request.grep not in event.message:
            return None
        return LogLine(at=event.at, task=writer[0], container=writer[1], message=event.message)

    def _events(self, source: LogSource, since: datetime) -> Iterator[tuple[LogSource, LogEvent]]:
        """Page by page; nothing of what cannot be read."""
        token, known = "", set[str]()
        for _ in range(_MOST_PAGES):
            try:
                page, token = self._read(partial(self._run.plane.log_page, source, since, token))
            except (NoSuchResource, AccessDenied) as error:
                self._lost[source] = _of_group(source, error)
                self._tell(self._lost[source].message, self._lost[source].hint)
                return
            yield from ((source, each) for each in page)
            if not token or token in known:
                return
            known.add(token)

    def _tell(self, text: str, hint: str = "") -> None:
        """Each notice once."""
        if text not in self._told:
            self._told.add(text)
            self._notices.append(LogNotice(text=text, hint=hint))

    def _news(self) -> Iterator[LogNotice]:
        while self._notices:
            yield self._notices.pop(0)

    def _read(self, call: Callable[[], T]) -> T:
        clock = self._run.clock
        return Patience(clock=clock, seconds=SECONDS, start=clock.monotonic()).read(call)


def _of_group(source: LogSource, error: EcsDeployError) -> EcsDeployError:
    """What is not there is told of the group that the definition names."""
    if not isinstance(error, NoSuchResource):
        return error
    where = f" in Region `{source.region}`" if source.region else ""
    return NoSuchResource(
        f"The log group `{source.group}` does not exist{where}: no line of its containers can be read.",
        hint="A definition with `awslogs-create-group` has it made when its first container starts.",
    )


def _told(error: EcsDeployError) -> EcsDeployError:
    """The notice has said it."""
    error.is_told = True
    return error


def _what(request: LogsRequest) -> str:
    return "has failed" if request.only_failed else "runs, and none has stopped"
