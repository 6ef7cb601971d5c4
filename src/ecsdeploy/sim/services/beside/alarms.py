"""CloudWatch's DescribeAlarms and SetAlarmState, for the alarms of the world. moto answers for others.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from ecsdeploy.sim.codec.wire import Reply, Request, element, json_reply, members, read_json, read_query, xml_reply
from ecsdeploy.sim.ground.ids import arn
from ecsdeploy.sim.state.balancers import Alarm
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json
from ecsdeploy.sim.traffic.alarms import ring

CLOUDWATCH = "http://monitoring.amazonaws.com/doc/2010-08-01/"
_NAMES = "AlarmNames.member."


def knows(region: Region, request: Request) -> bool:
    """Whether the world has one of the alarms that the request names, or any alarm if it names none."""
    asked = _asked(request)
    return any(name in region.alarms for name in asked) if asked else bool(region.alarms)


def describe(region: Region, request: Request, request_id: str) -> Reply:
    """The reply in the protocol of the request: JSON for today's SDKs, the query protocol for older ones."""
    found = _found(region, request)
    if _is_json(request):
        described = {"MetricAlarms": [_json(alarm) for alarm in found], "CompositeAlarms": []}
        status, headers, body = json_reply(described, request_id)
        return status, {**headers, "Content-Type": "application/x-amz-json-1.0"}, body
    result = f"<MetricAlarms>{members([_xml(alarm) for alarm in found])}</MetricAlarms><CompositeAlarms/>"
    return xml_reply("DescribeAlarms", CLOUDWATCH, result, request_id)


def is_set(region: Region, request: Request) -> bool:
    """Whether the request sets the state of an alarm of the world."""
    return request.operation == "SetAlarmState" and _given(request, "AlarmName") in region.alarms


def set_state(region: Region, request: Request, request_id: str) -> Reply:
    """Set the state of an alarm. Deployments that watch it see that.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
    """
    ring(region, _given(request, "AlarmName"), _given(request, "StateValue"))
    if _is_json(request):
        status, headers, body = json_reply({}, request_id)
        return status, {**headers, "Content-Type": "application/x-amz-json-1.0"}, body
    return xml_reply("SetAlarmState", CLOUDWATCH, "", request_id)


def is_changed(region: Region, request: Request) -> bool:
    """Whether the request changes an alarm of the world. We have the state of an alarm alone, so we refuse."""
    mentioned = {_given(request, "AlarmName"), *_asked(request)}
    return not request.operation.startswith(("Describe", "Get", "List")) and bool(mentioned & region.alarms.keys())


def _is_json(request: Request) -> bool:
    return "json" in request.headers.get("content-type", "")


def _asked(request: Request) -> list[str]:
    if _is_json(request):
        return list(read_json(request).get("AlarmNames") or [])
    return [value for name, value in read_query(request).items() if name.startswith(_NAMES)]


def _given(request: Request, name: str) -> str:
    return str((read_json(request) if _is_json(request) else read_query(request)).get(name) or "")


def _found(region: Region, request: Request) -> Sequence[Alarm]:
    asked, prefix, state = _asked(request), _given(request, "AlarmNamePrefix"), _given(request, "StateValue")
    return [
        alarm
        for name, alarm in sorted(region.alarms.items())
        if (not asked or name in asked) and name.startswith(prefix) and state in ("", alarm.state)
    ]


def _json(alarm: Alarm) -> Json:
    return _shown(alarm) | {"ActionsEnabled": True, "StateUpdatedTimestamp": alarm.since}


def _xml(alarm: Alarm) -> str:
    stamp = datetime.fromtimestamp(alarm.since, UTC).isoformat().replace("+00:00", "Z")
    shown = {**_shown(alarm), "ActionsEnabled": "true", "StateUpdatedTimestamp": stamp}
    return "".join(element(name, value) for name, value in shown.items())


def _shown(alarm: Alarm) -> Json:
    return {
        "AlarmName": alarm.name,
        "AlarmArn": arn(f"alarm:{alarm.name}", service="cloudwatch"),
        "StateValue": alarm.state,
        "StateReason": f"The simulator's scenario says {alarm.state}.",
    }
