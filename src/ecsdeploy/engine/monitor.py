"""Reads what load balancers and alarms say beside our deployment, for whoever looks on; it decides nothing."""

from __future__ import annotations

from collections import Counter

from ecsdeploy.engine.extras import Beside
from ecsdeploy.engine.run import Run
from ecsdeploy.model.arn import group_name
from ecsdeploy.model.events import Monitored, TargetCounts
from ecsdeploy.model.service import Service
from ecsdeploy.model.surroundings import AlarmState
from ecsdeploy.rollout.pacing import monitor_after


def monitor(run: Run, beside: Beside, service: Service) -> None:
    """Tell it when it has changed. Whatever goes wrong is left out: the verdict's own reads say what counts."""
    began = run.clock.monotonic()
    if began < beside.due:
        return
    seen = Monitored(targets=_targets(run, beside, service), alarms=_alarms(run, beside, service))
    ended = run.clock.monotonic()
    beside.due = ended + monitor_after(ended - began)
    if seen != beside.told:
        beside.told = seen
        run.emit(seen)


def _targets(run: Run, beside: Beside, service: Service) -> tuple[TargetCounts, ...]:
    """Of the two groups that a blue/green service alternates between, one is often empty: it is left out."""
    groups = service.target_groups
    read = beside.reads.ask("targets", lambda: [run.plane.target_health(each) for each in groups]) or ()
    counted = zip(groups, (Counter(each.values()) for each in read), strict=False)
    return tuple(
        TargetCounts(group=group_name(arn), states=tuple(sorted(states.items()))) for arn, states in counted if states
    )


def _alarms(run: Run, beside: Beside, service: Service) -> tuple[AlarmState, ...]:
    names = service.alarms.watched
    return (beside.reads.ask("alarms", lambda: run.plane.surroundings.alarms(names)) or ()) if names else ()
