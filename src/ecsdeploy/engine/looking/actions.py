"""Reads what ECS itself logged as wrong about a service, where its cluster has action logs in CloudWatch Logs.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/action-logs.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.ports import ControlPlane
from ecsdeploy.model.arn import short_name
from ecsdeploy.model.checkup import Action
from ecsdeploy.model.logs import LogEvent, LogSource
from ecsdeploy.model.service import Service

_NEWEST = 5
_MOST_PAGES = 5
_LEVEL, _WRONG = "logLevel", ("WARN", "ERROR")


def logged_actions(plane: ControlPlane, reads: OptionalReads, service: Service, since: datetime) -> tuple[Action, ...]:
    """The newest entries since then that warn of the service, the oldest first."""
    groups = reads.ask("action logs", partial(plane.action_log_groups, service.cluster_arn)) or ()
    events = [each for group in groups for each in _events(plane, reads, group, since)]
    found = [each for each in events if _warns_of(each.message, service)]
    return tuple(Action(at=each.at, text=each.message) for each in sorted(found, key=lambda each: each.at)[-_NEWEST:])


def _events(plane: ControlPlane, reads: OptionalReads, group: str, since: datetime) -> Iterator[LogEvent]:
    """As far as a few pages go."""
    token = ""
    for _ in range(_MOST_PAGES):
        read = partial(plane.log_page, LogSource(group=group, prefix=""), since, token)
        page, token = reads.ask("action logs", read) or ((), "")
        yield from page
        if not token:
            return


def _warns_of(message: str, service: Service) -> bool:
    """AWS documents the level of an entry, and not where it names the service: that may be anywhere in it."""
    try:
        entry = json.loads(message)
    except ValueError:
        return False
    if not isinstance(entry, dict) or entry.get(_LEVEL) not in _WRONG:
        return False
    named = f"{short_name(service.cluster_arn)}/{service.name}", f'"{service.name}"'
    return any(re.search(rf"{re.escape(each)}(?![\w-])", message) for each in named)
