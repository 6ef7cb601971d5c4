"""The clusters of an account, and which revisions of a family their services and running tasks use."""

from __future__ import annotations

from collections.abc import Iterator

from ecsdeploy.aws.absence import listed_names, unless_absent
from ecsdeploy.aws.reading import Record, records, text
from ecsdeploy.aws.roster import Roster
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import AwsError
from ecsdeploy.model.arn import short_name, split_revision

_PER_CALL = 10


def clusters(session: Session) -> tuple[str, ...]:
    """The ARNs of all clusters: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListClusters.html"""
    pages = session.pages("ListClusters", {"maxResults": 100}, subject="the account's clusters")
    return tuple(arn for page in pages for arn in listed_names(page, "clusterArns"))


def revisions_in_use(session: Session, roster: Roster, cluster: str, family: str) -> dict[str, str]:
    """Revision ARN to its user (`service `web` of `prod``), a service before a task; none where the cluster is gone."""
    users = unless_absent(lambda: (*_by_services(session, cluster), *_by_tasks(roster, cluster, family))) or ()
    in_use: dict[str, str] = {}
    for arn, user in users:
        if split_revision(arn)[0] == family:
            in_use.setdefault(arn, user)
    return in_use


def _by_services(session: Session, cluster: str) -> Iterator[tuple[str, str]]:
    for service in _services(session, cluster):
        for arn in _revisions(service):
            yield arn, f"service `{text(service, 'serviceName')}` of `{short_name(cluster)}`"


def _by_tasks(roster: Roster, cluster: str, family: str) -> Iterator[tuple[str, str]]:
    for task in roster.every_task({"cluster": cluster, "family": family, "desiredStatus": "RUNNING"}):
        yield task.task_definition, f"task `{task.id}` of `{short_name(cluster)}`"


def _services(session: Session, cluster: str) -> Iterator[Record]:
    """All of them, ten a call; `AwsError` where one that is listed is not described, whatever its failure says.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
    """
    subject = f"services in cluster `{short_name(cluster)}`"
    pages = session.pages("ListServices", {"cluster": cluster, "maxResults": 100}, subject=subject)
    arns = [arn for page in pages for arn in listed_names(page, "serviceArns")]
    for start in range(0, len(arns), _PER_CALL):
        part = arns[start : start + _PER_CALL]
        reply = session.call("ecs", "DescribeServices", {"cluster": cluster, "services": part}, subject=subject)
        described = records(reply, "services")
        missing = set(part) - {text(each, "serviceArn") for each in described}
        if missing:
            raise AwsError(f"{len(missing)} of the {subject} could not be described.")
        yield from described


def _revisions(service: Record) -> tuple[str, ...]:
    """The revisions of the service, its deployments and its task sets: each may yet start tasks."""
    users = (service, *records(service, "deployments"), *records(service, "taskSets"))
    return tuple(arn for each in users if (arn := text(each, "taskDefinition")))
