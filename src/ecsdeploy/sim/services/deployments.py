"""Operations on service deployments and service revisions: list, describe, stop."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ecsdeploy.sim.deployments import rollout
from ecsdeploy.sim.ground.errors import ApiError, invalid, unsupported
from ecsdeploy.sim.ground.ids import ACCOUNT, REGION
from ecsdeploy.sim.services.replies.finding import cluster_of, missing, record_of, service_in, service_of
from ecsdeploy.sim.services.replies.paging import PageSize, page
from ecsdeploy.sim.services.replies.service import counts
from ecsdeploy.sim.services.replies.strategy import resolved, strategy_members, weights
from ecsdeploy.sim.services.replies.task import PLATFORM
from ecsdeploy.sim.state.definitions import ServiceRevision
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Deployment, Json, Service, ServiceDeployment

_PAGE = PageSize(default=20, most=100)
_MOST_DESCRIBED = 20
_REVISION_MEMBERS = (
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "platformFamily",
    "loadBalancers",
    "serviceRegistries",
    "networkConfiguration",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
    "monitoring",
)
_REVISION = re.compile(rf"arn:aws:ecs:{REGION}:{ACCOUNT}:service-revision/[\w-]+/[\w-]+/\d+", re.ASCII)


def list_deployments(region: Region, request: Json) -> Json:
    """ListServiceDeployments, the newest first. The SDK has no paginator for it.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html
    """
    service = _service_of(region, request)
    wanted = request.get("status") or []
    window = request.get("createdAt") or {}
    found = [
        record
        for record in reversed(service.history)
        if (not wanted or record.status in wanted)
        and window.get("after", 0) <= record.created_at <= window.get("before", record.created_at)
    ]
    part, rest = page(found, request, _PAGE)
    return {"serviceDeployments": [_brief(service, record) for record in part], **rest}


def _service_of(region: Region, request: Json) -> Service:
    """The service of a request, by its ARN, or by its name in the request's cluster."""
    name = request["service"]
    if name.startswith("arn:"):
        request = {**request, "cluster": name.split("/")[-2]}
    service = service_in(cluster_of(region, request), name)
    if service is None:
        raise ApiError("ServiceNotFoundException", "Service not found.")
    return service


def _brief(service: Service, record: ServiceDeployment) -> Json:
    reply = {
        "serviceDeploymentArn": record.arn,
        "serviceArn": service.arn,
        "clusterArn": service.cluster.arn,
        "startedAt": record.started_at,
        "createdAt": record.created_at,
        "finishedAt": record.finished_at,
        "targetServiceRevisionArn": record.deployment.revision.arn,
        "status": record.status,
        "statusReason": record.reason,
    }
    return {name: value for name, value in reply.items() if value is not None}


def describe(region: Region, request: Json) -> Json:
    """DescribeServiceDeployments.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html
    """
    arns = request["serviceDeploymentArns"]
    _check_count(arns, "ServiceDeployment")
    found, failures = [], []
    for arn in dict.fromkeys(arns):
        match = record_of(region, arn)
        if match is None:
            failures.append(missing(arn))
        else:
            found.append(_describe_record(region, *match))
    return {"serviceDeployments": found, "failures": failures}


def _check_count(arns: Sequence[str], resource: str) -> None:
    if not arns:
        raise invalid(f"The {resource} ARN is invalid.")
    if len(arns) > _MOST_DESCRIBED:
        raise invalid(f"{'Service Revision' if resource == 'ServiceRevision' else resource} ARN count cannot exceed 20")


def _describe_record(region: Region, service: Service, record: ServiceDeployment) -> Json:
    """A `ServiceDeployment` of a reply.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
    """
    present = {deployment.revision.arn: deployment for deployment in service.deployments}
    reply = {
        **_brief(service, record),
        "stoppedAt": record.stopped_at,
        "updatedAt": record.updated_at,
        "sourceServiceRevisions": [_summary(record, r.arn, present) for r in record.sources],
        "targetServiceRevision": _summary(record, record.deployment.revision.arn, present),
        "deploymentConfiguration": record.configuration,
        "rollback": record.rollback,
        "deploymentCircuitBreaker": {
            "status": record.breaker_status,
            "failureCount": record.failures,
            "threshold": record.threshold,
        },
        **strategy_members(region, record),
    }
    reply.pop("targetServiceRevisionArn")
    return {name: value for name, value in reply.items() if value is not None}


def _summary(record: ServiceDeployment, arn: str, present: dict[str, Deployment]) -> Json:
    """A `ServiceRevisionSummary`. After an early success, the counts are those of that moment."""
    counted = counts(present.get(arn)) if record.frozen is None else record.frozen.get(arn) or counts(None)
    return {"arn": arn, **counted, **weights(record, arn)}


def describe_revisions(region: Region, request: Json) -> Json:
    """DescribeServiceRevisions, all of one service. A request with the same ARN twice gets HTTP 500 (measured).

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceRevisions.html
    """
    arns = request["serviceRevisionArns"]
    if not arns:
        raise invalid("The Service ARN provided is invalid.")
    _check_count(arns, "ServiceRevision")
    for arn in arns:
        _check_revision_arn(arn)
    if len({arn.rsplit("/", 1)[0] for arn in arns}) > 1:
        raise invalid(
            "Cross service requests are not allowed. All requested service revisions must be for a single service"
        )
    service = _service_of_revision(region, arns[0])
    known = {revision.arn: (service, revision) for revision in service.revisions.values()}
    if any(arn in known and arns.count(arn) > 1 for arn in arns):
        raise ApiError("ServerException", "Service Unavailable. Please try again later.", 500)
    return {
        "serviceRevisions": [_describe_revision(*known[arn]) for arn in arns if arn in known],
        "failures": [missing(arn) for arn in arns if arn not in known],
    }


def _check_revision_arn(identifier: str) -> None:
    """InvalidParameterException: one text if this is not an ARN, another if it is another kind of ARN (measured)."""
    if not identifier.startswith("arn:"):
        raise invalid("The Service ARN provided is invalid.")
    if not _REVISION.fullmatch(identifier):
        raise invalid("The ServiceRevision ARN is invalid.")


def _service_of_revision(region: Region, identifier: str) -> Service:
    _, cluster, name, _ = identifier.split("/")
    return service_of(region, {"cluster": cluster, "service": name})


def _describe_revision(service: Service, revision: ServiceRevision) -> Json:
    """A `ServiceRevision` of a reply. It has digests as soon as one of its tasks has pulled (measured)."""
    settings = {n: revision.settings[n] for n in _REVISION_MEMBERS if revision.settings.get(n) is not None}
    if settings.get("launchType") == "EC2" and revision is next(iter(service.revisions.values())):
        # Measured: the first revision of a service on EC2 lacks empty members, later ones have them.
        settings = {name: value for name, value in settings.items() if value}
    if settings.get("platformVersion") == "LATEST":
        settings["platformVersion"] = PLATFORM
    return {
        "serviceRevisionArn": revision.arn,
        "serviceArn": service.arn,
        "clusterArn": service.cluster.arn,
        "taskDefinition": revision.definition.arn,
        "containerImages": [_image(revision, container) for container in revision.definition.containers],
        "guardDutyEnabled": False,
        "createdAt": revision.created_at,
        **settings,
        **resolved(revision),
    }


def _image(revision: ServiceRevision, container: Json) -> Json:
    image = {"containerName": container["name"], "image": container["image"]}
    digest = (revision.digests or {}).get(container["name"])
    return {**image, "imageDigest": digest} if digest else image


def stop(region: Region, request: Json) -> Json:
    """StopServiceDeployment. ROLLBACK rolls back. ABORT is refused, because AWS does not document it.

    The switch `abort` allows it.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html
    """
    match = record_of(region, request["serviceDeploymentArn"])
    if match is None:
        raise ApiError("ServiceDeploymentNotFoundException", "Service deployment not found.")
    service, record = match
    if record.ended:
        raise ApiError("ConflictException", f"The service deployment has already ended, its status is {record.status}.")
    if request.get("stopType", "ROLLBACK") != "ROLLBACK":
        _abort(region, service, record)
    else:
        rollout.stop_by_user(region, service, record)
    return {"serviceDeploymentArn": record.arn}


def _abort(region: Region, service: Service, record: ServiceDeployment) -> None:
    if region.switches.abort == "refuse":
        raise unsupported("StopServiceDeployment with stopType ABORT is not simulated: AWS does not document it.")
    rollout.abort(region, service, record)


OPERATIONS = {
    "ListServiceDeployments": list_deployments,
    "DescribeServiceDeployments": describe,
    "DescribeServiceRevisions": describe_revisions,
    "StopServiceDeployment": stop,
}
