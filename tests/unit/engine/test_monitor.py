"""What stands beside a deployment is read for whoever looks on, told when it changes, and decides nothing."""

from dataclasses import replace

import pytest

from ecsdeploy import api
from ecsdeploy.errors import AccessDenied, CredentialsError, Throttled
from ecsdeploy.model.events import Monitored, TargetCounts
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import DeploymentAlarms
from ecsdeploy.model.steps import Usual
from ecsdeploy.model.surroundings import AlarmState
from tests.unit.engine.happenings import Happening, completes, goes_on
from tests.unit.engine.runs import RELEASE
from tests.unit.engine.world import ALWAYS, Listener, ScriptedPlane
from tests.unit.rollout.builders import TARGET_GROUP

OK, RINGS = (AlarmState(name="web-5xx", state=state) for state in ("OK", "ALARM"))


def monitored() -> ScriptedPlane:
    course: list[Happening] = [*(goes_on for _ in range(6)), completes]
    plane = ScriptedPlane(courses=[course])
    plane.now = replace(
        plane.now, target_groups=(TARGET_GROUP,), alarms=DeploymentAlarms(names=("web-5xx",), enabled=True)
    )
    plane.targets_now = {"10.0.0.1:80": "healthy", "10.0.0.2:80": "initial", "10.0.0.3:80": "healthy"}
    return plane


def told(plane: ScriptedPlane, *, looked_on: bool = True) -> list[Monitored]:
    listener = Listener()
    outcome = api.deploy(api.Connection(plane=plane, clock=plane.clock), RELEASE, listener, monitored=looked_on)
    assert outcome.verdict.status is Status.SUCCEEDED
    return listener.of(Monitored)


def test_targets_are_counted_by_their_state_and_what_stays_the_same_is_told_once() -> None:
    plane = monitored()
    counts = TargetCounts(group="web", states=(("healthy", 2), ("initial", 1)))
    assert told(plane) == [Monitored(targets=(counts,), alarms=(OK,))]
    assert plane.made("target_health") > 1


def test_an_alarm_that_goes_off_is_told() -> None:
    plane = monitored()

    def rings(service: Service) -> Service:
        plane.surroundings.ringing = frozenset({"web-5xx"})
        return goes_on(service)

    plane.courses = [[goes_on, goes_on, rings, goes_on, goes_on, completes]]
    assert [each.alarms for each in told(plane)] == [(OK,), (RINGS,)]


def test_where_nobody_looks_on_nothing_is_read() -> None:
    plane = monitored()
    assert told(plane, looked_on=False) == []
    assert (plane.made("target_health"), plane.made("durations")) == (0, 0)
    assert not any(call == "alarms" for call, *_ in plane.surroundings.calls)


def test_an_empty_target_group_is_left_out() -> None:
    plane = monitored()
    plane.targets_now = {}
    assert told(plane) == [Monitored(alarms=(OK,))]


@pytest.mark.parametrize(
    "error",
    [AccessDenied("No."), Throttled("Slow down."), CredentialsError("No.")],
    ids=["denied", "throttled", "not signed as it wants"],
)
def test_f21_what_may_not_be_read_changes_no_verdict(error: Exception) -> None:
    plane = monitored()
    plane.fail("target_health", error, times=ALWAYS)
    assert told(plane) == [Monitored(alarms=(OK,))]
    assert plane.made("target_health") == (1 if isinstance(error, AccessDenied) else 2)


def test_reads_that_are_slow_are_made_rarely() -> None:
    plane = monitored()
    plane.fail("target_health", Throttled("Slow down."), times=ALWAYS, takes=7)
    told(plane)
    assert plane.made("target_health") == 1


@pytest.mark.parametrize(
    ("took", "usual"),
    [
        pytest.param((), None, id="none yet"),
        pytest.param((160.0, 90.0, 700.0), Usual(seconds=160.0, of=3), id="the median"),
        pytest.param((100.0, 90.0), Usual(seconds=100.0, of=2), id="the longer one of two"),
    ],
)
def test_how_long_a_release_usually_takes_is_told_with_the_plan(took: tuple[float, ...], usual: Usual | None) -> None:
    plane, listener = monitored(), Listener()
    plane.took = took
    api.plan(api.Connection(plane=plane, clock=plane.clock), RELEASE, listener)
    assert listener.of(Planned)[0].usual == usual


def test_f21_durations_that_may_not_be_read_are_worth_no_word() -> None:
    plane, listener = monitored(), Listener()
    plane.fail("durations", AccessDenied("No."))
    api.plan(api.Connection(plane=plane, clock=plane.clock), RELEASE, listener)
    assert (listener.of(Planned)[0].usual, listener.of(Planned)[0].findings) == (None, ())
