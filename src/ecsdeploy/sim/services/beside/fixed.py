"""What neighbours say that is always the same: who the caller is, and that no rule and no schedule starts a task.

EventBridge is asked here as long as nobody has asked a neighbour to make a rule or a schedule.
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
    """The reply to a look at all of them; None for every other call."""
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
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""
    return element("Arn", CALLER) + element("UserId", "AIDASIMULATOREXAMPLE1") + element("Account", ACCOUNT)
