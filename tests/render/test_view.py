"""The fold: what is remembered of a run."""

from dataclasses import replace
from functools import reduce

from ecsdeploy.model.events import Registered, RollingBack, Started
from ecsdeploy.render.view import View, fold
from tests.render.builders import NEW, OLD, PLANNED, STARTED, Story, Timeline, said
from tests.render.stories import SUCCESS


def view_of(timeline: Timeline) -> View:
    return reduce(fold, Story(timeline=timeline).records, View())


def test_the_newest_progress_is_kept() -> None:
    seen = view_of(SUCCESS).progress
    assert seen is not None
    assert (seen.new.running, seen.old.running) == (10, 0)


def test_deeds_are_kept_in_order_with_their_time() -> None:
    deeds = view_of(SUCCESS).deeds
    assert [type(deed) for _, deed in deeds] == [Registered, Started]
    assert deeds[0][0] < deeds[1][0]


def test_the_last_lines_of_ecs_are_kept() -> None:
    told = tuple(said(second, f"line {second}") for second in range(9))
    assert [each.message for each in view_of(told).said] == ["line 6", "line 7", "line 8"]


def test_a_rollback_of_ours_does_not_take_the_place_of_the_release() -> None:
    back = replace(STARTED, revision=OLD, deployment_id="ecs-svc/2")
    told: Timeline = (
        (0, PLANNED),
        (1, STARTED),
        (2, RollingBack(by="us", to_revision=OLD)),
        (3, replace(PLANNED, steps=("update",))),
        (4, back),
    )
    view = view_of(told)
    assert view.undoing
    assert (view.planned, view.started, view.revision) == (PLANNED, STARTED, NEW)


def test_a_rollback_by_ecs_is_not_ours() -> None:
    assert not view_of(((0, RollingBack(by="ecs", to_revision=OLD)),)).undoing
