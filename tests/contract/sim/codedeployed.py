"""A service under CodeDeploy, and the calls that deploy it and look."""

import json
from typing import Any

SCENARIO = """
[[services]]
cluster = "prod"
name = "web"
desired = 2
image = "registry.example.com/team/web:1"
controller = "CODE_DEPLOY"
load_balancer = { health_interval = 10, healthy_threshold = 2, deregistration_delay = 30 }

[images."registry.example.com/team/web:bad"]
run = "exit"
after = 4

[hooks."arn:aws:lambda:us-east-1:123456789012:function:no"]
returns = ["FAILED"]
"""
NAMES = {"applicationName": "AppECS-prod-web", "deploymentGroupName": "DgpECS-prod-web"}
TARGET = "prod:web"
NO = "arn:aws:lambda:us-east-1:123456789012:function:no"


def new_revision(ecs: Any, tag: str = "2", hooks: Any = (), *, definition: str | None = None) -> dict[str, Any]:
    payload = ecs.describe_task_definition(taskDefinition="web")["taskDefinition"]
    kept = ("family", "networkMode", "cpu", "memory", "requiresCompatibilities", "executionRoleArn")
    containers = [{**payload["containerDefinitions"][0], "image": f"registry.example.com/team/web:{tag}"}]
    request = {name: payload[name] for name in kept} | {"containerDefinitions": containers}
    arn = definition or ecs.register_task_definition(**request)["taskDefinition"]["taskDefinitionArn"]
    balancer = {"ContainerName": "app", "ContainerPort": 8080}
    target = {
        "Type": "AWS::ECS::Service",
        "Properties": {"TaskDefinition": arn, "LoadBalancerInfo": balancer, "PlatformVersion": "1.4.0"},
    }
    content = json.dumps({"version": 0.0, "Resources": [{"TargetService": target}], "Hooks": list(hooks)})
    return {"revisionType": "AppSpecContent", "appSpecContent": {"content": content}}


def create(codedeploy: Any, ecs: Any, tag: str = "2", hooks: Any = (), **members: Any) -> str:
    reply = codedeploy.create_deployment(**NAMES, revision=new_revision(ecs, tag, hooks), **members)
    identity: str = reply["deploymentId"]
    return identity


def info_of(codedeploy: Any, identity: str) -> Any:
    return codedeploy.get_deployment(deploymentId=identity)["deploymentInfo"]


def target_of(codedeploy: Any, identity: str) -> Any:
    reply = codedeploy.get_deployment_target(deploymentId=identity, targetId=TARGET)
    return reply["deploymentTarget"]["ecsTarget"]


def weights_of(codedeploy: Any, identity: str) -> dict[str, float]:
    return {s["taskSetLabel"]: s["trafficWeight"] for s in target_of(codedeploy, identity)["taskSetsInfo"]}


def images_of(ecs: Any) -> list[str]:
    service = ecs.describe_services(cluster="prod", services=["web"])["services"][0]
    arns = [task_set["taskDefinition"] for task_set in service["taskSets"]]
    definitions = [ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"] for arn in arns]
    return [definition["containerDefinitions"][0]["image"].rsplit(":", 1)[1] for definition in definitions]
