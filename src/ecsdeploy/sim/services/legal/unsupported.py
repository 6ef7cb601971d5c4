"""Members of requests that this model has nothing for: refused by name, so that nobody takes silence for success."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecsdeploy.sim.ground.errors import unsupported
from ecsdeploy.sim.state.service import Json

_NONE: tuple[str, ...] = ()
# By operation and member, the values that can be taken because they ask for what the model does anyway.
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
    "UpdateService": {"gatewayConnectors": _NONE},
}


def refuse_left_out(operation: str, payload: Json) -> None:
    """Raise UnsupportedFeatureException for the first member that asks for something this model does not do."""
    for member, harmless in LEFT_OUT.get(operation, {}).items():
        if not _is_harmless(payload.get(member), harmless):
            raise unsupported(f"{operation} with {member} is not simulated.")


def _is_harmless(value: Any, harmless: tuple[str, ...]) -> bool:
    """Nothing asked for is harmless too: an empty list removes what was never there."""
    asked = value if isinstance(value, list) else [value] if value else []
    return all(item in harmless for item in asked)
