"""The checks that need no read of their own: whether the release of a definition to a service is possible at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ecsdeploy.model.arn import account_of, revision_name, short_name, split_revision
from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.request import Sizing
from ecsdeploy.model.secrets import secret_values
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition, part, parts
from ecsdeploy.plan.checks.sentences import found

if TYPE_CHECKING:
    from ecsdeploy.model.oneoff import OneOff


def check_account(arn: str, expected: str) -> tuple[Finding, ...]:
    """An error if the service is not in the account of `--expect-account`: many accounts have the same names.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    account = account_of(arn)
    return (found("C-ACCOUNT", short_name(arn), account, expected),) if expected and account != expected else ()


def check_service(service: Service, sizing: Sizing) -> tuple[Finding, ...]:
    """An error if this tool cannot deploy to the service, and a warning if it runs no task with this `sizing`."""
    if service.status not in ("ACTIVE", ""):
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
        return (found("C-NOT-ACTIVE", service.name, service.status),)
    if service.controller not in ("ECS", "CODE_DEPLOY"):
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
        return (found("C-CONTROLLER", service.name, service.controller),)
    desired = service.desired if sizing.desired_count is None else sizing.desired_count
    if desired == 0:
        return (Finding(code="W-SCALED-TO-ZERO", subjects=(service.name,)),)
    return ()


def check_definition(definition: TaskDefinition) -> tuple[Finding, ...]:
    """An error if the definition lacks a family, containers, or a name or image in one of them.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
    """
    if not definition.family:
        return (found("C-NO-FAMILY"),)
    if not definition.containers:
        return (found("C-NO-CONTAINER", definition.family),)
    bare = tuple(each.name or "?" for each in definition.containers if not each.name or not each.image)
    return (found("C-NO-IMAGE", *bare),) if bare else ()


def check_plain(definition: TaskDefinition, stored: TaskDefinition | None) -> tuple[Finding, ...]:
    """A warning for each plain variable that looks like a credential, and that `stored` does not have as it is.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
    """
    known = set(_plain_values(stored)) if stored is not None else set()
    # A place of a template is for `check_places`.
    fresh = (each for each in _plain_values(definition) if each not in known and not each[2].startswith(_PLACES))
    return tuple(found("C-PLAIN-SECRET", name, where) for where, name, text in fresh if any(secret_values(name, text)))


_PLACES = ("${", "{{", "<")


def _plain_values(definition: TaskDefinition) -> Iterator[tuple[str, str, str]]:
    """Container, name and value."""
    for container in definition.containers:
        for each in parts(container.payload, "environment"):
            yield container.name, str(each.get("name") or ""), str(each.get("value") or "")


def check_family(definition: TaskDefinition, named: str) -> tuple[Finding, ...]:
    """A warning if a definition from a file is of another family than `-d` names: the file's family counts."""
    family = split_revision(named)[0]
    if not family or not definition.family or definition.family == family:
        return ()
    return (Finding(code="W-OTHER-FAMILY", subjects=(definition.family, family)),)


def check_attestation(definition: TaskDefinition, changes: Iterable[ImageChange]) -> tuple[Finding, ...]:
    """A warning if an image changes and the definition has an attestation policy, which may name the old image.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
    """
    trusted = part(definition.payload, "trustedExecutionConfiguration")
    changed = tuple(each.container for each in changes if each.before != each.after)
    policed = bool(trusted.get("attestationPolicy"))
    return (found("C-ATTESTATION", *changed),) if policed and changed else ()


def check_forced(definition: TaskDefinition) -> tuple[Finding, ...]:
    """A warning if the revision to deploy again is not ACTIVE: ECS may refuse it ten minutes after its deregistration.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
    """
    if definition.status in ("ACTIVE", ""):
        return ()
    return (found("C-FORCED-INACTIVE", revision_name(definition.arn), definition.status),)


def check_one_off(definition: TaskDefinition, one_off: OneOff) -> tuple[Finding, ...]:
    """An error if the task is in `awsvpc` mode and no network configuration is given.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
    """
    if definition.payload.get("networkMode") == "awsvpc" and not one_off.network_configuration:
        return (found("C-NO-NETWORK", definition.family),)
    return ()
