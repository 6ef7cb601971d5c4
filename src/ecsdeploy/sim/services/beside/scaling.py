"""Application Auto Scaling's scalable targets for services of the world.

They are kept and listed; nothing scales.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
"""

from __future__ import annotations

from ecsdeploy.sim.codec.wire import Reply, Request, json_reply, read_json
from ecsdeploy.sim.ground.errors import ApiError
from ecsdeploy.sim.ground.ids import arn
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json

_KEPT = ("RegisterScalableTarget", "DescribeScalableTargets", "DeregisterScalableTarget")
_PARTS = 3
_NOT_SUSPENDED = {
    "DynamicScalingInSuspended": False,
    "DynamicScalingOutSuspended": False,
    "ScheduledScalingSuspended": False,
}


def keeps(_: Region, request: Request) -> bool:
    return request.operation in _KEPT and _is_of_ecs(request)


def is_changed(_: Region, request: Request) -> bool:
    """Whether the request makes a policy or a schedule for ECS. We refuse it, because nothing would scale."""
    return not request.operation.startswith("Describe") and _is_of_ecs(request)


def _is_of_ecs(request: Request) -> bool:
    return read_json(request).get("ServiceNamespace") == "ecs"


def answer(region: Region, request: Request, request_id: str) -> Reply:
    asked = read_json(request)
    match request.operation:
        case "RegisterScalableTarget":
            reply = _register(region, asked)
        case "DeregisterScalableTarget":
            reply = _deregister(region, asked)
        case _:
            wanted = asked.get("ResourceIds") or list(region.scalable)
            reply = {"ScalableTargets": [region.scalable[name] for name in wanted if name in region.scalable]}
    return json_reply(reply, request_id)


def _register(region: Region, asked: Json) -> Json:
    """Add or change a scalable target. A new one needs both limits. The desired count stays the same."""
    name = str(asked.get("ResourceId"))
    _check_service(region, name)
    present = region.scalable.get(name) or {}
    limits = {key: asked.get(key, present.get(key)) for key in ("MinCapacity", "MaxCapacity")}
    if None in limits.values():
        raise ApiError("ValidationException", "Both MinCapacity and MaxCapacity are required for a new target.")
    region.scalable[name] = {
        "ServiceNamespace": "ecs",
        "ResourceId": name,
        "ScalableDimension": "ecs:service:DesiredCount",
        **limits,
        "RoleARN": arn("role/aws-service-role/ecs.application-autoscaling.amazonaws.com", service="iam"),
        "CreationTime": present.get("CreationTime", region.now),
        "SuspendedState": {**_NOT_SUSPENDED, **(asked.get("SuspendedState") or present.get("SuspendedState") or {})},
    }
    return {"ScalableTargetARN": arn(f"scalable-target/{name}", service="application-autoscaling")}


def _check_service(region: Region, name: str) -> None:
    parts = name.split("/")
    cluster = region.clusters.get(parts[1]) if len(parts) == _PARTS and parts[0] == "service" else None
    if cluster is None or parts[2] not in cluster.services:
        raise ApiError("ValidationException", f"ECS service doesn't exist: {name}")


def _deregister(region: Region, asked: Json) -> Json:
    if region.scalable.pop(str(asked.get("ResourceId")), None) is None:
        raise ApiError("ObjectNotFoundException", f"No scalable target found for resource: {asked.get('ResourceId')}")
    return {}
