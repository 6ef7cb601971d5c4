"""Numbers and dates the events of one run on their way to the sink."""

from __future__ import annotations

from ecsdeploy.engine.ports import Clock, Sink
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import Event, Record, Warned
from ecsdeploy.model.steps import Finding


class Emitter:
    """Each event becomes a `Record` of this service, numbered from 1."""

    def __init__(self, sink: Sink, clock: Clock, service: ServiceRef | None) -> None:
        self._sink = sink
        self._clock = clock
        self._service = service
        self._count = 0
        self.warnings: list[str] = []

    def __call__(self, *events: Event) -> None:
        for event in events:
            self._count += 1
            self._sink.emit(Record(seq=self._count, time=self._clock.now(), service=self._service, event=event))

    def warn(self, code: str, *subjects: str) -> None:
        self.note(Finding(code=code, subjects=subjects))
        self(Warned(finding=Finding(code=code, subjects=subjects)))

    def tell(self, code: str, *subjects: str) -> None:
        """Say it, without keeping it for the outcome."""
        self(Warned(finding=Finding(code=code, subjects=subjects)))

    def warn_once(self, code: str, *subjects: str) -> None:
        if " ".join((code, *subjects)) not in self.warnings:
            self.warn(code, *subjects)

    def note(self, finding: Finding) -> None:
        """Remember a warning for the outcome; the plan's findings are told with the plan."""
        self.warnings.append(" ".join((finding.code, *finding.subjects)))
