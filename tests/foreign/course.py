"""What becomes of one service: its deployments, their tasks, and a log of the truth, in a time of its own.

A course is a few happenings that are put down beforehand, with the times at which they come. It schedules nothing,
places nothing and balances nothing: it is no control plane, but a story whose end is known.

The foreign world may hold what a client can be told of one service, in forms that no simulator of ours would give, and
what a reader of AWS's pages can check by hand. Another feature of ECS belongs into the simulator, with its sources; the
foreign world gets it where a mistake of the simulator could be a mistake of the client too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import ceil

NOON = 1_790_000_000.0
"""Seconds since 1970 at which every course begins."""
FIRST = 9_000_000_000_000_000_001
"""The digits of the deployment that stands there first; others count on from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """How the tasks of one deployment fare; times in seconds.

    Of all tasks that it ever launches, in their order, the first `bad` die, `life` after they run (or instead of
    running: 0). `hangs`: they stay PENDING. `settles` passes between the last task's start and the end.
    """

    bad: int = 0
    life: float = 5
    starts: float = 20
    gap: float = 15
    settles: float = 12
    hangs: bool = False
    ill: bool = False
    """The bad ones run, and fail the checks of what stands before them; after `life` ECS stops them for that."""
    reason: str = "Essential container in task exited"
    exit_code: int | None = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the service is: how many tasks, and what ECS does about a failure."""

    desired: int = 2
    breaker: bool = False
    goes_back: bool = False
    daemon: bool = False
    """One task on each instance, which has no room for a second: an old one stops before a new one starts."""


@dataclass(slots=True, kw_only=True)
class Task:
    number: int
    of: "Rollout"
    created: float
    dies: bool = False
    started: float | None = None
    stopped: float | None = None
    code: str = ""
    reason: str = ""

    @property
    def address(self) -> str:
        return f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"


@dataclass(slots=True, kw_only=True)
class Rollout:
    """One deployment. `state` is its rolloutState, `record` the status of its service deployment."""

    number: int
    revision: int
    began: float
    by: str
    fate: Fate
    state: str = "IN_PROGRESS"
    why: str = ""
    record: str = "IN_PROGRESS"
    ended: float | None = None
    changed: float = 0
    listed: bool = True
    failed: int = 0
    launched: int = 0
    undoes: "Rollout | None" = None
    """The failed deployment that ECS leaves for this one."""
    goes_to: "Rollout | None" = None
    tasks: list[Task] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"ecs-svc/{self.number}"

    @property
    def live(self) -> list[Task]:
        return [each for each in self.tasks if each.stopped is None]

    @property
    def running(self) -> list[Task]:
        return [each for each in self.live if each.started is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A line of the truth log: `began`, `completed`, `failed`, `put back`, `replaced`, `gone`, `scaled`."""

    at: float
    what: str
    number: int
    by: str = ""


class Course:
    """The service's story; `fates` are those of the deployments that our writes begin, in their order."""

    def __init__(self, shape: Shape, *fates: Fate) -> None:
        self.now, self.shape, self.desired, self.status = NOON, shape, shape.desired, "ACTIVE"
        self.fates = list(fates)
        self.log: list[Happened] = []
        self.events: list[tuple[float, str]] = []
        self.history: list[Rollout] = []
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self.front = ""
        """What stands before the tasks, as ECS calls it."""
        self._order, self._tasks = count(), count(1)
        self._stand()

    def _stand(self) -> None:
        """Long ago, the first deployment completed with the first revision."""
        first = Rollout(number=FIRST, revision=1, began=NOON - 86_400, by="others", fate=Fate())
        first.state, first.record, first.ended = "COMPLETED", "SUCCESSFUL", NOON - 86_000
        self.history, self.primary = [first], first
        for _ in range(self.desired):
            first.tasks.append(Task(number=next(self._tasks), of=first, created=NOON - 86_390, started=NOON - 86_300))
        self.say("has reached a steady state.", at=NOON - 3600)

    @property
    def threshold(self) -> int:
        """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html"""
        return max(3, ceil(self.desired / 2))

    # Time

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        heappush(self._queue, (self.now + seconds, next(self._order), act))

    def pass_by(self, seconds: float) -> None:
        end = self.now + seconds
        while self._queue and self._queue[0][0] <= end:
            self.now, _, act = heappop(self._queue)
            act()
        self.now = end

    # What may be asked of it

    def begin(self, revision: int, by: str) -> Rollout:
        """A deployment begins; one that was under way is stopped for it."""
        fate = self.fates.pop(0) if by == "us" and self.fates else Fate()
        number = FIRST + len(self.history)
        rollout = Rollout(number=number, revision=revision, began=self.now, by=by, fate=fate, changed=self.now)
        for other in self.history:
            if other.record in ("IN_PROGRESS", "ROLLBACK_IN_PROGRESS"):
                other.record = "ROLLBACK_FAILED" if other.record.startswith("ROLLBACK") else "STOPPED"
                other.ended = self.now
                self._note("replaced", other)
        self.primary.changed = self.now
        self.primary = rollout
        self.history.append(rollout)
        self._note("began", rollout)
        self.later(4, lambda: self._launch(rollout))
        return rollout

    def scale(self, desired: int) -> None:
        self.desired = desired
        self._note("scaled", self.primary)
        for task in self.primary.live[desired:]:
            self.stop(task, "Scaling activity initiated by (deployment)", "ServiceSchedulerInitiated")
        self._launch(self.primary)
        self.later(9, lambda rollout=self.primary: self._settle(rollout))  # type: ignore[misc]

    def delete(self) -> None:
        self.status, self.desired = "DRAINING", 0
        self._note("gone", self.primary)
        for rollout in self.history:
            for task in rollout.live:
                self.stop(task, "Service is being deleted", "ServiceSchedulerInitiated")

    def go_back(self, rollout: Rollout, why: str) -> None:
        """ECS leaves a deployment for the newest that completed before it; without one it stays failed."""
        good = [each for each in self.history if each.state == "COMPLETED" and each is not rollout]
        rollout.state, rollout.why, rollout.changed = "FAILED", why, self.now
        self._note("failed", rollout)
        if not good:
            rollout.record, rollout.ended = "STOPPED", self.now
            return
        target = good[-1]
        rollout.record, rollout.goes_to = "ROLLBACK_IN_PROGRESS", target
        target.state, target.undoes, target.listed, target.changed = "IN_PROGRESS", rollout, True, self.now
        target.fate, target.launched = Fate(), 0
        self.primary = target
        self.say(f"(deployment {rollout.id}) deployment failed: tasks failed to start.")
        self.say(f"rolling back to deployment {target.id}.")
        self.later(4, lambda: self._launch(target))

    # What happens by itself

    def _launch(self, rollout: Rollout) -> None:
        """As many tasks as are missing, of a deployment that goes on; it may have none to launch."""
        if rollout is not self.primary or self.status != "ACTIVE" or rollout.state == "FAILED":
            return
        if self.shape.daemon and self._retires(rollout):
            self.later(6, lambda: self._launch(rollout))
            return
        fresh = []
        for _ in range(self.desired - len(rollout.live)):
            rollout.launched += 1
            dies = rollout.launched <= rollout.fate.bad
            fresh.append(Task(number=next(self._tasks), of=rollout, created=self.now, dies=dies))
        rollout.tasks += fresh
        for task in fresh:
            if not rollout.fate.hangs:
                self.later(rollout.fate.starts, lambda task=task: self._start(task))  # type: ignore[misc]
        if fresh:
            named = " ".join(f"(task {each.number:032x})" for each in fresh)
            self.say(f"has started {len(fresh)} tasks: {named}.")
        else:
            self.later(rollout.fate.settles, lambda: self._settle(rollout))

    def _start(self, task: Task) -> None:
        rollout = task.of
        if task.stopped is not None:
            return
        if task.dies and not rollout.fate.life:
            self._die(task)
            return
        task.started = self.now
        if self.front:
            self.say(f"registered 1 targets in {self.front}.")
        if task.dies:
            self.later(rollout.fate.life, lambda: self._die(task))
        self.later(rollout.fate.settles, lambda: self._settle(rollout))

    def _die(self, task: Task) -> None:
        if task.stopped is not None:
            return
        rollout = task.of
        ran = task.started is not None
        if ran and rollout.fate.ill:
            self.stop(task, f"Task failed ELB health checks in {self.front}", "ServiceSchedulerInitiated")
        else:
            self.stop(task, rollout.fate.reason, "EssentialContainerExited" if ran else "TaskFailedToStart")
        rollout.failed += 1
        if rollout is not self.primary or rollout.state != "IN_PROGRESS":
            return
        if self.shape.breaker and rollout.failed >= self.threshold:
            self._trip(rollout)
        else:
            self.later(rollout.fate.gap, lambda: self._launch(rollout))

    def _trip(self, rollout: Rollout) -> None:
        why = "ECS deployment circuit breaker: tasks failed to start."
        if self.shape.goes_back:
            self.go_back(rollout, why)
        else:
            rollout.state, rollout.why, rollout.record, rollout.ended = "FAILED", why, "STOPPED", self.now
            self._note("failed", rollout)
            self.say(f"(deployment {rollout.id}) deployment failed: tasks failed to start.")

    def _settle(self, rollout: Rollout) -> None:
        """It is complete once all its tasks run, none that is to die among them, and those of others have gone."""
        well = [each for each in rollout.running if not each.dies]
        goes_on = rollout is self.primary and rollout.state == "IN_PROGRESS" and self.status == "ACTIVE"
        if not goes_on or len(well) < self.desired:
            return
        if self._retires(rollout):
            self.later(rollout.fate.settles, lambda: self._settle(rollout))
            return
        self._complete(rollout)

    def _retires(self, rollout: Rollout) -> bool:
        """Whether there were tasks of other deployments to stop."""
        others = [task for other in self.history if other is not rollout for task in other.live]
        for task in others:
            self.stop(task, f"Scaling activity initiated by (deployment {rollout.id})", "ServiceSchedulerInitiated")
        if others and self.front:
            self.say(f"has begun draining connections on {len(others)} tasks.")
            self.say(f"deregistered {len(others)} targets in {self.front}.")
        if others:
            named = " ".join(f"(task {each.number:032x})" for each in others)
            self.say(f"has stopped {len(others)} running tasks: {named}.")
        return bool(others)

    def _complete(self, rollout: Rollout) -> None:
        rollout.state, rollout.why, rollout.changed = "COMPLETED", "", self.now
        if rollout.undoes is not None:
            failed, rollout.undoes = rollout.undoes, None
            failed.record, failed.ended = "ROLLBACK_SUCCESSFUL", self.now
            self._note("put back", failed)
        else:
            rollout.record, rollout.ended = "SUCCESSFUL", self.now
            self._note("completed", rollout)
        for other in self.history:
            other.listed = other is rollout
        self.say(f"(deployment {rollout.id}) deployment completed.")
        self.say("has reached a steady state.")

    def stop(self, task: Task, reason: str, code: str) -> None:
        task.stopped, task.reason, task.code = self.now, reason, code

    # What is written down

    def say(self, words: str, *, at: float | None = None) -> None:
        """A line of ECS's event log, which puts the service's name before it."""
        self.events.append((self.now if at is None else at, words))

    def _note(self, what: str, rollout: Rollout) -> None:
        self.log.append(Happened(at=self.now, what=what, number=rollout.number, by=rollout.by))

    def when(self, what: str, number: int) -> float | None:
        """When that happened to a deployment first; None if it never did."""
        return next((each.at for each in self.log if (each.what, each.number) == (what, number)), None)
