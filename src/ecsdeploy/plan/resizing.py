"""What a release changes of the service's counts, percentages, tags and volumes, and what they were before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ecsdeploy.model.difference import Difference, How, how
from ecsdeploy.model.request import Sizing
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import LaunchVolume, managed_volumes


def resized(service: Service, sizing: Sizing) -> tuple[Difference, ...]:
    """What the sizing changes of the service as it is."""
    pairs = (
        ("desiredCount", service.desired, sizing.desired_count),
        ("minimumHealthyPercent", service.minimum_healthy_percent, sizing.minimum_healthy_percent),
        ("maximumPercent", service.maximum_percent, sizing.maximum_percent),
        ("enableECSManagedTags", service.managed_tags, sizing.managed_tags),
        ("propagateTags", service.propagate_tags, sizing.propagate_tags),
    )
    changed = tuple(
        Difference(member=name, how=How.CHANGED, before=told(old), after=told(new))
        for name, old, new in pairs
        if new is not None and new != old
    )
    return (*changed, *_reconfigured(service.settings.demands.launch_volumes, sizing.volumes))


def _reconfigured(before: Iterable[LaunchVolume], asked: Iterable[LaunchVolume] | None) -> Iterator[Difference]:
    """The volumes that are added, removed or configured differently."""
    if asked is None:
        return
    old, new = managed_volumes(before), managed_volumes(asked)
    for name in dict.fromkeys((*old, *new)):
        changed = how(old.get(name), new.get(name))
        if changed:
            was, is_now = (told(each.get(name)) for each in (old, new))
            yield Difference(member="volumeConfigurations", name=name, how=changed, before=was, after=is_now)


def told(value: object) -> str:
    """A value as JSON writes it; a text as it is, and nothing for None."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def former(service: Service, sizing: Sizing) -> Sizing:
    """The present values of what the sizing changes, beside the deployment configuration: a rollback puts them back."""
    return Sizing(
        desired_count=service.desired if sizing.desired_count is not None else None,
        minimum_healthy_percent=_was(sizing.minimum_healthy_percent, service.minimum_healthy_percent, 100),
        maximum_percent=_was(sizing.maximum_percent, service.maximum_percent, 200),
        managed_tags=service.managed_tags if sizing.managed_tags is not None else None,
        propagate_tags=service.propagate_tags if sizing.propagate_tags is not None else None,
        volumes=service.settings.demands.launch_volumes if sizing.volumes is not None else None,
    )


def _was(asked: int | None, before: int | None, default: int) -> int | None:
    """The value that a percentage goes back to if we set it: what it was before, or ECS's default.

    Defaults: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    """
    if asked is None:
        return None
    return default if before is None else before
