"""Which members of a release may begin, when it stops, and which go back."""

from collections.abc import Mapping

import pytest

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.fleet import FleetRequest, Member, OnMemberFailure, Stage, Standing, Wave
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import RegisterRequest, WatchRequest
from ecsdeploy.release.order import Course, Move, Next, next_move, touched, worst_of

READY = Standing(stage=Stage.READY)
UNDER_WAY = Standing(stage=Stage.UNDER_WAY, has_begun=True)
GOOD = Standing(stage=Stage.GOOD, has_begun=True)
DONE = Standing(stage=Stage.ENDED, status=Status.UNCHANGED)
REFUSED = Standing(stage=Stage.ENDED, status=Status.REFUSED)
FAILED = Standing(stage=Stage.ENDED, status=Status.FAILED, has_begun=True)
FAILING = Standing(stage=Stage.UNDER_WAY, has_begun=True, fails=True)


def a_member(name: str, *after: str) -> Member:
    return Member(name=name, request=WatchRequest(service=ServiceRef(cluster="prod", name=name)), after=after)


def a_release(*waves: Wave, members: tuple[Member, ...] = (), **asked: object) -> FleetRequest:
    named = members or tuple(a_member(name) for wave in waves for name in wave.members)
    return FleetRequest(id="r", members=named, waves=waves, **asked)  # type: ignore[arg-type]


def moved(request: FleetRequest, standings: Mapping[str, Standing], soaked: int = 0, **course: object) -> Next:
    return next_move(request, standings, Course(soaked=soaked, **course))  # type: ignore[arg-type]


def test_nothing_begins_while_a_member_is_planned() -> None:
    release = a_release(Wave(members=("a", "b")))
    assert moved(release, {"a": READY, "b": Standing()}) == Next(move=Move.WAIT)


def test_a_wave_begins_at_once_and_the_next_one_after_its_success() -> None:
    release = a_release(Wave(members=("a",)), Wave(members=("b", "c")))
    assert moved(release, {"a": READY, "b": READY, "c": READY}) == Next(move=Move.BEGIN, members=("a",))
    assert moved(release, {"a": UNDER_WAY, "b": READY, "c": READY}) == Next(move=Move.WAIT)
    assert moved(release, {"a": GOOD, "b": READY, "c": READY}) == Next(move=Move.BEGIN, members=("b", "c"))
    assert moved(release, {"a": DONE, "b": GOOD, "c": GOOD}) == Next(move=Move.DONE)


@pytest.mark.parametrize(("under_way", "begin"), [(0, ("b", "c")), (1, ("c",)), (2, ())])
def test_no_more_are_under_way_than_asked_for(under_way: int, begin: tuple[str, ...]) -> None:
    release = a_release(Wave(members=("a", "b", "c", "d")), max_parallel=2)
    standings = {"a": GOOD, "b": READY, "c": READY, "d": READY}
    standings |= dict.fromkeys(("b", "d")[:under_way], UNDER_WAY)
    assert moved(release, standings).members == begin


def test_a_member_waits_for_those_it_depends_on() -> None:
    members = (a_member("a"), a_member("b", "a"))
    release = a_release(Wave(members=("a", "b")), members=members)
    assert moved(release, {"a": READY, "b": READY}).members == ("a",)
    assert moved(release, {"a": UNDER_WAY, "b": READY}) == Next(move=Move.WAIT)
    assert moved(release, {"a": GOOD, "b": READY}).members == ("b",)


def test_the_one_with_the_task_before_goes_first_until_its_deployment_has_begun() -> None:
    release = a_release(Wave(members=("a", "b")), first="a")
    assert moved(release, {"a": READY, "b": READY}).members == ("a",)
    assert moved(release, {"a": Standing(stage=Stage.UNDER_WAY), "b": READY}) == Next(move=Move.WAIT)
    assert moved(release, {"a": UNDER_WAY, "b": READY}).members == ("b",)
    assert moved(release, {"a": DONE, "b": READY}).members == ("b",)


def test_a_wave_is_given_its_soak_time_once() -> None:
    release = a_release(Wave(members=("a",), soak_seconds=60), Wave(members=("b",), soak_seconds=60))
    assert moved(release, {"a": GOOD, "b": READY}) == Next(move=Move.SOAK, members=("a",))
    assert moved(release, {"a": GOOD, "b": READY}, soaked=1).move is Move.BEGIN
    assert moved(release, {"a": GOOD, "b": GOOD}, soaked=1).move is Move.DONE


def test_nothing_is_written_if_one_is_refused() -> None:
    release = a_release(Wave(members=("a", "b")), on_failure=OnMemberFailure.ROLLBACK)
    assert moved(release, {"a": READY, "b": REFUSED}) == Next(move=Move.REFUSE, members=("a",), why="b")


@pytest.mark.parametrize("failed", [FAILED, FAILING])
def test_after_a_failure_all_that_was_touched_goes_back_and_no_other_begins(failed: Standing) -> None:
    release = a_release(Wave(members=("a", "b", "c", "d")), on_failure=OnMemberFailure.ROLLBACK)
    standings = {"a": GOOD, "b": failed, "c": UNDER_WAY, "d": READY}
    assert moved(release, standings) == Next(move=Move.TAKE_BACK, members=("c", "a"), why="b")


@pytest.mark.parametrize("policy", [OnMemberFailure.LEAVE, OnMemberFailure.STOP, OnMemberFailure.ROLLBACK_FAILED])
def test_the_others_stay_if_the_policy_says_so(policy: OnMemberFailure) -> None:
    release = a_release(Wave(members=("a", "b")), on_failure=policy)
    assert moved(release, {"a": GOOD, "b": FAILED}) == Next(move=Move.STOP, why="b")


def test_one_that_goes_back_by_itself_is_not_taken_back() -> None:
    assert touched({"a": FAILING, "b": UNDER_WAY, "c": GOOD, "d": READY}) == ("b", "c")


def test_the_worst_verdict_stands_for_all() -> None:
    assert worst_of((Status.SUCCEEDED, Status.ROLLED_BACK, Status.REFUSED)) is Status.ROLLED_BACK
    assert worst_of((Status.ROLLED_BACK, Status.UNKNOWN)) is Status.UNKNOWN
    assert worst_of(()) is Status.UNCHANGED


def test_what_went_back_as_asked_is_interrupted_unless_something_is_worse() -> None:
    assert worst_of((Status.ROLLED_BACK, Status.REFUSED), asked_back=True) is Status.INTERRUPTED
    assert worst_of((Status.ROLLBACK_FAILED,), asked_back=True) is Status.ROLLBACK_FAILED


def test_a_member_that_is_about_no_service_has_none() -> None:
    assert Member(name="a", request=RegisterRequest(family="web")).service is None
    assert a_member("a").service == ServiceRef(cluster="prod", name="a")


def test_a_wave_that_asks_begins_after_its_approval() -> None:
    release = a_release(Wave(members=("a",), asks=True))
    assert moved(release, {"a": READY}) == Next(move=Move.ASK, members=("a",))
    assert moved(release, {"a": READY}, approved=1) == Next(move=Move.BEGIN, members=("a",))


def test_the_last_wave_is_watched_only_if_it_has_alarms() -> None:
    loud = Wave(members=("a",), soak_seconds=60, alarms=("5xx",))
    assert moved(a_release(loud), {"a": GOOD}) == Next(move=Move.SOAK, members=("a",))
    assert moved(a_release(loud), {"a": GOOD}, soaked=1) == Next(move=Move.DONE)
    assert moved(a_release(Wave(members=("a",), soak_seconds=60)), {"a": GOOD}) == Next(move=Move.DONE)


@pytest.mark.parametrize(
    ("policy", "then"),
    [
        (OnMemberFailure.LEAVE, Next(move=Move.STOP, why="wave b")),
        (OnMemberFailure.ROLLBACK, Next(move=Move.TAKE_BACK, members=("a", "b"), why="wave b")),
        (OnMemberFailure.ROLLBACK_FAILED, Next(move=Move.TAKE_BACK, members=("b",), why="wave b")),
    ],
)
def test_a_wave_that_its_alarms_failed_is_a_failure(policy: OnMemberFailure, then: Next) -> None:
    release = a_release(*(Wave(members=(name,)) for name in "abc"), on_failure=policy)
    standings = {"a": GOOD, "b": GOOD, "c": READY}
    assert moved(release, standings, broken="wave b", failed=("b",)) == then


def test_a_wave_that_is_not_approved_refuses_all_if_nothing_has_begun() -> None:
    assert moved(a_release(Wave(members=("a",), asks=True)), {"a": READY}, broken="wave 1").move is Move.REFUSE


def test_a_broken_wave_that_stays_is_a_failed_release() -> None:
    assert worst_of((Status.SUCCEEDED, Status.REFUSED), is_broken=True) is Status.FAILED
    assert worst_of((Status.ROLLED_BACK, Status.REFUSED), is_broken=True) is Status.ROLLED_BACK
