"""Reads what load balancers and alarms say beside our deployment, for whoever looks on; it decides nothing."""

from collections import Counter

from ecsdeploy.engine.extras import Extras
from ecsdeploy.engine.run import Run
from ecsdeploy.model.arn import group_name
from ecsdeploy.model.events import Monitored, TargetCounts
from ecsdeploy.model.service import Service
from ecsdeploy.model.surroundings import AlarmState
from ecsdeploy.rollout.pacing import wants_monitoring


def monitor(run: Run, extras: Extras, service: Service) -> None:
    """Tell it when it has changed; what may not be read, or was not answered, is left out."""
    now = run.clock.monotonic()
    if not wants_monitoring(extras.monitored_at, now):
        return
    extras.monitored_at = now
    seen = Monitored(targets=_targets(run, extras, service), alarms=_alarms(run, extras, service))
    if seen != extras.monitored:
        extras.monitored = seen
        run.emit(seen)


def _targets(run: Run, extras: Extras, service: Service) -> tuple[TargetCounts, ...]:
    """Of the two groups that a blue/green service alternates between, one is often empty: it is left out."""
    groups = service.target_groups
    read = extras.ask("targets", lambda: tuple(run.plane.target_health(each) for each in groups)) if groups else ()
    counted = zip(groups, (Counter(each.values()) for each in read or ()), strict=False)
    return tuple(
        TargetCounts(group=group_name(arn), states=tuple(sorted(states.items()))) for arn, states in counted if states
    )


def _alarms(run: Run, extras: Extras, service: Service) -> tuple[AlarmState, ...]:
    names = service.alarms.watched
    return (extras.ask("alarms", lambda: run.plane.surroundings.alarms(names)) or ()) if names else ()
