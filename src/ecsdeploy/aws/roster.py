"""Reads the tasks that a list names, page by page: a read that is cut short goes on later from there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from ecsdeploy.aws import translate
from ecsdeploy.aws.absence import needed_texts
from ecsdeploy.aws.reading import JsonObject, next_token, objects
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import AwsError, ReplyLost, Throttled, Unfinished, Unreachable
from ecsdeploy.model.arn import short_name
from ecsdeploy.model.service import Task
from ecsdeploy.model.values import value

PER_CALL = 100
BURST = 10
PER_SECOND = 10
"""ListTasks and DescribeTasks share a bucket of 100, refilled with 20 a second, with all callers of the account."""
STALE_SECONDS = 60.0
"""A read that was cut short begins anew after so long."""

_Key = tuple[tuple[str, str], ...]


@value(slots=True)
class _Read:
    """How far one read has come: the ARNs listed, those still to describe, and the tasks that are known."""

    touched: float
    token: str = ""
    pages: set[str] = field(default_factory=set)
    """The tokens of the pages that were named so far."""
    is_listed: bool = False
    listed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    tasks: dict[str, Task] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return self.is_listed and not self.left

    def found(self) -> tuple[Task, ...]:
        """In the order of the list."""
        order = {arn: place for place, arn in enumerate(self.listed)}
        return tuple(sorted(self.tasks.values(), key=lambda each: order.get(each.arn, len(order))))


class Roster:
    """Reads lists of tasks, and remembers how far it has come. It describes a task that has stopped only once."""

    def __init__(self, session: Session, monotonic: Callable[[], float]) -> None:
        self._session = session
        self._monotonic = monotonic
        self._rate = _Rate(BURST, PER_SECOND, monotonic)
        self._reads: dict[_Key, _Read] = {}
        self._stopped: dict[_Key, Mapping[str, Task]] = {}

    def tasks(self, asked: JsonObject) -> tuple[Task, ...]:
        """The tasks that ListTasks names; one that DescribeTasks calls MISSING is left out.

        `Unfinished` where a part was read and the rest must wait, for our own rate or for AWS: ask again to go on.
        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
        """
        return self._read(asked).found()

    def every_task(self, asked: JsonObject) -> tuple[Task, ...]:
        """The same, but `AwsError` where one is MISSING: it may have begun a moment ago."""
        read = self._read(asked)
        missing = len(set(read.listed) - read.tasks.keys())
        if missing:
            raise AwsError(f"{missing} of the {_words(str(asked['cluster']))} could not be described.")
        return read.found()

    def _read(self, asked: JsonObject) -> _Read:
        key = tuple(sorted((name, str(value)) for name, value in asked.items()))
        read = self._taken_up(key)
        # After any other error, such as a token that has expired, the next read begins anew.
        del self._reads[key]
        try:
            self._go_on(read, asked, self._stopped.get(key, {}))
        except (Throttled, ReplyLost, Unreachable):
            self._reads[key] = read
            raise
        self._stopped[key] = {each.arn: each for each in read.tasks.values() if each.has_stopped}
        return read

    def describe(self, cluster: str, arns: Sequence[str]) -> tuple[Task, ...]:
        """At most a hundred tasks; one that is MISSING is new, or gone, and left out.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
        """
        asked = {"cluster": cluster, "tasks": list(arns)}
        reply = self._session.call("ecs", "DescribeTasks", asked, subject=_words(cluster))
        return tuple(translate.task(each) for each in objects(reply, "tasks"))

    def _taken_up(self, key: _Key) -> _Read:
        now, read = self._monotonic(), self._reads.get(key)
        if read is None or now - read.touched > STALE_SECONDS:
            read = self._reads[key] = _Read(touched=now)
        return read

    def _go_on(self, read: _Read, asked: JsonObject, known: Mapping[str, Task]) -> None:
        """Make call after call until the read is whole; `Unfinished` where the rest must wait."""
        cluster, calls = str(asked["cluster"]), 0
        while not read.is_whole:
            if not self._rate.take():
                raise _unfinished(cluster)
            try:
                self._list(read, asked, known) if not read.is_listed else self._describe(read, cluster)
            except (Throttled, ReplyLost, Unreachable) as error:
                if calls == 0:
                    raise
                raise _unfinished(cluster) from error
            calls += 1
            read.touched = self._monotonic()

    def _list(self, read: _Read, asked: JsonObject, known: Mapping[str, Task]) -> None:
        """The next page."""
        page = {**asked, "maxResults": PER_CALL} | ({"nextToken": read.token} if read.token else {})
        subject = _words(str(asked["cluster"]))
        reply = self._session.call("ecs", "ListTasks", page, subject=subject)
        arns = needed_texts(reply, "taskArns")
        read.listed += arns
        read.tasks |= {arn: known[arn] for arn in arns if arn in known}
        read.left += [arn for arn in arns if arn not in known]
        read.token = next_token(reply, read.pages, subject)
        read.is_listed = not read.token

    def _describe(self, read: _Read, cluster: str) -> None:
        read.tasks |= {each.arn: each for each in self.describe(cluster, read.left[:PER_CALL])}
        del read.left[:PER_CALL]


def _words(cluster: str) -> str:
    return f"tasks in cluster `{short_name(cluster)}`"


def _unfinished(cluster: str) -> Unfinished:
    return Unfinished(
        f"The {_words(cluster)} could not all be read yet.",
        hint="They are read a hundred a call, and slowly, as all callers of the account share ECS's rate limit.",
    )


class _Rate:
    """Limits our calls well under what AWS allows the account, as others use the same allowance.

    Up to `burst` calls at once, and `per_second` more; `burst + per_second` at most within any second.

    `monotonic` is the clock, in seconds.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
    """

    def __init__(self, burst: float, per_second: float, monotonic: Callable[[], float]) -> None:
        self._burst = burst
        self._per_second = per_second
        self._monotonic = monotonic
        self._left = burst
        self._since = monotonic()

    def take(self) -> bool:
        """Whether one more call may be made now."""
        now = self._monotonic()
        self._left = min(self._burst, self._left + (now - self._since) * self._per_second)
        self._since = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
