"""Task definitions, and the service revisions that use them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Definition:
    """A revision of a task definition. `payload` is the whole registered request, with members that we do not know."""

    arn: str
    family: str
    number: int
    payload: Json
    tags: list[Json]
    registered_at: float
    status: str = "ACTIVE"
    deregistered_at: float | None = None
    delete_requested_at: float | None = None

    @property
    def containers(self) -> list[Json]:
        return list(self.payload["containerDefinitions"])


@dataclass(slots=True)
class Family:
    name: str
    revisions: list[Definition] = field(default_factory=list)


@dataclass(slots=True)
class ServiceRevision:
    """The configuration of a service that one deployment runs. Only `digests` changes, once: the first task sets them.

    `alternate` says that the tasks of this revision register with the alternate target groups of the load balancers.
    """

    arn: str
    definition: Definition
    settings: Json
    created_at: float
    digests: dict[str, str] | None = None
    alternate: bool = False
