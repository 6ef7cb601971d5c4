from ecsdeploy.sim.ground.clock import Clock


def test_time_stands_still_until_somebody_sleeps() -> None:
    clock = Clock(100.0)
    assert clock.time() == 100.0
    clock.sleep(2.5)
    assert clock.time() == 102.5


def test_events_run_in_order_of_time_then_of_scheduling() -> None:
    clock, seen = Clock(0.0), []
    clock.after(2, lambda: seen.append("late"))
    clock.after(1, lambda: seen.append("first"))
    clock.after(1, lambda: seen.append("second"))
    clock.sleep(3)
    assert seen == ["first", "second", "late"]


def test_an_event_sees_its_own_time_and_may_schedule_another_within_the_same_sleep() -> None:
    clock, seen = Clock(0.0), []

    def first() -> None:
        clock.after(1, lambda: seen.append(clock.time()))

    clock.after(1, first)
    clock.sleep(5)
    assert seen == [2.0]
    assert clock.time() == 5.0


def test_a_cancelled_event_does_not_run_and_is_not_due() -> None:
    clock, seen = Clock(0.0), []
    clock.after(1, lambda: seen.append("no")).cancel()
    assert clock.next_due() is None
    assert not clock.step()
    assert seen == []


def test_the_clock_never_goes_back() -> None:
    clock = Clock(10.0)
    clock.run_until(3.0)
    assert clock.time() == 10.0


def test_what_was_due_in_the_past_runs_now() -> None:
    clock, seen = Clock(10.0), []
    clock.at(3.0, lambda: seen.append(clock.time()))
    assert clock.step()
    assert seen == [10.0]


def test_a_cancelled_event_does_not_pull_a_later_one_forward() -> None:
    clock = Clock(0.0)
    ran: list[str] = []
    clock.at(1, lambda: ran.append("cancelled")).cancel()
    clock.at(100, lambda: ran.append("later"))
    clock.run_until(2)
    assert (ran, clock.time()) == ([], 2)
