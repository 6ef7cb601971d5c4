"""Reads what log streams have, each event once, from where the read before ended."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from heapq import merge
from typing import TypeVar

from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.ports import Clock, ControlPlane
from ecsdeploy.errors import AccessDenied, EcsDeployError, NoSuchResource
from ecsdeploy.model.logs import LogEvent, LogNotice, LogSource

T = TypeVar("T")

OVERLAP = timedelta(seconds=5)
"""An event may be there later than one that was written after it."""
_MOST_PAGES = 10_000
_Seen = OrderedDict[tuple[str, str], datetime]


class LogReader:
    """The reads of several sources. One that cannot be read costs a notice, and is read no more until `again`."""

    def __init__(self, plane: ControlPlane, clock: Clock, seconds: float) -> None:
        """Each call is repeated for so many seconds."""
        self._plane = plane
        self._clock = clock
        self._seconds = seconds
        self._from: dict[LogSource, datetime] = {}
        self._seen = defaultdict[LogSource, _Seen](OrderedDict)
        """The events that the next poll may read again, by stream and id: when each was written."""
        self._told = set[str]()
        self._notices: list[LogNotice] = []
        self.lost: dict[LogSource, EcsDeployError] = {}
        """The sources that cannot be read, and why."""

    def poll(self, sources: Iterable[LogSource], since: datetime) -> Iterator[tuple[LogSource, LogEvent]]:
        """What is new in every source, by time."""
        readable = [each for each in sources if each not in self.lost]
        events = (self._events(each, self._from.get(each, since)) for each in readable)
        for source, event in merge(*events, key=lambda pair: pair[1].at):
            key, seen = (event.stream, event.id), self._seen[source]
            if key in seen:
                continue
            seen[key] = event.at
            self._from[source] = max(since, event.at - OVERLAP)
            # A day of a log may have millions of events.
            while seen and next(iter(seen.values())) < self._from[source]:
                seen.popitem(last=False)
            yield source, event

    def again(self, lost_by: type[EcsDeployError] = EcsDeployError) -> None:
        """Read sources once more that were lost by such an error: a group may be there by now."""
        self.lost = {source: error for source, error in self.lost.items() if not isinstance(error, lost_by)}

    def tell(self, text: str, hint: str = "") -> None:
        """Each notice once."""
        if text not in self._told:
            self._told.add(text)
            self._notices.append(LogNotice(text=text, hint=hint))

    def news(self) -> Iterator[LogNotice]:
        """The notices since the last call."""
        while self._notices:
            yield self._notices.pop(0)

    def read(self, call: Callable[[], T]) -> T:
        """The answer of a call, which is repeated."""
        return Patience(clock=self._clock, seconds=self._seconds, start=self._clock.monotonic()).read(call)

    def _events(self, source: LogSource, since: datetime) -> Iterator[tuple[LogSource, LogEvent]]:
        """Page by page; nothing of what cannot be read."""
        token, known = "", set[str]()
        for _ in range(_MOST_PAGES):
            try:
                page, token = self.read(partial(self._plane.log_page, source, since, token))
            except (NoSuchResource, AccessDenied) as error:
                self.lost[source] = _of_group(source, error)
                self.tell(self.lost[source].message, self.lost[source].hint)
                return
            yield from ((source, each) for each in page)
            if not token or token in known:
                return
            known.add(token)


def _of_group(source: LogSource, error: EcsDeployError) -> EcsDeployError:
    """What is not there is told of the group that the definition names."""
    if not isinstance(error, NoSuchResource):
        return error
    where = f" in Region `{source.region}`" if source.region else ""
    return NoSuchResource(
        f"The log group `{source.group}` does not exist{where}: no line of its containers can be read.",
        hint="A definition with `awslogs-create-group` has it made when its first container starts.",
    )
