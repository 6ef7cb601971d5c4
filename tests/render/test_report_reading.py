"""What the report reads of JSON lines is what the run told; whatever else stands there is left out."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ecsdeploy.model.events import Finished
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.render.clean import cleaned
from ecsdeploy.render.report.page import page
from ecsdeploy.render.report.reading import read
from tests.render.builders import RUNNING, Story, ends, play
from tests.render.stories import COMPLETED, STORIES
from tests.render.task_stories import TASK_STORIES

ALL = {**STORIES, **TASK_STORIES}


def lines_of(story: Story) -> list[str]:
    return play(replace(story, output="json", dry_run=False)).stdout.splitlines()


@pytest.mark.parametrize("name", ALL)
def test_every_event_is_read_as_it_was_told(name: str) -> None:
    run = read(lines_of(ALL[name]))
    assert (run.broken, run.missing, run.unknown) == (0, 0, ())
    for told, each in zip(ALL[name].records, run.records, strict=True):
        safe = cleaned(told, Secrets())
        if isinstance(safe.event, Finished) and isinstance(each.event, Finished):
            assert each.event.outcome == replace(safe.event.outcome, has_changes=False)
            assert str(each.event.error) == str(safe.event.error)
        else:
            assert each == safe


JUNK: list[object] = [
    None,
    [],
    "x",
    -1,
    {},
    True,
    [[]],
    10**400,
    float("inf"),
    "2026-01-01T00:00:00",
    "9999-12-31T23:59:59-23:00",
]


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_what_is_not_as_it_should_be_breaks_no_page(junk: object) -> None:
    told = [json.loads(each) for each in lines_of(Story(timeline=(*RUNNING, *ends(60, COMPLETED))))]
    for number in range(0, len(told), 2):
        for name in (*told[number],)[3:]:
            changed = [*told]
            changed[number] = {**told[number], name: junk}
            assert read(map(json.dumps, changed)).records
    for name in ("type", "time", "seq", "v", "status", "verdict", "new", "setting", "revision"):
        spoilt = [json.dumps({**each, name: junk} if name in each and each["seq"] > 1 else each) for each in told]
        assert page(spoilt).endswith("</html>")
