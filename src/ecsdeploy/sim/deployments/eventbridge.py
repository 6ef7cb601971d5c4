"""The events that ECS sends to EventBridge about deployments and hooks.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html and
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_hook_state_change_events.html
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

from ecsdeploy.sim.ground.ids import ACCOUNT, REGION
from ecsdeploy.sim.state.courses import HookRun
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Deployment, Json, Service, ServiceDeployment

RolloutState = Literal["IN_PROGRESS", "COMPLETED", "FAILED"]
DEPLOYMENT = "ECS Deployment State Change"
HOOK = "ECS Hook State Change"
_log = logging.getLogger(__name__)


def tell_deployment(region: Region, service: Service, deployment: Deployment, what: RolloutState) -> None:
    """Send the event that a deployment began, completed or failed, with its `rolloutStateReason`."""
    detail = {
        "eventType": "ERROR" if what == "FAILED" else "INFO",
        "eventName": f"SERVICE_DEPLOYMENT_{what}",
        "deploymentId": deployment.id,
        "updatedAt": _stamp(region.now),
        "reason": deployment.rollout_reason,
    }
    _emit(region, DEPLOYMENT, [service.arn], detail)


def tell_hook(region: Region, service: Service, record: ServiceDeployment, run: HookRun) -> None:
    """Send the event that a hook has another status."""
    detail = {
        "eventType": "ERROR" if run.status in ("FAILED", "TIMED_OUT") else "INFO",
        "eventName": f"HOOK_{run.status}",
        "hookId": run.id,
        "hookType": run.target_type,
        "lifecycleStage": run.stage,
        "clusterArn": service.cluster.arn,
        "serviceArn": service.arn,
        "serviceDeploymentArn": record.arn,
        "updatedAt": _stamp(region.now),
    }
    if run.expires_at is not None:
        detail["expiresAt"] = _stamp(run.expires_at)
    _emit(region, HOOK, [record.arn], detail)


def _emit(region: Region, kind: str, resources: Sequence[str], detail: Json) -> None:
    event: Json = {
        "version": "0",
        # Not from `Ids`: the number of events must not change other identifiers.
        "id": str(uuid5(NAMESPACE_URL, f"{resources[0]}/{detail['eventName']}/{region.now}/{len(region.bus)}")),
        "detail-type": kind,
        "source": "aws.ecs",
        "account": ACCOUNT,
        "time": _stamp(region.now),
        "region": REGION,
        "resources": list(resources),
        "detail": detail,
    }
    region.bus.append(event)
    if region.listener is None:
        return
    try:
        region.listener(event)
    except Exception:  # noqa: BLE001 - as on AWS, a rule or target that fails must not disturb a deployment
        _log.warning("The event %s could not be delivered.", detail["eventName"], exc_info=True)


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
