"""Things that we assume to exist because somebody asks for them by name: roles, secrets, parameters, images in ECR.

Sessions of Session Manager with a task are here too.

So a deployment of any definition can be planned. Where somebody has made such things in moto, moto answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from ecsdeploy.sim.codec.wire import Reply, Request, element, json_reply, read_json, read_query, xml_reply
from ecsdeploy.sim.ground.errors import ApiError
from ecsdeploy.sim.ground.ids import ACCOUNT, REGION, arn
from ecsdeploy.sim.services.replies.task import agent_status
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json
from ecsdeploy.sim.tasks.digests import digest_of

IAM = "https://iam.amazonaws.com/doc/2010-05-08/"
_REGISTRY = re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/([^:@]+)")
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_SECRETS = "secretsmanager"


def knows(region: Region, request: Request) -> bool:
    """Whether the request is about something that a definition, or `[images]` of the scenario, names."""
    match request.service, request.operation:
        case "iam", "GetRole":
            return _role(request) in _roles(region)
        case "secretsmanager", "DescribeSecret":
            return _secret(region, request) is not None
        case "ssm", "DescribeParameters":
            return bool(_parameters_asked(region, request))
        case "ssm", "StartSession":
            return str(read_json(request).get("Target", "")).startswith("ecs:")
        case "ecr", "BatchGetImage":
            return _repository(region, request) is not None
        case "ecr", "DescribeImages":
            return _repository(region, request) is not None and "imageIds" in read_json(request)
        case _:
            return False


def is_by_name(request: Request) -> bool:
    """Whether the request asks for something by its name. It then exists, unless moto knows better."""
    match request.service, request.operation:
        case ("iam", "GetRole") | ("secretsmanager", "DescribeSecret") | ("ecr", "BatchGetImage"):
            return True
        case "ecr", "DescribeImages":
            return "imageIds" in read_json(request)
        case "ssm", "DescribeParameters":
            return bool(_names_asked(request))
        case _:
            return False


def answer(region: Region, request: Request, request_id: str) -> Reply:
    """The reply to a request for which `knows` or `is_by_name` is true."""
    if request.operation == "GetRole":
        return xml_reply("GetRole", IAM, _described_role(_role(request)), request_id)
    return json_reply(_JSON[request.operation](region, request), request_id)


def _role(request: Request) -> str:
    return read_query(request).get("RoleName", "")


def _described_role(name: str) -> str:
    """A `Role` of GetRole's reply, as XML.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
    """
    shown = {
        "Path": "/",
        "RoleName": name,
        "RoleId": f"AROA{sha256(name.encode()).hexdigest()[:17].upper()}",
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "CreateDate": "2025-01-01T00:00:00Z",
    }
    return f"<Role>{''.join(element(key, value) for key, value in shown.items())}</Role>"


def _roles(region: Region) -> set[str]:
    roles = (payload.get(member) for payload in _payloads(region) for member in ("executionRoleArn", "taskRoleArn"))
    return {str(role).rsplit("/", 1)[-1] for role in roles if role}


def _secret(region: Region, request: Request) -> str | None:
    """The ARN of the secret, found by its ARN, with or without its last six characters, or by its name."""
    asked = str(read_json(request).get("SecretId") or "")
    arns = (":".join(each.split(":")[:7]) for each in _values(region) if each.split(":")[2:3] == [_SECRETS])
    return next((full for full in arns if asked in {full, full[:-7], _secret_name(full)}), None)


def _secret_name(full: str) -> str:
    return full.rpartition(":")[2][:-7]


def _describe_secret(region: Region, request: Request) -> Json:
    """https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html"""
    asked = str(read_json(request).get("SecretId") or "")
    found = _secret(region, request) or (asked if asked.startswith("arn:") else _secret_arn(asked))
    return {"ARN": found, "Name": _secret_name(found)}


def _secret_arn(name: str) -> str:
    """The ARN of a secret. Secrets Manager adds six characters to its name."""
    return f"{arn('secret', service=_SECRETS)}:{name}-{sha256(name.encode()).hexdigest()[:6]}"


def _parameters_asked(region: Region, request: Request) -> list[str]:
    known = {_parameter(value) for value in _values(region)}
    return [name for name in _names_asked(request) if name in known]


def _names_asked(request: Request) -> list[str]:
    """The names of the parameters in the request. SSM does not list AWS's own, nor those of Secrets Manager.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
    """
    filters: Iterable[Mapping[str, Any]] = read_json(request).get("ParameterFilters") or []
    asked = [str(name) for each in filters if each.get("Key") == "Name" for name in each.get("Values") or []]
    return [name for name in asked if not name.startswith("/aws/")]


def _parameter(value: str) -> str:
    _, is_arn, path = value.partition(":parameter/")
    return (f"/{path}" if is_arn else value).partition(":")[0]


def _describe_parameters(_: Region, request: Request) -> Json:
    """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html"""
    return {"Parameters": [{"Name": name, "Type": "SecureString"} for name in _names_asked(request)]}


def _start_session(region: Region, request: Request) -> Json:
    """StartSession with a container: one that nobody can join, as that of ExecuteCommand.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartSession.html
    """
    target = str(read_json(request)["Target"])
    reached = (
        f"ecs:{cluster.name}_{task.id}_{container.runtime_id}"
        for cluster in region.clusters.values()
        for task in cluster.tasks.values()
        for container in task.containers
        if task.last_status == "RUNNING" and agent_status(task, container) == "RUNNING"
    )
    if target not in reached:
        raise ApiError("TargetNotConnected", f"{target} is not connected.")
    session = f"session-{region.ids.hexadecimal()[:17]}"
    return {
        "SessionId": session,
        "StreamUrl": f"wss://ssmmessages.{REGION}.amazonaws.com/v1/data-channel/{session}?role=publish_subscribe",
        "TokenValue": f"AAEAAS{region.ids.hexadecimal()}",
    }


def _repository(region: Region, request: Request) -> str | None:
    """Registry and path of the repository, as image references begin. None if no reference has it."""
    asked = read_json(request).get("repositoryName")
    references = (str(container["image"]) for payload in _payloads(region) for container in _containers(payload))
    for reference in (*references, *region.images.behaviours):
        found = _REGISTRY.match(reference)
        if found is not None and found[1] == asked:
            return found[0]
    return None


def _images(region: Region, request: Request) -> tuple[list[Json], list[Json]]:
    """The ids of the images that can be pulled, complete with digests, and the ids of the others."""
    elsewhere = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{read_json(request).get('repositoryName')}"
    repository, there, gone = _repository(region, request) or elsewhere, [], []
    for asked in read_json(request).get("imageIds") or []:
        digest, tag = asked.get("imageDigest"), asked.get("imageTag")
        reference = f"{repository}@{digest}" if digest else f"{repository}:{tag}"
        if _is_there(region, reference):
            there.append({**asked, "imageDigest": digest_of(reference)})
        else:
            gone.append(asked)
    return there, gone


def _is_there(region: Region, reference: str) -> bool:
    behaviour = region.images.look_up(reference)
    return behaviour.pull != "not-found" or bool(behaviour.fails)


def _batch_get_image(region: Region, request: Request) -> Json:
    """https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html"""
    there, gone = _images(region, request)
    about = {"registryId": ACCOUNT, "repositoryName": read_json(request)["repositoryName"]}
    manifest = json.dumps({"schemaVersion": 2, "mediaType": _MANIFEST, "layers": []})
    found = {**about, "imageManifest": manifest, "imageManifestMediaType": _MANIFEST}
    missing = {"failureCode": "ImageNotFound", "failureReason": "Requested image not found"}
    return {
        "images": [{**found, "imageId": each} for each in there],
        "failures": [{"imageId": each, **missing} for each in gone],
    }


def _describe_images(region: Region, request: Request) -> Json:
    """https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html"""
    there, gone = _images(region, request)
    name = read_json(request)["repositoryName"]
    if gone:
        wanted = ", ".join(f"{key}:'{value}'" for key, value in gone[0].items())
        raise ApiError(
            "ImageNotFoundException",
            f"The image with imageId {{{wanted}}} does not exist within the repository with name '{name}' in the "
            f"registry with id '{ACCOUNT}'",
        )
    about = {"registryId": ACCOUNT, "repositoryName": name}
    return {"imageDetails": [{**about, "imageDigest": each["imageDigest"], **_tags(each)} for each in there]}


def _tags(identity: Json) -> Json:
    return {"imageTags": [identity["imageTag"]]} if "imageTag" in identity else {}


def _payloads(region: Region) -> Iterator[Json]:
    yield from (definition.payload for family in region.families.values() for definition in family.revisions)


def _containers(payload: Json) -> list[Json]:
    return list(payload["containerDefinitions"])


def _values(region: Region) -> Iterator[str]:
    """Where the secrets of the containers come from: ARNs, or names of parameters."""
    for payload in _payloads(region):
        for container in _containers(payload):
            driver = container.get("logConfiguration") or {}
            for each in (*(container.get("secrets") or ()), *(driver.get("secretOptions") or ())):
                yield str(each.get("valueFrom") or "")
            credentials = container.get("repositoryCredentials") or {}
            yield str(credentials.get("credentialsParameter") or "")


_JSON: Mapping[str, Callable[[Region, Request], Json]] = {
    "DescribeSecret": _describe_secret,
    "DescribeParameters": _describe_parameters,
    "StartSession": _start_session,
    "BatchGetImage": _batch_get_image,
    "DescribeImages": _describe_images,
}
