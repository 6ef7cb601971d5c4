"""A service of which somebody else's deployment is under way, and one that is settled."""

from dataclasses import replace

from ecsdeploy.model.request import RollbackRequest
from ecsdeploy.model.service import PastDeployment
from ecsdeploy.model.taskdef import TaskDefinition
from tests.unit.engine.happenings import Happening, completes
from tests.unit.engine.runs import REVISION
from tests.unit.engine.world import ScriptedPlane
from tests.unit.plan.builders import WEB, container, definition_of
from tests.unit.rollout.builders import deployed, old, ours, service_with

BUSY = service_with(ours(), old())
"""Somebody's deployment of revision 2 is under way."""
BACK = RollbackRequest(service=WEB)
API = "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:9"
STOP = replace(BACK, only_running=True)


def busy(*course: Happening) -> ScriptedPlane:
    plane = ScriptedPlane(now=BUSY)
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), revision=2))
    plane.happen(*course)
    return plane


def past(number: int, status: str = "SUCCESSFUL") -> PastDeployment:
    return PastDeployment(arn=f"sd/{number}", status=status, revision=REVISION(number), deployment_id="ecs-svc/1")


def settled() -> ScriptedPlane:
    """Revision 3 runs; 2 was released with success before, and 1 before that."""
    plane = ScriptedPlane(past=(past(3), past(2), past(1)), courses=[[completes]])
    plane.now = replace(plane.now, task_definition=REVISION(3))
    for number in (2, 3):
        plane.keep(of_number(number))
    return plane


def of_number(number: int, **members: object) -> TaskDefinition:
    return definition_of(container("app", f"acme/app:{number}"), taskDefinitionArn=REVISION(number), **members)


def stopping(*course: Happening) -> ScriptedPlane:
    plane = busy(*course)
    plane.deployed = deployed("IN_PROGRESS")
    return plane
