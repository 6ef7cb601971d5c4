"""What was captured on AWS, reproduced: timings, the order of events, and how replies look.

Source of every figure: the captures of us-east-1, Fargate 1.4.0, September 2026, that the project
https://github.com/radkawar/stackd publishes under `testdata/aws/ecs`. The service there has one subnet, no load
balancer, no health check and no alarm. A model's figure may lie a second outside the captured range.
"""

import re
from itertools import pairwise
from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.unit.sim.builders import call, deploy, described, events, register, seconds, the_service, update, world

SLACK = 1.0
AT_ONCE = "deployment = { minimum_healthy_percent = 0 }"
FULL = "deployment = { minimum_healthy_percent = 0, maximum_percent = 100 }"
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}


def _near(value: float, least: float, most: float) -> bool:
    return least - SLACK <= value <= most + SLACK


def _task(w: World, *, stopped: bool = False) -> dict[str, Any]:
    """The newest task of the service, as DescribeTasks has it."""
    status = "STOPPED" if stopped else "RUNNING"
    arns = call(w, "ListTasks", cluster="prod", serviceName="web", desiredStatus=status)["taskArns"]
    task: dict[str, Any] = call(w, "DescribeTasks", cluster="prod", tasks=arns[-1:])["tasks"][0]
    return task


def _started(w: World) -> dict[str, Any]:
    """A task that a service scaled from nothing has brought up."""
    update(w, desiredCount=1)
    w.clock.sleep(60)
    return _task(w)


def test_a_task_comes_up_in_the_captured_steps() -> None:
    """Created 0; network 3.9-5.1; pull 11.1-11.4 to 20.2-21.5; RUNNING 20.7-22.2."""
    task = _started(world("desired = 0"))
    born = task["createdAt"]
    assert _near(task["connectivityAt"] - born, 3.9, 5.1)
    assert _near(task["pullStartedAt"] - born, 11.1, 11.4)
    assert _near(task["pullStoppedAt"] - born, 20.2, 21.5)
    assert _near(task["startedAt"] - born, 20.7, 22.2)


def test_a_task_goes_down_in_the_captured_steps() -> None:
    """Its process ends 1.4-2.0 after the stop, and it is STOPPED 25.3-25.9 after it."""
    w = world("desired = 1")
    update(w, desiredCount=0)
    w.clock.sleep(60)
    task = _task(w, stopped=True)
    assert _near(task["executionStoppedAt"] - task["stoppingAt"], 1.4, 2.0)
    assert _near(task["stoppedAt"] - task["stoppingAt"], 25.3, 25.9)


def test_a_task_that_never_pulled_is_gone_sooner_and_has_nothing_to_tell_of_it() -> None:
    """STOPPED 16.4 after the stop."""
    w = world("desired = 0")
    update(w, desiredCount=1)
    w.clock.sleep(8)
    update(w, desiredCount=0)
    w.clock.sleep(60)
    task = _task(w, stopped=True)
    assert _near(task["stoppedAt"] - task["stoppingAt"], 16.4, 16.4)
    assert not {"pullStartedAt", "pullStoppedAt", "startedAt"} & task.keys()
    assert not {"exitCode", "imageDigest"} & task["containers"][0].keys()


def test_a_raised_count_starts_a_task_five_seconds_after_the_call() -> None:
    w = world("desired = 0")
    called = w.clock.time()
    assert _near(_started(w)["createdAt"] - called, 5, 5)


def test_the_scheduler_acts_every_nine_seconds_at_most() -> None:
    """Captured spacing: 8.6-9.5."""
    w = world("desired = 0")
    for count in (1, 2, 3, 4):
        update(w, desiredCount=count)
        w.clock.sleep(9)
    starts = [at for at, text in events(w) if text.startswith("has started")]
    assert all(_near(after - before, 8.6, 9.5) for before, after in pairwise(starts))


def test_a_deployment_is_complete_seven_seconds_after_running_and_steady_a_millisecond_later() -> None:
    """At minimumHealthyPercent 0: 6.8 s."""
    w = world(f"desired = 1\n{AT_ONCE}")
    deployment = deploy(w)
    w.settle()
    (completed, first), (steady, second) = events(w)[-2:]
    assert (first, second) == (f"(deployment {deployment.id}) deployment completed.", "has reached a steady state.")
    started = deployment.tasks[0].started_at or 0
    assert _near(w.start + completed - started, 6.8, 6.8)
    assert steady - completed == pytest.approx(0.001, abs=1e-4)


def test_a_scale_out_is_steady_soon_after_its_task_runs() -> None:
    """8.5 s after RUNNING; the look that finds it comes with the scheduler's own beat."""
    w = world("desired = 1")
    update(w, desiredCount=2)
    w.clock.sleep(60)
    steady = next(at for at, text in events(w) if text == "has reached a steady state.")
    assert _near(w.start + steady - _task(w)["startedAt"], 6.8, 9.5)


def test_a_scale_in_is_steady_before_its_tasks_are_stopped() -> None:
    """10 s after the stop; the tasks are STOPPED 25 s after it."""
    w = world("desired = 2")
    update(w, desiredCount=1)
    w.clock.sleep(60)
    stopped, steady = (at for at, _ in events(w))
    task = _task(w, stopped=True)
    assert _near(steady - stopped, 9, 10)
    assert w.start + steady < task["stoppedAt"]


def test_a_deployment_of_nothing_takes_a_while_all_the_same() -> None:
    """14.9 and 19.6 s at desiredCount 0."""
    w = world("desired = 0")
    deploy(w)
    w.settle()
    assert _near(seconds(w), 14.9, 19.6)


def test_at_a_maximum_of_100_a_replacement_waits_until_the_old_task_is_stopped() -> None:
    """Created 2.8 s after the old task was STOPPED, 28 s after StopTask: tasks that stop take a place."""
    w = world(f"desired = 1\n{FULL}")
    w.clock.sleep(60)
    old = _task(w)["taskArn"]
    called = w.clock.time()
    call(w, "StopTask", cluster="prod", task=old)
    w.clock.sleep(60)
    stopped = call(w, "DescribeTasks", cluster="prod", tasks=[old])["tasks"][0]["stoppedAt"]
    born = _task(w)["createdAt"]
    assert 0 <= born - stopped <= 9.5
    assert 25 <= born - called <= 36


def test_the_reply_to_stop_task_wants_it_stopped_while_it_still_runs() -> None:
    w = world("desired = 1")
    reply = call(w, "StopTask", cluster="prod", task=_task(w)["taskArn"], reason="enough")["task"]
    assert (reply["desiredStatus"], reply["lastStatus"]) == ("STOPPED", "RUNNING")
    assert (reply["stopCode"], reply["stoppedReason"]) == ("UserInitiated", "enough")
    service = described(w)
    assert service["runningCount"] == 0


def test_a_task_looks_as_captured() -> None:
    w = world("desired = 0")
    task = _started(w)
    deployment = described(w)["deployments"][0]["id"]
    assert (task["version"], task["startedBy"], task["group"]) == (3, deployment, "service:web")
    assert task["healthStatus"] == "UNKNOWN"
    assert re.fullmatch(task["taskArn"].rpartition("/")[2] + r"-\d+", task["containers"][0]["runtimeId"])
    assert task["attachments"][0]["status"] == "ATTACHED"
    update(w, desiredCount=0)
    w.clock.sleep(60)
    stopped = _task(w, stopped=True)
    assert (stopped["version"], stopped["attachments"][0]["status"]) == (6, "DELETED")


def test_the_service_shows_a_new_count_at_once_and_its_deployment_with_the_next_look() -> None:
    w = world("desired = 1")
    reply = update(w, desiredCount=3)
    assert (reply["desiredCount"], reply["deployments"][0]["desiredCount"]) == (3, 1)
    w.clock.sleep(10)
    assert described(w)["deployments"][0]["desiredCount"] == 3


def test_a_count_raised_right_after_an_update_may_start_a_task_of_the_former_revision() -> None:
    """Seen twice within 2-10 s of a new deployment; it was stopped 9-18 s later, still pending."""
    w = world("desired = 1")
    w.stale_views = True
    former = the_service(w).definition
    deploy(w)
    w.clock.sleep(3)
    update(w, desiredCount=2)
    w.clock.sleep(60)
    tasks = w.region.clusters["prod"].tasks.values()
    (stale,) = (task for task in tasks if task.definition is former and task.created_at > w.start)
    assert _near((stale.stopping_at or 0) - stale.created_at, 9, 18)
    assert "stopped 1 pending tasks." in [text for _, text in events(w)]


def test_the_new_deployment_comes_first_and_the_old_one_is_dated_by_it() -> None:
    w = world("desired = 1")
    deploy(w)
    service = described(w)
    new, old = service["deployments"]
    assert (new["status"], new["rolloutState"]) == ("PRIMARY", "IN_PROGRESS")
    assert (old["status"], old["rolloutState"], old["updatedAt"]) == ("ACTIVE", "COMPLETED", new["createdAt"])
    suffixes = [revision["arn"].rpartition("/")[2] for revision in service["currentServiceRevisions"]]
    assert suffixes == [deployment["id"].removeprefix("ecs-svc/") for deployment in (new, old)]


def test_a_rollout_says_its_state_in_aws_s_sentences() -> None:
    w = world("desired = 1")
    deployment = deploy(w).id
    assert described(w)["deployments"][0]["rolloutStateReason"] == f"ECS deployment {deployment} in progress."
    w.settle()
    assert described(w)["deployments"][0]["rolloutStateReason"] == f"ECS deployment {deployment} completed."


def test_the_service_deployment_is_attached_after_the_reply() -> None:
    w = world("desired = 1")
    reply = update(w, forceNewDeployment=True)
    assert "currentServiceDeployment" not in reply
    w.clock.sleep(5)
    listed = call(w, "ListServiceDeployments", cluster="prod", service="web")["serviceDeployments"]
    assert described(w)["currentServiceDeployment"] == listed[0]["serviceDeploymentArn"]


def test_the_service_says_latest_where_its_deployment_says_the_version() -> None:
    service = described(world("desired = 1"))
    assert (service["platformVersion"], service["deployments"][0]["platformVersion"]) == ("LATEST", "1.4.0")


def test_parts_of_the_breaker_survive_an_update_that_leaves_them_out() -> None:
    w = world("desired = 1")
    breaker = {"enable": True, "rollback": True, "thresholdConfiguration": {"type": "COUNT", "value": 7}}
    update(w, deploymentConfiguration={"deploymentCircuitBreaker": breaker})
    kept = {"enable": False, "rollback": True}
    service = update(w, deploymentConfiguration={"deploymentCircuitBreaker": kept})
    assert service["deploymentConfiguration"]["deploymentCircuitBreaker"] == {
        "enable": False,
        "rollback": False,
        "resetOnHealthyTask": True,
        "thresholdConfiguration": {"type": "COUNT", "value": 7},
    }


def test_digests_are_known_once_a_task_ran() -> None:
    w = world("desired = 1")
    deploy(w)
    w.clock.sleep(3)
    assert "imageDigest" not in _image(w)
    w.settle()
    assert _image(w)["imageDigest"].startswith("sha256:")


def _image(w: World) -> dict[str, str]:
    listed = call(w, "ListServiceDeployments", cluster="prod", service="web")["serviceDeployments"]
    arns = [listed[0]["targetServiceRevisionArn"]]
    (revision,) = call(w, "DescribeServiceRevisions", serviceRevisionArns=arns)["serviceRevisions"]
    return dict((revision.get("containerImages") or [{}])[0])


def test_a_deleted_service_drains_out_of_sight_and_may_be_deleted_again() -> None:
    w = world("desired = 0")
    reply = call(w, "DeleteService", cluster="prod", service="web")["service"]
    assert (reply["status"], reply["desiredCount"]) == ("DRAINING", 0)
    assert reply["deploymentConfiguration"] == {
        "deploymentCircuitBreaker": {"enable": False, "rollback": False},
        "maximumPercent": 200,
        "minimumHealthyPercent": 100,
        "strategy": "ROLLING",
    }
    assert "currentServiceRevisions" not in reply
    assert call(w, "ListServices", cluster="prod")["serviceArns"] == []
    assert described(w)["status"] == "DRAINING"
    assert call(w, "DeleteService", cluster="prod", service="web")["service"]["status"] == "DRAINING"
    w.clock.sleep(15)
    assert described(w)["status"] == "INACTIVE"


def test_a_service_without_a_launch_type_runs_on_ec2() -> None:
    w = world("desired = 0")
    containers = [{"name": "app", "image": "a.example.com/x:1", "memory": 128}]
    call(w, "RegisterTaskDefinition", family="plain", containerDefinitions=containers)
    service = call(w, "CreateService", cluster="prod", serviceName="plain", taskDefinition="plain", desiredCount=0)[
        "service"
    ]
    assert service["launchType"] == "EC2"
    assert "roleArn" not in service
    assert "roleArn" in described(w)


@pytest.mark.parametrize(("maximum", "said"), [(None, "ENABLED"), (101, "ENABLED"), (100, "DISABLED")])
def test_zones_are_rebalanced_unless_the_maximum_forbids_it(maximum: int | None, said: str) -> None:
    w = world("desired = 0")
    configuration = {} if maximum is None else {"deploymentConfiguration": {"maximumPercent": maximum}}
    request = {"serviceName": "new", "taskDefinition": "web", "desiredCount": 0, "networkConfiguration": NETWORK}
    made = call(w, "CreateService", cluster="prod", launchType="FARGATE", **request, **configuration)["service"]
    assert made["availabilityZoneRebalancing"] == said


def test_a_definition_that_was_deregistered_says_when_only_later() -> None:
    w = world("desired = 1")
    arn = register(w)
    assert "deregisteredAt" not in call(w, "DeregisterTaskDefinition", taskDefinition=arn)["taskDefinition"]
    assert "deregisteredAt" in call(w, "DescribeTaskDefinition", taskDefinition=arn)["taskDefinition"]


def test_a_page_of_definitions_ends_in_a_token_that_names_the_last_one() -> None:
    w = world("desired = 1")
    register(w)
    assert call(w, "ListTaskDefinitions", familyPrefix="web", maxResults=1)["nextToken"] == "web::0000000001"
