"""What the load balancer says of its targets."""

from collections.abc import Mapping

from ecsdeploy.aws.reading import record, records, text
from ecsdeploy.aws.session import Session
from ecsdeploy.model.arn import region_of


def target_health(session: Session, group: str) -> Mapping[str, str]:
    """`id:port` of each target of the group with this ARN, to its state (`healthy`, `unhealthy`, `draining`...).

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html
    """
    asked = {"TargetGroupArn": group}
    subject = f"target group `{group.rpartition(':')[2]}`"
    reply = session.call("elbv2", "DescribeTargetHealth", asked, subject=subject, region=region_of(group))
    states = {}
    for each in records(reply, "TargetHealthDescriptions"):
        target = record(each, "Target")
        states[f"{target.get('Id', '')}:{target.get('Port', '')}"] = text(record(each, "TargetHealth"), "State")
    return states
