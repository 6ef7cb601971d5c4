"""What a judge makes of the tasks of one deployment: all of it, at one look."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from ecsdeploy.diagnose.waves import ecs_time
from ecsdeploy.engine.follow.early_judgement import Judge
from ecsdeploy.errors import AccessDenied, NoSuchResource
from ecsdeploy.model.judgement import Judgement, Rule
from ecsdeploy.model.service import Deployment, Service, Task
from ecsdeploy.rollout.state import State
from tests.unit.engine.test_judge import CHECKED, IN_ECR, LOOP, MISSED, NOW, PLAIN, crashed
from tests.unit.engine.world import ScriptedPlane
from tests.unit.plan.builders import WEB, definition_of
from tests.unit.rollout.builders import NOON, OUR_ID, TARGET_GROUP, begun, event, old, ours, service_with

BUSY = service_with(ours(failed=3), old())
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
NO_ROOM = event(1, "(service web) was unable to place a task. Reason: Capacity is unavailable at this time.")
PROTECTED = event(
    1,
    "(service web) was unable to reach steady state because task set (x) was unable to scale in. "
    "The number of protected tasks are more than the desired count of tasks",
)


def judge(
    plane: ScriptedPlane,
    service: Service = BUSY,
    container: dict[str, object] = PLAIN,
    state: State = begun(),  # noqa: B008 - it is frozen
) -> Judgement:
    plane.now = service
    return Judge(plane=plane, clock=plane.clock, ref=WEB, definition=definition_of(container)).judge(state, service)


def dead(*tasks: Task, alive: Sequence[Task] = ()) -> ScriptedPlane:
    return ScriptedPlane(stopped=tasks, running=tuple(alive))


def test_a_crash_loop_is_hopeless_and_what_was_read_is_kept_for_the_cause() -> None:
    judged = judge(dead(*LOOP))
    assert judged.doom is not None
    assert (judged.doom.code, judged.stopped, judged.any_healthy) == ("E-CONTAINER-EXIT", LOOP, False)


def test_one_healthy_task_is_told_and_leaves_nothing_hopeless() -> None:
    well = replace(NOW, started_at=NOON - timedelta(seconds=60))
    assert judge(dead(*LOOP, alive=[well])) == Judgement(stopped=LOOP, any_healthy=True)


def test_only_tasks_of_our_deployment_are_asked_for() -> None:
    plane = dead(*LOOP)
    judge(plane)
    assert plane.asked_tasks == [OUR_ID, OUR_ID]


@pytest.mark.parametrize(("failures", "hopeless"), [(9, False), (10, True)])
def test_a_service_of_twenty_needs_ten_failures_while_one_of_their_wave_starts(failures: int, hopeless: bool) -> None:
    many, starts = replace(BUSY, desired=20), replace(NOW, status="PENDING", created_at=NOON)
    judged = judge(dead(*map(crashed, range(failures)), alive=[starts]), many)
    assert (judged.doom is not None) is hopeless


@pytest.mark.parametrize(("gone", "hopeless"), [("2", True), ("3", False)])
def test_an_image_that_the_registry_does_not_have_is_permanent(gone: str, hopeless: bool) -> None:
    plane = dead(MISSED)
    plane.surroundings.gone = frozenset({gone})
    doom = judge(plane, container=IN_ECR).doom
    assert (doom.rule if doom else None) == (Rule.PERMANENT if hopeless else None)


@pytest.mark.parametrize(("gone", "hopeless"), [(frozenset({SECRET}), True), (frozenset[str](), False)])
def test_a_secret_that_is_not_there_is_permanent(gone: frozenset[str], hopeless: bool) -> None:
    said = (
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "
        "unable to retrieve secret from asm: ResourceNotFoundException: Secrets Manager can't find the specified secret"
    )
    plane = dead(replace(MISSED, stopped_reason=said))
    plane.surroundings.gone = gone
    named: dict[str, object] = {**PLAIN, "secrets": [{"name": "DB", "valueFrom": SECRET}]}
    doom = judge(plane, container=named).doom
    assert (doom.rule if doom else None) == (Rule.PERMANENT if hopeless else None)


def test_a_wave_of_which_one_task_lives_on_is_not_asked_about() -> None:
    """Its image is there: it runs from it."""
    plane = dead(MISSED, alive=[replace(NOW, started_at=None, status="RUNNING", created_at=MISSED.created_at)])
    plane.surroundings.gone = frozenset({"2"})
    assert judge(plane, container=IN_ECR).doom is None


@pytest.mark.parametrize(("seconds", "well"), [(-0.1, False), (0, True)])
def test_a_task_without_checks_is_well_after_forty_seconds_and_not_a_moment_before(seconds: float, well: bool) -> None:
    now = ecs_time(LOOP, ())
    assert now is not None
    began = now - timedelta(seconds=40 + seconds)
    assert judge(dead(*LOOP, alive=[replace(NOW, started_at=began, created_at=began)])).any_healthy is well


ADDRESSED = replace(NOW, addresses=("fd00::9",))


@pytest.mark.parametrize(
    ("targets", "well"),
    [({"fd00::9:80": "healthy"}, True), ({"fd00::8:80": "healthy"}, False), ({"fd00::9:80": "draining"}, False)],
)
def test_a_task_with_an_ipv6_address_is_found_among_the_targets(targets: dict[str, str], well: bool) -> None:
    plane = dead(*LOOP, alive=[ADDRESSED])
    plane.targets_now = targets
    assert judge(plane, replace(BUSY, target_groups=(TARGET_GROUP,))).any_healthy is well


def test_what_ecs_complains_of_is_what_it_waits_for_as_long_as_no_task_has_said_more() -> None:
    full = replace(BUSY, events=(NO_ROOM,))
    assert judge(dead(), full).waits_for == "there is no capacity to place a task (E-NO-CAPACITY)"
    assert judge(dead(LOOP[0]), full).waits_for == ""
    assert judge(dead()).waits_for == ""
    told_before = replace(begun(), old_events=frozenset({NO_ROOM.id}))
    assert judge(dead(), full, state=told_before).waits_for == ""


def test_how_long_tasks_are_protected_is_asked_only_where_that_is_what_it_waits_for() -> None:
    plane = dead()
    plane.protected = (NOON,)
    assert "protected" not in judge(plane, replace(BUSY, events=(NO_ROOM,))).waits_for
    assert plane.made("protected_until") == 0


ALL_RUN = "all new tasks run; 1 old task is protected until 2026-11-22 12:00 UTC (E-PROTECTED-TASKS)"
SOME_RUN = "1 old task is protected until 2026-11-22 12:00 UTC (E-PROTECTED-TASKS)"


@pytest.mark.parametrize(
    ("mine", "told"),
    [
        pytest.param(ours(running=2), ALL_RUN, id="two of two run"),
        pytest.param(ours(running=1, desired=1), ALL_RUN, id="one of one runs"),
        pytest.param(ours(running=1), SOME_RUN, id="one of two runs"),
        pytest.param(ours(desired=0), SOME_RUN, id="none is wanted"),
        pytest.param(None, SOME_RUN, id="not listed"),
    ],
)
def test_protected_tasks_are_told_with_whether_ours_all_run(mine: Deployment | None, told: str) -> None:
    plane = ScriptedPlane(protected=(NOON,))
    listed = (mine, old()) if mine else (old(status="PRIMARY"),)
    assert judge(plane, replace(service_with(*listed), events=(PROTECTED,))).waits_for == told


@pytest.mark.parametrize("error", [AccessDenied("No."), NoSuchResource("Gone.")])
def test_how_long_tasks_are_protected_is_left_out_where_it_cannot_be_read(error: Exception) -> None:
    plane = ScriptedPlane(protected=(NOON,))
    plane.fail("protected_until", error)
    told = judge(plane, replace(service_with(ours(), old()), events=(PROTECTED,))).waits_for
    assert told == "old tasks are protected from being stopped (E-PROTECTED-TASKS)"


def test_what_was_only_heard_takes_back_no_judgement_of_tasks() -> None:
    plane = ScriptedPlane()
    listened = Judge(plane=plane, clock=plane.clock, ref=WEB, definition=definition_of(CHECKED)).listen(
        begun(), replace(BUSY, events=(NO_ROOM,))
    )
    assert (listened.of_tasks, listened.waits_for != "", plane.calls) == (False, True, [])
