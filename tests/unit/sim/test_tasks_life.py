"""A task from PROVISIONING to STOPPED: timings, reasons, exit codes, health."""

from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.unit.sim.builders import REPOSITORY, call, deploy, events, image, the_service, update, world

NEW = "registry.example.com/team/web:2"
BALANCED = "load_balancer = { health_interval = 10, deregistration_delay = 30, grace_period = 60 }"
CHECKED = f'containers = [{{ name = "app", image = "{REPOSITORY}:1", health_check = true }}]'


def _new_tasks(w: World, wait: float = 0.0) -> list[dict[str, Any]]:
    """The tasks of the deployment just made, as DescribeTasks has them."""
    w.clock.sleep(wait)
    found: list[dict[str, Any]] = []
    for status in ("RUNNING", "STOPPED"):
        arns = call(w, "ListTasks", cluster="prod", serviceName="web", desiredStatus=status)["taskArns"]
        found += call(w, "DescribeTasks", cluster="prod", tasks=arns)["tasks"] if arns else []
    return [task for task in found if task["containers"][0]["image"] == NEW]


def _stopped(behaviour: str, service: str = "desired = 1", wait: float = 300) -> dict[str, Any]:
    """The first task of an image that behaves so, once it is STOPPED."""
    w = world(service, image(behaviour))
    deploy(w)
    tasks = sorted(_new_tasks(w, wait), key=lambda task: float(task["createdAt"]))
    return tasks[0]


def test_a_fargate_task_runs_21_seconds_after_it_was_created() -> None:
    """Captured: ENI 3.9-5.1, pull 11.1-11.4, pulled 9-10 later, RUNNING 0.5-0.7 after that."""
    w = world("desired = 1")
    deploy(w)
    (task,) = _new_tasks(w, 30)
    born = task["createdAt"]
    assert task["lastStatus"] == "RUNNING"
    assert task["version"] == 3
    assert 3.9 <= task["connectivityAt"] - born <= 5.1
    assert 11.0 <= task["pullStartedAt"] - born <= 11.4
    assert 8.8 <= task["pullStoppedAt"] - task["pullStartedAt"] <= 10.2
    assert 0.5 <= task["startedAt"] - task["pullStoppedAt"] <= 0.7
    assert [a["status"] for a in task["attachments"]] == ["ATTACHED"]


def test_a_pull_of_another_length_delays_running_by_that() -> None:
    w = world("desired = 1", image("pull_seconds = 30"))
    deploy(w)
    (task,) = _new_tasks(w, 60)
    assert task["startedAt"] - task["createdAt"] == pytest.approx(41.6)


@pytest.mark.parametrize(
    ("at", "status"),
    [(6, "PROVISIONING"), (10, "PENDING"), (25.2, "ACTIVATING"), (26, "RUNNING")],
)
def test_a_task_passes_through_the_documented_states(at: float, status: str) -> None:
    w = world("desired = 1")
    deploy(w)
    assert [task["lastStatus"] for task in _new_tasks(w, at)] == [status]


def test_a_task_that_is_told_to_stop_is_stopped_25_seconds_later() -> None:
    """Captured: executionStoppedAt 1.4-2.0 after stoppingAt, stoppedAt 25.3-25.9; version 6."""
    w = world("desired = 1")
    (task,) = the_service(w).tasks
    reply = call(w, "StopTask", cluster="prod", task=task.id, reason="maintenance")["task"]
    assert (reply["desiredStatus"], reply["lastStatus"]) == ("STOPPED", "RUNNING")
    assert (reply["stopCode"], reply["stoppedReason"]) == ("UserInitiated", "maintenance")
    w.clock.sleep(1)
    assert task.last_status == "STOPPING"
    w.clock.sleep(60)
    (gone,) = call(w, "DescribeTasks", cluster="prod", tasks=[task.arn])["tasks"]
    assert 1.4 <= gone["executionStoppedAt"] - gone["stoppingAt"] <= 2.0
    assert gone["stoppedAt"] - gone["stoppingAt"] == pytest.approx(25.0)
    assert gone["version"] == 6
    assert gone["containers"][0]["exitCode"] == 143
    assert [a["status"] for a in gone["attachments"]] == ["DELETED"]


def test_a_task_stopped_before_its_pull_has_no_exit_code_and_is_gone_sooner() -> None:
    """Captured: 16.4 s; no exitCode, imageDigest, pull times or startedAt."""
    w = world("desired = 1")
    deploy(w)
    w.clock.sleep(8)
    task = the_service(w).primary.tasks[0]
    call(w, "StopTask", cluster="prod", task=task.id)
    w.clock.sleep(30)
    (gone,) = call(w, "DescribeTasks", cluster="prod", tasks=[task.arn])["tasks"]
    assert gone["stoppedAt"] - gone["stoppingAt"] == pytest.approx(16.0)
    assert not {"pullStartedAt", "pullStoppedAt", "startedAt"} & gone.keys()
    assert not {"exitCode", "imageDigest"} & gone["containers"][0].keys()
    assert gone["stoppedReason"] == "Task stopped by user"


@pytest.mark.parametrize(
    ("pull", "text"),
    [
        ("not-found", f"failed to resolve ref {NEW}: {NEW}: not found"),
        ("denied", "pull access denied"),
        ("rate-limited", "toomanyrequests"),
        ("timeout", "i/o timeout"),
    ],
)
def test_a_failed_pull_says_why_on_task_and_container(pull: str, text: str) -> None:
    task = _stopped(f'pull = "{pull}"')
    assert task["stopCode"] == "TaskFailedToStart"
    assert task["stoppedReason"].startswith("CannotPullContainerError: ")
    assert text in task["stoppedReason"]
    assert task["containers"][0]["reason"] == task["stoppedReason"]
    assert "exitCode" not in task["containers"][0]
    assert "startedAt" not in task


def test_a_resource_that_cannot_be_initialised_fails_before_the_pull() -> None:
    task = _stopped('pull = "init-error"\nreason = "failed to validate logger args: no such group"')
    assert task["stopCode"] == "TaskFailedToStart"
    assert task["stoppedReason"] == "ResourceInitializationError: failed to validate logger args: no such group"
    assert "pullStartedAt" not in task


def test_a_crash_shows_the_exit_code_of_the_application() -> None:
    task = _stopped('run = "exit"\nexit_code = 3\nafter = 4')
    assert task["stopCode"] == "EssentialContainerExited"
    assert task["stoppedReason"] == "Essential container in task exited"
    assert task["containers"][0]["exitCode"] == 3
    assert task["stoppingAt"] - task["startedAt"] == pytest.approx(4.0)


def test_running_out_of_memory_is_137_with_its_reason() -> None:
    container = _stopped('run = "oom"')["containers"][0]
    assert container["exitCode"] == 137
    assert container["reason"] == "OutOfMemoryError: Container killed due to memory usage"


def test_a_container_that_never_starts_times_out_after_a_minute() -> None:
    task = _stopped('run = "never-starts"')
    assert task["stopCode"] == "TaskFailedToStart"
    assert task["stoppedReason"].endswith("timed out after waiting 1m")
    assert task["stoppingAt"] - task["pullStoppedAt"] == pytest.approx(60.0)


def test_a_binary_for_another_architecture_exits_1_with_one_line_in_its_log() -> None:
    w = world("desired = 1", image('run = "exec-format"'))
    deploy(w)
    w.clock.sleep(60)
    lines = [line for stream in w.region.log_streams.values() for _, line in stream.lines]
    assert lines == ["exec /usr/local/bin/app: exec format error"]


def test_only_the_first_n_tasks_of_an_image_fail() -> None:
    w = world("desired = 3", image('run = "exit"\nafter = 2\nfails = 2'))
    deploy(w)
    w.settle()
    tasks = _new_tasks(w)
    assert sorted(task["desiredStatus"] for task in tasks) == ["RUNNING"] * 3 + ["STOPPED"] * 2


def test_a_container_that_is_not_essential_may_exit() -> None:
    sidecar = '{ name = "init", image = "registry.example.com/team/init:1", essential = false }'
    app = f'{{ name = "app", image = "{REPOSITORY}:1" }}'
    behaviour = '[images."registry.example.com/team/init:1"]\nrun = "exit"\nexit_code = 0\nafter = 2'
    w = world(f"desired = 1\ncontainers = [{app}, {sidecar}]", behaviour)
    deploy(w)
    (task,) = _new_tasks(w, 60)
    assert task["lastStatus"] == "RUNNING"
    assert [(c["lastStatus"], c.get("exitCode")) for c in task["containers"]] == [("RUNNING", None), ("STOPPED", 0)]


def test_the_first_passing_check_makes_a_container_healthy() -> None:
    w = world(f"desired = 1\n{CHECKED}", image("healthy_after = 12"))
    deploy(w)
    assert [task["healthStatus"] for task in _new_tasks(w, 37)] == ["UNKNOWN"]
    assert [task["healthStatus"] for task in _new_tasks(w, 1)] == ["HEALTHY"]


def test_a_failing_check_is_unhealthy_after_its_retries_and_the_task_is_replaced() -> None:
    w = world(f'desired = 1\n{CHECKED}\ndeployment = {{ circuit_breaker = "stop" }}', image('run = "unhealthy"'))
    deploy(w)
    w.clock.sleep(300)
    first = min(_new_tasks(w), key=lambda task: float(task["createdAt"]))
    assert (first["stopCode"], first["stoppedReason"]) == (
        "ServiceSchedulerInitiated",
        "Task failed container health checks",
    )
    task_id = first["taskArn"].rsplit("/", 1)[1]
    at = next(at for at, text in events(w) if text == f"(task {task_id}) failed container health checks.")
    assert at == pytest.approx(first["startedAt"] - w.start + 90.0)


def test_a_target_is_registered_40_seconds_after_the_start_and_drained_before_the_stop() -> None:
    w = world(f"desired = 1\n{BALANCED}", image("healthy_after = 25"))
    old = the_service(w).tasks[0]
    deploy(w)
    w.settle()
    w.clock.sleep(60)
    said = [(at, text.split(" in (")[0].split(": ")[0]) for at, text in events(w)]
    (started, _), (registered, second), (stopped, _), (deregistered, fourth) = said[:4]
    assert second == "registered 1 targets"
    assert registered - started == pytest.approx(39.6)
    assert fourth == "deregistered 1 targets"
    assert deregistered - stopped == pytest.approx(10.0)
    assert old.execution_stopped_at is not None
    assert old.execution_stopped_at - w.start - deregistered == pytest.approx(32.0)


def test_an_unhealthy_target_is_replaced_once_its_grace_period_is_over() -> None:
    w = world(f"desired = 1\n{BALANCED}", image('run = "target-unhealthy"'))
    deploy(w)
    w.clock.sleep(200)
    first = min(_new_tasks(w), key=lambda task: float(task["createdAt"]))
    assert first["stopCode"] == "ServiceSchedulerInitiated"
    assert first["stoppedReason"].startswith("Task failed ELB health checks in (target-group arn:aws:")
    at, text = next((at, text) for at, text in events(w) if "is unhealthy in (target-group" in text)
    assert text.startswith("(port 8080) is unhealthy in (target-group ")
    assert at == pytest.approx(first["startedAt"] - w.start + 60.0)


def test_the_first_task_of_a_revision_sets_the_digests_of_all() -> None:
    w = world("desired = 2")
    revision = deploy(w).revision
    assert revision.digests is None
    w.settle()
    assert revision.digests is not None
    assert {task["containers"][0]["imageDigest"] for task in _new_tasks(w)} == set(revision.digests.values())


def test_ec2_tasks_have_no_interface_of_their_own_and_start_later() -> None:
    w = world('desired = 1\nlaunch_type = "EC2"')
    deploy(w)
    (task,) = _new_tasks(w, 60)
    assert task["launchType"] == "EC2"
    assert task["attachments"] == []
    assert task["pullStartedAt"] - task["createdAt"] == pytest.approx(14.5)
    assert ":container-instance/prod/" in task["containerInstanceArn"]


def test_stopped_tasks_stay_visible_for_an_hour() -> None:
    w = world("desired = 1")
    update(w, desiredCount=0)
    w.clock.sleep(3500)
    listing = {"cluster": "prod", "desiredStatus": "STOPPED"}
    assert len(call(w, "ListTasks", **listing)["taskArns"]) == 1
    w.clock.sleep(300)
    assert call(w, "ListTasks", **listing)["taskArns"] == []
