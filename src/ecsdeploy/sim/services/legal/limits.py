"""Ranges that task definitions are held to, and how many tasks a service may have.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html,
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerRestartPolicy.html and
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EphemeralStorage.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ecsdeploy.sim.ground.errors import invalid, refused
from ecsdeploy.sim.state.service import Json

_HEALTH = {"interval": (5, 300), "timeout": (2, 60), "retries": (1, 10), "startPeriod": (0, 300)}
_RESTART = (60, 1800)
_STORAGE = (21, 200)
_IMAGE = 255
_TASKS = 5000
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html: what a role's name and path are made of.
_ROLE = re.compile(r"(?:arn:aws:iam::\d{12}:role/(?:[!-\x7e]+/)?)?[\w+=,.@-]{1,64}", re.ASCII)


def check_ranges(container: Json) -> None:
    """Our own words for AWS's ranges: what AWS says where one is left is not documented."""
    name, health = container["name"], container.get("healthCheck") or {}
    for member, (least, most) in _HEALTH.items():
        _check(f"healthCheck {member} of container '{name}'", health.get(member), least, most)
    policy = container.get("restartPolicy") or {}
    _check(f"restartAttemptPeriod of container '{name}'", policy.get("restartAttemptPeriod"), *_RESTART)
    if len(container["image"]) > _IMAGE:
        raise refused("Container.image should be 255 characters or less.")


def check_task(payload: Json) -> None:
    """Roles by name or by the ARN of a role, and the size of ephemeral storage."""
    for member in ("taskRoleArn", "executionRoleArn"):
        role = payload.get(member) or ""
        if role and not _ROLE.fullmatch(role):
            raise refused("Role is not valid")
    storage = payload.get("ephemeralStorage") or {}
    _check("ephemeralStorage sizeInGiB", storage.get("sizeInGiB"), *_STORAGE)


def check_count(desired: int) -> None:
    """Our own words for a quota of AWS's: so many tasks may a service have.

    https://docs.aws.amazon.com/general/latest/gr/ecs-service.html
    """
    if desired > _TASKS:
        raise invalid(f"The desired count {desired} exceeds the quota of {_TASKS} tasks per service.")


def check_tags(tags: Iterable[Json]) -> None:
    """Keys that begin so are AWS's own, in whatever case.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
    """
    if any(str(tag.get("key") or "").lower().startswith("aws:") for tag in tags):
        raise invalid("Tag keys cannot begin with aws:, which is reserved for AWS.")


def _check(what: str, value: int | None, least: int, most: int) -> None:
    if value is not None and not least <= value <= most:
        raise refused(f"Invalid setting for {what}: {value}. It must be between {least} and {most}.")
