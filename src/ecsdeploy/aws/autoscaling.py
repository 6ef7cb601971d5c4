"""Between which desired counts Application Auto Scaling keeps a service."""

from __future__ import annotations

from ecsdeploy.aws.reading import number, records
from ecsdeploy.aws.session import Session
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.surroundings import ScalingLimits


def limits(session: Session, ref: ServiceRef) -> ScalingLimits | None:
    """None for a service that is not scaled.

    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html
    """
    asked = {
        "ServiceNamespace": "ecs",
        "ResourceIds": [f"service/{ref.short_cluster}/{ref.short_name}"],
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    reply = session.call("application-autoscaling", "DescribeScalableTargets", asked, subject=f"`{ref.short_name}`")
    targets = records(reply, "ScalableTargets")
    if not targets:
        return None
    return ScalingLimits(lowest=number(targets[0], "MinCapacity"), highest=number(targets[0], "MaxCapacity"))
