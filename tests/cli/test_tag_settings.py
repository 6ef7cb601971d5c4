"""`--managed-tags` and `--propagate-tags` change with a release, and go back with it."""

from __future__ import annotations

import pytest

from tests.cli.worlds import DEPLOY, a_world, play, shipped

TAGS = ("--managed-tags", "true", "--propagate-tags", "SERVICE")


def test_what_is_asked_for_is_sent_and_planned() -> None:
    run = play(a_world(), (*DEPLOY, *TAGS))
    assert run.code == 0, run.said
    assert (run.updated["enableECSManagedTags"], run.updated["propagateTags"]) == (True, "SERVICE")
    planned = play(a_world(), (*DEPLOY, *TAGS, "--dry-run"))
    assert "enableECSManagedTags" in planned.said
    assert "propagateTags" in planned.said


def test_what_is_not_asked_for_is_left_alone() -> None:
    updated = play(a_world(), DEPLOY).updated
    assert (updated.get("enableECSManagedTags"), updated.get("propagateTags")) == (None, None)


def test_a_rollback_puts_them_back() -> None:
    run = play(shipped("crash-loop-no-breaker"), (*DEPLOY, *TAGS, "--on-failure", "rollback"))
    last = run.requests("UpdateService")[-1]
    assert (run.code, last["enableECSManagedTags"], last["propagateTags"]) == (21, False, "NONE"), run.said


@pytest.mark.parametrize("wrong", [("--managed-tags", "yes"), ("--propagate-tags", "service")])
def test_another_word_is_refused(wrong: tuple[str, str]) -> None:
    run = play(a_world(), (*DEPLOY, *wrong))
    assert (run.code, run.world.calls) == (64, ())
    assert f"`{wrong[0]}` must be one of" in run.stderr
