"""What the tasks of a release did over time, from the records of its run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from ecsdeploy.model.events import Counts, Progress, RollingBack, Started
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.values import replace, value
from ecsdeploy.render.report.reading import Run

_MOST = 240
"""More samples than a chart can show are thinned out; the lowest and the highest of each stretch stay."""


@value(frozen=True, slots=True, kw_only=True)
class Sample:
    """What ECS said at one time, in seconds since the run began. `new` is the revision of the release."""

    at: float
    new: Counts
    old: Counts
    stage: str = ""
    traffic: float | None = None

    @property
    def running(self) -> int:
        return self.new.running + self.old.running


@value(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Between how many tasks ECS keeps a service during a rolling release; None where it names no bound."""

    lowest: int | None = None
    highest: int | None = None
    minimum_percent: int | None = None
    maximum_percent: int | None = None

    @property
    def words(self) -> str:
        """`at least 4 (100 %) and at most 8 (200 %)`."""
        least = "" if self.lowest is None else f"at least {self.lowest:,} ({self.minimum_percent} %)"
        most = "" if self.highest is None else f"at most {self.highest:,} ({self.maximum_percent} %)"
        return " and ".join(filter(None, (least, most)))


def samples(run: Run) -> tuple[Sample, ...]:
    """Each change of the counts, the first at the start of the deployment."""
    found: list[Sample] = []
    for each in _told(run):
        if found and replace(each, at=found[-1].at) == found[-1]:
            continue
        found.append(each)
    return tuple(found)


def _told(run: Run) -> Iterator[Sample]:
    undoing, found = False, 0
    for record in run.records:
        match record.event:
            case Planned(setting=setting) if setting:
                found = setting.running
            case Started(attached=False) if found and not undoing:
                yield Sample(at=seconds_of(run, record.time), new=Counts(), old=Counts(running=found))
            case RollingBack(by="us", stopped=False):
                undoing = True
            case Progress() as seen:
                new, old = (seen.old, seen.new) if undoing else (seen.new, seen.old)
                at = seconds_of(run, record.time)
                yield Sample(at=at, new=new, old=old, stage=seen.stage, traffic=seen.traffic)
            case _:
                pass


def seconds_of(run: Run, time: datetime) -> float:
    """Seconds from the run's first event to `time`."""
    return max((time - run.records[0].time).total_seconds(), 0.0)


def thinned(found: Sequence[Sample], most: int = _MOST) -> tuple[Sample, ...]:
    """At most about `most` of them."""
    if len(found) <= most:
        return tuple(found)
    stretch = -(-len(found) * 3 // most)
    kept: dict[int, Sample] = {}
    for start in range(0, len(found), stretch):
        part = range(start, min(start + stretch, len(found)))
        low, high = (choose(part, key=lambda index: found[index].running) for choose in (min, max))
        kept |= {index: found[index] for index in sorted({low, high, part[-1]})}
    return tuple(kept.values())


def bounds(run: Run, planned: Planned | None) -> Bounds:
    """The bounds of a rolling release; ECS does not shift traffic within them."""
    setting = planned.setting if planned else None
    shifts = any(isinstance(each.event, Progress) and each.event.traffic is not None for each in run.records)
    if setting is None or not setting.desired or shifts:
        return Bounds()
    low, high = setting.minimum_healthy_percent, setting.maximum_percent
    return Bounds(
        lowest=None if low is None else -(-setting.desired * low // 100),
        highest=None if high is None else setting.desired * high // 100,
        minimum_percent=low,
        maximum_percent=high,
    )
