"""Release a new image to Amazon ECS services, and say truthfully whether it worked.

    from ecsdeploy import Access, DeployRequest, ImageRef, ServiceRef, SetImage, connect

    client = connect(Access(region="eu-west-1"))
    request = DeployRequest(
        service=ServiceRef(cluster="prod", name="web"),
        edits=(SetImage(image=ImageRef.parse("registry.example.com/team/web:2")),),
    )
    client.deploy(request).raise_for_verdict()

The how-to page `release-from-python` shows the rest. What is not listed in `__all__` may change without notice.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecsdeploy.client.connecting import Client, connect
    from ecsdeploy.client.running import Running
    from ecsdeploy.errors import EcsDeployError
    from ecsdeploy.model.access import Access, Secret
    from ecsdeploy.model.arn import ServiceRef
    from ecsdeploy.model.checkup import Checkup
    from ecsdeploy.model.edits import (
        KeepVariables,
        Patch,
        SetImage,
        SetMember,
        SetSecret,
        SetTag,
        SetTaskMember,
        SetVariable,
        UnsetSecret,
        UnsetVariable,
    )
    from ecsdeploy.model.events import Record
    from ecsdeploy.model.history import History
    from ecsdeploy.model.image import ImageRef
    from ecsdeploy.model.logs import LogLine, LogNotice
    from ecsdeploy.model.looking import DoctorRequest, HistoryRequest, LogsRequest, StatusRequest
    from ecsdeploy.model.outcome import NotSucceeded, Outcome, Status, Verdict
    from ecsdeploy.model.rehearsal import Rehearsal
    from ecsdeploy.model.report import Report
    from ecsdeploy.model.request import (
        ContinueRequest,
        DeployRequest,
        FromRunning,
        IfBusy,
        OnFailure,
        OnInterrupt,
        RegisterRequest,
        RollbackRequest,
        RunRequest,
        WaitUntil,
        WatchRequest,
        WholeBudget,
    )
    from ecsdeploy.model.steps import Plan

__version__ = "0.1.0"

__all__ = [
    "Access",
    "Checkup",
    "Client",
    "ContinueRequest",
    "DeployRequest",
    "DoctorRequest",
    "EcsDeployError",
    "FromRunning",
    "History",
    "HistoryRequest",
    "IfBusy",
    "ImageRef",
    "KeepVariables",
    "LogLine",
    "LogNotice",
    "LogsRequest",
    "NotSucceeded",
    "OnFailure",
    "OnInterrupt",
    "Outcome",
    "Patch",
    "Plan",
    "Record",
    "RegisterRequest",
    "Rehearsal",
    "Report",
    "RollbackRequest",
    "RunRequest",
    "Running",
    "Secret",
    "ServiceRef",
    "SetImage",
    "SetMember",
    "SetSecret",
    "SetTag",
    "SetTaskMember",
    "SetVariable",
    "Status",
    "StatusRequest",
    "UnsetSecret",
    "UnsetVariable",
    "Verdict",
    "WaitUntil",
    "WatchRequest",
    "WholeBudget",
    "__version__",
    "connect",
]

_HOME = {
    "Access": "model.access",
    "Checkup": "model.checkup",
    "Client": "client.connecting",
    "ContinueRequest": "model.request",
    "DeployRequest": "model.request",
    "DoctorRequest": "model.looking",
    "EcsDeployError": "errors",
    "FromRunning": "model.request",
    "History": "model.history",
    "HistoryRequest": "model.looking",
    "IfBusy": "model.request",
    "ImageRef": "model.image",
    "KeepVariables": "model.edits",
    "LogLine": "model.logs",
    "LogNotice": "model.logs",
    "LogsRequest": "model.looking",
    "NotSucceeded": "model.outcome",
    "OnFailure": "model.request",
    "OnInterrupt": "model.request",
    "Outcome": "model.outcome",
    "Patch": "model.edits",
    "Plan": "model.steps",
    "Record": "model.events",
    "RegisterRequest": "model.request",
    "Rehearsal": "model.rehearsal",
    "Report": "model.report",
    "RollbackRequest": "model.request",
    "RunRequest": "model.request",
    "Running": "client.running",
    "Secret": "model.access",
    "ServiceRef": "model.arn",
    "SetImage": "model.edits",
    "SetMember": "model.edits",
    "SetSecret": "model.edits",
    "SetTag": "model.edits",
    "SetTaskMember": "model.edits",
    "SetVariable": "model.edits",
    "Status": "model.outcome",
    "StatusRequest": "model.looking",
    "UnsetSecret": "model.edits",
    "UnsetVariable": "model.edits",
    "Verdict": "model.outcome",
    "WaitUntil": "model.request",
    "WatchRequest": "model.request",
    "WholeBudget": "model.request",
    "connect": "client.connecting",
}
"""Where each public name lives: it is imported at its first use, so that `--help` stays fast."""


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
