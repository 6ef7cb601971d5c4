"""Every operation that we answer, by service. moto, or nobody, answers the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ecsdeploy.sim.codec import wire
from ecsdeploy.sim.codec.model import operation_of
from ecsdeploy.sim.codec.wire import Request
from ecsdeploy.sim.codedeploy import deployments as codedeployments
from ecsdeploy.sim.codedeploy import groups
from ecsdeploy.sim.ground.errors import ApiError, unsupported
from ecsdeploy.sim.services import (
    clusters,
    definitions,
    deployments,
    instances,
    pausing,
    protecting,
    services,
    settings,
    task_sets,
    tasks,
)
from ecsdeploy.sim.services.beside import logs
from ecsdeploy.sim.services.express import gateway
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json

Handler = Callable[[Region, Json], Json]
OURS: Mapping[str, Mapping[str, Handler]] = {
    "ecs": {
        **clusters.OPERATIONS,
        **definitions.OPERATIONS,
        **services.OPERATIONS,
        **gateway.OPERATIONS,
        **tasks.OPERATIONS,
        **deployments.OPERATIONS,
        **pausing.OPERATIONS,
        **instances.OPERATIONS,
        **protecting.OPERATIONS,
        **settings.OPERATIONS,
        **task_sets.OPERATIONS,
    },
    "logs": logs.OPERATIONS,
    "codedeploy": {**groups.OPERATIONS, **codedeployments.OPERATIONS},
}
# The times of `[[at]]`, and the windows of faults, count from the first call to one of these.
CHANGES = {
    "CreateDeployment",
    "CreateService",
    "CreateTaskSet",
    "DeleteService",
    "StopServiceDeployment",
    "UpdateExpressGatewayService",
    "UpdateService",
}


def reads(operation: str) -> bool:
    """Whether an operation changes nothing. Its reply may lag behind writes."""
    return operation.startswith(("Describe", "List", "Get", "BatchGet", "Filter"))


def served(service: str) -> tuple[str, ...]:
    """The operations of `ecs`, `logs` or `codedeploy` that we have."""
    return tuple(OURS[service])


def payload_of(request: Request) -> Json:
    """The members of a request, if we read requests to its service."""
    if request.service in OURS:
        return wire.read_json(request)
    return dict(wire.read_query(request)) if request.service in ("sts", "elasticloadbalancing") else {}


def unknown(service: str, operation: str) -> ApiError:
    """The error for an operation that we do not have, or that does not exist."""
    if operation_of(service, operation) is None:
        return ApiError("UnknownOperationException", f"There is no operation {operation or '(none named)'}.")
    return unsupported(f"The simulator does not have the operation {operation}.")
