"""Which of Fargate's capacity providers a task goes to.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ecsdeploy.sim.state.service import Json, Task


def choose(strategy: list[Json] | None, present: Iterable[Task]) -> str | None:
    """The base of a provider is filled first; then the one that is furthest behind its weight."""
    if not strategy:
        return None
    counts = Counter(task.provider for task in present if task.wanted)
    based = next((i for i in strategy if counts[i["capacityProvider"]] < i.get("base", 0)), None)
    chosen = based or min(strategy, key=lambda item: _fill(item, counts))
    return str(chosen["capacityProvider"])


def _fill(item: Json, counts: Counter[str | None]) -> float:
    """How full the provider would be by its weight with one more task; weight 0 takes none."""
    weight = item.get("weight", 1)
    beyond = counts[item["capacityProvider"]] - item.get("base", 0)
    return (beyond + 1) / weight if weight else float("inf")
