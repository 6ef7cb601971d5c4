"""The containers of tasks, and the container instances on which tasks run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ecsdeploy.sim.ground.behaviour import Behaviour

Json = dict[str, Any]


@dataclass(slots=True)
class Container:
    """A container of a task. `checked` says whether it has a health check."""

    arn: str
    definition: Json
    behaviour: Behaviour
    status: str = "PENDING"
    exit_code: int | None = None
    reason: str | None = None
    health: str = "UNKNOWN"
    digest: str | None = None
    runtime_id: str | None = None

    @property
    def name(self) -> str:
        return str(self.definition["name"])

    @property
    def essential(self) -> bool:
        return bool(self.definition.get("essential", True))

    @property
    def checked(self) -> bool:
        command = (self.definition.get("healthCheck") or {}).get("command") or ["NONE"]
        return bool(command[0] != "NONE")


@dataclass(slots=True)
class Instance:
    """A container instance. `placed` is how many tasks it has been given since it was registered."""

    arn: str
    id: str
    zone: str
    registered_at: float
    status: str = "ACTIVE"
    placed: int = 0
