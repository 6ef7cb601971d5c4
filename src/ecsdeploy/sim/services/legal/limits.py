"""Ranges of values in task definitions, and quotas of services and tags.

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
# The characters of a role's name and path: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
_ROLE = re.compile(r"(?:arn:aws:iam::\d{12}:role/(?:[!-\x7e]+/)?)?[\w+=,.@-]{1,64}", re.ASCII)


def check_ranges(container: Json) -> None:
    """ClientException for a value outside AWS's range.

    AWS does not document its texts for these, so most are our words.
    """
    name, health = container["name"], container.get("healthCheck") or {}
    for member, (least, most) in _HEALTH.items():
        _check(f"healthCheck {member} of container '{name}'", health.get(member), least, most)
    policy = container.get("restartPolicy") or {}
    _check(f"restartAttemptPeriod of container '{name}'", policy.get("restartAttemptPeriod"), *_RESTART)
    if len(container["image"]) > _IMAGE:
        raise refused("Container.image should be 255 characters or less.")


def check_task(payload: Json) -> None:
    """ClientException for a role that is neither a name nor the ARN of a role, or for a wrong size of ephemeral
    storage.
    """
    for member in ("taskRoleArn", "executionRoleArn"):
        role = payload.get(member) or ""
        if role and not _ROLE.fullmatch(role):
            raise refused("Role is not valid")
    storage = payload.get("ephemeralStorage") or {}
    _check("ephemeralStorage sizeInGiB", storage.get("sizeInGiB"), *_STORAGE)


def check_count(desired: int) -> None:
    """InvalidParameterException, in our words, for more tasks than AWS's quota for a service.

    https://docs.aws.amazon.com/general/latest/gr/ecs-service.html
    """
    if desired > _TASKS:
        raise invalid(f"The desired count {desired} exceeds the quota of {_TASKS} tasks per service.")


def check_tags(tags: Iterable[Json]) -> None:
    """InvalidParameterException for a tag key that begins with `aws:`, in any case: it belongs to AWS.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
    """
    if any(str(tag.get("key") or "").lower().startswith("aws:") for tag in tags):
        raise invalid("Tag keys cannot begin with aws:, which is reserved for AWS.")


def _check(what: str, value: int | None, least: int, most: int) -> None:
    if value is not None and not least <= value <= most:
        raise refused(f"Invalid setting for {what}: {value}. It must be between {least} and {most}.")
