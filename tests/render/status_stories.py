"""Services in every condition, as a look at them reports it."""

from dataclasses import replace
from datetime import datetime, timedelta

from ecsdeploy.model.balancer import TargetHealth
from ecsdeploy.model.outcome import Cause, Other
from ecsdeploy.model.report import Condition, GroupTargets, Report
from ecsdeploy.model.service import (
    BreakerCount,
    Deployment,
    Hook,
    PastDeployment,
    RevisionShare,
    Service,
    ServiceDeployment,
    ServiceEvent,
)
from ecsdeploy.model.settings import Breaker, DeploymentAlarms
from ecsdeploy.model.surroundings import AlarmState, ScalingLimits
from tests.render.builders import CRASH, NEW, OLD, OUTCOME, PROD, START

_ARN = "arn:aws:ecs:eu-west-1:111122223333:"
_REVISION = f"{_ARN}service-revision/prod/web/"
_GROUP = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web-tg/62b8a158e9f0fcf8"
_NEW_ID, _OLD_ID = "8123456789012345678", "7123456789012345678"


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def deployment(number: str, revision: str, state: str, running: int, **members: object) -> Deployment:
    told = {"status": "PRIMARY", "desired": 10, "created_at": at(-1500)} | members
    return Deployment(id=f"ecs-svc/{number}", task_definition=revision, rollout_state=state, running=running, **told)  # type: ignore[arg-type]


def said(minutes: float, message: str) -> ServiceEvent:
    return ServiceEvent(id=f"event-{minutes}", at=at(minutes), message=f"(service web) {message}")


NEW_RUNS = deployment(_NEW_ID, NEW, "COMPLETED", 10)
OLD_RUNS = deployment(_OLD_ID, OLD, "COMPLETED", 10, status="ACTIVE")
ROLLING = deployment(_NEW_ID, NEW, "IN_PROGRESS", 6, pending=2, failed=1, created_at=at(0))

SERVICE = Service(
    arn=f"{_ARN}service/prod/web",
    name="web",
    cluster_arn=f"{_ARN}cluster/prod",
    status="ACTIVE",
    task_definition=NEW,
    desired=10,
    running=10,
    pending=0,
    deployments=(NEW_RUNS,),
    events=(
        said(4, f"registered 2 targets in (target-group {_GROUP})"),
        said(3, "has started 2 tasks: (task 1f0c2b3d) (task 2f0c2b3d)."),
        said(-1500, "has reached a steady state."),
    ),
    minimum_healthy_percent=100,
    maximum_percent=200,
    breaker=Breaker(enabled=True, rollback=True),
    target_groups=(_GROUP,),
    alarms=DeploymentAlarms(names=("web-5xx", "web-p99"), enabled=True),
)
GONE_BY = (
    PastDeployment(
        arn=OUTCOME.service_deployment_arn,
        status="SUCCESSFUL",
        revision=NEW,
        deployment_id=NEW_RUNS.id,
        created_at=at(-1500),
        finished_at=at(-1497.5),
    ),
    PastDeployment(arn="sd/2", status="ROLLBACK_FAILED", revision="", deployment_id="ecs-svc/1"),
)
STEADY = Report(
    place=PROD,
    at=at(5),
    condition=Condition.STEADY,
    service=SERVICE,
    images=(("app", "acme/web:b82e40d"), ("otel", "otel/collector:1")),
    targets=(GroupTargets(target_group=_GROUP, targets=(TargetHealth(target="10.0.0.7:8080", state="healthy"),)),),
    alarms=(AlarmState(name="web-5xx", state="OK", since=at(-900)),),
    scaling=ScalingLimits(lowest=4, highest=20),
    history=GONE_BY,
)
UNDER_WAY = ServiceDeployment(
    arn=OUTCOME.service_deployment_arn,
    status="IN_PROGRESS",
    stage="POST_TEST_TRAFFIC_SHIFT",
    target_revision=f"{_REVISION}{_NEW_ID}",
    breaker=BreakerCount(status="MONITORING", failures=1, threshold=3),
    target=RevisionShare(revision=f"{_REVISION}{_NEW_ID}", production_weight=12.5),
    sources=(
        RevisionShare(revision=f"{_REVISION}{_OLD_ID}", production_weight=87.5),
        RevisionShare(revision=f"{_REVISION}1", production_weight=0),
    ),
)
DEPLOYING = replace(
    STEADY,
    condition=Condition.DEPLOYING,
    service=replace(SERVICE, deployments=(ROLLING, OLD_RUNS), running=16, pending=2),
    newest=UNDER_WAY,
    targets=(
        GroupTargets(
            target_group=_GROUP,
            targets=(
                TargetHealth(target="10.0.0.7:8080", state="healthy"),
                TargetHealth(target="10.0.0.8:8080", state="healthy"),
                TargetHealth(target="10.0.0.9:8080", state="draining"),
                TargetHealth(
                    target="10.0.0.10:8080",
                    state="unhealthy",
                    reason="Target.ResponseCodeMismatch",
                    description="Health checks failed with these codes: [502]",
                ),
            ),
        ),
        GroupTargets(target_group="a-name-of-tomorrow"),
    ),
    alarms=(
        AlarmState(name="web-5xx", state="ALARM", since=at(3), reason="Threshold Crossed: 3 datapoints were greater"),
        AlarmState(name="web-p99", state="INSUFFICIENT_DATA"),
    ),
)
PAUSE = Hook(
    id="ecs-pause-e7tK9G", status="AWAITING_ACTION", target="PAUSE", expires_at=at(1440), timeout_action="ROLLBACK"
)
PAUSED = replace(DEPLOYING, newest=replace(UNDER_WAY, hooks=(PAUSE, Hook(id="ecs-lambda-1", status="IN_PROGRESS"))))
NO_ROOM = Cause(
    code="E-DEADLOCK",
    summary="ECS may neither start a new task nor stop an old one: minimum and maximum percent leave no room",
    remedy="Raise the maximum percent or lower the minimum.",
)
STUCK = replace(
    DEPLOYING,
    condition=Condition.STUCK,
    newest=replace(UNDER_WAY, stage="", breaker=BreakerCount(status="DISABLED", failures=0, threshold=0), target=None),
    cause=NO_ROOM,
)
BACK = replace(SERVICE, task_definition=OLD, deployments=(replace(OLD_RUNS, status="PRIMARY"),))
ROLLED_BACK = replace(
    STEADY,
    condition=Condition.ROLLED_BACK,
    service=BACK,
    newest=replace(UNDER_WAY, status="ROLLBACK_SUCCESSFUL"),
    history=(replace(GONE_BY[0], status="ROLLBACK_SUCCESSFUL"), *GONE_BY),
    cause=CRASH,
)
ROLLING_BACK = replace(
    STEADY,
    condition=Condition.ROLLING_BACK,
    service=replace(
        BACK,
        deployments=(
            replace(OLD_RUNS, status="PRIMARY", rollout_state="IN_PROGRESS"),
            replace(ROLLING, status="ACTIVE", rollout_state="FAILED"),
        ),
    ),
    newest=replace(
        UNDER_WAY,
        status="ROLLBACK_IN_PROGRESS",
        rollback_reason="Service deployment rolled back because it was stopped by the user.",
        rollback_revision=f"{_REVISION}{_OLD_ID}",
    ),
)
FAILED = replace(
    STEADY,
    condition=Condition.FAILED,
    service=replace(SERVICE, deployments=(replace(ROLLING, running=0, rollout_state="FAILED"), OLD_RUNS)),
    newest=replace(UNDER_WAY, status="STOPPED", reason="ECS deployment circuit breaker: tasks failed to start."),
)
UNSTEADY = replace(STEADY, condition=Condition.UNSTEADY, service=replace(SERVICE, running=7, pending=2))
UNREAD = replace(
    STEADY,
    images=(),
    targets=(),
    alarms=(),
    scaling=None,
    history=(),
    unread=("alarms: `arn:aws:iam::111122223333:role/ci` may not call `cloudwatch:DescribeAlarms`",),
)
OF_CODE_DEPLOY = replace(
    STEADY,
    service=replace(
        SERVICE,
        controller="CODE_DEPLOY",
        scheduling="DAEMON",
        minimum_healthy_percent=None,
        deployments=(),
        breaker=Breaker(),
        target_groups=(),
        alarms=DeploymentAlarms(),
        events=(),
    ),
    targets=(),
    history=(),
)

STATUS_STORIES = {
    "steady": STEADY,
    "scaled-to-zero": replace(STEADY, service=replace(SERVICE, desired=0, running=0)),
    "one-task": replace(STEADY, service=replace(SERVICE, desired=1, running=1)),
    "deploying": DEPLOYING,
    "who-released": replace(
        DEPLOYING,
        releases=(
            Other(
                deployment_id=NEW_RUNS.id,
                revision=NEW,
                images=(("app", "acme/web:b82e40d"), ("otel", "otel/collector:1")),
                registered_by="arn:aws:sts::111122223333:assumed-role/ci/run-17",
            ),
            Other(deployment_id=OLD_RUNS.id, revision=OLD),
        ),
    ),
    "paused": PAUSED,
    "stuck": STUCK,
    "rolled-back": ROLLED_BACK,
    "rolled-back-unnamed": replace(ROLLED_BACK, history=(), cause=None),
    "rolling-back": ROLLING_BACK,
    "rolling-back-unseen": replace(ROLLING_BACK, newest=None),
    "failed": FAILED,
    "failed-alone": replace(FAILED, service=replace(FAILED.service, deployments=FAILED.service.deployments[:1])),
    "unsteady": UNSTEADY,
    "going": replace(STEADY, condition=Condition.GOING, service=replace(SERVICE, status="DRAINING")),
    "unread": UNREAD,
    "code-deploy": OF_CODE_DEPLOY,
    "code-deploy-deploying": replace(
        OF_CODE_DEPLOY,
        condition=Condition.DEPLOYING,
        service=replace(
            OF_CODE_DEPLOY.service,
            task_definition=OLD,
            deployments=(
                deployment(_OLD_ID, OLD, "", 10),
                deployment(_NEW_ID, NEW, "", 4, status="ACTIVE", created_at=at(1)),
            ),
        ),
    ),
    "nothing-listed": replace(OF_CODE_DEPLOY, condition=Condition.DEPLOYING),
}
