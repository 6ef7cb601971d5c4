"""What AWS refuses: the error's code and its text."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.sim.clients import connect
from tests.unit.sim.builders import call
from tests.unit.sim.builders import world as a_world

CONTAINER = {"name": "app", "image": "x", "memory": 128}
FARGATE = {
    "networkMode": "awsvpc",
    "cpu": "256",
    "memory": "512",
    "requiresCompatibilities": ["FARGATE"],
    "executionRoleArn": "r",
}
LOGS = {"logDriver": "awslogs", "options": {"awslogs-group": "g", "awslogs-region": "us-east-1"}}
TASK = "arn:aws:ecs:us-east-1:123456789012:service-revision/prod/web/"
INVALID, CLIENT = "InvalidParameterException", "ClientException"

REBALANCING = (
    "The service couldn't be updated because Availability Zone Rebalancing does not support maximumPercent <= 100 % "
    "as deployment configuration. Update deployment configuration and try again."
)
SIZE = (
    "No Fargate configuration exists for given values: 256 CPU, 8192 memory. "
    "See the Amazon ECS documentation for the valid values."
)


def _register(*containers: Any, **members: Any) -> tuple[str, dict[str, Any]]:
    return "register_task_definition", {"family": "f", "containerDefinitions": list(containers), **members}


def _create(**members: Any) -> tuple[str, dict[str, Any]]:
    usual = {"cluster": "prod", "serviceName": "new", "taskDefinition": "web", "desiredCount": 1}
    return "create_service", {name: value for name, value in (usual | members).items() if value is not None}


def _update(**members: Any) -> tuple[str, dict[str, Any]]:
    return "update_service", {"cluster": "prod", "service": "web"} | members


def _configured(**members: Any) -> tuple[str, dict[str, Any]]:
    return _update(deploymentConfiguration=members)


def _threshold(kind: str, value: int) -> tuple[str, dict[str, Any]]:
    threshold = {"type": kind, "value": value}
    return _configured(deploymentCircuitBreaker={"enable": True, "rollback": True, "thresholdConfiguration": threshold})


REFUSALS = [
    ("describe_services", {"cluster": "no", "services": ["web"]}, "ClusterNotFoundException", "Cluster not found."),
    ("describe_services", {"cluster": "prod", "services": []}, INVALID, "Services cannot be empty."),
    (
        "describe_services",
        {"cluster": "prod", "services": [f"s{n}" for n in range(11)]},
        INVALID,
        "service names can have at most 10 items.",
    ),
    ("describe_tasks", {"cluster": "prod", "tasks": []}, INVALID, "Tasks cannot be empty."),
    (
        "describe_tasks",
        {"cluster": "prod", "tasks": [f"{n:032x}" for n in range(101)]},
        INVALID,
        "tasks can have at most 100 items.",
    ),
    (*_update(service="no"), "ServiceNotFoundException", "Service not found."),
    (*_update(taskDefinition="no"), CLIENT, "TaskDefinition not found."),
    (*_update(desiredCount=-1), INVALID, "Task count can not be lesser than 0"),
    (*_configured(maximumPercent=99), INVALID, "maximumPercent must be at least 100"),
    (*_configured(minimumHealthyPercent=101), INVALID, "minimumHealthyPercent must be at most 100"),
    (
        *_configured(maximumPercent=100),
        INVALID,
        REBALANCING,
    ),
    (*_threshold("COUNT", 0), INVALID, "Invalid deployment circuit breaker threshold value."),
    (*_threshold("BOUNDED_PERCENT", 101), INVALID, "Invalid deployment circuit breaker threshold value."),
    (*_threshold("MANY", 1), INVALID, "Invalid deployment circuit breaker threshold type."),
    (*_create(taskDefinition="no"), CLIENT, "TaskDefinition not found."),
    (*_create(desiredCount=-1), INVALID, "DesiredCount can not be lesser than 0"),
    (
        *_create(launchType="FARGATE"),
        INVALID,
        "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    ),
    (*_create(launchType="MOON"), INVALID, "launch type should be one of [EC2,FARGATE,EXTERNAL,FMI,MANAGED_INSTANCES]"),
    (*_create(schedulingStrategy="SOME"), INVALID, "Scheduling strategy should be one of [REPLICA,DAEMON]"),
    (
        *_create(schedulingStrategy="DAEMON", desiredCount=None),
        "UnsupportedFeatureException",
        "The scheduling strategy DAEMON is not simulated.",
    ),
    (*_create(clientToken="x" * 37), INVALID, "idempotency token longer than 36."),
    ("delete_service", {"cluster": "prod", "service": "no"}, "ServiceNotFoundException", ""),
    (
        "delete_service",
        {"cluster": "prod", "service": "web"},
        INVALID,
        "The service cannot be stopped while it is scaled above 0.",
    ),
    ("describe_task_definition", {"taskDefinition": "no"}, CLIENT, "Unable to describe task definition."),
    (
        "describe_task_definition",
        {"taskDefinition": "web", "include": ["ALL"]},
        INVALID,
        "include should be one of [TAGS]",
    ),
    ("deregister_task_definition", {"taskDefinition": "web"}, CLIENT, "Revision is required."),
    ("list_task_definitions", {"maxResults": 101}, INVALID, "Max results can not be greater than 100"),
    ("list_tasks", {"cluster": "prod", "nextToken": "x"}, INVALID, "Invalid token."),
    (
        "list_tasks",
        {"cluster": "prod", "startedBy": "me", "family": "web"},
        INVALID,
        "cannot specify startedBy with other arguments",
    ),
    (
        "list_tasks",
        {"cluster": "prod", "serviceName": "web", "family": "web"},
        INVALID,
        "cannot specify serviceName with other arguments",
    ),
    ("list_tasks", {"cluster": "prod", "serviceName": "no"}, "ServiceNotFoundException", "Service not found."),
    ("run_task", {"cluster": "prod", "taskDefinition": "no"}, CLIENT, "TaskDefinition not found."),
    (
        "run_task",
        {"cluster": "prod", "taskDefinition": "web:1", "count": 11},
        INVALID,
        "count should be between 1 and 10",
    ),
    (
        "run_task",
        {"cluster": "prod", "taskDefinition": "web:1", "launchType": "EC2"},
        INVALID,
        "Task definition does not support launch_type EC2.",
    ),
    (
        "run_task",
        {"cluster": "prod", "taskDefinition": "web:1", "overrides": {"containerOverrides": [{"name": "no"}]}},
        INVALID,
        "Override for container named no is not a container in the TaskDefinition.",
    ),
    (
        "run_task",
        {"cluster": "prod", "taskDefinition": "web:1", "capacityProviderStrategy": [{"capacityProvider": "mine"}]},
        "UnsupportedFeatureException",
        "The capacity provider mine is not simulated.",
    ),
    ("stop_task", {"cluster": "prod", "task": "0" * 32}, INVALID, "The referenced task was not found."),
    ("describe_service_revisions", {"serviceRevisionArns": []}, INVALID, "The Service ARN provided is invalid."),
    (
        "describe_service_revisions",
        {"serviceRevisionArns": [f"{TASK}x"]},
        INVALID,
        "The ServiceRevision ARN is invalid.",
    ),
    (
        "describe_service_revisions",
        {"serviceRevisionArns": [f"{TASK}{n}" for n in range(21)]},
        INVALID,
        "Service Revision ARN count cannot exceed 20",
    ),
    (
        "stop_service_deployment",
        {"serviceDeploymentArn": "arn:aws:ecs:us-east-1:123456789012:service-deployment/prod/web/x"},
        "ServiceDeploymentNotFoundException",
        "Service deployment not found.",
    ),
    (*_register(), CLIENT, "Container list cannot be empty."),
    (*_register({**CONTAINER, "name": ""}), CLIENT, "Container.name should not be null or empty."),
    (
        *_register({"name": "app", "image": "x"}),
        CLIENT,
        "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
    ),
    (*_register({**CONTAINER, "essential": False}), CLIENT, "Task definition doesn't have any essential container."),
    (
        *_register(CONTAINER, requiresCompatibilities=["FARGATE"], networkMode="bridge"),
        CLIENT,
        "Fargate only supports network mode 'awsvpc'.",
    ),
    (
        *_register(CONTAINER, **(FARGATE | {"cpu": ""})),
        CLIENT,
        "Fargate requires that 'cpu' be defined at the task level.",
    ),
    (
        *_register(CONTAINER, **(FARGATE | {"memory": "8192"})),
        CLIENT,
        SIZE,
    ),
    (
        *_register({**CONTAINER, "stopTimeout": 1}),
        CLIENT,
        "Granular stop timeout on container 'app' must be at least 2 seconds.",
    ),
    (
        *_register({**CONTAINER, "stopTimeout": 121}, **FARGATE),
        CLIENT,
        "Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds.",
    ),
    (
        *_register({**CONTAINER, "portMappings": [{"containerPort": 80, "hostPort": 81}]}, **FARGATE),
        CLIENT,
        "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
    ),
    (
        *_register({**CONTAINER, "logConfiguration": {"logDriver": "awslogs", "options": {}}}),
        CLIENT,
        "Log driver awslogs requires options: awslogs-region, awslogs-group",
    ),
    (
        *_register({**CONTAINER, "logConfiguration": LOGS}, **(FARGATE | {"executionRoleArn": ""})),
        CLIENT,
        "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
    ),
    (
        *_register({**CONTAINER, "dependsOn": [{"containerName": "db", "condition": "START"}]}),
        CLIENT,
        "Cannot depend on container + 'db' because it does not exist",
    ),
]


@pytest.mark.parametrize(("operation", "request_", "code", "text"), REFUSALS, ids=[case[3][:50] for case in REFUSALS])
def test_a_request_that_aws_refuses_gets_its_error(
    ecs: Any, operation: str, request_: dict[str, Any], code: str, text: str
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(ecs, operation)(**request_)
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (code, text)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == (500 if code == "ServerException" else 400)
    assert caught.value.response["ResponseMetadata"]["RequestId"]


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("create_capacity_provider", {"name": "mine"}),
        ("create_express_gateway_service", {"infrastructureRoleArn": "r", "primaryContainer": {"image": "i"}}),
        ("put_account_setting", {"name": "containerInsights", "value": "enabled"}),
        ("start_task", {"containerInstances": ["i"], "taskDefinition": "t"}),
    ],
)
def test_an_operation_out_of_scope_says_so_by_name(ecs: Any, operation: str, members: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(ecs, operation)(**members)
    assert caught.value.response["Error"]["Code"] == "UnsupportedFeatureException"
    assert operation.replace("_", "") in caught.value.response["Error"]["Message"].lower()


def test_w13_a_service_under_external_in_its_legal_form_is_unsupported(ecs: Any) -> None:
    _, members = _create(deploymentController={"type": "EXTERNAL"}, taskDefinition=None)
    with pytest.raises(ClientError, match=r"\(UnsupportedFeatureException\).*EXTERNAL is not simulated"):
        ecs.create_service(**members)


def test_inactive_definitions_are_refused_by_both_ways_to_run_them(ecs: Any) -> None:
    ecs.deregister_task_definition(taskDefinition="web:1")
    with pytest.raises(ClientError, match=r"\(ClientException\).*TaskDefinition is inactive"):
        ecs.update_service(cluster="prod", service="web", taskDefinition="web:1")
    with pytest.raises(ClientError, match=r"\(InvalidParameterException\).*TaskDefinition is inactive"):
        ecs.run_task(cluster="prod", taskDefinition="web:1")


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"cluster": "prod"}, "InvalidParameterException: services can not be null."),
        ({"cluster": "prod", "services": "web"}, "SerializationException: services must be a list, not str."),
        ({"cluster": 1, "services": []}, "SerializationException: cluster must be a string, not int."),
        ({"services": ["web"], "clustr": "prod"}, "InvalidParameterException: Unknown parameter: clustr."),
    ],
)
def test_a_request_that_does_not_fit_the_model_is_refused(members: dict[str, Any], error: str) -> None:
    with pytest.raises(Exception, match=error):
        call(a_world(), "DescribeServices", **members)


def test_an_operation_that_does_not_exist_is_unknown() -> None:
    with pytest.raises(Exception, match="UnknownOperationException"):
        call(a_world(), "DescribeEverything")


def test_credentials_that_expired_are_refused_by_every_service() -> None:
    world = a_world("desired = 1", '[[at]]\ntime = 1\ndo = "expire-credentials"')
    old = connect(world)
    old.update_service(cluster="prod", service="web", forceNewDeployment=True)
    world.clock.sleep(2)
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        old.list_clusters()
    with pytest.raises(ClientError, match="ExpiredToken"):
        connect(world, "sts").get_caller_identity()
    assert connect(world, key="AKIANEWER").list_clusters()["clusterArns"]
