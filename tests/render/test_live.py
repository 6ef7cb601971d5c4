"""The live renderer on a terminal in memory: what it draws, what it leaves, and whom it makes way for."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pyte
import pytest

from ecsdeploy.model.events import Finished, Warned
from ecsdeploy.model.steps import Finding
from ecsdeploy.render.clean import Cleaning
from ecsdeploy.render.live.painter import BETWEEN_FRAMES
from ecsdeploy.render.live.region import Region
from ecsdeploy.render.live.spans import plain
from ecsdeploy.render.select import RenderOptions, select
from ecsdeploy.render.terminal import Size, Terminal
from tests.render.builders import NEW, START, Story, Timeline, exit_code
from tests.render.stories import ROLLED_BACK_BY_ECS, STORIES, SUCCESS
from tests.render.terminals import Glass

WIDE = Size(columns=80, rows=24)


def region_on(glass: Glass, *, rewraps: bool = True) -> Region:
    glass.write("$ ecs-deploy\n")
    return Region(glass, color=False, rewraps=rewraps)


def draw(region: Region, glass: Glass, *texts: str) -> list[str]:
    region.draw([plain("", text) for text in texts], glass.size)
    return glass.shown


def test_a_frame_takes_the_place_of_the_one_before() -> None:
    glass = Glass(40, 10)
    region = region_on(glass)
    assert draw(region, glass, "one", "two", "three") == ["$ ecs-deploy", "one", "two", "three"]
    assert draw(region, glass, "uno") == ["$ ecs-deploy", "uno"]
    assert draw(region, glass, "1", "2") == ["$ ecs-deploy", "1", "2"]


def test_the_cursor_is_hidden_while_there_is_a_region_and_comes_back_where_it_began() -> None:
    glass = Glass(40, 10)
    region = region_on(glass)
    draw(region, glass, "one", "two")
    assert glass.hides_cursor
    region.erase(glass.size)
    assert (glass.shown, glass.hides_cursor) == (["$ ecs-deploy"], False)
    glass.write("next\n")
    assert glass.shown == ["$ ecs-deploy", "next"]


def test_to_erase_nothing_writes_nothing() -> None:
    glass = Glass(40, 10)
    Region(glass, color=False).erase(glass.size)
    assert glass.said == ""


def test_a_region_at_the_foot_of_the_screen_scrolls_once() -> None:
    glass = Glass(40, 4)
    region = region_on(glass)
    for _ in range(3):
        assert draw(region, glass, "a", "b", "c", "d") == ["a", "b", "c", "d"]


def rewrapped(before: list[str], columns: int) -> list[str]:
    """What a terminal that rewraps shows of these rows when it has so many columns."""
    return [row[at : at + columns] for row in before for at in range(0, max(len(row), 1), columns)]


@pytest.mark.parametrize("columns", [9, 20, 33])
def test_a_terminal_that_became_narrower_is_left_without_remains(columns: int) -> None:
    """Nearly all wrap what they show; the cursor stays at the start of the last row."""
    first = ["x" * 35, "short", "y" * 30, "last"]
    narrow = Glass(columns, 20)
    region = Region(narrow, color=False)
    region.draw([plain("", text) for text in first], Size(columns=40, rows=20))
    assert narrow.shown
    narrow.screen.reset()
    narrow.screen.set_mode(pyte.modes.LNM)
    narrow.write("$ ecs-deploy\n" + "\n".join(rewrapped(first, columns)) + "\r")
    shows = draw(region, narrow, "new", "rows")
    assert shows[-2:] == ["new", "rows"]
    assert "".join(shows[:-2]) == "$ ecs-deploy"


def test_a_terminal_that_cuts_instead_of_wrapping_keeps_what_stood_above() -> None:
    glass = Glass(40, 10)
    region = region_on(glass, rewraps=False)
    draw(region, glass, "x" * 35, "y" * 35)
    glass.resize(20)
    assert draw(region, glass, "new", "rows") == ["$ ecs-deploy", "new", "rows"]


def test_a_broken_terminal_breaks_nothing() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError

    region = Region(Gone(), color=False)
    region.draw([plain("", "row")], WIDE)
    region.erase(WIDE)


class Clock:
    """The records' own time."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Shown:
    """A live renderer on a glass, which waits for frames instead of guessing when they come."""

    def __init__(self, glass: Glass, clock: Clock, form: str = "commands", *, stdout_too: bool = True) -> None:
        self.glass, self.clock, self.stdout = glass, clock, io.StringIO()
        options = RenderOptions(
            form="flags" if form == "flags" else "commands",
            output="live",
            stdout=self.stdout,
            stderr=glass,
            exit_code=exit_code,
            terminal=Terminal(size=lambda: glass.size, now=clock, stdout_too=stdout_too),
        )
        self.sink: Cleaning = select(options)

    def tell(self, timeline: Timeline) -> None:
        for record in Story(timeline=timeline).records:
            self.clock.time = record.time
            self.sink.emit(record)

    def waits_for(self, text: str) -> list[str]:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            shows = self.glass.shown
            if any(text in row for row in shows):
                return shows
            time.sleep(0.01)
        pytest.fail(f"{text!r} does not come:\n" + "\n".join(self.glass.shown))


@pytest.fixture
def live(clock: Clock) -> Iterator[Shown]:
    shown = Shown(Glass(100, 30), clock)
    yield shown
    shown.sink.close()


def test_what_happens_is_drawn_and_the_end_alone_stays(live: Shown) -> None:
    live.tell(SUCCESS[:5])
    assert " ✔ registered  web:142" in live.waits_for("4 starting")
    assert live.glass.hides_cursor
    live.tell(SUCCESS[5:])
    assert live.glass.shown == [
        " web  ·  prod  ·  eu-west-1  ·  111122223333",
        " web:141 → web:142   acme/web 7f3c9a1 → b82e40d",
        " ✔ SUCCEEDED web:142 10/10 healthy in 2m43s",
    ]
    assert not live.glass.hides_cursor
    assert live.stdout.getvalue() == f"{NEW}\n"


def test_a_failure_leaves_the_same_block_as_lines(clock: Clock) -> None:
    live = Shown(Glass(100, 40), clock)
    live.tell(ROLLED_BACK_BY_ECS)
    assert live.glass.shown[2].startswith(" ✖ FAILED, rolled back by ECS.")
    assert not live.glass.hides_cursor


def test_an_error_before_anything_was_done_leaves_no_block(live: Shown) -> None:
    live.tell(STORIES["not-there"].timeline)
    assert live.glass.shown == []


def test_a_warning_stays_above_the_region(live: Shown) -> None:
    live.tell((*SUCCESS[:3], (3, Warned(finding=Finding(code="W-SCALED-TO-ZERO", subjects=("web",))))))
    shows = live.waits_for("rolling")
    assert "12:03:22 warning: The service web is scaled to zero" in shows[0]
    live.tell(SUCCESS[3:])
    assert live.glass.shown[0] == shows[0]


def test_time_alone_draws_again(live: Shown, clock: Clock) -> None:
    live.tell(SUCCESS[:5])
    live.waits_for("4 starting")
    clock.time += timedelta(seconds=41)
    live.waits_for("elapsed 1m20s")


def test_another_size_draws_again(live: Shown) -> None:
    live.tell(SUCCESS[:5])
    live.waits_for("4 starting")
    live.glass.resize(60)
    live.waits_for("─" * 20)


def test_nothing_is_drawn_while_somebody_else_has_the_terminal(live: Shown, clock: Clock) -> None:
    live.tell(SUCCESS[:5])
    live.waits_for("4 starting")
    with live.sink.aside():
        assert (live.glass.shown, live.glass.hides_cursor) == ([], False)
        clock.time += timedelta(seconds=9)
        time.sleep(2 * BETWEEN_FRAMES)
        assert live.glass.shown == []
    live.waits_for("4 starting")


def test_m03_how_it_stands_stays_above_what_somebody_else_says(live: Shown) -> None:
    live.tell(SUCCESS[:5])
    stood = live.waits_for("4 starting")
    assert stood[-1].startswith(" Ctrl-C: ")
    with live.sink.aside(leaving=True):
        assert (live.glass.shown, live.glass.hides_cursor) == (stood[:-1], False)
        live.glass.write("asked\n")
        assert live.glass.shown == [*stood[:-1], "asked"]
    until = time.monotonic() + 10
    while not live.glass.hides_cursor and time.monotonic() < until:
        time.sleep(0.01)
    assert live.waits_for("Ctrl-C: ")[: len(stood)] == [*stood[:-1], "asked"]


def test_m03_a_region_that_shows_nothing_leaves_nothing(live: Shown) -> None:
    live.waits_for("Ctrl-C: ")
    with live.sink.aside(), live.sink.aside(leaving=True):
        assert (live.glass.shown, live.glass.hides_cursor) == ([], False)


def test_the_script_s_lines_go_where_programs_read_them_and_not_onto_the_region(clock: Clock) -> None:
    piped, seen = Shown(Glass(100, 30), clock, "flags", stdout_too=False), Shown(Glass(100, 30), clock, "flags")
    for each in (piped, seen):
        each.tell(SUCCESS)
        assert each.glass.shown[-1] == " ✔ SUCCEEDED web:142 10/10 healthy in 2m43s"
    assert piped.stdout.getvalue().splitlines()[-1] == "Service deployment successful."
    assert seen.stdout.getvalue() == ""


def test_closing_twice_or_before_anything_came_leaves_nothing(live: Shown) -> None:
    live.sink.close()
    live.sink.close()
    assert (live.glass.shown, live.glass.hides_cursor) == ([], False)
    assert "live" not in {thread.name for thread in threading.enumerate()}


def test_what_lines_say_at_the_end_is_set_for_the_size_that_the_terminal_has_by_then(clock: Clock) -> None:
    live = Shown(Glass(200, 60), clock)
    live.tell(ROLLED_BACK_BY_ECS[:-1])
    live.glass.resize(60)
    (last,) = ROLLED_BACK_BY_ECS[-1:]
    assert isinstance(last[1], Finished)
    live.tell((last,))
    assert any(row.startswith("         code 1") or "exit code 1" in row for row in live.glass.shown)
