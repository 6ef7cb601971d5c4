"""A run that goes on in a thread of its own, and its events as they come."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol, Self

from ecsdeploy.engine.clock import InterruptibleClock

if TYPE_CHECKING:
    from ecsdeploy.engine.ports import Clock, Sink
    from ecsdeploy.model.events import Record
    from ecsdeploy.model.outcome import Outcome


class Work(Protocol):
    """Carries out a request: emits its events to `sink`, and waits by `clock`."""

    def __call__(self, clock: Clock, sink: Sink) -> Outcome: ...


class Running:
    """A run under way: iterate over it for its events, then ask for its `outcome`.

        with client.start(request) as running:
            for record in running:
                print(record.event)
        running.outcome.raise_for_verdict()

    Leaving the `with` block before the end does what Ctrl-C does on the command line: the request's `on_interrupt`
    decides, and by default the deployment goes on at AWS. Without a `with` block, call `leave` for that.
    """

    def __init__(self, work: Work, clock: Clock) -> None:
        self._records: queue.SimpleQueue[Record | None] = queue.SimpleQueue()
        self._leaving = threading.Event()
        self._outcome: Outcome | None = None
        self._error: BaseException | None = None
        self._is_over = False
        waits = InterruptibleClock(clock, self._leaving)
        # A daemon, so that a program that ends does not wait for a run that it has forgotten.
        self._thread = threading.Thread(target=self._run, args=(work, waits), name="ecs-deploy run", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def __iter__(self) -> Iterator[Record]:
        """Each event as it comes; the last one is `Finished`. A second iteration has what the first one left."""
        while not self._is_over:
            record = self._records.get()
            if record is None:
                self._is_over = True
                return
            yield record

    @property
    def outcome(self) -> Outcome:
        """Wait for the end of the run, and return its result; raises the error that ended it (`EcsDeployError`)."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        if self._outcome is None:
            raise AssertionError("a run that ended has an outcome or an error")
        return self._outcome

    def leave(self) -> None:
        """Interrupt the run unless it has ended, and wait until it has noticed. No error is raised for the run."""
        self._leaving.set()
        self._thread.join()

    def _run(self, work: Work, clock: Clock) -> None:
        try:
            self._outcome = work(clock, _Queue(self._records.put))
        except BaseException as error:  # noqa: BLE001 - whoever asks for the outcome gets it
            self._error = error
        finally:
            self._records.put(None)


class _Queue:
    """A sink that passes records on to another thread."""

    def __init__(self, put: Callable[[Record], None]) -> None:
        self._put = put

    def emit(self, record: Record) -> None:
        self._put(record)
