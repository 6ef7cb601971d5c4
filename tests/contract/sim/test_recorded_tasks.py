"""A task that runs by itself on Fargate, as AWS's recorded answers have it, member by member: none more, none less.

Source: the recording `execution.json` of us-east-1, September 2026, that https://github.com/radkawar/stackd publishes
under `testdata/aws/ecs`. Names and numbers are ours; `Like` stands for what differs from run to run.
"""

from typing import Any

from ecsdeploy.sim import World
from tests.contract.sim.test_recordings import NETWORK, PREFIX, WHEN, Like
from tests.unit.sim.builders import call, world

IMAGE = "registry.example.com/team/jobs:1"
NAMES = ("init", "main", "beside")
HELD = {"name": "main", "environment": [{"name": "HOLD_SECONDS", "value": "180"}]}
TASK = Like(f"{PREFIX}:task/prod/[0-9a-f]{{32}}")
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
DRAWN = {"name": "subnetId", "value": "subnet-0a1b2c3d4e5f60718"}


def _run() -> tuple[World, dict[str, Any]]:
    """A world with a task of three containers, and the reply that started it."""
    w = world("desired = 0")
    containers = [{"name": each, "image": IMAGE, "essential": each == "main"} for each in NAMES]
    fits = {"networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512"}
    call(w, "RegisterTaskDefinition", family="job", containerDefinitions=containers, **fits)
    asked = {"taskDefinition": "job", "launchType": "FARGATE", "networkConfiguration": NETWORK, "startedBy": "me"}
    tags, overrides = [{"key": "probe", "value": "1"}], {"containerOverrides": [HELD]}
    reply = call(w, "RunTask", cluster="prod", **asked, tags=tags, overrides=overrides)
    return w, reply


def _described(w: World, arn: str) -> dict[str, Any]:
    (task,) = call(w, "DescribeTasks", cluster="prod", tasks=[arn], include=["TAGS"])["tasks"]
    assert isinstance(task, dict)
    return task


def _container(name: str, **members: object) -> dict[str, object]:
    return {
        "containerArn": Like(f"{PREFIX}:container/prod/[0-9a-f]{{32}}/{UUID}"),
        "taskArn": TASK,
        "name": name,
        "image": IMAGE,
        "cpu": "0",
        **members,
    }


def _task(containers: list[dict[str, object]], **members: object) -> dict[str, object]:
    return {
        "taskArn": TASK,
        "taskDefinitionArn": f"{PREFIX}:task-definition/job:1",
        "clusterArn": f"{PREFIX}:cluster/prod",
        "attributes": [{"name": "ecs.cpu-architecture", "value": "x86_64"}],
        "availabilityZone": "us-east-1a",
        "containers": containers,
        "cpu": "256",
        "memory": "512",
        "createdAt": WHEN,
        "enableExecuteCommand": False,
        "group": "family:job",
        "launchType": "FARGATE",
        "overrides": {
            "containerOverrides": [{"name": "init"}, HELD, {"name": "beside"}],
            "inferenceAcceleratorOverrides": [],
        },
        "platformVersion": "1.4.0",
        "platformFamily": "Linux",
        "startedBy": "me",
        "tags": [{"key": "probe", "value": "1"}],
        "ephemeralStorage": {"sizeInGiB": 20},
        "fargateEphemeralStorage": {"sizeInGiB": 20},
        **members,
    }


def _attachment(status: str, *details: dict[str, object]) -> list[dict[str, object]]:
    return [
        {"id": Like(UUID), "type": "ElasticNetworkInterface", "status": status, "details": [{**DRAWN}, *details]},
    ]


NEW = {"lastStatus": "PROVISIONING", "desiredStatus": "RUNNING", "version": 1, "attachments": _attachment("PRECREATED")}


def test_w10_the_reply_that_starts_a_task_says_nothing_of_its_health() -> None:
    _, reply = _run()
    pending = [_container(each, lastStatus="PENDING", networkInterfaces=[]) for each in NAMES]
    assert reply == {"tasks": [_task(pending, **NEW)], "failures": []}


def test_w10_a_task_that_is_provisioned_has_interfaces_to_come_and_no_bindings() -> None:
    w, reply = _run()
    pending = [_container(each, lastStatus="PENDING", networkInterfaces=[], healthStatus="UNKNOWN") for each in NAMES]
    assert _described(w, reply["tasks"][0]["taskArn"]) == _task(pending, healthStatus="UNKNOWN", **NEW)


def test_w10_a_task_that_has_ended_tells_all_its_times() -> None:
    w, reply = _run()
    w.clock.sleep(300)
    interface = {"attachmentId": Like(UUID), "privateIpv4Address": Like(r"10(\.\d+){3}")}
    ended = [
        _container(
            each,
            lastStatus="STOPPED",
            healthStatus="UNKNOWN",
            imageDigest=Like("sha256:[0-9a-f]{64}"),
            runtimeId=Like(r"[0-9a-f]{32}-\d{10}"),
            exitCode=WHEN,
            networkBindings=[],
            networkInterfaces=[interface],
        )
        for each in NAMES
    ]
    made = {"networkInterfaceId", "macAddress", "privateIPv4Address", "privateDnsName"}
    names = ("connectivityAt", "pullStartedAt", "pullStoppedAt", "startedAt", "executionStoppedAt", "stoppingAt")
    told = _described(w, reply["tasks"][0]["taskArn"])
    (attachment,) = told.pop("attachments")
    assert attachment["status"] == "DELETED"
    # The recorded network has no DNS names.
    assert {each["name"] for each in attachment["details"]} == made | {"subnetId"}
    assert told == _task(
        ended,
        **dict.fromkeys((*names, "stoppedAt"), WHEN),
        connectivity="CONNECTED",
        healthStatus="UNKNOWN",
        lastStatus="STOPPED",
        desiredStatus="STOPPED",
        stopCode="EssentialContainerExited",
        stoppedReason="Essential container in task exited",
        version=6,
    )
