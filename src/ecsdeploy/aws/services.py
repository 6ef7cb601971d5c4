"""DescribeServices and UpdateService, and the names near one that does not exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ecsdeploy.aws import translate
from ecsdeploy.aws.reading import JsonObject, identity, malformed, needed, objects, text, texts
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import AwsError, EcsDeployError, NoSuchResource, ReplyLost
from ecsdeploy.model.arn import ServiceRef, account_of, short_name
from ecsdeploy.model.nearest import near
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import LaunchVolume
from ecsdeploy.model.steps import PointService


def words(ref: ServiceRef) -> str:
    return f"service `{ref.short_name}` in cluster `{ref.short_cluster}`"


def describe(session: Session, ref: ServiceRef) -> Service:
    """One service; `NoSuchResource` names those with a name like it, `ReplyLost` is for a reply about another one.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
    """
    asked = {"cluster": ref.cluster, "services": [ref.name]}
    try:
        reply = session.call("ecs", "DescribeServices", asked, subject=words(ref))
    except NoSuchResource as error:
        raise _no_cluster(session, ref.short_cluster) from error
    listed = objects(reply, "services")
    found = [each for each in listed if _is_asked_for(each, ref)]
    if not found:
        raise _no_reply(ref) if listed else _no_service(session, ref, objects(reply, "failures"))
    service = translate.service(found[0])
    if service.status == "INACTIVE":
        raise NoSuchResource(
            f"The {words(ref)} has been deleted ({_place(session, [service.arn])}).",
            hint="Create the service first.",
        )
    return service


def page(session: Session, cluster: str, token: str) -> tuple[tuple[str, ...], str]:
    """The ARNs of a hundred services, and the token of the next page.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html
    """
    asked = {"cluster": cluster, "maxResults": 100} | ({"nextToken": token} if token else {})
    try:
        reply = session.call("ecs", "ListServices", asked, subject=_words_of_all(cluster))
    except NoSuchResource as error:
        raise _no_cluster(session, short_name(cluster)) from error
    if reply.get("serviceArns") is None:
        raise malformed("serviceArns", None)
    return texts(reply, "serviceArns"), text(reply, "nextToken")


def described(session: Session, cluster: str, arns: Sequence[str]) -> tuple[tuple[Service, ...], Mapping[str, str]]:
    """The services with these ARNs, ten at most, and by ARN why ECS did not describe one (which may be empty).

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
    """
    asked = {"cluster": cluster, "services": list(arns)}
    reply = session.call("ecs", "DescribeServices", asked, subject=_words_of_all(cluster))
    found = tuple(translate.service(each) for each in objects(reply, "services") if text(each, "serviceArn") in arns)
    there = {each.arn for each in found}
    reasons = {text(each, "arn"): text(each, "reason") for each in objects(reply, "failures")}
    return found, {arn: reasons.get(arn, "") for arn in arns if arn not in there}


def _words_of_all(cluster: str) -> str:
    return f"services in cluster `{short_name(cluster)}`"


def _is_asked_for(source: JsonObject, ref: ServiceRef) -> bool:
    """Whether a reply is about the service that we asked for, as far as it says so: a proxy may mix replies up."""
    said = (text(source, "serviceName") or text(source, "serviceArn"), ref.short_name)
    where = (text(source, "clusterArn"), ref.short_cluster)
    return all(not name or short_name(name) == asked for name, asked in (said, where))


def _no_reply(ref: ServiceRef) -> ReplyLost:
    return ReplyLost(f"A reply of AWS is about another service than the {words(ref)}.")


def active_cluster(session: Session, cluster: str) -> str:
    """The ARN of a cluster; `NoSuchResource` if it does not exist or is not ACTIVE.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeClusters.html
    """
    name = short_name(cluster)
    reply = session.call("ecs", "DescribeClusters", {"clusters": [cluster]}, subject=f"cluster `{name}`")
    active = [each for each in objects(reply, "clusters") if text(each, "status") == "ACTIVE"]
    if not active:
        raise _no_cluster(session, name)
    return identity(active[0], "clusterArn")


def update(session: Session, step: PointService, revision: str) -> Service:
    """Point the service at `revision`, with the sizing of the step; returns the service as it is then.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
    """
    reply = session.call("ecs", "UpdateService", _changes(step, revision), subject=words(step.service))
    updated = needed(reply, "service")
    if not _is_asked_for(updated, step.service):
        raise _no_reply(step.service)
    return translate.service(updated)


def _changes(step: PointService, revision: str) -> dict[str, object]:
    """What UpdateService is sent: only what is to change, as ECS keeps what it does not receive (percentages too)."""
    sizing = step.sizing
    percentages = {
        "minimumHealthyPercent": sizing.minimum_healthy_percent,
        "maximumPercent": sizing.maximum_percent,
    }
    deployment = {**sizing.deployment, **{k: v for k, v in percentages.items() if v is not None}}
    changes: dict[str, object] = {
        "cluster": step.service.cluster,
        "service": step.service.name,
        "taskDefinition": revision or None,
        "desiredCount": sizing.desired_count,
        "deploymentConfiguration": deployment or None,
        "enableECSManagedTags": sizing.managed_tags,
        "propagateTags": sizing.propagate_tags,
        "volumeConfigurations": _volumes(sizing.volumes),
        "forceNewDeployment": step.force or None,
    }
    return {name: value for name, value in changes.items() if value is not None}


def _volumes(volumes: Sequence[LaunchVolume] | None) -> list[dict[str, object]] | None:
    """None leaves the volumes as they are; an empty list takes all of them away."""
    if volumes is None:
        return None
    return [{"name": each.name, **({"managedEBSVolume": each.managed} if each.managed else {})} for each in volumes]


def _no_service(session: Session, ref: ServiceRef, failures: Sequence[JsonObject]) -> EcsDeployError:
    if not failures:
        return malformed("services", None)
    arns = _first_arns(session, "ListServices", "serviceArns", {"cluster": ref.cluster})
    place = _place(session, [*(text(each, "arn") for each in failures), *arns])
    return NoSuchResource(f"The {words(ref)} does not exist ({place}).", hint=_near(ref.short_name, arns))


def _no_cluster(session: Session, name: str) -> NoSuchResource:
    arns = _first_arns(session, "ListClusters", "clusterArns", {})
    return NoSuchResource(f"The cluster `{name}` does not exist ({_place(session, arns)}).", hint=_near(name, arns))


def _first_arns(session: Session, operation: str, member: str, asked: dict[str, object]) -> tuple[str, ...]:
    """The ARNs on the first page; empty where they cannot be listed, as they only help to find a misspelt name."""
    try:
        reply = session.call("ecs", operation, {**asked, "maxResults": 100}, subject="its neighbours")
        return texts(reply, member)
    except (AwsError, NoSuchResource):
        return ()


def _place(session: Session, arns: Sequence[str]) -> str:
    account = next((account_of(arn) for arn in arns if account_of(arn)), "")
    return f"Region `{session.region}`" + (f", account {account}" if account else "")


def _near(name: str, arns: Sequence[str]) -> str:
    matches = near(name, map(short_name, arns), most=3)
    if matches:
        return f"Did you mean {' or '.join(f'`{match}`' for match in matches)}?"
    return "Check the name, the Region and the account."
