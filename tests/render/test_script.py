"""The flag form's stdout: what pipelines grep for, and what they must never see."""

from dataclasses import replace

import pytest

from ecsdeploy.model.events import Concluded, Finished, Pruned, Registered, RollingBack, TaskRunning
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.request import WaitUntil
from tests.render.builders import NEW, OLD, OUTCOME, PLANNED, RUNNING, WRITTEN, Story, Timeline, ends, play
from tests.render.task_stories import JOB, RUN, STARTED

SUCCESSFUL = "Service deployment successful."
NOT_SUCCEEDED = [status for status in Status if status is not Status.SUCCEEDED]


def stdout(timeline: Timeline) -> list[str]:
    return play(Story(timeline=timeline, form="flags")).stdout.splitlines()


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("status", NOT_SUCCEEDED)
def test_only_our_own_success_is_called_successful(status: Status, phase: Phase) -> None:
    assert SUCCESSFUL not in stdout((*RUNNING, *ends(50, Verdict(status=status, phase=phase))))


def test_rollback_by_ecs_is_not_success_though_the_old_revision_is_healthy() -> None:
    """D1: the script saw one deployment left and was content."""
    rolled_back = Verdict(status=Status.ROLLED_BACK, serving=OLD)
    told = (*RUNNING, (90, RollingBack(by="ecs", to_revision=OLD)), *ends(120, rolled_back))
    assert stdout(told)[-1] == "Waiting for service deployment to complete..."


def test_success_is_said_once_and_before_what_follows_it() -> None:
    """D12: nothing is deregistered before success is known."""
    succeeded = Verdict(status=Status.SUCCEEDED, serving=NEW)
    concluded, finished = ends(60, succeeded)
    for order in ((concluded, (61, Pruned(revision=OLD))), ((61, Pruned(revision=OLD)), concluded)):
        lines = stdout((*RUNNING, *order, finished))
        assert lines[-2:] == [SUCCESSFUL, f"Deregistering outdated task revision: {OLD}"]
        assert lines.count(SUCCESSFUL) == 1


def test_success_is_said_by_the_last_event_where_nothing_concluded_before() -> None:
    assert stdout((*RUNNING, ends(60, Verdict(status=Status.SUCCEEDED))[1]))[-1] == SUCCESSFUL


@pytest.mark.parametrize(
    ("phase", "last"),
    [
        (Phase.STARTING, "ERROR: New task definition not running within 90 seconds"),
        (Phase.WAITING, "Waiting for service deployment to complete..."),
    ],
)
def test_timeout_of_the_first_phase_alone_has_a_line(phase: Phase, last: str) -> None:
    late = Verdict(status=Status.TIMED_OUT, phase=phase, limit_seconds=90)
    assert stdout((*RUNNING, *ends(99, late)))[-1] == last


def test_our_rollback_follows_the_error_and_says_nothing_of_its_own_deployment() -> None:
    late = Verdict(status=Status.TIMED_OUT, phase=Phase.STARTING, limit_seconds=90)
    told: Timeline = (
        *WRITTEN,
        (90, Concluded(verdict=late)),
        (91, RollingBack(by="us", to_revision=OLD)),
        (92, Registered(revision="arn:other")),
        (93, TaskRunning()),
        (99, Finished(outcome=replace(OUTCOME, verdict=replace(late, status=Status.ROLLED_BACK)))),
    )
    assert stdout(told)[-2:] == [
        "ERROR: New task definition not running within 90 seconds",
        f"Rolling back to {OLD}",
    ]


def test_forced_deployment_has_its_three_lines_alone() -> None:
    forced = replace(PLANNED, steps=("force",))
    told = ((0, forced), WRITTEN[2], (9, TaskRunning()), *ends(9, Verdict(status=Status.SUCCEEDED)))
    assert stdout(told) == [
        "Force a new deployment of the service",
        "Waiting for service deployment to complete...",
        SUCCESSFUL,
    ]


def test_tag_only_names_the_tag() -> None:
    assert stdout(((0, replace(PLANNED, requested="v7")),))[0] == "Using image name: v7"


def test_revision_that_lost_a_member_is_not_called_updated() -> None:
    """D4: the definition is registered, and still the run is refused."""
    lossy = ends(2, Verdict(status=Status.REFUSED, phase=Phase.REGISTERED))
    told: Timeline = ((0, replace(PLANNED, steps=("register",))), (1, Registered(revision=NEW)), *lossy)
    assert stdout(told)[-1] == f"New task definition: {NEW}"


def test_task_that_was_not_waited_for_is_not_called_successful() -> None:
    """D13."""
    told = (*STARTED, *ends(9, Verdict(status=Status.SUCCEEDED, phase=Phase.TASK)))
    assert stdout(told)[-1] == f"Executed task: {JOB}"


def test_planned_run_names_what_it_is_about_to_run() -> None:
    assert stdout(((0, RUN), (1, Registered(revision=NEW))))[-1] == f"Run task: {NEW}"


def test_stdout_has_no_line_of_its_own_on_a_dry_run() -> None:
    screen = play(Story(timeline=((0, PLANNED),), form="flags", dry_run=True))
    assert "Using image name" not in screen.stdout
    assert screen.stdout.endswith("Nothing was written.\n")


def test_what_stdout_says_is_not_repeated_on_stderr() -> None:
    told = (*RUNNING, *ends(60, Verdict(status=Status.SUCCEEDED)))
    stderr = play(Story(timeline=told, form="flags")).stderr
    assert "registered" not in stderr
    assert "SUCCEEDED" not in stderr


def test_deployment_that_is_not_awaited_to_its_end_is_not_called_successful() -> None:
    """D19: old tasks may still drain, and the deployment may still fail."""
    planned = replace(PLANNED, until=WaitUntil.HEALTHY)
    timeline = tuple((at, planned if event is PLANNED else event) for at, event in RUNNING)
    lines = stdout((*timeline, *ends(60, Verdict(status=Status.SUCCEEDED, serving=NEW))))
    assert lines[-1] == "Service updated successfully, new task definition running."
