"""How all services of a cluster stand at one moment: what `ecs-deploy status` tells without a service."""

from __future__ import annotations

from datetime import datetime

from ecsdeploy.model.arn import split_revision
from ecsdeploy.model.report import Condition
from ecsdeploy.model.service import Service
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class ServiceCondition:
    """One service, without its events, and its condition. `reason` is what ECS says of its trouble, or empty."""

    service: Service
    condition: Condition
    reason: str = ""


@value(frozen=True, slots=True, kw_only=True)
class Unasked:
    """Services, by name, that the cluster lists and that we could not read; `why` is a part of a sentence."""

    services: tuple[str, ...]
    why: str


@value(frozen=True, slots=True, kw_only=True)
class Overview:
    """The services of a cluster as they are seen at `at`, the worst first.

    What we could not read is named, and never taken for absent: `unasked` has the services that were
    listed and could not be read, `unlisted` says why the list itself ends early, and is empty where it is whole.
    """

    cluster: str
    region: str
    account: str
    at: datetime
    services: tuple[ServiceCondition, ...] = ()
    unasked: tuple[Unasked, ...] = ()
    unlisted: str = ""

    @property
    def worst(self) -> Condition | None:
        """None where nothing is known of any service."""
        return self.services[0].condition if self.services else None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the services, and of the families of their revisions."""
        read = [each.service for each in self.services]
        families = (split_revision(each.task_definition)[0] for each in read)
        return (*(each.name for each in read), *families, *(name for each in self.unasked for name in each.services))

    @property
    def is_whole(self) -> bool:
        """Whether all services of the cluster are in it."""
        return not (self.unasked or self.unlisted)
