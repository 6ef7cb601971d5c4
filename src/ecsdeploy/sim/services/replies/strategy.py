"""How replies show the strategy of a service deployment: stage, hooks, weights, alarms, target groups."""

from __future__ import annotations

from ecsdeploy.sim.ground.strategies import ALL
from ecsdeploy.sim.state.courses import HookRun
from ecsdeploy.sim.state.definitions import ServiceRevision
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json, ServiceDeployment
from ecsdeploy.sim.traffic.alarms import watched
from ecsdeploy.sim.traffic.balancing import group_arn_of, managed, rules_of


def strategy_members(region: Region, record: ServiceDeployment) -> Json:
    """The members that depend on the strategy. ROLLING has no `lifecycleStage`.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
    """
    members: Json = {"alarms": _alarms(record)}
    course = record.course
    if course is not None and course.stage is not None:
        early = course.stage == "PRE_PRODUCTION_TRAFFIC_SHIFT"
        members["lifecycleStage"] = region.switches.pre_production_stage if early else course.stage
    if course is not None and course.runs:
        members["lifecycleHookDetails"] = [_hook(run) for run in course.runs]
    return members


def _alarms(record: ServiceDeployment) -> Json:
    names = watched(record.configuration)
    shown: Json = {"status": record.alarm_status}
    return shown | ({"alarmNames": names, "triggeredAlarmNames": record.triggered} if names else {})


def _hook(run: HookRun) -> Json:
    """A `DeploymentLifecycleHookDetail` of a reply.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHookDetail.html
    """
    shown: Json = {"hookId": run.id, "targetType": run.target_type, "status": run.status}
    if run.target_arn:
        shown["targetArn"] = run.target_arn
    if run.expires_at is not None:
        shown |= {"expiresAt": run.expires_at, "timeoutAction": run.timeout_action}
    return shown


def weights(record: ServiceDeployment, arn: str) -> Json:
    """The requested per cent of traffic of a revision. Empty where ECS shifts no traffic.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRevisionSummary.html
    """
    course = record.course
    if course is None or not course.managed:
        return {}
    test, production = 0.0, 0.0
    if arn == course.green.revision.arn:
        test, production = course.test, course.production
    elif course.blue is not None and arn == course.blue.revision.arn:
        test, production = ALL - course.test, ALL - course.production
    return {"requestedTestTrafficWeight": test, "requestedProductionTrafficWeight": production}


def resolved(revision: ServiceRevision) -> Json:
    """Which of its two target groups each load balancer uses for this revision.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ResolvedConfiguration.html
    """
    balancers = [
        {
            "targetGroupArn": group_arn_of(revision.alternate, balancer),
            "productionListenerRule": rules_of(balancer)[0],
        }
        for balancer in managed(revision.settings)
    ]
    return {"resolvedConfiguration": {"loadBalancers": balancers}} if balancers else {}
