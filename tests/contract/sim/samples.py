"""A world in the middle of everything, and one request for each operation that is served, which it answers well."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ecsdeploy.sim import World, parse_scenario
from tests.unit.sim.builders import call

SCENARIO = """
[[services]]
cluster = "prod"
name = "web"
desired = 2
image = "registry.example.com/team/web:1"
load_balancer = { health_interval = 10, deregistration_delay = 30 }
deployment = { circuit_breaker = "rollback" }
history = ["registry.example.com/team/web:0"]

[[services]]
cluster = "prod"
name = "paused"
image = "registry.example.com/team/paused:1"
load_balancer = {}

[services.deployment]
strategy = "CANARY"
bake_time_in_minutes = 1
lifecycle_hooks = [{ target_type = "PAUSE", lifecycle_stages = ["PRE_SCALE_UP"] }]

[[services]]
cluster = "hosts"
name = "batch"
desired = 2
launch_type = "EC2"
image = "registry.example.com/team/batch:1"

[[services]]
cluster = "blue"
name = "code"
image = "registry.example.com/team/code:1"
controller = "CODE_DEPLOY"
load_balancer = {}

[[services]]
cluster = "easy"
name = "express"
express = true
load_balancer = {}

[services.task_definition]
networkMode = "awsvpc"
requiresCompatibilities = ["FARGATE"]
cpu = "256"
memory = "512"
executionRoleArn = "arn:aws:iam::123456789012:role/execution"

[[services.task_definition.containerDefinitions]]
name = "Main"
image = "registry.example.com/team/express:1"
portMappings = [{ containerPort = 80, name = "main" }]

[services.task_definition.containerDefinitions.logConfiguration]
logDriver = "awslogs"
options = { awslogs-group = "/e", awslogs-stream-prefix = "ecs", awslogs-region = "us-east-1" }

[images."registry.example.com/team/web:1"]
logs = ["one", "two"]
"""
APPLICATION, GROUP = "AppECS-blue-code", "DgpECS-blue-code"
NAMES = {"applicationName": APPLICATION, "deploymentGroupName": GROUP}
TAGS = [{"key": "team", "value": "a"}]
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"}}
JOB = {"family": "job", "containerDefinitions": [{"name": "app", "image": "a.example.com/job:1", "memory": 128}]}
HALF = {"value": 50.0, "unit": "PERCENT"}
EXPRESS = {"serviceArn": "arn:aws:ecs:us-east-1:123456789012:service/easy/express"}
WEB, CODE = {"cluster": "prod", "service": "web"}, {"cluster": "blue", "service": "code"}


@dataclass(frozen=True, slots=True)
class Things:
    """What the requests are about; identifiers that the world made up."""

    task: str
    open: str
    record: str
    revision: str
    service: str
    instance: str
    task_set: str
    stream: str
    paused: str
    hook: str
    release: str


def started() -> tuple[World, Things]:
    """The world half a minute after deployments of every kind have begun."""
    world = World(parse_scenario(SCENARIO))
    world.region.action_logs["prod"] = "/ecs/actions"
    for name in ("web", "paused"):
        call(world, "UpdateService", cluster="prod", service=name, forceNewDeployment=True, enableExecuteCommand=True)
    call(world, "DeregisterTaskDefinition", taskDefinition="web:1")
    call(world, "TagResource", resourceArn=_services(world)["web"].arn, tags=TAGS)
    made = call(world, "CreateTaskSet", **CODE, taskDefinition="code:1", externalId="mine", scale=HALF)["taskSet"]
    world.clock.sleep(60)
    return world, _things(world, made["taskSetArn"])


def _services(world: World) -> Mapping[str, Any]:
    return {service.name: service for service in world.region.services}


def _things(world: World, task_set: str) -> Things:
    services = _services(world)
    web, paused = services["web"], services["paused"].history[-1]
    return Things(
        task=web.tasks[0].arn,
        open=next(each.arn for each in web.tasks if each.settings.get("enableExecuteCommand")),
        record=web.history[-1].arn,
        revision=web.primary.revision.arn,
        service=web.arn,
        instance=next(iter(world.region.clusters["hosts"].instances.values())).arn,
        task_set=task_set,
        stream=next(name for group, name in world.region.log_streams if group == "/ecs/web"),
        paused=paused.arn,
        hook=paused.course.runs[-1].id,
        release="",
    )


Request = Mapping[str, Any]
ECS: Mapping[str, Callable[[Things], Request]] = {
    "CreateCluster": lambda _: {"clusterName": "new", "tags": TAGS},
    "DescribeClusters": lambda _: {"clusters": ["prod", "nope"], "include": ["TAGS", "SETTINGS", "STATISTICS"]},
    "ListClusters": lambda _: {"maxResults": 1},
    "DeleteCluster": lambda _: {"cluster": "empty"},
    "TagResource": lambda things: {"resourceArn": things.service, "tags": TAGS},
    "UntagResource": lambda things: {"resourceArn": things.service, "tagKeys": ["team"]},
    "ListTagsForResource": lambda things: {"resourceArn": things.service},
    "RegisterTaskDefinition": lambda _: {**JOB, "tags": TAGS},
    "DescribeTaskDefinition": lambda _: {"taskDefinition": "web:1", "include": ["TAGS"]},
    "DeregisterTaskDefinition": lambda _: {"taskDefinition": "web:2"},
    "DeleteTaskDefinitions": lambda _: {"taskDefinitions": ["web:1", "web:9"]},
    "ListTaskDefinitions": lambda _: {"familyPrefix": "web", "maxResults": 1},
    "ListTaskDefinitionFamilies": lambda _: {"status": "ALL"},
    "CreateService": lambda _: {
        "cluster": "prod",
        "serviceName": "new",
        "taskDefinition": "web:2",
        "desiredCount": 1,
        "launchType": "FARGATE",
        "networkConfiguration": NETWORK,
        "tags": TAGS,
    },
    "UpdateService": lambda _: {**WEB, "desiredCount": 3, "forceNewDeployment": True},
    "DeleteService": lambda _: {**WEB, "force": True},
    "DescribeServices": lambda _: {"cluster": "prod", "services": ["web", "paused", "nope"], "include": ["TAGS"]},
    "ListServices": lambda _: {"cluster": "prod", "maxResults": 1},
    "ListServicesByNamespace": lambda _: {"namespace": "local"},
    "DescribeExpressGatewayService": lambda _: {**EXPRESS, "include": ["TAGS"]},
    "UpdateExpressGatewayService": lambda _: {
        **EXPRESS,
        "executionRoleArn": "arn:aws:iam::123456789012:role/execution",
        "taskRoleArn": "arn:aws:iam::123456789012:role/task",
        "cpu": "512",
        "memory": "1024",
        "primaryContainer": {
            "image": "registry.example.com/team/express:2",
            "containerPort": 81,
            "awsLogsConfiguration": {"logGroup": "/f", "logStreamPrefix": "g"},
            "repositoryCredentials": {"credentialsParameter": "arn:aws:secretsmanager:us-east-1:123456789012:secret:a"},
            "command": ["serve"],
            "environment": [{"name": "A", "value": "b"}],
            "secrets": [{"name": "C", "valueFrom": "/d"}],
        },
    },
    "RunTask": lambda _: {
        "cluster": "prod",
        "taskDefinition": "web:2",
        "count": 2,
        "launchType": "FARGATE",
        "networkConfiguration": NETWORK,
        "overrides": {"containerOverrides": [{"name": "app", "command": ["true"]}]},
        "tags": TAGS,
        "enableECSManagedTags": True,
    },
    "StopTask": lambda things: {"cluster": "prod", "task": things.task, "reason": "enough"},
    "ExecuteCommand": lambda things: {
        "cluster": "prod",
        "task": things.open,
        "container": "app",
        "command": "sh",
        "interactive": True,
    },
    "DescribeTasks": lambda things: {"cluster": "prod", "tasks": [things.task, "nope"], "include": ["TAGS"]},
    "ListTasks": lambda _: {"cluster": "prod", "serviceName": "web", "maxResults": 1},
    "ListServiceDeployments": lambda _: {**WEB, "maxResults": 1},
    "DescribeServiceDeployments": lambda things: {"serviceDeploymentArns": [things.record, things.paused]},
    "DescribeServiceRevisions": lambda things: {"serviceRevisionArns": [things.revision]},
    "StopServiceDeployment": lambda things: {"serviceDeploymentArn": things.record},
    "ContinueServiceDeployment": lambda things: {"serviceDeploymentArn": things.paused, "hookId": things.hook},
    "ListContainerInstances": lambda _: {"cluster": "hosts"},
    "DescribeContainerInstances": lambda things: {"cluster": "hosts", "containerInstances": [things.instance, "x"]},
    "UpdateContainerInstancesState": lambda things: {
        "cluster": "hosts",
        "containerInstances": [things.instance],
        "status": "DRAINING",
    },
    "ListAttributes": lambda _: {"cluster": "hosts", "targetType": "container-instance"},
    "UpdateTaskProtection": lambda things: {"cluster": "prod", "tasks": [things.task, "x"], "protectionEnabled": True},
    "GetTaskProtection": lambda things: {"cluster": "prod", "tasks": [things.task]},
    "ListAccountSettings": lambda _: {"effectiveSettings": True},
    "CreateTaskSet": lambda _: {**CODE, "taskDefinition": "code:1", "tags": TAGS},
    "UpdateTaskSet": lambda things: {**CODE, "taskSet": things.task_set, "scale": HALF},
    "DeleteTaskSet": lambda things: {**CODE, "taskSet": things.task_set, "force": True},
    "DescribeTaskSets": lambda _: {**CODE, "include": ["TAGS"]},
    "UpdateServicePrimaryTaskSet": lambda things: {**CODE, "primaryTaskSet": things.task_set},
}
LOGS: Mapping[str, Callable[[Things], Request]] = {
    "GetLogEvents": lambda things: {"logGroupName": "/ecs/web", "logStreamName": things.stream, "limit": 1},
    "DescribeDeliverySources": lambda _: {},
    "DescribeDeliveries": lambda _: {},
    "GetDeliveryDestination": lambda _: {"name": "ecs-prod"},
    "FilterLogEvents": lambda _: {"logGroupName": "/ecs/web", "filterPattern": "one"},
    "DescribeLogStreams": lambda _: {"logGroupName": "/ecs/web"},
    "CreateLogGroup": lambda _: {"logGroupName": "/ecs/other"},
    "DescribeLogGroups": lambda _: {},
}
_SPEC = {
    "version": 0.0,
    "Resources": [
        {
            "TargetService": {
                "Type": "AWS::ECS::Service",
                "Properties": {
                    "TaskDefinition": "arn:aws:ecs:us-east-1:123456789012:task-definition/code:1",
                    "LoadBalancerInfo": {"ContainerName": "app", "ContainerPort": 8080},
                },
            }
        }
    ],
}
_CONTENT = json.dumps(_SPEC)
RELEASE = {"revisionType": "AppSpecContent", "appSpecContent": {"content": _CONTENT}}
HASH = sha256(_CONTENT.encode()).hexdigest()
CODEDEPLOY: Mapping[str, Callable[[Things], Request]] = {
    "CreateApplication": lambda _: {"applicationName": "new", "computePlatform": "ECS"},
    "GetApplication": lambda _: {"applicationName": APPLICATION},
    "BatchGetApplications": lambda _: {"applicationNames": [APPLICATION]},
    "ListApplications": lambda _: {},
    "GetDeploymentGroup": lambda _: NAMES,
    "BatchGetDeploymentGroups": lambda _: {"applicationName": APPLICATION, "deploymentGroupNames": [GROUP]},
    "ListDeploymentGroups": lambda _: {"applicationName": APPLICATION},
    "CreateDeploymentConfig": lambda _: {
        "deploymentConfigName": "mine",
        "computePlatform": "ECS",
        "trafficRoutingConfig": {
            "type": "TimeBasedCanary",
            "timeBasedCanary": {"canaryPercentage": 10, "canaryInterval": 1},
        },
    },
    "GetDeploymentConfig": lambda _: {"deploymentConfigName": "CodeDeployDefault.ECSAllAtOnce"},
    "ListDeploymentConfigs": lambda _: {},
    "CreateDeployment": lambda _: {**NAMES, "revision": RELEASE},
    "GetDeployment": lambda things: {"deploymentId": things.release},
    "GetApplicationRevision": lambda _: {
        "applicationName": APPLICATION,
        "revision": {"revisionType": "AppSpecContent", "appSpecContent": {"sha256": HASH}},
    },
    "BatchGetDeployments": lambda things: {"deploymentIds": [things.release]},
    "ListDeployments": lambda _: NAMES,
    "StopDeployment": lambda things: {"deploymentId": things.release},
    "ContinueDeployment": lambda things: {"deploymentId": things.release, "deploymentWaitType": "TERMINATION_WAIT"},
    "ListDeploymentTargets": lambda things: {"deploymentId": things.release},
    "GetDeploymentTarget": lambda things: {"deploymentId": things.release, "targetId": "blue:code"},
    "BatchGetDeploymentTargets": lambda things: {"deploymentId": things.release, "targetIds": ["blue:code"]},
}
