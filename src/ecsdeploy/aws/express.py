"""DescribeExpressGatewayService and UpdateExpressGatewayService."""

from __future__ import annotations

from ecsdeploy.aws.reading import needed, nested, objects, text
from ecsdeploy.aws.services import words
from ecsdeploy.aws.session import Session
from ecsdeploy.model.arn import short_name
from ecsdeploy.model.express import Express
from ecsdeploy.model.steps import UpdateExpress


def describe(session: Session, arn: str) -> Express:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeExpressGatewayService.html"""
    reply = session.call(
        "ecs", "DescribeExpressGatewayService", {"serviceArn": arn}, subject=f"Express service `{short_name(arn)}`"
    )
    configurations = objects(needed(reply, "service"), "activeConfigurations")
    return Express(
        arn=arn,
        containers={text(each, "taskDefinitionArn"): dict(nested(each, "primaryContainer")) for each in configurations},
    )


def update(session: Session, step: UpdateExpress, revision: str) -> str:
    """Send the members of the step, or `revision` where it has none. Returns the ARN of the revision, if ECS names it.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateExpressGatewayService.html
    """
    asked = dict(step.members) or {"taskDefinitionArn": revision}
    subject = words(step.service)
    reply = session.call("ecs", "UpdateExpressGatewayService", {"serviceArn": step.arn, **asked}, subject=subject)
    return text(nested(needed(reply, "service"), "targetConfiguration"), "taskDefinitionArn")
