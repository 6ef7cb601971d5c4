"""What others do while a deployment runs: the `[[at]]` tables of a scenario."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy

from ecsdeploy.sim.codedeploy import others, undoing
from ecsdeploy.sim.deployments import rollout
from ecsdeploy.sim.ground.behaviour import repository
from ecsdeploy.sim.ground.errors import ApiError
from ecsdeploy.sim.ground.timings import AFTER_CHANGE
from ecsdeploy.sim.scenario.values import Action
from ecsdeploy.sim.services.definitions import add_revision
from ecsdeploy.sim.services.services import delete, update
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json, Service
from ecsdeploy.sim.tasks import hosts
from ecsdeploy.sim.tasks.protection import protect_some
from ecsdeploy.sim.traffic.alarms import ring


def act(region: Region, action: Action) -> None:
    """Carry out an action. Nothing happens if AWS refuses it by then, for example because the service is gone."""
    if action.alarm is not None:
        ring(region, action.alarm, "ALARM" if action.do == "alarm" else "OK")
        return
    service = region.clusters[action.cluster].services.get(action.service)
    if service is not None and service.status == "ACTIVE":
        with suppress(ApiError):
            _act(region, service, action)


def _act(region: Region, service: Service, action: Action) -> None:  # noqa: C901 - one case for an action
    names = {"cluster": service.cluster.name, "service": service.name}
    match action.do:
        case "deploy":
            _deploy(region, service, _new_revision(region, service, str(action.image)))
        case "scale":
            update(region, names | {"desiredCount": action.desired})
        case "force-new-deployment":
            update(region, names | {"forceNewDeployment": True})
        case "delete-service":
            delete(region, names | {"force": True})
        case "stop-deployment":
            _stop(region, service)
        case "capacity":
            _set_capacity(region, action.tasks)
        case "protect":
            protect_some(region, service, action.tasks)
        case "spot":
            hosts.interrupt(region, service, action.tasks)
        case "drain":
            hosts.evict(region, service, action.tasks)
        case "expire-credentials" | "signal" | "alarm" | "ok":
            """These concern callers or alarms. `world` and `act` carry them out."""


def _deploy(region: Region, service: Service, revision: str) -> None:
    if service.controller == "CODE_DEPLOY":
        others.deploy(region, service, revision)
    else:
        update(region, {"cluster": service.cluster.name, "service": service.name, "taskDefinition": revision})


def _set_capacity(region: Region, tasks: int) -> None:
    """Change the capacity of the account. The scheduler then looks at every service again."""
    region.capacity = tasks
    for service in region.services:
        service.stuck = False
        wake(region, service, AFTER_CHANGE)


def _new_revision(region: Region, service: Service, image: str) -> str:
    """Register a copy of the running definition with this image, as another pipeline would."""
    payload = deepcopy(service.definition.payload)
    _set_image(payload, image)
    return add_revision(region, payload).arn


def _set_image(payload: Json, image: str) -> None:
    """Set the image of the containers with the same repository. If there is none, set it for the first container."""
    containers = payload["containerDefinitions"]
    same = [c for c in containers if repository(c["image"]) == repository(image)]
    for container in same or containers[:1]:
        container["image"] = image


def _stop(region: Region, service: Service) -> None:
    if service.controller == "CODE_DEPLOY":
        for deployment in region.codedeploy.running_of(service):
            undoing.stop(region, deployment)
        return
    record = rollout.current(service)
    if record is not None:
        rollout.stop_by_user(region, service, record)
