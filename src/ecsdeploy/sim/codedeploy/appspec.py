"""The AppSpec of a deployment to ECS: task definition, port, hooks.

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
    """An AppSpec as a mapping: `properties` of the ECS service, and `hooks`, a Lambda function by lifecycle event.

    ApiError, as CodeDeploy raises it, for an AppSpec that cannot be read.
    """
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
    """The member of a revision that has the AppSpec. `String` is the older type of revision."""
    return "string" if revision.get("revisionType") == "String" else "appSpecContent"


def content_of(revision: Json) -> str:
    """The text of the AppSpec."""
    return str((revision.get(member_of(revision)) or {}).get("content") or "")


def hash_of(revision: Json) -> str:
    """The SHA-256 of the AppSpec's text, in hexadecimal."""
    return sha256(content_of(revision).encode()).hexdigest()


def definition_of(spec: Json) -> str:
    """The task definition that the AppSpec names."""
    return str(_member(spec["properties"], "taskdefinition"))


def settings_of(spec: Json) -> Json:
    """The settings that take the place of the service's own."""
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
    """The capacity providers of the AppSpec. An AppSpec without them removes those of the service.

    Observed: https://github.com/aws/containers-roadmap/issues/1752
    """
    listed = _member(properties, "capacityproviderstrategy")
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def _lower(table: Json) -> Json:
    return {f"{key[:1].lower()}{key[1:]}": value for key, value in table.items()}


def _hooks(listed: Any) -> dict[str, str]:
    """The Lambda function of each lifecycle event."""
    tables = [entry for entry in listed or [] if isinstance(entry, dict)]
    return {str(name): str(function) for table in tables for name, function in table.items()}


def _parsed(content: str) -> Json:
    """The document, from JSON, or from YAML if PyYAML is there (the extra `local` brings it)."""
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
    """The value of a member. Upper and lower case do not matter: people write the AppSpec of ECS both ways."""
    if not isinstance(table, dict):
        return None
    return next((value for key, value in table.items() if str(key).lower() == name), None)


def _invalid(message: str) -> ApiError:
    return ApiError("InvalidRevisionException", message)
