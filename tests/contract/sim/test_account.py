"""The breadth of ECS's operations through botocore, and what each of them refuses."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecsdeploy.sim import World, parse_scenario
from tests.contract.sim.clients import Line

CONTAINER = {"name": "app", "image": "x", "memory": 128}
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
DAEMON = (
    "The daemon scheduling strategy does not support a desired count for services. "
    "Remove the desired count value and try again"
)
WEB = {"cluster": "prod", "service": "web"}
EC2 = """
[[services]]
cluster = "prod"
name = "web"
desired = 3
launch_type = "EC2"
image = "registry.example.com/team/web:1"
"""


def _register(ecs: Any, **members: Any) -> str:
    reply = ecs.register_task_definition(family="job", containerDefinitions=[CONTAINER], **members)
    arn: str = reply["taskDefinition"]["taskDefinitionArn"]
    return arn


def _create(ecs: Any, name: str = "new", **members: Any) -> Any:
    request = {
        "cluster": "prod",
        "serviceName": name,
        "taskDefinition": "web",
        "desiredCount": 1,
        "launchType": "FARGATE",
        "networkConfiguration": NETWORK,
    }
    return ecs.create_service(**(request | members))["service"]


def _refusal(call: Any, **members: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**members)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_protection_is_set_read_and_refused_task_by_task(ecs: Any, world: World) -> None:
    arns = ecs.list_tasks(cluster="prod", serviceName="web")["taskArns"]
    lone = ecs.run_task(cluster="prod", taskDefinition="web:1", launchType="FARGATE", networkConfiguration=NETWORK)
    alone = lone["tasks"][0]["taskArn"]
    reply = ecs.update_task_protection(cluster="prod", tasks=[arns[0], alone, "0" * 32], protectionEnabled=True)
    assert [task["taskArn"] for task in reply["protectedTasks"]] == arns[:1]
    assert reply["protectedTasks"][0]["expirationDate"].timestamp() == world.clock.time() + 7200
    assert [failure["reason"] for failure in reply["failures"]] == ["TASK_NOT_VALID", "MISSING"]
    found = ecs.get_task_protection(cluster="prod", tasks=arns)["protectedTasks"]
    assert [task["protectionEnabled"] for task in found] == [True, False]


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ({"tasks": []}, "Tasks cannot be empty."),
        ({"tasks": [f"{n:032x}" for n in range(11)]}, "tasks can have at most 10 items."),
        ({"tasks": ["0" * 32], "expiresInMinutes": 2881}, "expiresInMinutes must be between 1 and 2880."),
    ],
)
def test_a_protection_that_cannot_be_is_refused(ecs: Any, members: dict[str, Any], text: str) -> None:
    refusal = _refusal(ecs.update_task_protection, cluster="prod", protectionEnabled=True, **members)
    assert refusal == ("InvalidParameterException", text)


def test_container_instances_are_listed_described_and_drained(ecs: Any, line: Line) -> None:
    ecs_world = line.world = World(parse_scenario(EC2))
    arns = ecs.list_container_instances(cluster="prod")["containerInstanceArns"]
    described = ecs.describe_container_instances(cluster="prod", containerInstances=[*arns, "no"])
    assert [i["runningTasksCount"] for i in described["containerInstances"]] == [2, 1]
    assert {i["status"] for i in described["containerInstances"]} == {"ACTIVE"}
    assert [failure["reason"] for failure in described["failures"]] == ["MISSING"]
    assert len(ecs.list_tasks(cluster="prod", containerInstance=arns[0])["taskArns"]) == 2
    cluster = ecs.describe_clusters(clusters=["prod"])["clusters"][0]
    assert cluster["registeredContainerInstancesCount"] == 2
    ecs.update_container_instances_state(cluster="prod", containerInstances=arns[:1], status="DRAINING")
    assert ecs.list_container_instances(cluster="prod", status="DRAINING")["containerInstanceArns"] == arns[:1]
    ecs_world.clock.sleep(300)
    assert ecs.list_tasks(cluster="prod", containerInstance=arns[0])["taskArns"] == []
    zones = ecs.list_attributes(cluster="prod", targetType="container-instance", attributeName="ecs.availability-zone")
    assert [attribute["value"] for attribute in zones["attributes"]] == ["us-east-1a", "us-east-1b"]


def test_instances_take_active_and_draining_alone(ecs: Any) -> None:
    refusal = _refusal(
        ecs.update_container_instances_state, cluster="prod", containerInstances=["i"], status="DEREGISTERING"
    )
    assert refusal == ("InvalidParameterException", "Container instance status should be one of [ACTIVE,DRAINING]")


def test_account_settings_are_defaults_and_shown_only_as_effective_ones(ecs: Any) -> None:
    assert ecs.list_account_settings()["settings"] == []
    pages = ecs.get_paginator("list_account_settings").paginate(effectiveSettings=True)
    settings = {setting["name"]: setting["value"] for page in pages for setting in page["settings"]}
    assert (settings["taskLongArnFormat"], settings["containerInsights"]) == ("enabled", "disabled")
    (one,) = ecs.list_account_settings(effectiveSettings=True, name="awsvpcTrunking")["settings"]
    assert one["value"] == "disabled"


def test_a_deleted_cluster_is_inactive_and_can_be_made_again(ecs: Any) -> None:
    ecs.create_cluster(clusterName="test", tags=[{"key": "a", "value": "b"}])
    ecs.delete_cluster(cluster="test")
    assert ecs.describe_clusters(clusters=["test"])["clusters"][0]["status"] == "INACTIVE"
    assert not any(arn.endswith("/test") for arn in ecs.list_clusters()["clusterArns"])
    refusal = _refusal(ecs.list_services, cluster="test")
    assert refusal == ("ClusterNotFoundException", "The referenced cluster was inactive.")
    assert ecs.create_cluster(clusterName="test")["cluster"]["status"] == "ACTIVE"


def test_tags_and_settings_of_a_cluster_are_shown_when_asked_for(ecs: Any) -> None:
    ecs.create_cluster(clusterName="test", tags=[{"key": "a", "value": "b"}])
    plain = ecs.describe_clusters(clusters=["test"])["clusters"][0]
    assert (plain["tags"], plain["settings"]) == ([], [])
    full = ecs.describe_clusters(clusters=["test"], include=["TAGS", "SETTINGS"])["clusters"][0]
    assert full["tags"] == [{"key": "a", "value": "b"}]
    assert full["settings"] == [{"name": "containerInsights", "value": "disabled"}]


def test_a_cluster_with_tasks_is_not_deleted(ecs: Any) -> None:
    ecs.create_cluster(clusterName="test")
    ecs.run_task(cluster="test", taskDefinition="web:1", launchType="FARGATE", networkConfiguration=NETWORK)
    refusal = _refusal(ecs.delete_cluster, cluster="test")
    assert refusal == ("ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.")


def test_definitions_are_deleted_once_they_are_inactive(ecs: Any) -> None:
    first, second = _register(ecs), _register(ecs)
    ecs.deregister_task_definition(taskDefinition=first)
    reply = ecs.delete_task_definitions(taskDefinitions=[first, second, "job:9"])
    assert [definition["status"] for definition in reply["taskDefinitions"]] == ["DELETE_IN_PROGRESS"]
    assert [failure["arn"] for failure in reply["failures"]] == [second, "job:9"]
    assert "still in ACTIVE status" in reply["failures"][0]["reason"]
    shown = ecs.describe_task_definition(taskDefinition=first)["taskDefinition"]
    assert (shown["status"], "deleteRequestedAt" in shown) == ("DELETE_IN_PROGRESS", True)
    assert ecs.list_task_definitions(familyPrefix="job", status="DELETE_IN_PROGRESS")["taskDefinitionArns"] == [first]
    assert _register(ecs).endswith(":3")


def test_ten_definitions_are_deleted_at_most(ecs: Any) -> None:
    refusal = _refusal(ecs.delete_task_definitions, taskDefinitions=[f"job:{n}" for n in range(1, 12)])
    assert refusal == ("InvalidParameterException", "taskDefinitions can have at most 10 items.")


@pytest.mark.parametrize(
    ("members", "code", "text"),
    [
        ({"taskRoleArn": "arn:aws:iam::123456789012:user/x"}, "ClientException", "Role is not valid"),
        ({"cpu": "half"}, "ClientException", "Invalid 'cpu' setting for task."),
        (
            {"ephemeralStorage": {"sizeInGiB": 20}},
            "ClientException",
            "Invalid setting for ephemeralStorage sizeInGiB: 20. It must be between 21 and 200.",
        ),
        (
            {"containerDefinitions": [{**CONTAINER, "healthCheck": {"command": ["CMD", "x"], "interval": 4}}]},
            "ClientException",
            "Invalid setting for healthCheck interval of container 'app': 4. It must be between 5 and 300.",
        ),
        (
            {"containerDefinitions": [{**CONTAINER, "image": "x" * 256}]},
            "ClientException",
            "Container.image should be 255 characters or less.",
        ),
    ],
    ids=["role", "cpu", "storage", "health-check", "image"],
)
def test_a_definition_out_of_range_is_refused(ecs: Any, members: dict[str, Any], code: str, text: str) -> None:
    request = {"family": "job", "containerDefinitions": [CONTAINER]} | members
    assert _refusal(ecs.register_task_definition, **request) == (code, text)


@pytest.mark.parametrize(
    ("members", "deploys"),
    [
        ({"forceNewDeployment": True}, True),
        ({"networkConfiguration": NETWORK}, True),
        ({"platformVersion": "1.4.0"}, True),
        ({"loadBalancers": []}, True),
        ({"serviceRegistries": [{"registryArn": "arn:aws:servicediscovery:us-east-1:1:service/x"}]}, True),
        ({"serviceConnectConfiguration": {"enabled": True, "namespace": "n"}}, True),
        ({"vpcLatticeConfigurations": []}, True),
        ({"monitoring": {"metricConfigurations": []}}, True),
        ({"taskDefinition": "web"}, False),
        ({"desiredCount": 4}, False),
        ({"deploymentConfiguration": {"minimumHealthyPercent": 50}}, False),
        ({"healthCheckGracePeriodSeconds": 30}, False),
        ({"availabilityZoneRebalancing": "DISABLED"}, False),
        ({"enableExecuteCommand": True}, False),
        ({"enableECSManagedTags": True}, False),
        ({"propagateTags": "SERVICE"}, False),
        ({"deploymentController": {"type": "ECS"}}, False),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_an_update_starts_a_deployment_if_it_changes_what_tasks_are_made_of(
    ecs: Any, members: dict[str, Any], deploys: bool
) -> None:
    before = len(ecs.list_service_deployments(**WEB)["serviceDeployments"])
    ecs.update_service(**WEB, **members)
    assert len(ecs.list_service_deployments(**WEB)["serviceDeployments"]) - before == deploys


def test_the_same_value_again_starts_nothing(ecs: Any) -> None:
    ecs.update_service(**WEB, networkConfiguration=NETWORK)
    before = len(ecs.list_service_deployments(**WEB)["serviceDeployments"])
    ecs.update_service(**WEB, networkConfiguration=NETWORK)
    assert len(ecs.list_service_deployments(**WEB)["serviceDeployments"]) == before


def test_an_empty_list_takes_load_balancers_away(ecs: Any, world: World) -> None:
    assert ecs.update_service(**WEB, loadBalancers=[])["service"]["loadBalancers"] == []
    world.settle()
    tasks = ecs.describe_tasks(cluster="prod", tasks=ecs.list_tasks(**_named())["taskArns"])["tasks"]
    assert {task["lastStatus"] for task in tasks} == {"RUNNING"}


def _named() -> dict[str, str]:
    return {"cluster": "prod", "serviceName": "web"}


def test_a_partial_configuration_leaves_the_rest(ecs: Any) -> None:
    """Captured: github.com/radkawar/stackd, us-east-1, September 2026."""
    threshold = {"type": "COUNT", "value": 9}
    breaker = {"enable": True, "rollback": True, "resetOnHealthyTask": False, "thresholdConfiguration": threshold}
    ecs.update_service(**WEB, deploymentConfiguration={"deploymentCircuitBreaker": breaker, "maximumPercent": 150})
    off = {"deploymentCircuitBreaker": {"enable": False, "rollback": True}}
    configuration = ecs.update_service(**WEB, deploymentConfiguration=off)["service"]["deploymentConfiguration"]
    assert configuration["maximumPercent"] == 150
    assert configuration["deploymentCircuitBreaker"] == {**breaker, "enable": False, "rollback": False}


def test_rebalancing_and_a_maximum_of_100_exclude_each_other(ecs: Any) -> None:
    service = _create(ecs, deploymentConfiguration={"maximumPercent": 100, "minimumHealthyPercent": 0})
    assert service["availabilityZoneRebalancing"] == "DISABLED"
    code, text = _refusal(ecs.update_service, cluster="prod", service="new", availabilityZoneRebalancing="ENABLED")
    assert code == "InvalidParameterException"
    assert "Availability Zone Rebalancing does not support maximumPercent <= 100 %" in text


@pytest.mark.parametrize(
    ("members", "text"),
    [
        (
            {"loadBalancers": [{"targetGroupArn": "t", "containerName": "no", "containerPort": 80}]},
            "The container no does not exist in the task definition.",
        ),
        (
            {"loadBalancers": [{"targetGroupArn": "t", "containerName": "app", "containerPort": 81}]},
            "The container app did not have a container port 81 defined.",
        ),
        (
            {"capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]},
            "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
        ),
        (
            {"schedulingStrategy": "DAEMON"},
            DAEMON,
        ),
    ],
    ids=["container", "port", "provider", "daemon"],
)
def test_a_service_that_does_not_fit_is_refused(ecs: Any, members: dict[str, Any], text: str) -> None:
    request = {
        "cluster": "prod",
        "serviceName": "new",
        "taskDefinition": "web",
        "desiredCount": 1,
        "launchType": "FARGATE",
        "networkConfiguration": NETWORK,
    }
    assert _refusal(ecs.create_service, **(request | members)) == ("InvalidParameterException", text)


def test_an_inactive_definition_is_refused_even_where_it_runs(ecs: Any) -> None:
    arn = ecs.describe_services(cluster="prod", services=["web"])["services"][0]["taskDefinition"]
    ecs.deregister_task_definition(taskDefinition=arn)
    assert _refusal(ecs.update_service, **WEB, taskDefinition=arn) == ("ClientException", "TaskDefinition is inactive")
    assert ecs.update_service(**WEB, desiredCount=4)["service"]["desiredCount"] == 4


def test_a_service_with_a_deployment_in_progress_is_deleted_by_force_alone(ecs: Any, world: World) -> None:
    ecs.update_service(**WEB, forceNewDeployment=True)
    world.clock.sleep(20)
    ecs.update_service(**WEB, desiredCount=0)
    refusal = _refusal(ecs.delete_service, **WEB)
    assert refusal == ("InvalidParameterException", "The service cannot be stopped while deployments are active.")
    assert ecs.delete_service(**WEB, force=True)["service"]["status"] == "DRAINING"


def test_a_sixth_deployment_with_tasks_left_is_refused(ecs: Any, world: World) -> None:
    """Observed: https://github.com/aws/containers-roadmap/issues/2836."""
    ecs.update_service(**WEB, deploymentConfiguration={"maximumPercent": 1000})
    for _ in range(4):
        arns = ecs.list_tasks(**_named())["taskArns"]
        ecs.update_task_protection(cluster="prod", tasks=arns[-2:], protectionEnabled=True)
        ecs.update_service(**WEB, forceNewDeployment=True)
        world.clock.sleep(30)
    refusal = _refusal(ecs.update_service, **WEB, forceNewDeployment=True)
    assert refusal == ("InvalidParameterException", "5 active deployments exist, unable to create new deployment.")


def test_services_are_found_by_their_namespace(ecs: Any) -> None:
    connect = {"enabled": True, "namespace": "arn:aws:servicediscovery:us-east-1:1:namespace/ns-1"}
    arn = _create(ecs, serviceConnectConfiguration=connect)["serviceArn"]
    assert ecs.list_services_by_namespace(namespace="ns-1")["serviceArns"] == [arn]
    assert ecs.list_services_by_namespace(namespace="other")["serviceArns"] == []


def test_a_token_of_run_task_lives_for_a_day_and_a_conflict_names_the_tasks(ecs: Any, world: World) -> None:
    run = {"cluster": "prod", "taskDefinition": "web:1", "networkConfiguration": NETWORK, "launchType": "FARGATE"}
    first = ecs.run_task(**run, clientToken="t")["tasks"][0]["taskArn"]
    with pytest.raises(ClientError) as caught:
        ecs.run_task(**run, clientToken="t", count=2)
    assert caught.value.response["resourceIds"] == [first]
    world.clock.sleep(24 * 3600)
    assert ecs.run_task(**run, clientToken="t")["tasks"][0]["taskArn"] != first


def test_fifty_tags_are_the_most(ecs: Any) -> None:
    arn = ecs.describe_clusters(clusters=["prod"])["clusters"][0]["clusterArn"]
    ecs.tag_resource(resourceArn=arn, tags=[{"key": f"k{n}", "value": "v"} for n in range(50)])
    code, text = _refusal(ecs.tag_resource, resourceArn=arn, tags=[{"key": "more", "value": "v"}])
    assert (code, "maximum number of tags" in text) == ("InvalidParameterException", True)
