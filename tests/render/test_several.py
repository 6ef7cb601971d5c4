"""The table of several services: what failed stands first, at most twenty rows, and how many more there are."""

from datetime import UTC, datetime, timedelta

from ecsdeploy.model.events import Counts, Progress, Record, Started
from ecsdeploy.model.outcome import Status, Verdict
from ecsdeploy.model.together import FleetRecord, FleetTakenBack, FleetTurn
from ecsdeploy.model.values import replace
from ecsdeploy.render.live.frame import lines_of
from ecsdeploy.render.several.screen import table
from ecsdeploy.render.several.standing import Row, Standings, folded
from ecsdeploy.render.terminal import Size
from ecsdeploy.render.view import View

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SIZE = Size(columns=80, rows=40)
STARTED = Started(deployment_id="ecs-svc/1", revision="web:2", desired=2)
PROGRESS = Progress(new=Counts(desired=2, running=1), old=Counts(desired=2, running=2), elapsed=10)


def told(standings: Standings, member: str, *events: object) -> Standings:
    for number, event in enumerate(events, 1):
        record = Record(seq=number, time=NOON, service=None, event=event)  # type: ignore[arg-type]
        standings = folded(standings, FleetRecord(seq=number, time=NOON, release="r", event=record, member=member))
    return standings


def of_release(standings: Standings, event: FleetTurn | FleetTakenBack) -> Standings:
    return folded(standings, FleetRecord(seq=1, time=NOON, release="r", event=event))


def named(*names: str) -> Standings:
    return Standings(rows={name: Row(name=name) for name in names})


def drawn(standings: Standings, size: Size = SIZE) -> tuple[str, ...]:
    return lines_of(table(standings, NOON + timedelta(seconds=62), size))


def test_what_failed_stands_first_and_what_succeeded_last() -> None:
    standings = named("good", "busy", "bad")
    standings = told(standings, "good", STARTED)
    rows = {**standings.rows, "good": replace(standings.rows["good"], view=_ended(Status.SUCCEEDED))}
    standings = told(replace(standings, rows=rows), "busy", STARTED, PROGRESS)
    standings = told(standings, "bad", STARTED, PROGRESS)
    rows = {**standings.rows, "bad": replace(standings.rows["bad"], view=_ended(Status.FAILED))}
    head, _, *shown = drawn(replace(standings, rows=rows))
    assert head == " 3 services  1 failed, 1 under way, 1 released  1m02s"
    assert [line.split()[1] for line in shown] == ["bad", "busy", "good"]
    assert "1/2 new, 2 old" in shown[1]


def _ended(status: Status) -> View:
    return View(started=STARTED, verdict=Verdict(status=status))


def test_a_service_says_whether_it_is_read_waits_or_begins() -> None:
    standings = of_release(named("a", "b"), FleetTurn(members=("b",)))
    _, _, *shown = drawn(standings)
    assert [line.split()[1:3] for line in shown] == [["b", "beginning"], ["a", "reading"]]


def test_twenty_rows_at_most_and_how_many_more_there_are() -> None:
    shown = drawn(named(*(f"s{number:04}" for number in range(1000))))
    assert len(shown) == 23
    assert shown[-1] == "   and 980 more"
    assert len(drawn(named(*(f"s{number}" for number in range(30))), Size(columns=80, rows=12))) <= 12


def test_that_all_goes_back_is_said_below() -> None:
    standings = of_release(named("a"), FleetTakenBack(members=("a",), why="b"))
    assert drawn(standings)[-1] == "   others go back, because b failed"
