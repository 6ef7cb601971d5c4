"""Task definitions, in both directions without loss, and who uses their revisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ecsdeploy.aws import lossless
from ecsdeploy.aws.absence import needed_texts, unless_absent
from ecsdeploy.aws.expected import refuse_wrong, unknown
from ecsdeploy.aws.reading import JsonObject, needed, objects, text, texts
from ecsdeploy.aws.roster import Roster
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import AwsError, Lossy, NoSuchResource
from ecsdeploy.model.arn import revision_name, short_name, split_revision
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.taskdef import TaskDefinition, without_nulls

_SERVICES_PER_CALL = 10


def describe(session: Session, name: str, *, tags: bool) -> TaskDefinition:
    """One revision, by `family:revision`, its ARN, or the family for the newest; `tags` says to read its tags too.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
    """
    asked: dict[str, object] = {"taskDefinition": name}
    if tags:
        asked["include"] = ["TAGS"]
    subject = f"task definition `{revision_name(name)}`"
    return _definition(session, session.call("ecs", "DescribeTaskDefinition", asked, subject=subject))


def named(session: Session, name: str) -> TaskDefinition:
    """The same of a name that the user typed: `NoSuchResource` says what is near it, if families may be listed."""
    try:
        return describe(session, name, tags=False)
    except NoSuchResource as error:
        raise _no_definition(session, name, error) from error


def _no_definition(session: Session, name: str, error: NoSuchResource) -> NoSuchResource:
    family, number = split_revision(name)
    if family in _families(session, family, "INACTIVE"):
        return NoSuchResource(
            f"The family `{family}` has no ACTIVE revision.", hint="Register one, or name another family."
        )
    listed = _families(session, family[:1], "ACTIVE")
    if family in listed:
        return NoSuchResource(
            f"The family `{family}` has no revision {number} that ECS knows.",
            hint=f"Name an ACTIVE one, or `{family}` for the newest.",
        )
    return NoSuchResource(error.message, hint=did_you_mean(family, listed) or error.hint)


def _families(session: Session, prefix: str, status: str) -> tuple[str, ...]:
    """The first hundred families; empty where they cannot be listed, as they only help to find a misspelt name.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitionFamilies.html
    """
    asked = {"familyPrefix": prefix, "status": status, "maxResults": 100}
    try:
        return texts(session.call("ecs", "ListTaskDefinitionFamilies", asked, subject="families"), "families")
    except (AwsError, NoSuchResource):
        return ()


def register(session: Session, definition: TaskDefinition) -> TaskDefinition:
    """Register the definition with every member that it has; `Lossy` where the new revision lacks one.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
    """
    session.secrets.know(definition)
    refuse_unusable(session, definition)
    content, subject = _content(definition), f"family `{definition.family}`"
    request = {**content, **_tags(definition)}
    registered = _definition(session, session.call("ecs", "RegisterTaskDefinition", request, subject=subject))
    _refuse_loss(content, registered)
    return registered


def refuse_unusable(session: Session, definition: TaskDefinition) -> None:
    """Raise a `UsageError` for a definition that the SDK's model of RegisterTaskDefinition rules out; no call."""
    shape = session.input_shape("RegisterTaskDefinition")
    refuse_wrong(_content(definition), shape, f"family `{definition.family}`")


def unknown_members(session: Session, definition: TaskDefinition) -> tuple[str, ...]:
    """The paths of what the SDK's model of RegisterTaskDefinition does not have; no call."""
    return tuple(unknown(_content(definition), session.input_shape("RegisterTaskDefinition")))


def deregister(session: Session, revision: str) -> None:
    """Make the revision INACTIVE.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
    """
    subject = f"task definition `{revision_name(revision)}`"
    session.call("ecs", "DeregisterTaskDefinition", {"taskDefinition": revision}, subject=subject)


def revisions(session: Session, family: str) -> tuple[str, ...]:
    """The ARNs of the ACTIVE revisions of `family`, newest first.

    ECS takes the family as a prefix: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html
    """
    asked = {"familyPrefix": family, "status": "ACTIVE", "sort": "DESC", "maxResults": 100}
    pages = session.pages("ListTaskDefinitions", asked, subject=f"family `{family}`")
    listed = [arn for page in pages for arn in needed_texts(page, "taskDefinitionArns")]
    ours = [arn for arn in listed if split_revision(arn)[0] == family]
    return tuple(sorted(ours, key=lambda arn: split_revision(arn)[1] or 0, reverse=True))


def _content(definition: TaskDefinition) -> JsonObject:
    return cast("JsonObject", without_nulls(definition.registration()))


def _definition(session: Session, reply: JsonObject) -> TaskDefinition:
    tags = tuple((text(each, "key"), text(each, "value")) for each in objects(reply, "tags"))
    definition = TaskDefinition(payload=needed(reply, "taskDefinition"), tags=tags)
    session.secrets.know(definition)
    return definition


def _tags(definition: TaskDefinition) -> JsonObject:
    if not definition.tags:
        return {}
    return {"tags": [{"key": key, "value": value} for key, value in definition.tags]}


def _refuse_loss(sent: JsonObject, registered: TaskDefinition) -> None:
    lost = lossless.missing({k: v for k, v in sent.items() if k != "tags"}, registered.payload)
    if lost:
        names = ", ".join(f"`{path}`" for path in lost)
        raise Lossy(
            f"ECS did not keep {names} in `{revision_name(registered.arn)}`; no service was touched.",
            hint="Check the spelling, or use an endpoint that knows it; the new revision is not in use.",
        )


def clusters(session: Session) -> tuple[str, ...]:
    """The ARNs of all clusters: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListClusters.html"""
    pages = session.pages("ListClusters", {"maxResults": 100}, subject="the account's clusters")
    return tuple(arn for page in pages for arn in needed_texts(page, "clusterArns"))


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


def _services(session: Session, cluster: str) -> Iterator[JsonObject]:
    """All services of the cluster, ten a call; `AwsError` where ECS lists one and does not describe it.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
    """
    subject = f"services in cluster `{short_name(cluster)}`"
    pages = session.pages("ListServices", {"cluster": cluster, "maxResults": 100}, subject=subject)
    arns = [arn for page in pages for arn in needed_texts(page, "serviceArns")]
    for start in range(0, len(arns), _SERVICES_PER_CALL):
        part = arns[start : start + _SERVICES_PER_CALL]
        reply = session.call("ecs", "DescribeServices", {"cluster": cluster, "services": part}, subject=subject)
        described = objects(reply, "services")
        missing = set(part) - {text(each, "serviceArn") for each in described}
        if missing:
            raise AwsError(f"{len(missing)} of the {subject} could not be described.")
        yield from described


def _revisions(service: JsonObject) -> tuple[str, ...]:
    """The revisions of the service, its deployments and its task sets: each may yet start tasks."""
    users = (service, *objects(service, "deployments"), *objects(service, "taskSets"))
    return tuple(arn for each in users if (arn := text(each, "taskDefinition")))
