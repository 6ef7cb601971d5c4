"""CloudWatch Logs: whether it has a log group, and the last lines that a container wrote."""

from __future__ import annotations

from datetime import UTC, datetime

from ecsdeploy.aws.absence import needed_objects
from ecsdeploy.aws.reading import JsonObject, number, objects, text
from ecsdeploy.aws.session import Session
from ecsdeploy.model.logs import LogEvent, LogSource

_MOST_PAGES = 3


def tail(session: Session, group: str, stream: str, lines: int, *, region: str) -> tuple[str, ...]:
    """Up to `lines` lines, oldest first. A page may be empty although there is more before it.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
    """
    asked: dict[str, object] = {
        "logGroupName": group,
        "logStreamName": stream,
        "limit": lines,
        "startFromHead": False,
    }
    for _ in range(_MOST_PAGES):
        page = session.call("logs", "GetLogEvents", asked, subject=f"log stream `{stream}`", region=region)
        token = text(page, "nextBackwardToken")
        if objects(page, "events") or token == asked.get("nextToken", ""):
            return _messages(page)
        asked["nextToken"] = token
    return ()


def _messages(page: JsonObject) -> tuple[str, ...]:
    return tuple(text(each, "message") for each in objects(page, "events"))


def page(session: Session, source: LogSource, since: datetime, token: str) -> tuple[tuple[LogEvent, ...], str]:
    """What streams of the source have from `since` on, in the order of time, and the token of the next page.

    A page may be empty although there are more. A prefix needs no list of the streams that are there by now.
    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
    """
    asked: dict[str, object] = {
        "logGroupName": source.group,
        "startTime": int(since.timestamp() * 1000),
        # AWS merges the streams by time in any case; other endpoints have to be told.
        "interleaved": True,
    }
    asked |= {"logStreamNamePrefix": source.prefix} if source.prefix else {}
    asked |= {"nextToken": token} if token else {}
    subject = f"log group `{source.group}`"
    reply = session.call("logs", "FilterLogEvents", asked, subject=subject, region=source.region)
    return tuple(map(_event, objects(reply, "events"))), text(reply, "nextToken")


def _event(found: JsonObject) -> LogEvent:
    at = datetime.fromtimestamp(number(found, "timestamp") / 1000, UTC)
    return LogEvent(
        id=text(found, "eventId"), at=at, stream=text(found, "logStreamName"), message=text(found, "message")
    )


def log_group_exists(session: Session, name: str, *, region: str) -> bool:
    """Groups are listed by prefix and in the order of their names: the group itself comes before longer names.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
    """
    asked = {"logGroupNamePrefix": name}
    reply = session.call("logs", "DescribeLogGroups", asked, subject=f"log group `{name}`", region=region)
    return any(text(each, "logGroupName") == name for each in needed_objects(reply, "logGroups"))
