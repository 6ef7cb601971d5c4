"""A revision is registered without touching a service; one task of it runs, and its exit codes decide."""

from dataclasses import replace

import pytest

from ecsdeploy.engine.write.onetask import exit_code
from ecsdeploy.errors import AccessDenied, CredentialsError, NoSuchResource, Refused, ReplyLost, Throttled, Unreachable
from ecsdeploy.model.oneoff import OneOff, TaskFinished, TaskStarted, TaskStatus
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.request import FromFile
from ecsdeploy.model.service import Container, Task
from tests.unit.diagnose.builders import definition, exited, member, stopped
from tests.unit.engine.runs import ONE_OFF, REGISTRATION, REVISION, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import running_task

PENDING, RUNNING = running_task(1, status="PENDING"), running_task(1)
NOT_AWAITED = replace(ONE_OFF, run=OneOff(cluster="prod"))


def ended(*containers: Container, code: str = "EssentialContainerExited", reason: str = "") -> Task:
    return stopped(code, reason or "Essential container in task exited", *containers, ran=3)


def test_registering_alone_touches_nothing_else() -> None:
    plane = ScriptedPlane()
    ran = run(plane, REGISTRATION)
    assert (ran.status, ran.outcome.verdict.phase, ran.outcome.to_revision) == (
        Status.SUCCEEDED,
        Phase.REGISTERED,
        REVISION(2),
    )
    assert (ran.outcome.from_revision, plane.writes) == (REVISION(1), ["register"])


def test_d5_a_file_may_be_the_base() -> None:
    plane = ScriptedPlane()
    read = definition_of(container("app", "acme/app:0"), family="api", taskDefinitionArn="")
    ran = run(plane, replace(REGISTRATION, base=FromFile(path="api.json", definition=read)))
    assert ran.outcome.to_revision.endswith("/api:1")


def test_a_file_alone_needs_no_family_to_be_there() -> None:
    plane = ScriptedPlane()
    read = definition_of(container("app", "acme/app:0"), family="new", taskDefinitionArn="")
    ran = run(plane, replace(REGISTRATION, family="", edits=(), base=FromFile(path="new.json", definition=read)))
    assert (ran.status, ran.outcome.to_revision.rsplit("/", 1)[-1]) == (Status.SUCCEEDED, "new:1")


@pytest.mark.parametrize("missing", [{"family": ""}, {"containerDefinitions": []}], ids=["family", "containers"])
def test_a_file_that_cannot_be_registered_is_refused(missing: dict[str, object]) -> None:
    plane = ScriptedPlane()
    broken = replace(plane.store[REVISION(1)], payload={**plane.store[REVISION(1)].payload, **missing})
    ran = run(plane, replace(REGISTRATION, edits=(), base=FromFile(path="web.json", definition=broken)))
    assert isinstance(ran.error, Refused)
    assert (ran.status, plane.writes) == (Status.REFUSED, [])


def test_a_task_that_exits_0_has_succeeded() -> None:
    plane = ScriptedPlane(one_off=[PENDING, PENDING, RUNNING, ended(exited("app", 0))])
    ran = run(plane, ONE_OFF)
    assert (ran.status, ran.outcome.verdict.phase, ran.outcome.task_arn) == (Status.SUCCEEDED, Phase.TASK, PENDING.arn)
    assert [type(each) for each in ran.events if isinstance(each, TaskStarted | TaskFinished)] == [
        TaskStarted,
        TaskFinished,
    ]
    assert [each.status for each in ran.told.of(TaskStatus)] == ["PENDING", "PENDING", "RUNNING"]


@pytest.mark.parametrize(
    ("task", "code"),
    [
        pytest.param(ended(exited("app", 3)), 3, id="exit code"),
        pytest.param(ended(exited("app", 0), exited("queue", 4)), 4, id="f68 any essential container's"),
        pytest.param(
            ended(exited("app"), code="TaskFailedToStart", reason="CannotPullContainerError: not found"),
            None,
            id="f68 never started",
        ),
    ],
)
def test_f68_a_task_that_fails_has_a_cause_and_an_exit_code(task: Task, code: int | None) -> None:
    ran = run(ScriptedPlane(one_off=[PENDING, task]), ONE_OFF)
    assert (ran.status, ran.told.of(TaskFinished)[0].exit_code) == (Status.FAILED, code)
    assert (ran.outcome.verdict.reason, len(ran.outcome.causes)) == (task.stopped_reason, 1)


def test_d13_without_waiting_a_started_task_is_enough() -> None:
    plane = ScriptedPlane(one_off=[PENDING, PENDING, RUNNING, ended(exited("app", 3))])
    ran = run(plane, NOT_AWAITED)
    assert (ran.status, ran.told.of(TaskFinished), ran.told.of(TaskStatus)) == (Status.SUCCEEDED, [], [])


def test_d13_without_waiting_a_task_that_never_started_fails() -> None:
    ran = run(ScriptedPlane(one_off=[PENDING, ended(exited("app"), code="TaskFailedToStart")]), NOT_AWAITED)
    assert ran.status is Status.FAILED


def test_f68_a_task_that_does_not_end_times_out() -> None:
    plane = ScriptedPlane(one_off=[PENDING, *[RUNNING] * 99])
    ran = run(plane, ONE_OFF)
    assert (ran.status, ran.outcome.verdict.limit_seconds, ran.seconds) == (Status.TIMED_OUT, 90, 90)


def test_f14_a_task_that_is_not_listed_yet_is_looked_for_again() -> None:
    plane = ScriptedPlane(one_off=[PENDING])
    ran = run(plane, ONE_OFF)
    assert (ran.status, plane.made("tasks")) == (Status.TIMED_OUT, 9)


@pytest.mark.parametrize("error", [ReplyLost("Reset."), Throttled("Slow down.")], ids=["lost", "throttled"])
def test_f68_starting_a_task_again_uses_the_same_token(error: Exception) -> None:
    plane = ScriptedPlane(one_off=[PENDING, ended(exited("app", 0))])
    plane.fail("run_task", error, times=2)
    assert run(plane, ONE_OFF).status is Status.SUCCEEDED
    assert (len(plane.tokens), len(set(plane.tokens))) == (3, 1)
    assert len(plane.tokens[0]) <= 64


def test_f68_two_runs_have_two_tokens() -> None:
    plane = ScriptedPlane(one_off=[ended(exited("app", 0)), ended(exited("app", 0))])
    run(plane, ONE_OFF)
    run(plane, ONE_OFF)
    assert len(set(plane.tokens)) == 2


def test_d13_a_task_that_cannot_be_placed_is_refused_with_the_reason() -> None:
    plane = ScriptedPlane()
    plane.fail("run_task", Refused("ECS could not start a task: RESOURCE:CPU."))
    ran = run(plane, ONE_OFF)
    assert (ran.status, ran.outcome.to_revision) == (Status.REFUSED, REVISION(2))


@pytest.mark.parametrize("error", [CredentialsError("Expired."), Throttled("Slow down.")], ids=["f18", "f09"])
def test_a_started_task_that_went_out_of_sight_is_unknown(error: Exception) -> None:
    plane = ScriptedPlane(one_off=[PENDING])
    plane.fail("tasks", error, times=ALWAYS)
    assert run(plane, ONE_OFF).status is Status.UNKNOWN


def test_f08_a_task_is_waited_for_while_the_network_is_away() -> None:
    plane = ScriptedPlane(one_off=[PENDING, ended(exited("app", 0))])
    plane.fail("tasks", Unreachable("No route."), times=5)
    assert run(plane, ONE_OFF).status is Status.SUCCEEDED


def test_f01_reads_of_the_task_are_asked_again() -> None:
    plane = ScriptedPlane(one_off=[PENDING, ended(exited("app", 0))])
    plane.fail("tasks", Throttled("Slow down."), times=3)
    assert run(plane, ONE_OFF).status is Status.SUCCEEDED


@pytest.mark.parametrize(
    ("app", "queue", "code"),
    [
        pytest.param(exited("app", 0), exited("queue", 143), 0, id="ECS told the other to end"),
        pytest.param(exited("app", 0), exited("queue", 137), 0, id="ECS killed the other"),
        pytest.param(exited("app", 0), exited("queue", 137, "OutOfMemoryError: killed"), 137, id="its memory ran out"),
        pytest.param(exited("app", 0), exited("queue", 3), 3, id="the other failed"),
        pytest.param(exited("app", 0), exited("queue"), None, id="the other never ran"),
        pytest.param(exited("app", 143), exited("queue", 137), 137, id="nobody can tell who ended it"),
    ],
)
def test_t17_who_ended_the_task_decides(app: Container, queue: Container, code: int | None) -> None:
    assert exit_code(ended(app, queue), SIDE) == code


def test_t17_every_exit_code_is_told() -> None:
    plane = ScriptedPlane(one_off=[ended(exited("app", 0), exited("log", 9))])
    ran = run(plane, ONE_OFF)
    assert ran.told.of(TaskFinished)[0].codes == (("app", 0), ("log", 9))


SIDE = definition(member("proxy", essential=False), member("app"))
CODES: dict[str, tuple[tuple[Container, ...], int | None]] = {
    "zero": ((exited("app", 0),), 0),
    "a sidecar's does not count": ((exited("proxy", 1), exited("app", 0)), 0),
    "the first that is not zero": ((exited("app", 0), exited("other", 2), exited("third", 3)), 2),
    "one never ran": ((exited("app"), exited("other", 0)), None),
}


@pytest.mark.parametrize(("containers", "code"), CODES.values(), ids=CODES)
def test_the_exit_code_of_a_task(containers: tuple[Container, ...], code: int | None) -> None:
    assert exit_code(ended(*containers), SIDE) == code


def test_d13_the_exit_code_is_that_of_the_container_that_failed() -> None:
    assert exit_code(ended(exited("queue", 143), exited("app", 7)), SIDE) == 7


def test_f68_a_task_without_an_essential_container_has_no_exit_code() -> None:
    assert exit_code(ended(exited("proxy", 0)), SIDE) is None


@pytest.mark.parametrize("stop_code", ["SpotInterruption", "UserInitiated"])
def test_f68_a_task_that_was_cut_short_has_not_succeeded(stop_code: str) -> None:
    plane = ScriptedPlane(one_off=[PENDING, ended(exited("app", 0), code=stop_code)])
    assert run(plane, ONE_OFF).status is Status.FAILED


def test_a_cluster_that_does_not_exist_is_found_before_anything_is_registered() -> None:
    plane = ScriptedPlane()
    plane.fail("active_cluster", NoSuchResource("The cluster `prod` does not exist."))
    ran = run(plane, ONE_OFF)
    assert (ran.status, plane.writes) == (Status.REFUSED, [])


def test_who_may_not_look_at_the_cluster_may_still_run_a_task() -> None:
    plane = ScriptedPlane(one_off=[PENDING, ended(exited("app", 0))])
    plane.fail("active_cluster", AccessDenied("No."))
    assert run(plane, ONE_OFF).status is Status.SUCCEEDED


def test_a_task_without_subnets_is_refused_before_anything_is_registered() -> None:
    plane = ScriptedPlane()
    stored = plane.store[REVISION(1)]
    plane.keep(replace(stored, payload={**stored.payload, "networkMode": "awsvpc"}))
    ran = run(plane, ONE_OFF)
    assert (ran.status, plane.writes) == (Status.REFUSED, [])
