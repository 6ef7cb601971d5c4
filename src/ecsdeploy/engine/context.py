"""What a run is given: the ports, and how it is to use them."""

from __future__ import annotations

from datetime import datetime

from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.ports import Clock, ControlPlane, Question
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class Context:
    """It stays the same from the first call to the result."""

    plane: ControlPlane
    clock: Clock
    emit: Emitter
    budget_seconds: float
    started_at: datetime
    started: float
    """The same on the clock."""
    question: Question | None = None
    monitored: bool = False
    """Somebody looks on: what is only to be seen, and decides nothing, is read too."""
