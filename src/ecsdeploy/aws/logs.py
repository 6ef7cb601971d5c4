"""The last lines that a container wrote to CloudWatch Logs."""

from __future__ import annotations

from ecsdeploy.aws.reading import Record, records, text
from ecsdeploy.aws.session import Session

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
        if records(page, "events") or token == asked.get("nextToken", ""):
            return _messages(page)
        asked["nextToken"] = token
    return ()


def _messages(page: Record) -> tuple[str, ...]:
    return tuple(text(each, "message") for each in records(page, "events"))
