"""What stands beside the bars of the live region: target groups with their targets, and alarms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ecsdeploy.model.events import Monitored, TargetCounts
from ecsdeploy.model.surroundings import AlarmState
from ecsdeploy.model.values import value
from ecsdeploy.render.live.spans import Row, Span, first_that_fits

_STATES = {"healthy": "good", "unhealthy": "bad", "initial": "warn"}
"""The styles of the states that are shown first, in this order."""
_ALARMS = {"ALARM": "bad", "OK": "good"}
_BETWEEN = Span("dim", " · ")


@value(frozen=True, slots=True)
class Monitor:
    """A label, and the texts for it, from the longest to the shortest."""

    label: str
    variants: Sequence[Row]

    def fitted(self, label: Span, columns: int) -> Row:
        return first_that_fits(columns, *((label, *each) for each in self.variants))


def monitors(seen: Monitored) -> Iterator[Monitor]:
    """A monitor for each target group, and one for all alarms."""
    for each in seen.targets:
        states = _joined(_targets(each))
        yield Monitor("target", ((Span("", f"{each.group}  "), *states), states))
    if seen.alarms:
        yield Monitor("alarms", (_joined(map(_alarm, seen.alarms)), _joined(_counted(seen.alarms))))


def _targets(group: TargetCounts) -> Iterator[Span]:
    counts = dict(group.states)
    for state in dict.fromkeys((*_STATES, *counts)):
        if counts.get(state):
            yield Span(_STATES.get(state, "dim"), f"{counts[state]} {state}")


def _alarm(each: AlarmState) -> Span:
    return Span(_ALARMS.get(each.state, "dim"), f"{each.name} {each.state}")


def _counted(alarms: Iterable[AlarmState]) -> Iterator[Span]:
    counts = Counter(each.state for each in alarms)
    for state in dict.fromkeys((*_ALARMS, *counts)):
        if counts[state]:
            yield Span(_ALARMS.get(state, "dim"), f"{counts[state]} {state}")


def _joined(spans: Iterable[Span]) -> Row:
    row: list[Span] = []
    for each in spans:
        row += [_BETWEEN, each] if row else [each]
    return tuple(row)
