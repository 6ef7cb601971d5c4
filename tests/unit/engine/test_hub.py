"""Many runs in one thread: who goes on when, what a call hands back, and where a signal is raised."""

import time

import pytest

from ecsdeploy.engine.clock import WallClock
from ecsdeploy.engine.fleet.hub import Hub, Promise
from tests.clock import StoppedClock


def test_strands_go_on_in_the_order_in_which_they_are_due() -> None:
    hub, seen = Hub(StoppedClock()), list[tuple[str, float]]()
    began = hub.monotonic()

    def work(name: str, pause: float) -> None:
        for _ in range(2):
            hub.sleep(pause)
            seen.append((name, hub.monotonic() - began))

    hub.spawn(lambda: work("slow", 3))
    hub.spawn(lambda: work("quick", 2))
    hub.run()
    assert seen == [("quick", 2), ("slow", 3), ("quick", 4), ("slow", 6)]


def test_a_strand_may_begin_others() -> None:
    hub, seen = Hub(StoppedClock()), list[str]()

    def parent() -> None:
        hub.spawn(lambda: seen.append("child"))
        hub.sleep(1)
        seen.append("parent")

    hub.spawn(parent)
    hub.run()
    assert seen == ["child", "parent"]


def test_all_that_wait_for_a_promise_get_its_answer_or_its_error() -> None:
    hub, seen = Hub(StoppedClock()), list[object]()
    good, bad = Promise[object](hub), Promise[object](hub)

    def ask() -> None:
        seen.append(good.wait())
        try:
            bad.wait()
        except ZeroDivisionError:
            seen.append("error")

    def answer() -> None:
        hub.sleep(1)
        good.keep(lambda: 7)
        bad.keep(lambda: 1 / 0)

    for work in (ask, ask, answer):
        hub.spawn(work)
    hub.run()
    assert sorted(map(str, seen)) == ["7", "7", "error", "error"]


def test_calls_go_on_side_by_side_in_threads() -> None:
    hub, seen = Hub(WallClock(), threads=2), list[int]()
    together = list[int]()

    def call(number: int) -> int:
        together.append(number)
        until = time.monotonic() + 5
        while len(together) < 2 and time.monotonic() < until:
            time.sleep(0.001)
        return number

    for number in (1, 2):
        hub.spawn(lambda number=number: seen.append(hub.call(lambda: call(number))))  # type: ignore[misc]
    hub.run()
    assert sorted(seen) == [1, 2]
    assert len(together) == 2


def test_an_error_in_a_thread_is_raised_where_it_was_asked() -> None:
    hub, seen = Hub(WallClock(), threads=1), list[str]()

    def work() -> None:
        with pytest.raises(ZeroDivisionError):
            hub.call(lambda: 1 / 0)
        seen.append("went on")

    hub.spawn(work)
    hub.run()
    assert seen == ["went on"]


def test_a_signal_ends_a_sleep_at_once_and_once() -> None:
    hub, seen = Hub(StoppedClock()), list[object]()
    began = hub.monotonic()

    def sleeper() -> None:
        try:
            hub.sleep(100)
        except KeyboardInterrupt:
            seen.append(hub.monotonic() - began)
        hub.sleep(5)
        seen.append(hub.monotonic() - began)

    strand = hub.spawn(sleeper)

    def sender() -> None:
        hub.sleep(3)
        hub.reach(strand, KeyboardInterrupt())

    hub.spawn(sender)
    hub.run()
    assert seen == [3, 8]


def test_a_strand_that_is_due_and_reached_at_once_goes_on_once() -> None:
    hub, seen = Hub(StoppedClock()), list[str]()

    def sleeper() -> None:
        with pytest.raises(KeyboardInterrupt):
            hub.sleep(10)
        hub.sleep(10)
        seen.append("slept")

    strand = hub.spawn(sleeper)

    def sender() -> None:
        hub.sleep(1)
        hub.reach(strand, KeyboardInterrupt())
        hub.reach(strand, KeyboardInterrupt())

    hub.spawn(sender)
    hub.run()
    assert seen == ["slept"]


def test_a_signal_waits_for_the_reply_to_a_call() -> None:
    hub, seen = Hub(StoppedClock()), list[str]()
    reply = Promise[str](hub)

    def caller() -> None:
        seen.append(reply.wait())
        with pytest.raises(KeyboardInterrupt):
            hub.call(lambda: seen.append("never sent"))

    strand = hub.spawn(caller)

    def sender() -> None:
        hub.reach(strand, KeyboardInterrupt())
        hub.sleep(1)
        reply.keep(lambda: "reply")

    hub.spawn(sender)
    hub.run()
    assert seen == ["reply"]


def test_a_signal_that_is_forgotten_is_not_raised() -> None:
    hub, seen = Hub(StoppedClock()), list[str]()

    def work() -> None:
        hub.reach(hub.current, KeyboardInterrupt())
        hub.forget(hub.current, KeyboardInterrupt)
        hub.sleep(1)
        seen.append("slept")

    hub.spawn(work)
    hub.run()
    assert seen == ["slept"]


def test_without_anybody_to_take_it_a_signal_ends_the_hub() -> None:
    hub = Hub(StoppedClock())
    hub.spawn(lambda: hub.sleep(10))
    hub.signal(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        hub.run()
