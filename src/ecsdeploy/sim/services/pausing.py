"""ContinueServiceDeployment: somebody answers a pause.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/continue-service-deployment.html
"""

from __future__ import annotations

import re

from ecsdeploy.sim.ground.errors import ApiError, invalid
from ecsdeploy.sim.services.replies.finding import record_of
from ecsdeploy.sim.shifting import hooks, stages
from ecsdeploy.sim.state.courses import HookRun
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Course, Json, ServiceDeployment

_ID = re.compile(r"ecs-[a-z]+-.+")
_NO_SUCH = "Provided hookId is either completed, unavailable, or not associated with the given Resource ARN"


def proceed(region: Region, request: Json) -> Json:
    """ContinueServiceDeployment. CONTINUE ends the pause, ROLLBACK fails the deployment.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContinueServiceDeployment.html and, for the texts,
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
    """
    match = record_of(region, request["serviceDeploymentArn"])
    if match is None:
        raise ApiError("ServiceDeploymentNotFoundException", "The service deployment does not exist.")
    service, record = match
    if not _ID.fullmatch(request["hookId"]):
        raise invalid("Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}")
    if record.ended:
        raise invalid("Continuing a service deployment is not allowed for service deployment in terminal states.")
    course, run = _waiting(record, request["hookId"])
    here = stages.entered(region, service, record, course)
    if request.get("action", "CONTINUE") == "ROLLBACK":
        hooks.refuse(here, run)
    else:
        hooks.conclude(here, run, "SUCCEEDED")
    return {"serviceDeploymentArn": record.arn}


def _waiting(record: ServiceDeployment, hook: str) -> tuple[Course, HookRun]:
    """The pause with this id, and its course. InvalidParameterException if it does not wait."""
    course = record.course
    runs = course.runs if course is not None and record.status == "IN_PROGRESS" else []
    run = next((run for run in runs if run.id == hook and run.status == "AWAITING_ACTION"), None)
    if course is None or run is None:
        raise invalid(_NO_SUCH)
    return course, run


OPERATIONS = {"ContinueServiceDeployment": proceed}
