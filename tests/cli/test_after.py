"""`--after`: a task of the new revision decides whether a release that ECS has completed has succeeded."""

from typing import NoReturn

import pytest

from tests.cli.test_before import migration, order, world
from tests.cli.worlds import DEPLOY, WEB, fault, play

AFTER = ("--after", "./manage.py migrate --noinput")


def test_the_task_runs_once_the_release_has_succeeded() -> None:
    played = play(world(), (*DEPLOY, *AFTER))
    assert (played.code, played.result["status"]) == (0, "succeeded")
    assert order(played) == ["RegisterTaskDefinition", "UpdateService", "RunTask"]
    assert "app/" in played.stderr
    assert "Applying orders.0007_total... OK" in played.stderr


def test_a_task_before_and_one_after_are_two() -> None:
    played = play(world(), (*DEPLOY, "--before", "true", *AFTER))
    assert played.code == 0
    assert order(played) == ["RegisterTaskDefinition", "RunTask", "UpdateService", "RunTask"]
    first, second = played.requests("RunTask")
    assert first["clientToken"] != second["clientToken"]


def test_a_task_that_fails_is_a_release_that_failed() -> None:
    played = play(world(migrate=migration(exit_code=3, logs=["no such page"])), (*DEPLOY, *AFTER))
    assert (played.code, played.result["status"], played.result["rollback"]) == (20, "failed", None)
    told = played.stderr.replace("\n   ", " ")
    assert "FAILED, not rolled back: the task after the release did not succeed. Production is on web:2" in told
    assert played.result["cause"]["code"] == "E-CONTAINER-EXIT"
    assert "no such page" in played.stderr


def test_on_failure_decides_whether_the_release_is_rolled_back() -> None:
    played = play(world(migrate=migration(exit_code=3)), (*DEPLOY, *AFTER, "--on-failure", "rollback"))
    assert (played.code, played.result["status"], played.result["rollback"]["by"]) == (21, "rolled_back", "us")
    assert order(played) == ["RegisterTaskDefinition", "UpdateService", "RunTask", "UpdateService"]
    assert played.result["cause"]["summary"].startswith('container "app" exits 3')


def test_who_may_not_run_it_has_a_release_that_failed() -> None:
    denied = fault(operation="RunTask", error="AccessDeniedException", times=0)
    played = play(world(denied), (*DEPLOY, *AFTER))
    assert (played.code, played.result["status"]) == (20, "failed")
    assert "ecs:RunTask" in played.stderr


def test_a_release_that_failed_runs_no_task() -> None:
    played = play(world(migrate=migration(run="exit", exit_code=1, after=3)), (*DEPLOY, *AFTER, "--timeout", "1s"))
    assert played.code != 0
    assert "RunTask" not in order(played)


def test_a_task_that_does_not_end_in_time_goes_on_and_is_named() -> None:
    played = play(world(migrate=migration(after=9000)), (*DEPLOY, *AFTER))
    assert (played.code, played.result["status"]) == (22, "timed_out")
    told = played.stderr.replace("\n   ", " ")
    assert (
        "the task after the release has not stopped. The release is complete. The task after it goes on at AWS." in told
    )
    assert "aws ecs stop-task --cluster prod --task " in told


def test_ctrl_c_leaves_the_task_to_go_on() -> None:
    there = world(migrate=migration(after=4000))

    def interrupt() -> NoReturn:
        raise KeyboardInterrupt

    there.clock.after(600, interrupt)
    played = play(there, (*DEPLOY, *AFTER))
    assert (played.code, played.result["status"]) == (130, "interrupted")
    assert "The release is complete. The task after it goes on at AWS." in played.stderr.replace("\n   ", " ")


def test_a_plan_says_that_it_would_run() -> None:
    played = play(world(), ("plan", *WEB, "--image", "registry.example.com/team/web:2", *AFTER))
    assert "run one task of the new revision with the command of --after" in played.stdout.replace("\n           ", " ")
    assert order(played) == []


@pytest.mark.parametrize("more", [("--detach",), ("--wait-until", "registered"), ("--force-new-deployment",)])
def test_what_ends_before_it_is_refused(more: tuple[str, ...]) -> None:
    words = ("deploy", *WEB) if more == ("--force-new-deployment",) else DEPLOY
    played = play(world(), (*words, *AFTER, *more))
    assert (played.code, order(played)) == (64, [])
