"""CloudWatch alarms, and the deployments that watch them.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
"""

from __future__ import annotations

from collections.abc import Callable

from ecsdeploy.sim.ground.timings import ALARM_POLL
from ecsdeploy.sim.state.balancers import Alarm
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json, ServiceDeployment


def alarm_named(region: Region, name: str) -> Alarm:
    """The alarm of this name. A name that we did not know becomes an alarm in state OK."""
    return region.alarms.setdefault(name, Alarm(name, region.now))


def ring(region: Region, name: str, state: str) -> None:
    """Set the state of an alarm. Its own state again changes nothing, not even the time."""
    alarm = alarm_named(region, name)
    if alarm.state != state:
        alarm.state, alarm.since = state, region.now


def watched(configuration: Json) -> list[str]:
    """The names of the alarms that a deployment with this configuration watches."""
    alarms = configuration.get("alarms") or {}
    return list(alarms.get("alarmNames") or []) if alarms.get("enable") else []


def watch(region: Region, record: ServiceDeployment, on_alarm: Callable[[], None]) -> None:
    """Poll the alarms while the deployment is in progress. If one rings already, ECS watches none of them."""
    names = watched(record.configuration)
    if names and not _ringing(region, names):
        record.alarm_status = "MONITORING"
        region.clock.after(ALARM_POLL, lambda: _poll(region, record, on_alarm))


def look_away(record: ServiceDeployment) -> None:
    """Stop watching: the bake time is over, and later alarms do not concern this deployment."""
    if record.alarm_status == "MONITORING":
        record.alarm_status = "MONITORING_COMPLETE"


def _ringing(region: Region, names: list[str]) -> list[str]:
    return [name for name in names if alarm_named(region, name).state == "ALARM"]


def _poll(region: Region, record: ServiceDeployment, on_alarm: Callable[[], None]) -> None:
    if record.status != "IN_PROGRESS" or record.alarm_status != "MONITORING":
        return
    ringing = _ringing(region, watched(record.configuration))
    if ringing:
        record.alarm_status, record.triggered = "TRIGGERED", ringing
        on_alarm()
    else:
        region.clock.after(ALARM_POLL, lambda: _poll(region, record, on_alarm))
