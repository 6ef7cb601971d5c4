"""Task definitions, and the revisions of a service that are made with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Definition:
    """A revision of a task definition; `payload` is what was registered, unknown members included."""

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
    """A service's configuration as one deployment runs it; immutable but for the digests its first task finds.

    `alternate` says that its tasks are behind the alternate target groups, and not behind the first.
    """

    arn: str
    definition: Definition
    settings: Json
    created_at: float
    digests: dict[str, str] | None = None
    alternate: bool = False
