"""Writes whose replies are lost: planes on which they are, and what shows of them afterwards."""

from dataclasses import replace
from datetime import timedelta

from ecsdeploy.errors import ReplyLost
from ecsdeploy.model.service import PastDeployment, Service
from tests.unit.engine.happenings import completes
from tests.unit.engine.runs import REVISION
from tests.unit.engine.world import ScriptedPlane
from tests.unit.rollout.builders import FOREIGN_ID, NOON, SERVICE_DEPLOYMENT_ARN, foreign, old

LOST = ReplyLost("Connection reset.")
FIRST, SECOND = "ecs-svc/1111111111111111111", "ecs-svc/2222222222222222222"


def lost_for_long() -> ScriptedPlane:
    """The second attempt was applied, its reply was lost too, and reads lag until it has been given up."""
    plane = ScriptedPlane(courses=[[], [completes]], lag=5)
    plane.fail("update_service", LOST)
    plane.fail("update_service", LOST, applied=True)
    return plane


def forced_by_others(*, lists_ours: bool) -> ScriptedPlane:
    """Our update's reply was lost; others have forced another deployment of our revision before we look."""

    def both(service: Service) -> Service:
        stood = replace(old(status="ACTIVE"), created_at=NOON)
        began = NOON + timedelta(seconds=30)
        ours = replace(stood, id=FIRST, task_definition=REVISION(2), created_at=began, rollout_state="IN_PROGRESS")
        theirs = replace(ours, id=SECOND, status="PRIMARY", created_at=NOON + timedelta(seconds=31))
        listed = (theirs, *((ours,) if lists_ours else ()), stood)
        return replace(service, deployments=listed, task_definition=REVISION(2))

    plane = ScriptedPlane(courses=[[both]])
    plane.past = tuple(
        PastDeployment(
            arn=SERVICE_DEPLOYMENT_ARN,
            status="IN_PROGRESS" if identifier == SECOND else "STOPPED",
            revision=REVISION(2),
            deployment_id=identifier,
            created_at=NOON + timedelta(seconds=after),
        )
        for identifier, after in ((SECOND, 31), (FIRST, 30))
    )
    plane.fail("update_service", LOST, applied=True)
    return plane


def recorded(identifier: str, revision: int, after: float, status: str) -> PastDeployment:
    return PastDeployment(
        arn=SERVICE_DEPLOYMENT_ARN,
        status=status,
        revision=REVISION(revision),
        deployment_id=identifier,
        created_at=NOON + timedelta(seconds=after),
    )


def others_have_deployed(service: Service) -> Service:
    """Their release has completed, and nothing of before is listed any more."""
    theirs = replace(foreign(revision=REVISION(9)), rollout_state="COMPLETED", created_at=NOON + timedelta(seconds=60))
    return replace(service, deployments=(theirs,), task_definition=REVISION(9))


THEIRS = recorded(FOREIGN_ID, 9, 60, "SUCCESSFUL")


def nothing_of_ours_is_listed(service: Service) -> Service:
    """ECS has rolled ours back, and lists only what stood before."""
    before = old(status="PRIMARY")
    return replace(service, deployments=(before,), task_definition=before.task_definition)
