"""Operations on task definitions: register, describe, list, deregister, delete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecsdeploy.sim.ground.errors import invalid, refused
from ecsdeploy.sim.ground.ids import CALLER, arn
from ecsdeploy.sim.services.legal import registering
from ecsdeploy.sim.services.legal.compatibility import attributes, compatibilities
from ecsdeploy.sim.services.replies.finding import definition_named
from ecsdeploy.sim.services.replies.paging import PageSize, page
from ecsdeploy.sim.state.definitions import Definition, Family
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json

_PAGE = PageSize()
_STATUSES = ("ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS")
_MOST_DELETED = 10
_STILL_ACTIVE = "The specified task definition is still in ACTIVE status. Please deregister the target and try again."
_NO_SUCH = "The specified task definition does not exist. Specify a valid account, family, revision and try again."


def register(region: Region, request: Json) -> Json:
    """RegisterTaskDefinition. Members that this SDK does not know are kept, and replies repeat them.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
    """
    definition = add_revision(region, request)
    reply = {"taskDefinition": described(definition)}
    return {**reply, "tags": definition.tags} if definition.tags else reply


def add_revision(region: Region, request: Json) -> Definition:
    """Register a definition as the next revision of its family. A number is never used twice.

    ApiError if AWS would refuse the definition.
    """
    payload = registering.without(request, region.forget_members)
    tags = payload.pop("tags", [])
    registering.check_family(payload["family"])
    registering.check(payload)
    family = region.families.setdefault(payload["family"], Family(payload["family"]))
    number = family.revisions[-1].number + 1 if family.revisions else 1
    definition = Definition(
        arn=arn("task-definition", f"{family.name}:{number}"),
        family=family.name,
        number=number,
        payload=registering.completed(payload),
        tags=tags,
        registered_at=region.now,
    )
    family.revisions.append(definition)
    return definition


def described(definition: Definition) -> Json:
    """A `taskDefinition` of a reply."""
    reply = {
        **definition.payload,
        "taskDefinitionArn": definition.arn,
        "revision": definition.number,
        "status": definition.status,
        "compatibilities": compatibilities(definition.payload),
        "registeredAt": definition.registered_at,
        "registeredBy": CALLER,
    }
    if needed := attributes(definition.payload):
        reply["requiresAttributes"] = needed
    if definition.deregistered_at is not None:
        reply["deregisteredAt"] = definition.deregistered_at
    if definition.delete_requested_at is not None:
        reply["deleteRequestedAt"] = definition.delete_requested_at
    return reply


def describe(region: Region, request: Json) -> Json:
    """DescribeTaskDefinition. Tags stand beside the definition, and only if the request asks for them.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
    """
    include = request.get("include") or []
    if any(item != "TAGS" for item in include):
        raise invalid("include should be one of [TAGS]")
    definition = definition_named(region, request["taskDefinition"])
    if definition is None:
        raise refused("Unable to describe task definition.")
    reply = {"taskDefinition": described(definition)}
    return {**reply, "tags": definition.tags} if include else reply


def deregister(region: Region, request: Json) -> Json:
    """DeregisterTaskDefinition. The revision is INACTIVE: it can be described, and its services still run it.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
    """
    registering.number_of(request["taskDefinition"])
    definition = definition_named(region, request["taskDefinition"])
    if definition is None:
        raise refused("The specified task definition does not exist.")
    definition.status = "INACTIVE"
    # Measured: this reply has no `deregisteredAt`, later replies have it.
    reply = {"taskDefinition": described(definition)}
    definition.deregistered_at = definition.deregistered_at or region.now
    return reply


def delete(region: Region, request: Json) -> Json:
    """DeleteTaskDefinitions: at most ten INACTIVE revisions. They can be described until they are gone.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteTaskDefinitions.html
    """
    names = request["taskDefinitions"]
    if not names:
        raise invalid("References to task definitions cannot be empty.")
    if len(names) > _MOST_DELETED:
        raise invalid("taskDefinitions can have at most 10 items.")
    deleted, failures = [], []
    for name in dict.fromkeys(names):
        registering.number_of(name)
        definition = definition_named(region, name)
        if definition is None or definition.status == "ACTIVE":
            failures.append({"arn": name, "reason": _STILL_ACTIVE if definition else _NO_SUCH})
            continue
        definition.status = "DELETE_IN_PROGRESS"
        definition.delete_requested_at = definition.delete_requested_at or region.now
        deleted.append(described(definition))
    return {"taskDefinitions": deleted, "failures": failures}


def list_definitions(region: Region, request: Json) -> Json:
    """ListTaskDefinitions, by family, then by number. `familyPrefix` is the whole name of a family.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html
    """
    status = _status(request, _STATUSES)
    wanted = request.get("familyPrefix")
    found = [
        definition
        for name in sorted(region.families)
        if wanted in (None, name)
        for definition in region.families[name].revisions
        if definition.status == status
    ]
    if request.get("sort") == "DESC":
        found.reverse()
    return _definitions_page(found, request)


def _definitions_page(found: list[Definition], request: Json) -> Json:
    """One page. Its token is `family::<number, ten digits>` of the page's last revision (measured)."""
    token = request.get("nextToken")
    first = next((i + 1 for i, d in enumerate(found) if _mark(d) == token), None) if token else 0
    if first is None:
        raise invalid("Invalid token.")
    part, rest = page(found[first:], {"maxResults": request.get("maxResults", _PAGE.default)}, _PAGE)
    reply: Json = {"taskDefinitionArns": [definition.arn for definition in part]}
    return {**reply, "nextToken": _mark(part[-1])} if rest else reply


def _mark(definition: Definition) -> str:
    return f"{definition.family}::{definition.number:010d}"


def list_families(region: Region, request: Json) -> Json:
    """ListTaskDefinitionFamilies. An ACTIVE family has an ACTIVE revision. Here `familyPrefix` is a prefix.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitionFamilies.html
    """
    status = request.get("status", "ACTIVE")
    if status not in ("ACTIVE", "INACTIVE", "ALL"):
        raise invalid("status should be one of [ACTIVE,INACTIVE,ALL]")
    names = [
        family.name
        for family in region.families.values()
        if family.name.startswith(request.get("familyPrefix", "")) and status in ("ALL", _family_status(family))
    ]
    part, rest = page(sorted(names), request, _PAGE)
    return {"families": part, **rest}


def _family_status(family: Family) -> str:
    return "ACTIVE" if any(d.status == "ACTIVE" for d in family.revisions) else "INACTIVE"


def _status(request: Mapping[str, Any], allowed: tuple[str, ...]) -> str:
    status = str(request.get("status", "ACTIVE"))
    if status not in allowed:
        raise invalid(f"status should be one of [{','.join(allowed)}]")
    return status


OPERATIONS = {
    "RegisterTaskDefinition": register,
    "DescribeTaskDefinition": describe,
    "DeregisterTaskDefinition": deregister,
    "DeleteTaskDefinitions": delete,
    "ListTaskDefinitions": list_definitions,
    "ListTaskDefinitionFamilies": list_families,
}
