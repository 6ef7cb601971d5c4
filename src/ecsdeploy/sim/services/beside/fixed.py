"""Replies that are always the same: who the caller is, and that no rule and no schedule starts a task.

We answer for EventBridge until somebody has called moto. From then on moto answers.
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListEventBuses.html and
https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html
"""

from __future__ import annotations

from urllib.parse import urlsplit

from ecsdeploy.sim.codec.wire import Request, element
from ecsdeploy.sim.ground.ids import ACCOUNT, CALLER, REGION
from ecsdeploy.sim.state.service import Json

STS = "https://sts.amazonaws.com/doc/2011-06-15/"
_BUS = {"Name": "default", "Arn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"}


def timetables(request: Request) -> Json | None:
    """The reply to a list of all event buses, rules or schedules. None for every other request."""
    match request.service, request.operation:
        case "events", "ListEventBuses":
            return {"EventBuses": [_BUS]}
        case "events", "ListRuleNamesByTarget":
            return {"RuleNames": []}
        case "scheduler", _ if request.method == "GET" and urlsplit(request.url).path == "/schedules":
            return {"Schedules": []}
        case _:
            return None


def caller_identity() -> str:
    """The result of GetCallerIdentity, as XML.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    """
    return element("Arn", CALLER) + element("UserId", "AIDASIMULATOREXAMPLE1") + element("Account", ACCOUNT)
