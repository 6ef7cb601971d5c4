"""The lines of dropin.md B.3, word for word."""

from __future__ import annotations

import pytest

from tests.cli.worlds import NEW, RELEASE, SUCCESS, WEB, a_world, behaves, play, service

ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:"
OPENING = [f"Using image name: {NEW}", f"Current task definition: {ARN}1", f"New task definition: {ARN}2"]
WAITING = "Waiting for service deployment to complete..."
RUNNING = "Service updated successfully, new task definition running."


def test_a_release() -> None:
    run = play(a_world(), RELEASE)
    assert (run.code, run.lines) == (0, [*OPENING, RUNNING, WAITING, SUCCESS])


def test_a_tag_alone() -> None:
    run = play(a_world(), (*WEB, "-to", "2"))
    assert (run.code, run.lines) == (0, ["Using image name: 2", *OPENING[1:], RUNNING, WAITING, SUCCESS])


def test_no_tasks_wanted() -> None:
    run = play(a_world(), (*RELEASE, "-D", "0"))
    skipped = "Skipping check for running task definition, as desired-count <= 0"
    assert (run.code, run.lines) == (0, [*OPENING, skipped, WAITING, SUCCESS])


def test_a_forced_deployment() -> None:
    run = play(a_world(), (*WEB, "--force-new-deployment"))
    assert (run.code, run.lines) == (0, ["Force a new deployment of the service", WAITING, SUCCESS])


def test_a_timeout_of_the_first_phase() -> None:
    run = play(a_world(service(), behaves(NEW, pull_seconds=600)), (*RELEASE, "-t", "60"))
    error = "ERROR: New task definition not running within 60 seconds"
    assert (run.code, run.lines) == (1, [*OPENING, error])


def test_a_timeout_of_the_first_phase_with_rollback() -> None:
    run = play(a_world(service(), behaves(NEW, pull_seconds=600)), (*RELEASE, "-t", "60", "--enable-rollback"))
    error = "ERROR: New task definition not running within 60 seconds"
    assert (run.code, run.lines) == (1, [*OPENING, error, f"Rolling back to {ARN}1"])


@pytest.mark.parametrize(("extra", "ending"), [((), []), (("--enable-rollback",), [f"Rolling back to {ARN}1"])])
def test_a_timeout_of_the_second_phase_has_no_line(extra: tuple[str, ...], ending: list[str]) -> None:
    """The old tasks take their time to stop."""
    run = play(a_world(), (*RELEASE, "-t", "30", *extra))
    assert (run.code, run.lines) == (1, [*OPENING, RUNNING, WAITING, *ending])


def test_a_registration_alone() -> None:
    run = play(a_world(), ("-d", "web", "-i", NEW))
    assert (run.code, run.lines) == (0, [*OPENING, "Task definition updated successfully"])
    assert run.requests("UpdateService") == []


TASK = ("-d", "web", "-c", "prod", "-i", NEW, "--run-task")
NETWORK = ("--network-configuration", "awsvpcConfiguration={subnets=[subnet-1]}", "--launch-type", "FARGATE")


def test_a_task_that_is_waited_for() -> None:
    world = a_world(service(), behaves(NEW, run="exit", exit_code=0, after=25))
    run = play(world, (*TASK, *NETWORK, "--wait-for-success", "-t", "300"))
    task = run.lines[4].removeprefix("Executed task: ")
    assert run.code == 0
    assert run.lines[:4] == [*OPENING, f"Run task: {ARN}2"]
    assert run.lines[4].startswith("Executed task: arn:aws:ecs:us-east-1:123456789012:task/prod/")
    assert all(line.startswith("Checking task status every 10 seconds. Status: ") for line in run.lines[5:-2])
    assert run.lines[-2:] == ["Task finished with status: STOPPED", f"Task {task} executed successfully!"]


def test_a_task_that_fails() -> None:
    world = a_world(service(), behaves(NEW, run="exit", exit_code=3, after=5))
    run = play(world, (*TASK, *NETWORK, "--wait-for-success", "-t", "300"))
    assert run.code == 1
    assert run.lines[-2:] == ["Task finished with status: STOPPED", "Task execution failed with exit code: 3"]


def test_a_task_that_takes_too_long() -> None:
    run = play(a_world(), (*TASK, *NETWORK, "--wait-for-success", "-t", "60"))
    assert run.code == 1
    assert run.lines[-1] == "ERROR: New task run took longer than 60 seconds"
