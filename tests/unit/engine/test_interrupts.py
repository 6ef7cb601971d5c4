"""Ctrl-C at any moment gives an outcome that says how far the run had come."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ecsdeploy.model.outcome import Outcome, Phase, Status
from ecsdeploy.model.request import Request
from tests.unit.engine.runs import ONE_OFF, RELEASE, REVISION, WITH_ROLLBACK, run
from tests.unit.engine.world import ScriptedPlane, completes, ecs_goes_back, fails, goes_on
from tests.unit.rollout.builders import running_task


def interrupted(call: str, *, after: int = 0, applied: bool = False) -> Callable[[ScriptedPlane], None]:
    """Ctrl-C comes within a call."""
    return lambda plane: plane.fail(call, KeyboardInterrupt(), after=after, applied=applied)


def asleep(seconds: float) -> Callable[[ScriptedPlane], None]:
    """Ctrl-C comes between two looks."""

    def press(plane: ScriptedPlane) -> None:
        plane.clock.interrupt_at = plane.clock.seconds + seconds

    return press


MOMENTS: dict[str, tuple[Request, Callable[[ScriptedPlane], None], Phase, str]] = {
    "reading the service": (RELEASE, interrupted("service"), Phase.PLANNING, ""),
    "reading the definition": (RELEASE, interrupted("definition"), Phase.PLANNING, ""),
    "registering": (RELEASE, interrupted("register"), Phase.REGISTERING, ""),
    "updating": (RELEASE, interrupted("update_service"), Phase.STARTING, REVISION(2)),
    "updating, applied": (RELEASE, interrupted("update_service", applied=True), Phase.STARTING, REVISION(2)),
    "the first look": (RELEASE, interrupted("service", after=1), Phase.STARTING, REVISION(2)),
    "before the first task": (RELEASE, asleep(1), Phase.STARTING, REVISION(2)),
    "after the first task": (RELEASE, asleep(6), Phase.WAITING, REVISION(2)),
    "rolling back": (WITH_ROLLBACK, interrupted("update_service", after=1), Phase.ROLLING_BACK, REVISION(2)),
    "watching the rollback": (WITH_ROLLBACK, interrupted("service", after=6), Phase.ROLLING_BACK, REVISION(2)),
    "starting the task": (ONE_OFF, interrupted("run_task"), Phase.TASK, REVISION(2)),
    "watching the task": (ONE_OFF, asleep(1), Phase.TASK, REVISION(2)),
}


@pytest.mark.parametrize(("request_", "press", "phase", "revision"), MOMENTS.values(), ids=MOMENTS)
def test_f25_an_interrupt_says_how_far_we_were(
    request_: Request, press: Callable[[ScriptedPlane], None], phase: Phase, revision: str
) -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, goes_on, goes_on, fails], [goes_on]])
    plane.one_off = [running_task(1, status="PENDING")]
    press(plane)
    outcome = run(plane, request_).outcome
    assert (outcome.verdict.status, outcome.verdict.phase, outcome.to_revision) == (Status.INTERRUPTED, phase, revision)
    assert plane.writes.count("update_service") <= 2


def concluded(plane: ScriptedPlane, request: Request, call: str) -> Outcome:
    """Ctrl-C comes once the verdict has been told."""
    plane.fail(call, KeyboardInterrupt())
    return run(plane, request).outcome


def test_an_interrupt_while_pruning_does_not_change_the_verdict() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    assert concluded(plane, replace(RELEASE, keep=1), "revisions").verdict.status is Status.SUCCEEDED


def test_an_interrupt_while_looking_for_the_cause_does_not_change_the_verdict() -> None:
    plane = ScriptedPlane(courses=[[fails]])
    assert concluded(plane, RELEASE, "tasks_started_by").verdict.status is Status.FAILED


def test_an_interrupt_after_ecs_rolled_back_does_not_change_the_verdict() -> None:
    plane = ScriptedPlane(courses=[[goes_on, ecs_goes_back, completes]])
    assert concluded(plane, RELEASE, "tasks_started_by").verdict.status is Status.ROLLED_BACK
