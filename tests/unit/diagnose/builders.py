"""Stopped tasks and definitions as ECS describes them."""

from datetime import timedelta

from ecsdeploy.model.service import Container, Task
from ecsdeploy.model.taskdef import TaskDefinition
from tests.unit.rollout.builders import ARN, NEW, NOON, OUR_ID

ROLE = "arn:aws:iam::111122223333:role/execution"


def exited(name: str, code: int | None = None, reason: str = "", *, health: str = "UNKNOWN") -> Container:
    """A container that ended with `code` (None: it never ran)."""
    return Container(name=name, status="STOPPED", exit_code=code, reason=reason, health=health)


def stopped(
    stop_code: str, reason: str = "", *containers: Container, number: int = 1, ran: float | None = None
) -> Task:
    """Stopped task `number`, created that many seconds after noon; its containers `ran` for so many seconds."""
    created = NOON + timedelta(seconds=number)
    return Task(
        arn=f"{ARN}task/prod/task{number}",
        task_definition=NEW,
        status="STOPPED",
        desired_status="STOPPED",
        started_by=OUR_ID,
        stop_code=stop_code,
        stopped_reason=reason,
        containers=containers or (exited("app"),),
        created_at=created,
        started_at=None if ran is None else created + timedelta(seconds=20),
        stopped_at=created + timedelta(seconds=20 + (ran or 0) + 25),
        execution_stopped_at=None if ran is None else created + timedelta(seconds=20 + ran),
    )


def ended_by(stop_code: str, reason: str, *, number: int = 1) -> Task:
    """The container `app` ran for a minute, until it was told to stop."""
    return stopped(stop_code, reason, exited("app", 143), number=number, ran=60)


def crashed(code: int, *, number: int = 1, ran: float = 4) -> Task:
    """The container `app` exited with `code`."""
    return stopped(
        "EssentialContainerExited", "Essential container in task exited", exited("app", code), number=number, ran=ran
    )


def member(name: str, **members: object) -> dict[str, object]:
    return {"name": name, "image": f"acme/{name}:2", **members}


def logging(group: str = "/ecs/web", prefix: str = "app", **options: str) -> dict[str, object]:
    settings = {"awslogs-group": group, "awslogs-stream-prefix": prefix, **options}
    return {"logDriver": "awslogs", "options": {name: value for name, value in settings.items() if value}}


def definition(*containers: dict[str, object], role: str = ROLE) -> TaskDefinition:
    listed = list(containers) or [member("app")]
    return TaskDefinition(payload={"family": "web", "executionRoleArn": role, "containerDefinitions": listed})
