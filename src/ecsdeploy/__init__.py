"""Release a new image to Amazon ECS services, and say truthfully whether it worked.

    from ecsdeploy import DeployRequest, ImageRef, ServiceRef, SetImage, Access, connect, deploy

    request = DeployRequest(
        service=ServiceRef(cluster="prod", name="web"),
        edits=(SetImage(image=ImageRef.parse("registry.example.com/team/web:2")),),
    )
    outcome = deploy(connect(Access(region="eu-west-1")), request, sink)

`sink` is any object with `emit(record)`; `ecsdeploy.api.plan` says what would be done. What is not listed in `__all__`
may change without notice.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecsdeploy.api import Connection, connect, deploy
    from ecsdeploy.errors import EcsDeployError
    from ecsdeploy.model.access import Access
    from ecsdeploy.model.arn import ServiceRef
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
    from ecsdeploy.model.image import ImageRef
    from ecsdeploy.model.outcome import Outcome, Status, Verdict
    from ecsdeploy.model.request import DeployRequest, RegisterRequest

__version__ = "0.1.0"

__all__ = [
    "Access",
    "Connection",
    "DeployRequest",
    "EcsDeployError",
    "ImageRef",
    "KeepVariables",
    "Outcome",
    "Patch",
    "RegisterRequest",
    "ServiceRef",
    "SetImage",
    "SetMember",
    "SetSecret",
    "SetTag",
    "SetTaskMember",
    "SetVariable",
    "Status",
    "UnsetSecret",
    "UnsetVariable",
    "Verdict",
    "__version__",
    "connect",
    "deploy",
]

_HOME = {
    "Connection": "api",
    "DeployRequest": "model.request",
    "EcsDeployError": "errors",
    "ImageRef": "model.image",
    "KeepVariables": "model.edits",
    "Outcome": "model.outcome",
    "Patch": "model.edits",
    "RegisterRequest": "model.request",
    "ServiceRef": "model.arn",
    "SetImage": "model.edits",
    "SetMember": "model.edits",
    "SetSecret": "model.edits",
    "SetTag": "model.edits",
    "SetTaskMember": "model.edits",
    "SetVariable": "model.edits",
    "Status": "model.outcome",
    "Access": "model.access",
    "UnsetSecret": "model.edits",
    "UnsetVariable": "model.edits",
    "Verdict": "model.outcome",
    "connect": "api",
    "deploy": "api",
}
"""Where each public name lives: it is imported at its first use, so that `--help` stays fast."""


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
