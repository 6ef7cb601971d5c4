"""The account's token buckets, and how fast Fargate starts tasks."""

import pytest

from ecsdeploy.sim import World
from ecsdeploy.sim.ground.buckets import Bucket, Buckets
from tests.unit.sim.builders import Refused, call, deploy, described, events, register, the_service, update, world

LIMITED = "[limits]\nthrottle = true"
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}


def _calls_until_throttled(w: World, operation: str, **members: object) -> int:
    before = len(w.calls)
    with pytest.raises(Refused, match="ThrottlingException: Rate exceeded"):
        _call_for_ever(w, operation, members)
    return len(w.calls) - before - 1


def _call_for_ever(w: World, operation: str, members: dict[str, object]) -> None:
    for _ in range(1000):
        call(w, operation, **members)


@pytest.mark.parametrize(
    ("operation", "members", "burst"),
    [
        ("DescribeServices", {"cluster": "prod", "services": ["web"]}, 100),
        ("DescribeTaskDefinition", {"taskDefinition": "web"}, 50),
        ("ListTasks", {"cluster": "prod"}, 100),
        ("UpdateService", {"cluster": "prod", "service": "web", "desiredCount": 1}, 50),
        ("ListServiceDeployments", {"cluster": "prod", "service": "web"}, 50),
        ("DeleteTaskDefinitions", {"taskDefinitions": ["web:1"]}, 5),
        ("ListServicesByNamespace", {"namespace": "x"}, 10),
        ("CreateCluster", {"clusterName": "x"}, 20),
    ],
)
def test_a_burst_is_answered_and_the_call_after_it_throttled(
    operation: str, members: dict[str, object], burst: int
) -> None:
    assert _calls_until_throttled(world("desired = 1", LIMITED), operation, **members) == burst


def test_operations_of_one_bucket_drain_it_together() -> None:
    w = world("desired = 1", LIMITED)
    for _ in range(10):
        call(w, "DeregisterTaskDefinition", taskDefinition=register_one(w))
    with pytest.raises(Refused, match="ThrottlingException"):
        register_one(w)


def register_one(w: World) -> str:
    container = {"name": "app", "image": "x", "memory": 128}
    reply = call(w, "RegisterTaskDefinition", family="job", containerDefinitions=[container])
    arn: str = reply["taskDefinition"]["taskDefinitionArn"]
    return arn


def test_a_bucket_refills_at_its_rate_and_no_further_than_its_burst() -> None:
    w = world("desired = 1", LIMITED)
    assert _calls_until_throttled(w, "DescribeTaskDefinition", taskDefinition="web") == 50
    w.clock.sleep(0.5)
    assert _calls_until_throttled(w, "DescribeTaskDefinition", taskDefinition="web") == 10
    w.clock.sleep(3600)
    assert _calls_until_throttled(w, "DescribeTaskDefinition", taskDefinition="web") == 50


def test_stopping_a_deployment_is_in_no_bucket() -> None:
    buckets = Buckets(0.0)
    assert all(buckets.allow("StopServiceDeployment", 0.0) for _ in range(1000))


def test_nothing_is_throttled_unless_the_scenario_says_so() -> None:
    w = world("desired = 1")
    for _ in range(300):
        described(w)


def test_a_throttled_call_changes_nothing_and_is_recorded() -> None:
    w = world("desired = 1", LIMITED)
    before = _calls_until_throttled(w, "UpdateService", cluster="prod", service="web", desiredCount=1)
    with pytest.raises(Refused, match="ThrottlingException"):
        update(w, desiredCount=7)
    assert the_service(w).desired == 1
    assert [record.error for record in w.calls[before:]] == ["ThrottlingException"] * 2


def test_a_bucket_gives_what_it_has() -> None:
    bucket = Bucket(burst=3, rate=1, tokens=3, since=0.0)
    assert [bucket.take(0.0, 2), bucket.take(0.0, 2), bucket.take(0.0, 2), bucket.take(1.5, 2)] == [2, 1, 0, 1]


def test_fargate_starts_a_hundred_tasks_at_once_and_then_twenty_a_second() -> None:
    w = world("desired = 150", LIMITED)
    deploy(w)
    w.clock.sleep(6)
    assert len(the_service(w).primary.tasks) == 100
    assert "operations are being throttled. Will try again later." in [text for _, text in events(w)]
    w.clock.sleep(10)
    assert len(the_service(w).primary.tasks) == 150


def test_run_task_is_throttled_when_fargate_s_launches_are_used_up() -> None:
    w = world("desired = 1", LIMITED)
    run = {"cluster": "prod", "taskDefinition": "web:1", "networkConfiguration": NETWORK, "launchType": "FARGATE"}
    for _ in range(10):
        assert len(call(w, "RunTask", count=10, **run)["tasks"]) == 10
    with pytest.raises(Refused, match="Rate exceeded"):
        call(w, "RunTask", count=10, **run)
    w.clock.sleep(0.25)
    reply = call(w, "RunTask", count=10, **run)
    assert (len(reply["tasks"]), len(reply["failures"])) == (5, 5)


def test_a_deployment_goes_on_while_its_watcher_is_throttled() -> None:
    w = world("desired = 2", LIMITED)
    update(w, taskDefinition=register(w))
    _calls_until_throttled(w, "DescribeServices", cluster="prod", services=["web"])
    w.settle()
    assert the_service(w).primary.rollout_state == "COMPLETED"
