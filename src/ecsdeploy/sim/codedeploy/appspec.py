"""The AppSpec of an ECS deployment: which definition and port, and which hooks.

https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
"""

from __future__ import annotations

import json
from hashlib import sha256
from importlib import import_module
from typing import Any

from ecsdeploy.sim.ground.errors import ApiError

Json = dict[str, Any]


def read(revision: Json | None) -> Json:
    """The properties of the target service as `properties`, the hooks as `hooks`; AWS's error for what is neither."""
    if not revision:
        raise ApiError("RevisionRequiredException", "Revision is required.")
    if revision.get("revisionType") not in ("AppSpecContent", "String"):
        raise _invalid("For ECS deployments the revision type must be AppSpecContent.")
    document = _parsed(content_of(revision))
    resources = _member(document, "resources")
    if not isinstance(resources, list) or not resources or not isinstance(resources[0], dict):
        raise _invalid("The AppSpec file has no resources.")
    target: Any = next(iter(resources[0].values()), {})
    properties = _member(target, "properties")
    if not isinstance(properties, dict) or not _member(properties, "taskdefinition"):
        raise _invalid("The AppSpec file names no task definition.")
    return {"properties": properties, "hooks": _hooks(_member(document, "hooks"))}


def member_of(revision: Json) -> str:
    """The member that holds the AppSpec: `String` is the older kind of revision."""
    return "string" if revision.get("revisionType") == "String" else "appSpecContent"


def content_of(revision: Json) -> str:
    return str((revision.get(member_of(revision)) or {}).get("content") or "")


def hash_of(revision: Json) -> str:
    return sha256(content_of(revision).encode()).hexdigest()


def definition_of(spec: Json) -> str:
    return str(_member(spec["properties"], "taskdefinition"))


def settings_of(spec: Json) -> Json:
    """The service's settings that the AppSpec replaces."""
    properties = spec["properties"]
    version = _member(properties, "platformversion")
    network = _member(_member(properties, "networkconfiguration") or {}, "awsvpcconfiguration")
    settings: Json = {"capacityProviderStrategy": [_lower(item) for item in _strategy(properties)]}
    if version:
        settings["platformVersion"] = version
    if isinstance(network, dict):
        settings["networkConfiguration"] = {"awsvpcConfiguration": _lower(network)}
    return settings


def _strategy(properties: Json) -> list[Json]:
    """The capacity providers; an AppSpec that names none takes those of the service away.

    Observed: https://github.com/aws/containers-roadmap/issues/1752
    """
    listed = _member(properties, "capacityproviderstrategy")
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def _lower(table: Json) -> Json:
    return {f"{key[:1].lower()}{key[1:]}": value for key, value in table.items()}


def _hooks(listed: Any) -> dict[str, str]:
    """Each lifecycle event with the Lambda function it calls."""
    tables = [entry for entry in listed or [] if isinstance(entry, dict)]
    return {str(name): str(function) for table in tables for name, function in table.items()}


def _parsed(content: str) -> Json:
    """JSON, or YAML where a parser for it is installed (it comes with the extra `local`)."""
    try:
        document = json.loads(content)
    except ValueError:
        document = _parsed_yaml(content)
    if not isinstance(document, dict):
        raise _invalid("The AppSpec file is neither valid JSON nor valid YAML.")
    return document


def _parsed_yaml(content: str) -> Any:
    try:
        yaml = import_module("yaml")
    except ImportError:
        raise _invalid("The simulator reads an AppSpec file in YAML only with its extra `local`; use JSON.") from None
    try:
        return yaml.safe_load(content)
    except yaml.YAMLError:
        return None


def _member(table: Any, name: str) -> Any:
    """A member whatever its case: the AppSpec of ECS is written both ways."""
    if not isinstance(table, dict):
        return None
    return next((value for key, value in table.items() if str(key).lower() == name), None)


def _invalid(message: str) -> ApiError:
    return ApiError("InvalidRevisionException", message)
