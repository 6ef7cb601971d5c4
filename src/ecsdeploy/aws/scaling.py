"""The limits between which Application Auto Scaling keeps a service's desired count."""

from __future__ import annotations

from ecsdeploy.aws.reading import JsonObject, number, objects
from ecsdeploy.aws.session import Session
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.surroundings import ScalingLimits

_API = "application-autoscaling"
_DIMENSION = "ecs:service:DesiredCount"


def limits(session: Session, ref: ServiceRef) -> ScalingLimits | None:
    """None for a service that is not scaled.

    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html
    """
    asked: JsonObject = {
        "ServiceNamespace": "ecs",
        "ResourceIds": [_resource(ref)],
        "ScalableDimension": _DIMENSION,
    }
    targets = objects(session.call(_API, "DescribeScalableTargets", asked, subject=_subject(ref)), "ScalableTargets")
    if not targets:
        return None
    return ScalingLimits(lowest=number(targets[0], "MinCapacity"), highest=number(targets[0], "MaxCapacity"))


def move(session: Session, ref: ServiceRef, before: ScalingLimits, after: ScalingLimits) -> None:
    """Send the limits that differ: of an existing target, what is left out stays as it is.

    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
    """
    changed = {
        **({"MinCapacity": after.lowest} if after.lowest != before.lowest else {}),
        **({"MaxCapacity": after.highest} if after.highest != before.highest else {}),
    }
    asked: JsonObject = {
        "ServiceNamespace": "ecs",
        "ResourceId": _resource(ref),
        "ScalableDimension": _DIMENSION,
        **changed,
    }
    session.call(_API, "RegisterScalableTarget", asked, subject=_subject(ref))


def _resource(ref: ServiceRef) -> str:
    return f"service/{ref.short_cluster}/{ref.short_name}"


def _subject(ref: ServiceRef) -> str:
    return f"`{ref.short_name}`"
