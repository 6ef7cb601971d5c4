"""The hub: lets many runs share one thread, by switching to another one wherever a run waits.

Each run is ordinary straight-line code in a greenlet, which we call a strand. A run waits in two places only: in
`Clock.sleep`, and in a call of AWS. There the strand is parked, and the hub goes on with those that are ready. It owns
the time: when all are parked, the whole process sleeps until the first of them is due. In simulated time the order of
all that happens is the same in each run.

https://greenlet.readthedocs.io/en/stable/
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from functools import partial
from heapq import heappop, heappush
from itertools import count
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, NoReturn, TypeVar

from greenlet import getcurrent, greenlet

from ecsdeploy.engine.ports import Clock

T = TypeVar("T")

SLICE_SECONDS = 0.5
"""How long the hub sleeps at most before it looks whether a signal has come."""


class Strand:
    """One run, or one helper of the hub. `reach` has a signal raised where the run waits."""

    def __init__(self, work: Callable[[], None], home: greenlet) -> None:
        self.greenlet: greenlet = greenlet(work, home)
        self.parkings: int = 0
        """Counts the waits, so that what was to end an earlier one ends no later one."""
        self.sleeps: bool = False
        self.is_ready: bool = False
        """Whether it waits for its turn alone: then it must not be woken again."""
        self.signal: KeyboardInterrupt | None = None
        """What is raised at the next wait."""


class Promise(Generic[T]):
    """What a call will have answered. Several strands may wait for one."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._waiting: list[Strand] = []
        self._answer: Callable[[], T] | None = None

    @property
    def is_kept(self) -> bool:
        return self._answer is not None

    def keep(self, answer: Callable[[], T]) -> None:
        """Wake all that wait. `answer` returns what they get, or raises it."""
        self._answer = answer
        self._hub.wake(self._waiting)
        self._waiting = []

    def wait(self) -> T:
        """Park this strand until the promise is kept. Raises what the answer raises."""
        if self._answer is None:
            self._waiting.append(self._hub.current)
            self._hub.park()
        assert self._answer is not None  # noqa: S101 - only `keep` wakes us
        return self._answer()


class Hub:
    """Runs strands until all have ended. As `Clock` it is the clock of each of them.

    With `threads`, calls are made by so many threads; without any, by the strand itself, while the others wait.
    """

    def __init__(self, clock: Clock, *, threads: int = 0) -> None:
        self._clock = clock
        self._threads = threads
        self._strands = dict[greenlet, Strand]()
        self._ready = deque[Strand]()
        self._due: list[tuple[float, int, Strand, int]] = []
        self._order = count()
        self._asked: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._answered: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._calls = 0
        self._own = list[Callable[[], None]]()
        """Calls to make in our own stack, as one in that of a strand would keep its memory while the strand lives."""
        self._home = getcurrent()
        self._signals: list[KeyboardInterrupt] = []
        self.on_signal: Callable[[KeyboardInterrupt], None] | None = None
        """What to do after a signal, in the hub's own strand; without it, the signal is raised by `run`."""

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        """Park this strand for so long. Raises the signal that was sent to it, if there is one."""
        strand = self.current
        self._raise_signal(strand)
        heappush(self._due, (self.monotonic() + max(seconds, 0), next(self._order), strand, strand.parkings))
        strand.sleeps = True
        try:
            self.park()
        finally:
            strand.sleeps = False
        self._raise_signal(strand)

    def call(self, ask: Callable[[], T]) -> T:
        """Make a call, and return its answer. Once it has begun, no signal cuts it short."""
        self._raise_signal(self.current)
        promise = Promise[T](self)
        if self._threads:
            self._calls += 1
            self._asked.put(lambda: self._answered.put(_done(promise, ask)))
        else:
            # It is made once the strands that are ready have been at work.
            self._own.append(partial(_answered, promise, ask))
        return promise.wait()

    def promise(self) -> Promise[T]:
        """A promise that a strand of this hub may wait for."""
        return Promise(self)

    def spawn(self, work: Callable[[], None]) -> Strand:
        """A new strand, which begins as soon as the others that are ready have been at work."""
        strand = Strand(work, self._home)
        self._strands[strand.greenlet] = strand
        self.wake([strand])
        return strand

    def reach(self, strand: Strand, signal: KeyboardInterrupt) -> None:
        """Raise the signal in the strand: at once if it sleeps, else after the reply to its call."""
        strand.signal = signal
        if strand.sleeps:
            self.wake([strand])

    @staticmethod
    def forget(strand: Strand | None, kind: type[KeyboardInterrupt]) -> None:
        """Do not raise a signal of this kind that has not been raised yet."""
        if strand is not None and isinstance(strand.signal, kind):
            strand.signal = None

    def signal(self, signal: KeyboardInterrupt) -> None:
        """Note a signal, from a signal handler: the hub acts on it when no strand is at work."""
        self._signals.append(signal)

    @property
    def current(self) -> Strand:
        """The strand that is at work."""
        return self._strands[getcurrent()]

    def park(self) -> None:
        """Let the others go on until somebody wakes this strand."""
        self._home.switch()

    def wake(self, strands: list[Strand]) -> None:
        """Have them go on, in this order."""
        for strand in strands:
            if not strand.is_ready:
                strand.parkings += 1
                strand.is_ready = True
                self._ready.append(strand)

    def run(self) -> None:
        """Go on until every strand has ended."""
        threads = [Thread(target=self._serve, daemon=True) for _ in range(self._threads)]
        for thread in threads:
            thread.start()
        try:
            while self._strands:
                self._act_on_signals()
                self._go_on()
                if self._strands and not self._ready:
                    self._rest()
        finally:
            for _ in threads:
                self._asked.put(None)

    def _go_on(self) -> None:
        """Let each strand that is ready work until it waits or ends."""
        for _ in range(len(self._ready)):
            strand = self._ready.popleft()
            strand.is_ready = False
            strand.greenlet.switch()
            if strand.greenlet.dead:
                del self._strands[strand.greenlet]
            while self._own:
                self._own.pop()()

    def _rest(self) -> None:
        """Sleep until a strand is due, or an answer or a signal comes."""
        try:
            gap = max(self._due[0][0] - self.monotonic(), 0) if self._due else SLICE_SECONDS
            if self._calls:
                self._take_answers(min(gap, SLICE_SECONDS))
            elif gap:
                self._clock.sleep(min(gap, SLICE_SECONDS) if self._threads else gap)
        except KeyboardInterrupt as signal:
            self._signals.append(signal)
        now = self.monotonic()
        while self._due and self._due[0][0] <= now:
            _, _, strand, parking = heappop(self._due)
            if strand.parkings == parking and strand.sleeps:
                self.wake([strand])

    def _take_answers(self, seconds: float) -> None:
        try:
            answer = self._answered.get(timeout=seconds) if seconds else self._answered.get_nowait()
        except Empty:
            return
        self._calls -= 1
        answer()

    def _serve(self) -> None:
        """A thread: make the calls that are asked for."""
        while (call := self._asked.get()) is not None:
            call()

    def _act_on_signals(self) -> None:
        while self._signals:
            signal = self._signals.pop(0)
            if self.on_signal is None:
                raise signal
            self.on_signal(signal)

    @staticmethod
    def _raise_signal(strand: Strand) -> None:
        if strand.signal is not None:
            signal, strand.signal = strand.signal, None
            raise signal


def _done(promise: Promise[T], ask: Callable[[], T]) -> Callable[[], None]:
    """Make the call, in a thread, and return what tells its answer to the strands, in the hub."""
    try:
        answer = ask()
    except Exception as error:  # noqa: BLE001 - it is raised by the strand that asked
        return partial(promise.keep, partial(_raise, error))
    return lambda: promise.keep(lambda: answer)


def _answered(promise: Promise[T], ask: Callable[[], T]) -> None:
    """Make the call in this thread, and tell its answer."""
    _done(promise, ask)()


def _raise(error: Exception) -> NoReturn:
    raise error
