"""Whether CloudWatch Logs has a log group."""

from __future__ import annotations

from ecsdeploy.aws.absence import listed
from ecsdeploy.aws.reading import text
from ecsdeploy.aws.session import Session


def log_group_exists(session: Session, name: str, *, region: str) -> bool:
    """Groups are listed by prefix and in the order of their names: the group itself comes before longer names.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
    """
    asked = {"logGroupNamePrefix": name}
    reply = session.call("logs", "DescribeLogGroups", asked, subject=f"log group `{name}`", region=region)
    return any(text(each, "logGroupName") == name for each in listed(reply, "logGroups"))
