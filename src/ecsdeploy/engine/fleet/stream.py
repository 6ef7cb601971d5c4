"""The one stream of events of a release: those of all members, numbered through, and those of the release itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from ecsdeploy.engine.ports import Clock
from ecsdeploy.model.events import Finished, Paused, Record, RollingBack, Started
from ecsdeploy.model.outcome import Outcome
from ecsdeploy.model.together import FleetEvent, FleetRecord

Note = Callable[[Started | Paused | RollingBack], None]
"""Is called with the events of a member that decide about the others."""


class FleetSink(Protocol):
    """Takes every event of a release, in order."""

    def emit(self, record: FleetRecord) -> None: ...


class FleetStream:
    """Passes all events to `sink`, numbered through, with the id of the release."""

    def __init__(self, release: str, clock: Clock, sink: FleetSink) -> None:
        self._release, self._clock, self._sink = release, clock, sink
        self._count = 0

    def tell(self, event: FleetEvent | Record, member: str = "") -> None:
        """Pass on an event of the release itself, or one of a member."""
        self._count += 1
        time = event.time if isinstance(event, Record) else self._clock.now()
        self._sink.emit(FleetRecord(seq=self._count, time=time, release=self._release, event=event, member=member))

    def of(self, member: str, note: Note) -> MemberSink:
        """The sink of one member's run."""
        return MemberSink(partial(self.tell, member=member), note)


class MemberSink:
    """The sink of one member's run. It keeps the outcome that was told."""

    def __init__(self, hand_on: Callable[[Record], None], note: Note) -> None:
        self._hand_on, self._note = hand_on, note
        self.outcome: Outcome | None = None

    def emit(self, record: Record) -> None:
        if isinstance(record.event, Finished):
            self.outcome = record.event.outcome
        self._hand_on(record)
        if isinstance(record.event, Started | Paused | RollingBack):
            self._note(record.event)
