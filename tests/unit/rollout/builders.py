"""A service and its deployments, as a look at them would show, said in a few words."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from ecsdeploy.model.events import Event
from ecsdeploy.model.judgement import Judgement
from ecsdeploy.model.request import Budget, WaitUntil, WholeBudget
from ecsdeploy.model.service import (
    BreakerCount,
    Deployment,
    Hook,
    RevisionShare,
    Service,
    ServiceDeployment,
    ServiceEvent,
    Task,
)
from ecsdeploy.model.settings import Breaker, ServiceSettings
from ecsdeploy.model.snapshot import Handle, Look, Snapshot
from ecsdeploy.rollout.machine import advance
from ecsdeploy.rollout.state import State, begin

OLD_ID, OUR_ID, FOREIGN_ID = "ecs-svc/1000000000000000001", "ecs-svc/2000000000000000002", "ecs-svc/3000000000000000003"
ARN = "arn:aws:ecs:eu-west-1:111122223333:"
OLD, NEW, FOREIGN = (f"{ARN}task-definition/web:{number}" for number in (1, 2, 3))
SERVICE_ARN = f"{ARN}service/prod/web"
SERVICE_DEPLOYMENT_ARN = f"{ARN}service-deployment/prod/web/Kq3x"
HANDLE = Handle(deployment_id=OUR_ID, revision=NEW, previous=(OLD_ID,))
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TARGET_GROUP = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/1"


def ours(
    state: str = "IN_PROGRESS",
    *,
    status: str = "PRIMARY",
    running: int = 0,
    desired: int = 2,
    pending: int = 0,
    failed: int = 0,
) -> Deployment:
    """The deployment that we started; `state` is its rolloutState."""
    return Deployment(
        id=OUR_ID,
        status=status,
        task_definition=NEW,
        running=running,
        desired=desired,
        pending=pending,
        failed=failed,
        rollout_state=state,
        rollout_reason=f"ECS deployment {OUR_ID} {state}",
    )


def old(state: str = "COMPLETED", *, status: str = "ACTIVE", running: int = 2, desired: int = 2) -> Deployment:
    """The deployment that stood before ours."""
    return Deployment(
        id=OLD_ID,
        status=status,
        task_definition=OLD,
        running=running,
        desired=desired,
        rollout_state=state,
        created_at=NOON,
    )


def foreign(*, revision: str = FOREIGN, running: int = 0) -> Deployment:
    """Somebody else's deployment, started after ours."""
    return Deployment(
        id=FOREIGN_ID,
        status="PRIMARY",
        task_definition=revision,
        running=running,
        desired=2,
        rollout_state="IN_PROGRESS",
    )


def event(number: int, message: str = "", *, at: int | None = None) -> ServiceEvent:
    """ECS's line `number`, written that many seconds (or `at` seconds) after noon."""
    seconds = number if at is None else at
    return ServiceEvent(
        id=f"event-{number}", at=NOON + timedelta(seconds=seconds), message=message or f"(service web) line {number}"
    )


def service_with(
    *deployments: Deployment,
    desired: int = 2,
    status: str = "ACTIVE",
    rollback: bool = False,
    events: tuple[ServiceEvent, ...] = (),
    target_groups: tuple[str, ...] = (),
    strategy: str = "ROLLING",
    bake_seconds: float = 0,
) -> Service:
    """The service `web` with these deployments; `rollback` turns its circuit breaker's rollback on."""
    primary = next((each for each in deployments if each.status == "PRIMARY"), None)
    return Service(
        arn=SERVICE_ARN,
        name="web",
        cluster_arn=f"{ARN}cluster/prod",
        status=status,
        task_definition=primary.task_definition if primary else OLD,
        desired=desired,
        running=sum(each.running for each in deployments),
        pending=sum(each.pending for each in deployments),
        deployments=deployments,
        events=events,
        breaker=Breaker(enabled=rollback, rollback=rollback),
        target_groups=target_groups,
        strategy=strategy,
        settings=ServiceSettings(bake_seconds=bake_seconds),
    )


def deployed(
    status: str,
    *,
    stage: str = "",
    reason: str = "",
    rollback_to: str = "",
    breaker: BreakerCount | None = None,
    traffic: float | None = None,
    hooks: tuple[Hook, ...] = (),
) -> ServiceDeployment:
    """Our service deployment; `rollback_to` is the id of the deployment that ECS goes back to."""
    return ServiceDeployment(
        arn=SERVICE_DEPLOYMENT_ARN,
        status=status,
        reason=reason,
        stage=stage,
        breaker=breaker,
        target=RevisionShare(revision="", production_weight=traffic),
        hooks=hooks,
        rollback_revision=f"{ARN}service-revision/prod/web/{rollback_to.rsplit('/', 1)[-1]}" if rollback_to else "",
    )


def running_task(number: int, *, health: str = "UNKNOWN", status: str = "RUNNING", address: str = "") -> Task:
    """A task of the new revision."""
    return Task(
        arn=f"{ARN}task/prod/{number:032x}",
        task_definition=NEW,
        status=status,
        desired_status="RUNNING",
        health=health,
        started_by=OUR_ID,
        addresses=(address,) if address else (),
    )


def look(
    *deployments: Deployment,
    deployed: ServiceDeployment | None = None,
    tasks: tuple[Task, ...] | None = None,
    checked: bool = False,
    targets: tuple[Mapping[str, str], ...] = (),
    service: Service | None = None,
    judgement: Judgement | None = None,
) -> Snapshot:
    """One look at the service with these deployments, or at `service`."""
    return Snapshot(
        service=service or service_with(*deployments),
        service_deployment=deployed,
        tasks=tasks,
        checked=checked,
        targets=targets,
        judgement=judgement,
    )


def begun(*, budget: Budget = WholeBudget(seconds=900), wait_until: WaitUntil = WaitUntil.COMPLETE) -> State:  # noqa: B008
    """Our write was answered at second 0."""
    return begin(HANDLE, budget, wait_until, 0.0)


def follow(state: State, *looks: Look, every: float = 5.0, start: float = 0.0) -> tuple[State, tuple[Event, ...]]:
    """Look after look, `every` seconds from `start` on: the last state and all the events."""
    told: tuple[Event, ...] = ()
    for number, each in enumerate(looks):
        state, events = advance(state, each, start + number * every)
        told += events
    return state, told
