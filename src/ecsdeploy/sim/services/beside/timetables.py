"""EventBridge's rules and schedules that start tasks: none, as long as nobody has asked a neighbour to make one.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListEventBuses.html and
https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html
"""

from __future__ import annotations

from urllib.parse import urlsplit

from ecsdeploy.sim.codec.wire import Request
from ecsdeploy.sim.ground.ids import ACCOUNT, REGION
from ecsdeploy.sim.state.service import Json

_BUS = {"Name": "default", "Arn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"}


def answer(request: Request) -> Json | None:
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
