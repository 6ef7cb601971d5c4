"""Members of requests that we do not simulate.

We refuse them, because silence would look like success.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecsdeploy.sim.ground.errors import unsupported
from ecsdeploy.sim.state.service import Json

_NONE: tuple[str, ...] = ()
# The members by operation, each with the values that we accept because they ask for what we do anyway.
LEFT_OUT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "CreateCluster": {"configuration": _NONE, "serviceConnectDefaults": _NONE},
    "CreateService": {"gatewayConnectors": _NONE, "role": _NONE},
    "DescribeContainerInstances": {"include": ("TAGS",)},
    "ListAccountSettings": {"principalArn": _NONE},
    "ListAttributes": {"targetType": ("container-instance",)},
    "ListTasks": {"daemonName": _NONE},
    "RunTask": {
        "placementConstraints": _NONE,
        "placementStrategy": _NONE,
        "platformVersion": ("LATEST", "1.4.0"),
        "referenceId": _NONE,
        "volumeConfigurations": _NONE,
    },
    "UpdateExpressGatewayService": {
        "cpuArchitecture": _NONE,
        "healthCheckPath": _NONE,
        "networkConfiguration": _NONE,
        "scalingTarget": _NONE,
    },
    "UpdateService": {"gatewayConnectors": _NONE},
}


def refuse_left_out(operation: str, payload: Json) -> None:
    """UnsupportedFeatureException for the first member that asks for something that we do not simulate."""
    for member, harmless in LEFT_OUT.get(operation, {}).items():
        if not _is_harmless(payload.get(member), harmless):
            raise unsupported(f"{operation} with {member} is not simulated.")


def _is_harmless(value: Any, harmless: tuple[str, ...]) -> bool:
    """Whether the value asks for nothing, or for what we do anyway. An empty list asks for nothing."""
    asked = value if isinstance(value, list) else [value] if value else []
    return all(item in harmless for item in asked)
