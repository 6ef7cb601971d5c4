"""CloudWatch Logs: reads of what the containers wrote, and CreateLogGroup."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from zlib import crc32

from ecsdeploy.sim.ground.errors import ApiError, invalid
from ecsdeploy.sim.ground.ids import arn
from ecsdeploy.sim.services.replies.paging import PageSize, page
from ecsdeploy.sim.state.region import LogStream, Region
from ecsdeploy.sim.state.service import Json

_EVENTS = 10_000
_STREAMS = PageSize(default=50, most=50)
_PAGE = PageSize(default=_EVENTS, most=_EVENTS)


def _millis(seconds: float) -> int:
    return round(seconds * 1000)


def _group_name(request: Json) -> str:
    """The name of the log group, from its name or its ARN."""
    asked: Any = request.get("logGroupName") or request.get("logGroupIdentifier")
    if not asked:
        raise invalid("Either logGroupName or logGroupIdentifier is required.")
    return str(asked).split(":log-group:")[-1].removesuffix(":*")


def _streams(region: Region, request: Json) -> list[LogStream]:
    name = _group_name(request)
    found = [stream for (group, _), stream in region.log_streams.items() if group == name]
    if not found and name not in _groups(region):
        raise ApiError("ResourceNotFoundException", "The specified log group does not exist.")
    return sorted(found, key=lambda stream: stream.name)


def _beginning_with(prefix: str, region: Region) -> list[str]:
    """The log groups whose names begin so. If there is none, and nobody has made a group, the one of just that name.

    DescribeLogGroups is the only way to ask whether a group exists. A definition that nobody has registered yet may
    need it.
    """
    there = [name for name in _groups(region) if name.startswith(prefix)]
    return there or ([prefix] if prefix and not region.log_groups else [])


def _of_names(named: list[str], region: Region) -> list[str]:
    """Those of the log groups that exist. If nobody has made a group, they all do: see `_beginning_with`."""
    there = _groups(region)
    return sorted(name for name in set(named) if name in there or not region.log_groups)


def _groups(region: Region) -> list[str]:
    """All log groups: those that somebody made, those with a stream, and those that a definition names."""
    names = region.log_groups | {group for group, _ in region.log_streams}
    for family in region.families.values():
        for definition in family.revisions:
            for container in definition.containers:
                options = (container.get("logConfiguration") or {}).get("options") or {}
                names.add(options.get("awslogs-group") or "")
    return sorted(names - {""})


def get_events(region: Region, request: Json) -> Json:
    """GetLogEvents: the newest page, or the oldest with `startFromHead`. At either end, the token stays the same.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
    """
    streams = {stream.name: stream for stream in _streams(region, request)}
    stream = streams.get(request["logStreamName"])
    if stream is None:
        raise ApiError("ResourceNotFoundException", "The specified log stream does not exist.")
    lines = [line for line in stream.lines if _inside(line, request)]
    first, last = _window(len(lines), request)
    return {
        "events": [_event(line) for line in lines[first:last]],
        "nextForwardToken": f"f/{last:056d}",
        "nextBackwardToken": f"b/{first:056d}",
    }


def _window(total: int, request: Json) -> tuple[int, int]:
    size = request.get("limit", _EVENTS)
    token = str(request.get("nextToken") or "")
    if token and not re.fullmatch(r"[fb]/[0-9]+", token):
        raise invalid("The specified nextToken is invalid.")
    direction, _, offset = token.partition("/")
    match direction:
        case "f":
            return min(int(offset), total), min(int(offset) + size, total)
        case "b":
            return max(int(offset) - size, 0), int(offset)
        case _ if request.get("startFromHead"):
            return 0, min(size, total)
        case _:
            return max(total - size, 0), total


def _inside(line: tuple[float, str], request: Json) -> bool:
    at = _millis(line[0])
    return bool(request.get("startTime", 0) <= at < request.get("endTime", at + 1))


def _event(line: tuple[float, str]) -> Json:
    return {"timestamp": _millis(line[0]), "message": line[1], "ingestionTime": _millis(line[0])}


def filter_events(region: Region, request: Json) -> Json:
    """FilterLogEvents, by time across streams. All words of the pattern must occur.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
    """
    words = [word.strip('"') for word in request.get("filterPattern", "").split()]
    found = [
        (line, stream.name, index)
        for stream in _streams(region, request)
        if _chosen(stream, request)
        for index, line in enumerate(stream.lines)
        if _inside(line, request) and all(word in line[1] for word in words)
    ]
    found.sort(key=lambda item: (item[0][0], item[1], item[2]))
    part, rest = page(found, {**request, "maxResults": request.get("limit", _EVENTS)}, _PAGE)
    events = [
        {**_event(line), "logStreamName": name, "eventId": _event_id(line, name, index)} for line, name, index in part
    ]
    return {"events": events, "searchedLogStreams": [], **rest}


def _event_id(line: tuple[float, str], stream: str, index: int) -> str:
    """56 digits, which no other event has."""
    return f"{_millis(line[0]):032d}{crc32(stream.encode()):012d}{index:012d}"


def _chosen(stream: LogStream, request: Json) -> bool:
    names = request.get("logStreamNames")
    return (not names or stream.name in names) and stream.name.startswith(request.get("logStreamNamePrefix", ""))


def describe_streams(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html"""
    prefix = request.get("logStreamNamePrefix", "")
    found = [stream for stream in _streams(region, request) if stream.name.startswith(prefix)]
    if request.get("orderBy") == "LastEventTime":
        found.sort(key=lambda stream: stream.lines[-1][0] if stream.lines else stream.created_at)
    if request.get("descending"):
        found.reverse()
    part, rest = page(found, {**request, "maxResults": request.get("limit", 50)}, _STREAMS)
    return {"logStreams": [_stream(stream) for stream in part], **rest}


def _stream(stream: LogStream) -> Json:
    reply: Json = {
        "logStreamName": stream.name,
        "creationTime": _millis(stream.created_at),
        "arn": f"{arn(f'log-group:{stream.group}', service='logs')}:log-stream:{stream.name}",
        "storedBytes": 0,
    }
    if stream.lines:
        first, last = _millis(stream.lines[0][0]), _millis(stream.lines[-1][0])
        reply |= {"firstEventTimestamp": first, "lastEventTimestamp": last, "lastIngestionTime": last}
    return reply


def describe_groups(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html"""
    named = request.get("logGroupIdentifiers")
    names = _of_names(named, region) if named else _beginning_with(request.get("logGroupNamePrefix", ""), region)
    part, rest = page(names, {**request, "maxResults": request.get("limit", 50)}, _STREAMS)
    return {"logGroups": [_group(name) for name in part], **rest}


def create_group(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"""
    if request["logGroupName"] in _groups(region):
        raise ApiError("ResourceAlreadyExistsException", "The specified log group already exists")
    region.log_groups.add(request["logGroupName"])
    return {}


def _group(name: str) -> Json:
    group_arn = arn(f"log-group:{name}", service="logs")
    return {"logGroupName": name, "arn": f"{group_arn}:*", "logGroupArn": group_arn, "storedBytes": 0}


def describe_sources(region: Region, _request: Json) -> Json:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeDeliverySources.html"""
    found = [
        {
            "name": f"ecs-{cluster}",
            "arn": arn(f"delivery-source:ecs-{cluster}", service="logs"),
            "resourceArns": [arn(f"cluster/{cluster}")],
            "service": "ecs",
            "logType": "ACTION_LOGS",
        }
        for cluster in region.action_logs
    ]
    return {"deliverySources": found}


def describe_deliveries(region: Region, _request: Json) -> Json:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeDeliveries.html"""
    found = [
        {
            "id": f"delivery-{cluster}",
            "deliverySourceName": f"ecs-{cluster}",
            "deliveryDestinationArn": arn(f"delivery-destination:ecs-{cluster}", service="logs"),
            "deliveryDestinationType": "CWL",
        }
        for cluster in region.action_logs
    ]
    return {"deliveries": found}


def get_destination(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetDeliveryDestination.html"""
    group = region.action_logs.get(str(request["name"]).removeprefix("ecs-"))
    if group is None:
        raise ApiError("ResourceNotFoundException", "Requested Delivery Destination does not exist in this account.")
    target = {"destinationResourceArn": f"{arn(f'log-group:{group}', service='logs')}:*"}
    destination = {
        "name": request["name"],
        "deliveryDestinationType": "CWL",
        "deliveryDestinationConfiguration": target,
    }
    return {"deliveryDestination": destination}


OPERATIONS: dict[str, Callable[[Region, Json], Json]] = {
    "DescribeDeliverySources": describe_sources,
    "DescribeDeliveries": describe_deliveries,
    "GetDeliveryDestination": get_destination,
    "CreateLogGroup": create_group,
    "GetLogEvents": get_events,
    "FilterLogEvents": filter_events,
    "DescribeLogStreams": describe_streams,
    "DescribeLogGroups": describe_groups,
}
