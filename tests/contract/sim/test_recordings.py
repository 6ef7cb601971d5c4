"""Answers of AWS that were recorded, held against the simulator's member by member: none more, none less.

Source: the recordings of us-east-1, September 2026, that the project https://github.com/radkawar/stackd publishes under
`testdata/aws/ecs`. Names and numbers are ours; `Like` stands for what differs from run to run.
"""

import re
from typing import Any

import pytest

from ecsdeploy.sim import World
from ecsdeploy.sim.ground.ids import CALLER
from tests.contract.sim.clients import connect
from tests.unit.sim.builders import Refused, call, deploy, the_service, update, world

PREFIX = "arn:aws:ecs:us-east-1:123456789012"
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-0a1b2c3d4e5f60718"]}}


class Like:
    """Equal to every text of that form, or to every number where there is none."""

    def __init__(self, form: str = "") -> None:
        self._form = form

    def __eq__(self, other: object) -> bool:
        return bool(re.fullmatch(self._form, str(other))) if self._form else isinstance(other, float | int)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Like({self._form})"


WHEN = Like()
ROLLING = {
    "deploymentCircuitBreaker": {
        "enable": False,
        "rollback": False,
        "resetOnHealthyTask": True,
        "thresholdConfiguration": {"type": "BOUNDED_PERCENT", "value": 50},
    },
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "strategy": "ROLLING",
    "bakeTimeInMinutes": 0,
}


def _zero() -> tuple[World, dict[str, Any]]:
    """A world with the service `zero` on EC2, which wants no task, and the reply of its creation."""
    w = world("desired = 1")
    container = {"name": "never-run", "image": "registry.example.com/busybox:latest", "memory": 128, "essential": True}
    call(w, "RegisterTaskDefinition", family="zero", networkMode="bridge", containerDefinitions=[container])
    asked = {"serviceName": "zero", "taskDefinition": f"{PREFIX}:task-definition/zero:1", "launchType": "EC2"}
    return w, call(w, "CreateService", cluster="prod", desiredCount=0, **asked)["service"]


def test_w10_a_definition_that_asks_for_nothing_has_no_attributes() -> None:
    w, _ = _zero()
    assert call(w, "DescribeTaskDefinition", taskDefinition="zero")["taskDefinition"] == {
        "taskDefinitionArn": f"{PREFIX}:task-definition/zero:1",
        "containerDefinitions": [
            {
                "name": "never-run",
                "image": "registry.example.com/busybox:latest",
                "cpu": 0,
                "memory": 128,
                "portMappings": [],
                "essential": True,
                "environment": [],
                "mountPoints": [],
                "volumesFrom": [],
                "systemControls": [],
            }
        ],
        "family": "zero",
        "networkMode": "bridge",
        "revision": 1,
        "volumes": [],
        "status": "ACTIVE",
        "placementConstraints": [],
        "compatibilities": ["EXTERNAL", "EC2"],
        "registeredAt": WHEN,
        "registeredBy": CALLER,
    }


def test_w10_a_definition_for_fargate_lists_what_it_needs() -> None:
    w = world("desired = 1")
    container = {"name": "sleeper", "image": f"registry.example.com/python@sha256:{'0' * 64}", "stopTimeout": 10}
    sizes = {"networkMode": "awsvpc", "cpu": "256", "memory": "512", "requiresCompatibilities": ["FARGATE"]}
    reply = call(w, "RegisterTaskDefinition", family="f", containerDefinitions=[container], **sizes)["taskDefinition"]
    assert [each["name"] for each in reply["requiresAttributes"]] == [
        "com.amazonaws.ecs.capability.docker-remote-api.1.21",
        "ecs.capability.container-ordering",
        "com.amazonaws.ecs.capability.docker-remote-api.1.18",
        "ecs.capability.task-eni",
    ]
    assert reply["compatibilities"] == ["EC2", "FARGATE", "MANAGED_INSTANCES"]


@pytest.mark.parametrize(("timeout", "fargate"), [(120, True), (121, False)])
def test_w10_a_long_stop_timeout_keeps_a_definition_off_fargate(timeout: int, fargate: bool) -> None:
    container = {"name": "app", "image": "x", "stopTimeout": timeout}
    asked = {"family": "f", "networkMode": "awsvpc", "cpu": "256", "memory": "512", "containerDefinitions": [container]}
    reply = call(world(), "RegisterTaskDefinition", **asked)["taskDefinition"]
    assert ("FARGATE" in reply["compatibilities"]) is fargate


@pytest.mark.parametrize("timeout", [-1, 0, 1])
def test_w10_a_start_timeout_is_at_least_two_seconds(timeout: int) -> None:
    container = {"name": "app", "image": "x", "memory": 64, "startTimeout": timeout}
    with pytest.raises(Refused, match="ClientException"):
        call(world(), "RegisterTaskDefinition", family="f", containerDefinitions=[container])


def test_w10_a_new_service_on_ec2_is_echoed_so() -> None:
    _, reply = _zero()
    number = reply["deployments"][0]["id"].rpartition("/")[2]
    assert reply == {
        "serviceArn": f"{PREFIX}:service/prod/zero",
        "serviceName": "zero",
        "clusterArn": f"{PREFIX}:cluster/prod",
        "loadBalancers": [],
        "serviceRegistries": [],
        "status": "ACTIVE",
        "desiredCount": 0,
        "runningCount": 0,
        "pendingCount": 0,
        "launchType": "EC2",
        "taskDefinition": f"{PREFIX}:task-definition/zero:1",
        "deploymentConfiguration": ROLLING,
        "deployments": [
            {
                "id": Like(r"ecs-svc/\d{19}"),
                "status": "PRIMARY",
                "taskDefinition": f"{PREFIX}:task-definition/zero:1",
                "desiredCount": 0,
                "pendingCount": 0,
                "runningCount": 0,
                "failedTasks": 0,
                "createdAt": WHEN,
                "updatedAt": WHEN,
                "launchType": "EC2",
                "rolloutState": "IN_PROGRESS",
                "rolloutStateReason": f"ECS deployment ecs-svc/{number} in progress.",
            }
        ],
        "events": [],
        "createdAt": WHEN,
        "currentServiceRevisions": [
            {
                "arn": f"{PREFIX}:service-revision/prod/zero/{number}",
                "requestedTaskCount": 0,
                "runningTaskCount": 0,
                "pendingTaskCount": 0,
            }
        ],
        "placementConstraints": [],
        "placementStrategy": [],
        "healthCheckGracePeriodSeconds": 0,
        "schedulingStrategy": "REPLICA",
        "deploymentController": {"type": "ECS"},
        "createdBy": CALLER,
        "enableECSManagedTags": False,
        "propagateTags": "NONE",
        "enableExecuteCommand": False,
        "availabilityZoneRebalancing": "ENABLED",
        "resourceManagementType": "CUSTOMER",
    }


def test_w10_the_first_revision_of_a_service_on_ec2_has_no_empty_lists_and_the_next_one_has() -> None:
    w, reply = _zero()
    first = reply["currentServiceRevisions"][0]["arn"]
    assert call(w, "DescribeServiceRevisions", serviceRevisionArns=[first]) == {
        "serviceRevisions": [
            {
                "serviceRevisionArn": first,
                "serviceArn": f"{PREFIX}:service/prod/zero",
                "clusterArn": f"{PREFIX}:cluster/prod",
                "taskDefinition": f"{PREFIX}:task-definition/zero:1",
                "launchType": "EC2",
                "containerImages": [{"containerName": "never-run", "image": "registry.example.com/busybox:latest"}],
                "guardDutyEnabled": False,
                "createdAt": WHEN,
            }
        ],
        "failures": [],
    }
    updated = call(w, "UpdateService", cluster="prod", service="zero", forceNewDeployment=True)["service"]
    arns = [updated["currentServiceRevisions"][0]["arn"]]
    (second,) = call(w, "DescribeServiceRevisions", serviceRevisionArns=arns)["serviceRevisions"]
    assert (second["loadBalancers"], second["serviceRegistries"]) == ([], [])


REVISION = f"{PREFIX}:service-revision/prod/zero/"
REVISION_ERRORS = {
    "not-an-arn": "InvalidParameterException: The Service ARN provided is invalid.",
    f"{REVISION}abc": "InvalidParameterException: The ServiceRevision ARN is invalid.",
    f"{REVISION}1".replace("us-east-1", "us-west-2"): "InvalidParameterException: The ServiceRevision ARN is invalid.",
    f"{REVISION}1".replace("123456789012", "999000999000"): "The ServiceRevision ARN is invalid.",
    f"{REVISION}1".replace("/zero/", "/absent/"): "ServiceNotFoundException: Service not found.",
    f"{REVISION}1".replace("/prod/", "/absent/"): "ClusterNotFoundException: Cluster not found.",
}


@pytest.mark.parametrize("asked", REVISION_ERRORS)
def test_w10_a_revision_that_cannot_be_is_refused_by_what_is_wrong(asked: str) -> None:
    w, _ = _zero()
    with pytest.raises(Refused, match=REVISION_ERRORS[asked]):
        call(w, "DescribeServiceRevisions", serviceRevisionArns=[asked])


def test_w10_a_revision_asked_for_twice_is_a_fault_if_it_is_there_and_missing_twice_if_not() -> None:
    w, reply = _zero()
    missing = {"arn": f"{REVISION}1", "reason": "MISSING"}
    twice = call(w, "DescribeServiceRevisions", serviceRevisionArns=[f"{REVISION}1"] * 2)
    assert twice == {"serviceRevisions": [], "failures": [missing, missing]}
    with pytest.raises(Refused, match="ServerException: Service Unavailable"):
        call(w, "DescribeServiceRevisions", serviceRevisionArns=[reply["currentServiceRevisions"][0]["arn"]] * 2)


def test_w10_who_calls_is_who_registers_and_creates() -> None:
    w, reply = _zero()
    assert connect(w, "sts").get_caller_identity()["Arn"] == reply["createdBy"] == CALLER


def test_w10_the_network_interface_of_a_task_takes_shape() -> None:
    w = world("desired = 0")
    update(w, desiredCount=1)
    w.clock.sleep(6)
    (arn,) = call(w, "ListTasks", cluster="prod")["taskArns"]
    seen = []
    for _ in range(2):
        task = call(w, "DescribeTasks", cluster="prod", tasks=[arn])["tasks"][0]
        attachment = task["attachments"][0]
        seen.append((attachment["status"], {each["name"]: each["value"] for each in attachment["details"]}))
        assert task["fargateEphemeralStorage"] == {"sizeInGiB": 20}
        w.clock.sleep(30)
    subnet = {"subnetId": "subnet-0a1b2c3d4e5f60718"}
    assert seen[0] == ("PRECREATED", subnet)
    assert seen[1] == (
        "ATTACHED",
        {
            **subnet,
            "networkInterfaceId": Like(r"eni-[0-9a-f]{17}"),
            "macAddress": Like(r"0a(:[0-9a-f]{2}){5}"),
            "privateDnsName": Like(r"ip-10-\d+-\d+-\d+\.ec2\.internal"),
            "privateIPv4Address": Like(r"10(\.\d+){3}"),
        },
    )


def test_w10_a_task_counts_its_versions() -> None:
    w = world("desired = 1")
    (arn,) = call(w, "ListTasks", cluster="prod")["taskArns"]
    assert call(w, "DescribeTasks", cluster="prod", tasks=[arn])["tasks"][0]["version"] == 3
    assert call(w, "StopTask", cluster="prod", task=arn)["task"]["version"] == 4
    w.clock.sleep(60)
    assert call(w, "DescribeTasks", cluster="prod", tasks=[arn])["tasks"][0]["version"] == 6


def test_w10_tasks_are_listed_in_the_order_of_their_ids() -> None:
    w = world("desired = 5")
    deploy(w)
    w.clock.sleep(20)
    arns = call(w, "ListTasks", cluster="prod")["taskArns"]
    assert len(arns) == 10
    assert arns == sorted(arns)


def test_w10_a_task_that_says_not_where_runs_on_ec2() -> None:
    w = world("desired = 1")
    asked: dict[str, Any] = {"cluster": "prod", "taskDefinition": "web"}
    (task,) = call(w, "RunTask", **asked, networkConfiguration=NETWORK)["tasks"]
    assert task["launchType"] == "EC2"
    public = {"awsvpcConfiguration": {**NETWORK["awsvpcConfiguration"], "assignPublicIp": "ENABLED"}}
    with pytest.raises(Refused, match="Assign public IP is not supported"):
        call(w, "RunTask", **asked, networkConfiguration=public)


def test_w10_tasks_are_listed_by_who_started_them_and_their_status() -> None:
    w = world("desired = 1")
    asked: dict[str, Any] = {"cluster": "prod", "startedBy": "airflow"}
    (task,) = call(w, "RunTask", taskDefinition="web", networkConfiguration=NETWORK, **asked)["tasks"]
    assert call(w, "ListTasks", desiredStatus="RUNNING", **asked)["taskArns"] == [task["taskArn"]]
    assert call(w, "ListTasks", desiredStatus="STOPPED", **asked)["taskArns"] == []


def test_w10_a_daemon_on_fargate_misses_its_network_first() -> None:
    w = world()
    asked = {"cluster": "prod", "serviceName": "d", "taskDefinition": the_service(w).definition.arn}
    with pytest.raises(Refused, match="Network Configuration must be provided"):
        call(w, "CreateService", **asked, schedulingStrategy="DAEMON", launchType="FARGATE", desiredCount=1)


def test_w10_blue_green_says_how_long_it_bakes() -> None:
    w = world("desired = 1")
    with pytest.raises(Refused, match="bakeTimeInMinutes is required"):
        update(w, deploymentConfiguration={"strategy": "BLUE_GREEN"})
    update(w, deploymentConfiguration={"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0})
