"""What the small ECS shows, as the values that the client reads."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.service import (
    BreakerCount,
    Container,
    Deployment,
    Hook,
    PastDeployment,
    RevisionShare,
    Service,
    ServiceDeployment,
    ServiceEvent,
    Task,
)
from ecsdeploy.model.settings import Breaker, DeploymentAlarms
from ecsdeploy.model.taskdef import TaskDefinition
from tools.explore.ecs import BACK, FIRST, OLD, OURS, SECOND, STAGES, THRESHOLD, Rules, World
from tools.explore.ecs import Deployment as Small

WEB = ServiceRef(cluster="prod", name="web")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_ARN = "arn:aws:ecs:eu-west-1:111122223333:"
REVISION = {OLD: 1, OURS: 2, FIRST: 3, SECOND: 2, BACK: 1}
"""The second of the other writers forces a deployment of the revision that is ours."""


class Listed(NamedTuple):
    """What of the world DescribeServices shows."""

    desired: int
    status: str
    primary: int
    listed: tuple[Small | None, ...]
    order: tuple[int, ...]
    says: tuple[str, ...]


class Recorded(NamedTuple):
    """What of the world the record of a service deployment shows."""

    which: int
    status: str
    began: int
    overtaken: int
    """The place in the order of the deployment that stands now, or of ours where that failed before."""
    failed: int
    stage: int
    paused: bool
    alarm: bool


def listed(world: World) -> Listed:
    return Listed(world.desired, world.status, world.primary, world.listed, world.order, world.says)


def recorded(world: World, which: int) -> Recorded | None:
    if not world.records[which]:
        return None
    one, began, fell = world.listed[which], world.order.index(which), which in world.fell
    return Recorded(
        which=which,
        status=world.records[which],
        began=began,
        overtaken=began if fell else len(world.order) - 1,
        failed=one.failed if one else THRESHOLD if fell else 0,
        stage=world.stage if world.primary == which else 0,
        paused=world.paused,
        alarm=world.alarm,
    )


def identifier(which: int) -> str:
    return f"ecs-svc/{which + 1}00000000000000000"


def revision(which: int) -> str:
    return f"{_ARN}task-definition/web:{REVISION[which]}"


def _record_arn(which: int) -> str:
    return f"{_ARN}service-deployment/prod/web/{which + 1}"


def number_of(name: str) -> int:
    """Which deployment an id, or the ARN of a service deployment, is of."""
    return int(name.rpartition("/")[2][0]) - 1


def _began(order: tuple[int, ...], which: int) -> datetime:
    return NOON + timedelta(minutes=order.index(which))


@lru_cache(maxsize=1 << 16)
def definition(name: str) -> TaskDefinition:
    number = int(name.rpartition(":")[2]) if name.rpartition(":")[2].isdecimal() else 1
    payload = {
        "taskDefinitionArn": f"{_ARN}task-definition/web:{number}",
        "family": "web",
        "revision": number,
        "status": "ACTIVE",
        "containerDefinitions": [{"name": "app", "image": f"acme/app:{number}", "essential": True}],
    }
    return TaskDefinition(payload=payload)


@lru_cache(maxsize=1 << 16)
def service(view: Listed, rules: Rules) -> Service:
    shown = [each for each in reversed(view.order) if view.listed[each] is not None]
    shown.sort(key=lambda each: each != view.primary)
    return Service(
        arn=f"{_ARN}service/prod/web",
        name="web",
        cluster_arn=f"{_ARN}cluster/prod",
        status=view.status,
        task_definition=revision(view.primary),
        desired=view.desired,
        running=sum(each.running for each in view.listed if each),
        pending=0,
        deployments=tuple(_deployment(view, each) for each in shown),
        events=tuple(_line(number, text) for number, text in enumerate(view.says))[::-1],
        breaker=Breaker(enabled=bool(rules.breaker), rollback=rules.breaker == "rollback"),
        alarms=DeploymentAlarms(names=("errors",) if rules.alarms else (), enabled=rules.alarms, rollback=rules.alarms),
        strategy="BLUE_GREEN" if rules.shifts else "ROLLING",
    )


def _deployment(view: Listed, which: int) -> Deployment:
    small = view.listed[which]
    assert small is not None
    return Deployment(
        id=identifier(which),
        status="PRIMARY" if which == view.primary else "ACTIVE",
        task_definition=revision(which),
        desired=view.desired if which == view.primary else 0,
        running=small.running,
        failed=small.failed,
        rollout_state=small.rollout,
        rollout_reason=f"ECS deployment {identifier(which)} {small.rollout}.",
        created_at=_began(view.order, which),
    )


def _line(number: int, text: str) -> ServiceEvent:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html"""
    what, which, _ = text.split()
    told = "deployment completed." if what == "completed" else "deployment failed: tasks failed to start."
    message = f"(service web) (deployment {identifier(int(which))}) {told}"
    return ServiceEvent(id=text, at=NOON + timedelta(hours=1, seconds=number), message=message)


@lru_cache(maxsize=1 << 16)
def service_deployment(record: Recorded, rules: Rules) -> ServiceDeployment:
    over = record.status in ("SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED")
    tripped = record.failed >= THRESHOLD
    ended = timedelta(minutes=record.overtaken, seconds=30)
    return ServiceDeployment(
        arn=_record_arn(record.which),
        status=record.status,
        target_revision=f"{_ARN}service-revision/prod/web/{identifier(record.which).rpartition('/')[2]}",
        stage=STAGES[record.stage] if rules.shifts else "",
        breaker=BreakerCount(status="TRIGGERED" if tripped else "MONITORING", failures=record.failed, threshold=2)
        if rules.breaker
        else None,
        triggered_alarms=("errors",) if record.alarm else (),
        hooks=(Hook(id="approve", status="AWAITING_ACTION"),) if record.paused else (),
        target=RevisionShare(revision=revision(record.which), production_weight=100.0 if record.stage >= 2 else 0.0)
        if rules.shifts
        else None,
        created_at=NOON + timedelta(minutes=record.began),
        finished_at=NOON + ended if over else None,
    )


def history(world: World) -> tuple[PastDeployment, ...]:
    return tuple(
        PastDeployment(
            arn=_record_arn(each),
            status=world.records[each],
            revision=revision(each),
            deployment_id=identifier(each),
            created_at=_began(world.order, each),
        )
        for each in reversed(world.order)
        if world.records[each]
    )


def tasks(view: Listed, deployment_id: str, *, stopped: bool) -> tuple[Task, ...]:
    """Those of a deployment that run, or those that exited with 1 five seconds after they began."""
    which = number_of(deployment_id)
    small = view.listed[which]
    if small is None:
        return ()
    began = _began(view.order, which)
    if stopped:
        return tuple(_task(which, number, began, stopped=True) for number in range(small.failed))
    return tuple(
        _task(which, 10 + number, began + timedelta(seconds=50), stopped=False) for number in range(small.running)
    )


@lru_cache(maxsize=1 << 12)
def _task(which: int, number: int, began: datetime, *, stopped: bool) -> Task:
    created = began + timedelta(seconds=20 * number if stopped else 0)
    ended = created + timedelta(seconds=6)
    container = Container(name="app", exit_code=1 if stopped else None, status="STOPPED" if stopped else "RUNNING")
    return Task(
        arn=f"{_ARN}task/prod/{which}{number:02}",
        task_definition=revision(which),
        status="STOPPED" if stopped else "RUNNING",
        desired_status="STOPPED" if stopped else "RUNNING",
        started_by=identifier(which),
        stop_code="EssentialContainerExited" if stopped else "",
        stopped_reason="Essential container in task exited" if stopped else "",
        containers=(container,),
        created_at=created,
        started_at=created + timedelta(seconds=1),
        execution_stopped_at=ended if stopped else None,
        stopped_at=ended if stopped else None,
    )
