"""Where a cluster's action logs go: what ECS itself does with the cluster's deployments, if somebody has it logged.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/action-logs-getting-started.html
"""

from __future__ import annotations

from ecsdeploy.aws import faults
from ecsdeploy.aws.reading import JsonObject, nested, objects, pages, text, texts
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import AwsError
from ecsdeploy.model.arn import short_name

_MOST_PAGES = 20
_LOG_TYPE = "ACTION_LOGS"
_TO_LOGS = "CWL"


def groups(session: Session, cluster_arn: str) -> tuple[str, ...]:
    """The log groups in CloudWatch Logs that they are delivered to; none where there are none, or elsewhere alone.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeDeliverySources.html and
    API_DescribeDeliveries.html, API_GetDeliveryDestination.html beside it.
    """
    subject = f"action logs of cluster `{short_name(cluster_arn)}`"
    try:
        sources = _sources(session, cluster_arn, subject)
        arns = _destinations(session, sources, subject) if sources else ()
        found = (_group(session, arn, subject) for arn in arns)
        return tuple(dict.fromkeys(filter(None, found)))
    except AwsError as error:
        if faults.lacks_operation(error):
            return ()
        raise


def _sources(session: Session, cluster_arn: str, subject: str) -> frozenset[str]:
    """The names of the cluster's sources of this kind."""
    listed = _listed(session, "DescribeDeliverySources", "deliverySources", subject)
    ours = (
        each for each in listed if text(each, "logType") == _LOG_TYPE and cluster_arn in texts(each, "resourceArns")
    )
    return frozenset(text(each, "name") for each in ours)


def _destinations(session: Session, sources: frozenset[str], subject: str) -> tuple[str, ...]:
    listed = _listed(session, "DescribeDeliveries", "deliveries", subject)
    ours = (each for each in listed if text(each, "deliverySourceName") in sources)
    return tuple(
        text(each, "deliveryDestinationArn") for each in ours if text(each, "deliveryDestinationType") == _TO_LOGS
    )


def _group(session: Session, destination: str, subject: str) -> str:
    """`/ecs/actions` of the destination with this ARN, which ends in its name."""
    asked = {"name": destination.rpartition(":")[2]}
    reply = session.call("logs", "GetDeliveryDestination", asked, subject=subject)
    configuration = nested(nested(reply, "deliveryDestination"), "deliveryDestinationConfiguration")
    return text(configuration, "destinationResourceArn").rpartition(":log-group:")[2].removesuffix(":*")


def _listed(session: Session, operation: str, member: str, subject: str) -> tuple[JsonObject, ...]:
    def ask(token: str) -> JsonObject:
        return session.call("logs", operation, {"nextToken": token} if token else {}, subject=subject)

    return tuple(each for page in pages(ask, subject, most=_MOST_PAGES) for each in objects(page, member))
