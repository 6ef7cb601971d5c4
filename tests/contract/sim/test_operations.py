"""Every operation that is served, called through botocore so that both directions fit its model."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecsdeploy.sim import World
from ecsdeploy.sim.api.operations import OURS, served
from ecsdeploy.sim.codec.model import operation_of

FARGATE: dict[str, Any] = {
    "networkMode": "awsvpc",
    "cpu": "256",
    "memory": "512",
    "requiresCompatibilities": ["FARGATE"],
    "executionRoleArn": "arn:aws:iam::123456789012:role/x",
}
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
APP = {"name": "app", "image": "registry.example.com/team/job:1"}


def _register(ecs: Any, family: str = "job", **members: Any) -> str:
    reply = ecs.register_task_definition(family=family, containerDefinitions=[APP], **(FARGATE | members))
    arn: str = reply["taskDefinition"]["taskDefinitionArn"]
    return arn


def _deploy(ecs: Any, world: World, tag: str = "2") -> Any:
    definition = ecs.describe_task_definition(taskDefinition="web")["taskDefinition"]
    known = operation_of("ecs", "RegisterTaskDefinition").input_shape.members  # type: ignore[union-attr]
    payload = {name: value for name, value in definition.items() if name in known}
    payload["containerDefinitions"][0]["image"] = f"registry.example.com/team/web:{tag}"
    arn = ecs.register_task_definition(**payload)["taskDefinition"]["taskDefinitionArn"]
    return ecs.update_service(cluster="prod", service="web", taskDefinition=arn)["service"]


def test_every_served_operation_exists_in_the_model() -> None:
    for service in OURS:
        assert [name for name in served(service) if operation_of(service, name) is None] == []


def test_a_definition_comes_back_with_the_defaults_of_aws(ecs: Any) -> None:
    reply = ecs.register_task_definition(
        family="job", containerDefinitions=[APP], tags=[{"key": "team", "value": "a"}], **FARGATE
    )
    definition = reply["taskDefinition"]
    assert definition["revision"] == 1
    assert definition["status"] == "ACTIVE"
    assert definition["compatibilities"] == ["EC2", "FARGATE", "MANAGED_INSTANCES"]
    assert definition["volumes"] == definition["placementConstraints"] == []
    container = definition["containerDefinitions"][0]
    assert (container["cpu"], container["essential"]) == (0, True)
    assert [container[name] for name in ("portMappings", "environment", "mountPoints", "volumesFrom")] == [[]] * 4
    assert reply["tags"] == [{"key": "team", "value": "a"}]


def test_tags_stand_beside_a_definition_and_only_when_asked_for(ecs: Any) -> None:
    _register(ecs, tags=[{"key": "team", "value": "a"}])
    assert "tags" not in ecs.describe_task_definition(taskDefinition="job")
    reply = ecs.describe_task_definition(taskDefinition="job", include=["TAGS"])
    assert reply["tags"] == [{"key": "team", "value": "a"}]
    assert "tags" not in reply["taskDefinition"]


def test_a_family_is_its_newest_active_revision(ecs: Any) -> None:
    first, second = _register(ecs), _register(ecs)
    assert ecs.describe_task_definition(taskDefinition="job")["taskDefinition"]["taskDefinitionArn"] == second
    reply = ecs.deregister_task_definition(taskDefinition="job:2")["taskDefinition"]
    assert reply["status"] == "INACTIVE"
    assert "deregisteredAt" not in reply
    assert ecs.describe_task_definition(taskDefinition="job")["taskDefinition"]["taskDefinitionArn"] == first
    assert "deregisteredAt" in ecs.describe_task_definition(taskDefinition=second)["taskDefinition"]
    assert _register(ecs).endswith(":3")


def test_sizes_with_units_come_back_as_integers(ecs: Any) -> None:
    _register(ecs, cpu="1 vCPU", memory="2 GB")
    definition = ecs.describe_task_definition(taskDefinition="job")["taskDefinition"]
    assert (definition["cpu"], definition["memory"]) == ("1024", "2048")


def test_definitions_and_families_are_listed_and_paged(ecs: Any) -> None:
    arns = [_register(ecs) for _ in range(5)]
    first = ecs.list_task_definitions(familyPrefix="job", maxResults=2)
    assert first["nextToken"] == "job::0000000002"
    pages = ecs.get_paginator("list_task_definitions").paginate(familyPrefix="job", PaginationConfig={"PageSize": 2})
    assert [arn for page in pages for arn in page["taskDefinitionArns"]] == arns
    assert ecs.list_task_definitions(familyPrefix="job", sort="DESC")["taskDefinitionArns"] == arns[::-1]
    assert ecs.list_task_definitions(familyPrefix="jo")["taskDefinitionArns"] == []
    assert ecs.list_task_definition_families(familyPrefix="jo")["families"] == ["job"]
    ecs.deregister_task_definition(taskDefinition="web:1")
    assert len(ecs.list_task_definitions(familyPrefix="web", status="INACTIVE")["taskDefinitionArns"]) == 1


def test_a_created_service_echoes_the_defaults_of_aws(ecs: Any, world: World) -> None:
    """Captured: github.com/radkawar/stackd, us-east-1, September 2026."""
    _register(ecs)
    service = ecs.create_service(
        cluster="prod",
        serviceName="worker",
        taskDefinition="job",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration=NETWORK,
        clientToken="once",
    )["service"]
    assert service["deploymentConfiguration"] == {
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
    assert (service["platformVersion"], service["deployments"][0]["platformVersion"]) == ("LATEST", "1.4.0")
    assert (service["propagateTags"], service["availabilityZoneRebalancing"]) == ("NONE", "ENABLED")
    assert (service["schedulingStrategy"], service["resourceManagementType"]) == ("REPLICA", "CUSTOMER")
    assert service["events"] == service["loadBalancers"] == service["serviceRegistries"] == []
    world.settle()
    ecs.get_waiter("services_stable").wait(cluster="prod", services=["worker"])


def test_creating_twice_with_one_token_gives_the_same_service_and_without_is_refused(ecs: Any) -> None:
    _register(ecs)
    request = {
        "cluster": "prod",
        "serviceName": "worker",
        "taskDefinition": "job",
        "desiredCount": 0,
        "launchType": "FARGATE",
        "networkConfiguration": NETWORK,
    }
    first = ecs.create_service(**request, clientToken="t")["service"]
    assert ecs.create_service(**request, clientToken="t")["service"]["serviceArn"] == first["serviceArn"]
    for changed in ({"clientToken": "u"}, {"clientToken": "t", "desiredCount": 1}):
        with pytest.raises(ClientError, match="Creation of service was not idempotent"):
            ecs.create_service(**(request | changed))


def test_services_are_described_with_what_is_missing_beside_them(ecs: Any) -> None:
    reply = ecs.describe_services(cluster="prod", services=["web", "nope"], include=["TAGS"])
    assert [service["serviceName"] for service in reply["services"]] == ["web"]
    assert reply["failures"] == [{"arn": "arn:aws:ecs:us-east-1:123456789012:service/prod/nope", "reason": "MISSING"}]
    arn = reply["services"][0]["serviceArn"]
    assert ecs.describe_services(cluster=reply["services"][0]["clusterArn"], services=[arn])["failures"] == []


def test_services_are_listed_ten_a_page(ecs: Any) -> None:
    _register(ecs)
    for number in range(12):
        ecs.create_service(
            cluster="prod",
            serviceName=f"s{number}",
            taskDefinition="job",
            desiredCount=0,
            launchType="FARGATE",
            networkConfiguration=NETWORK,
        )
    assert len(ecs.list_services(cluster="prod")["serviceArns"]) == 10
    pages = ecs.get_paginator("list_services").paginate(cluster="prod")
    assert len([arn for page in pages for arn in page["serviceArns"]]) == 13
    assert ecs.list_services(cluster="prod", launchType="EC2")["serviceArns"] == []


def test_a_rollout_is_seen_through_service_deployments_and_revisions(ecs: Any, world: World) -> None:
    deployment = _deploy(ecs, world, "3")["deployments"][0]
    world.settle()
    brief = ecs.list_service_deployments(cluster="prod", service="web")["serviceDeployments"][0]
    assert brief["status"] == "SUCCESSFUL"
    assert brief["targetServiceRevisionArn"].endswith(deployment["id"].rsplit("/", 1)[1])
    arns = [brief["serviceDeploymentArn"]]
    record = ecs.describe_service_deployments(serviceDeploymentArns=arns)["serviceDeployments"][0]
    assert record["targetServiceRevision"]["runningTaskCount"] == 2
    assert record["finishedAt"] > record["startedAt"] > record["createdAt"]
    revision = ecs.describe_service_revisions(serviceRevisionArns=[record["targetServiceRevision"]["arn"]])
    (image,) = revision["serviceRevisions"][0]["containerImages"]
    assert image["image"].endswith(":3")
    assert image["imageDigest"].startswith("sha256:")


def test_service_deployments_are_filtered_and_paged(ecs: Any, world: World) -> None:
    _deploy(ecs, world, "3")
    listing = {"cluster": "prod", "service": "web"}
    assert len(ecs.list_service_deployments(**listing, status=["SUCCESSFUL"])["serviceDeployments"]) == 2
    first = ecs.list_service_deployments(**listing, maxResults=2)
    second = ecs.list_service_deployments(**listing, maxResults=2, nextToken=first["nextToken"])
    assert (len(first["serviceDeployments"]), len(second["serviceDeployments"])) == (2, 1)
    window = {"after": world.start}
    assert len(ecs.list_service_deployments(**listing, createdAt=window)["serviceDeployments"]) == 1


def test_a_deployment_is_stopped_with_rollback(ecs: Any, world: World) -> None:
    _deploy(ecs, world, "3")
    arn = ecs.list_service_deployments(cluster="prod", service="web")["serviceDeployments"][0]["serviceDeploymentArn"]
    assert ecs.stop_service_deployment(serviceDeploymentArn=arn)["serviceDeploymentArn"] == arn
    world.settle()
    record = ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]
    assert record["status"] == "ROLLBACK_SUCCESSFUL"
    assert record["rollback"]["startedAt"] > record["createdAt"]


def test_tasks_run_are_listed_described_and_stopped(ecs: Any, world: World) -> None:
    _register(ecs)
    run = {"cluster": "prod", "taskDefinition": "job", "networkConfiguration": NETWORK, "launchType": "FARGATE"}
    reply = ecs.run_task(**run, count=2, startedBy="me", tags=[{"key": "a", "value": "b"}])
    assert (len(reply["tasks"]), reply["failures"]) == (2, [])
    arn = reply["tasks"][0]["taskArn"]
    world.clock.sleep(60)
    ecs.get_waiter("tasks_running").wait(cluster="prod", tasks=[arn])
    assert len(ecs.list_tasks(cluster="prod", startedBy="me")["taskArns"]) == 2
    assert len(ecs.list_tasks(cluster="prod", family="job")["taskArns"]) == 2
    assert len(ecs.list_tasks(cluster="prod", serviceName="web")["taskArns"]) == 2
    assert ecs.list_tasks(cluster="prod", desiredStatus="PENDING")["taskArns"] == []
    task = ecs.describe_tasks(cluster="prod", tasks=[arn], include=["TAGS"])["tasks"][0]
    assert (task["group"], task["startedBy"], task["tags"]) == ("family:job", "me", [{"key": "a", "value": "b"}])
    ecs.stop_task(cluster="prod", task=arn)
    world.clock.sleep(60)
    ecs.get_waiter("tasks_stopped").wait(cluster="prod", tasks=[arn])


def test_a_task_that_finds_no_room_is_a_failure_of_a_successful_call(ecs: Any, world: World) -> None:
    _register(ecs)
    world.region.capacity = 3
    reply = ecs.run_task(
        cluster="prod", taskDefinition="job", networkConfiguration=NETWORK, launchType="FARGATE", count=2
    )
    assert len(reply["tasks"]) == 1
    assert reply["failures"] == [{"reason": "RESOURCE:FARGATE"}]


def test_run_task_is_idempotent_by_its_token(ecs: Any) -> None:
    _register(ecs)
    run = {"cluster": "prod", "taskDefinition": "job", "networkConfiguration": NETWORK, "clientToken": "t"}
    first = ecs.run_task(**run)["tasks"][0]["taskArn"]
    assert ecs.run_task(**run)["tasks"][0]["taskArn"] == first
    with pytest.raises(ClientError, match="ConflictException"):
        ecs.run_task(**run, count=2)


def test_missing_tasks_are_failures(ecs: Any) -> None:
    reply = ecs.describe_tasks(cluster="prod", tasks=["0" * 32])
    assert reply["tasks"] == []
    assert reply["failures"] == [
        {"arn": f"arn:aws:ecs:us-east-1:123456789012:task/prod/{'0' * 32}", "reason": "MISSING"}
    ]


def test_clusters_are_created_described_listed_and_deleted(ecs: Any) -> None:
    assert ecs.create_cluster(clusterName="test")["cluster"]["status"] == "ACTIVE"
    reply = ecs.describe_clusters(clusters=["prod", "nope"])
    assert reply["clusters"][0]["activeServicesCount"] == 1
    assert reply["clusters"][0]["runningTasksCount"] == 2
    assert reply["failures"][0]["reason"] == "MISSING"
    assert len(ecs.list_clusters()["clusterArns"]) == 2
    assert ecs.delete_cluster(cluster="test")["cluster"]["status"] == "INACTIVE"
    with pytest.raises(ClientError, match="The Cluster cannot be deleted while Services are active"):
        ecs.delete_cluster(cluster="prod")


def test_tags_are_put_on_read_from_and_taken_off_a_resource(ecs: Any) -> None:
    arn = ecs.describe_services(cluster="prod", services=["web"])["services"][0]["serviceArn"]
    ecs.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "1"}, {"key": "b", "value": "2"}])
    ecs.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "3"}])
    ecs.untag_resource(resourceArn=arn, tagKeys=["b"])
    assert ecs.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "a", "value": "3"}]


def test_a_service_is_deleted(ecs: Any, world: World) -> None:
    ecs.update_service(cluster="prod", service="web", desiredCount=0)
    assert ecs.delete_service(cluster="prod", service="web")["service"]["status"] == "DRAINING"
    world.settle()
    ecs.get_waiter("services_inactive").wait(cluster="prod", services=["web"])
