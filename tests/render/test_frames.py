"""The live region as people see it: `python -m tests.render` writes the frames anew, to be reviewed."""

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.events import LostContact, Said, TargetCounts
from ecsdeploy.model.request import OnInterrupt
from ecsdeploy.model.steps import Usual
from ecsdeploy.model.surroundings import AlarmState
from ecsdeploy.render.live.frame import MOST_ROWS, lines_of
from ecsdeploy.render.terminal import Footing, Size
from tests.render.builders import PLANNED, RUNNING, START, STARTED, WRITTEN, Timeline, progress, said
from tests.render.goldens import Goldens
from tests.render.stories import (
    ENDED_EARLY,
    IMAGE_MISSING,
    LEFT_TO_ECS,
    MONITORED,
    ROLLED_BACK_BY_ECS,
    ROLLED_BACK_BY_US,
    STORIES,
    SUCCESS,
)
from tests.render.task_stories import TASK_STORIES
from tests.render.terminals import Glass, drawn, rows_of

SGR = re.compile(r"\x1b\[[0-9;]*m")
FOOTING = Footing(limit_seconds=900, on_interrupt=OnInterrupt.DETACH)
STORED = ImageChange(
    container="app", before="acme/web:7f3c9a1", after="acme/web:b82e40d", digest=f"sha256:9d1e{'0' * 58}77"
)
ROLLING: Timeline = (
    *RUNNING,
    said(60, "(service web) registered 2 targets in (target-group web-tg)"),
    (72, replace(progress(6, 4, 70, pending=2, failed=1), breaker="1/3")),
)
MEASURED: Timeline = ((0, replace(PLANNED, changes=(STORED,), usual=Usual(seconds=160, of=12))), *ROLLING[1:])
GREEN = TargetCounts(group="web-tg-green", states=(("healthy", 9), ("unhealthy", 1)))
RINGING = AlarmState(name="web-latency-of-the-slowest-hundredth-of-all-requests", state="ALARM")
MOMENTS: dict[str, Timeline] = {
    "planning": ((0, PLANNED),),
    "started": WRITTEN,
    "rolling": ROLLING,
    "baking": ((*ROLLING, (80, replace(progress(10, 10, 78), stage="BAKE_TIME", breaker="0/3")))),
    "canary": (*ROLLING, (80, replace(progress(10, 10, 78), stage="PRODUCTION_TRAFFIC_SHIFT", traffic=10.0))),
    "monitored": (*MEASURED, (72, MONITORED)),
    "monitored-blue-green": (
        *MEASURED,
        (80, replace(progress(10, 10, 78), stage="BAKE_TIME", traffic=100.0)),
        (80, replace(MONITORED, targets=(*MONITORED.targets, GREEN), alarms=(RINGING, *MONITORED.alarms))),
    ),
    "no-contact": (*ROLLING, (110, LostContact(seconds=30, error="Could not connect to the endpoint."))),
    "waiting": ENDED_EARLY[:4],
    "hopeless": LEFT_TO_ECS,
    "watching": ((2, replace(STARTED, attached=True)), (20, progress(2, 8, 20, pending=4))),
    "forced": ((0, replace(PLANNED, changes=(), steps=("force",))), (1, STARTED), (9, progress(3, 10, 8))),
    "looking-for-the-cause": IMAGE_MISSING[:-1],
    "rolled-back-by-ecs": ROLLED_BACK_BY_ECS[:-2],
    "rolled-back-by-us": ROLLED_BACK_BY_US[:-1],
    "paused": STORIES["paused"].timeline[:-3],
}
CASES = {
    f"{name}-{columns}": (timeline, Size(columns=columns, rows=24))
    for name, timeline in MOMENTS.items()
    for columns in (40, 80, 200)
}


def shown(timeline: Timeline, size: Size, encoding: str = "utf-8") -> str:
    rows = drawn(rows_of(timeline, size, FOOTING), Glass(size.columns, size.rows, encoding))
    return "".join(f"{row}\n" for row in rows)


IN_ASCII = partial(shown, ROLLING, Size(columns=80, rows=24), "ascii")
GOLDENS = Goldens(
    folder=Path(__file__).parent / "frames",
    draw={name: partial(shown, *case) for name, case in CASES.items()} | {"rolling-80-ascii": IN_ASCII},
    whole=("rolling-40", "rolling-80", "rolling-200", "rolled-back-by-us-80"),
)


@pytest.mark.parametrize("name", CASES)
def test_frame_is_as_reviewed(name: str) -> None:
    assert GOLDENS.kept(name) == GOLDENS.reviewed(name)


def test_without_utf_8_the_frame_is_ascii_and_as_reviewed() -> None:
    assert IN_ASCII().isascii()
    assert GOLDENS.kept("rolling-80-ascii") == GOLDENS.reviewed("rolling-80-ascii")


def test_every_reviewed_frame_is_one_that_is_drawn() -> None:
    assert GOLDENS.names() == set(GOLDENS.draw)


def test_without_colour_nothing_is_coloured_and_with_it_something_is() -> None:
    size = Size(columns=80, rows=24)
    plain, painted = Glass(80, 24), Glass(80, 24)
    assert drawn(rows_of(ROLLING, size), plain) == drawn(rows_of(ROLLING, size), painted, color=True)
    assert not SGR.search(plain.said)
    assert SGR.search(painted.said)


@pytest.mark.parametrize("rows", range(1, 11))
def test_what_matters_most_stays_on_a_low_terminal(rows: int) -> None:
    frame = lines_of(rows_of(ROLLING, Size(columns=80, rows=rows), FOOTING))
    assert len(frame) == rows
    assert "rolling" in "".join(frame) or "new :142" in "".join(frame)


def test_what_ecs_repeats_is_told_once_with_short_names() -> None:
    group = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web-tg/73e2d6bc24d8a067"
    line = said(60, f"(service web) registered 1 targets in (target-group {group})")
    frame = lines_of(rows_of((*RUNNING, line, line), Size(columns=120, rows=24)))
    assert frame.count("   12:04:19  registered 1 targets in (target-group web-tg)") == 1
    assert not any(group in row for row in frame)


def test_markup_of_others_is_text() -> None:
    told: Timeline = (*WRITTEN, (9, Said(id="1", at=START, message="[bold red]x[/] :smile: [link=http://a]y[/link]")))
    glass = Glass(100, 24)
    assert any(
        "[bold red]x[/] :smile: [link=http://a]y[/link]" in row for row in drawn(rows_of(told, glass.size), glass)
    )


TIMELINES = [story.timeline for story in (STORIES | TASK_STORIES).values()] + [SUCCESS]


@given(
    timeline=st.sampled_from(TIMELINES),
    share=st.floats(0, 1),
    columns=st.integers(1, 250),
    rows=st.integers(1, 60),
    message=st.text(max_size=90),
    encoding=st.sampled_from(["utf-8", "ascii", "cp1252"]),
)
def test_no_frame_is_wider_or_taller_than_the_terminal(
    timeline: Timeline, share: float, columns: int, rows: int, message: str, encoding: str
) -> None:
    told = timeline[: max(int(share * len(timeline)), 1)]
    told = (*told, (told[-1][0], Said(id="x", at=START, message="".join(filter(str.isprintable, message)))))
    size = Size(columns=columns, rows=rows)
    frame = rows_of(told, size, FOOTING)
    assert 1 <= len(frame) <= min(rows, MOST_ROWS)
    glass = Glass(columns, rows, encoding)
    shows = drawn(frame, glass)
    assert len(shows) <= len(frame)
    assert max(map(cell_len, shows), default=0) <= columns
    assert glass.screen.cursor.y == len(frame) - 1, "A row has wrapped."
