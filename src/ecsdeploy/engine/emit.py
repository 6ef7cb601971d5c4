"""Gives each event of a run its number and its time, and passes it to the sink."""

from __future__ import annotations

from ecsdeploy.engine.ports import Clock, Sink
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import Event, Record, Warned
from ecsdeploy.model.steps import Finding


class Emitter:
    """Passes events to `sink`, each as a `Record` of `service`, numbered from 1.

    `warnings` are those that the outcome repeats, each as its code and its subjects.
    """

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
        """Tell a warning, and keep it for the outcome."""
        self.note(Finding(code=code, subjects=subjects))
        self(Warned(finding=Finding(code=code, subjects=subjects)))

    def tell(self, code: str, *subjects: str) -> None:
        """Tell a warning that the outcome does not repeat."""
        self(Warned(finding=Finding(code=code, subjects=subjects)))

    def warn_once(self, code: str, *subjects: str) -> None:
        """`warn`, unless the same warning is kept already."""
        if " ".join((code, *subjects)) not in self.warnings:
            self.warn(code, *subjects)

    def note(self, finding: Finding) -> None:
        """Keep a warning for the outcome without telling it, as the plan tells its findings itself."""
        self.warnings.append(" ".join((finding.code, *finding.subjects)))
