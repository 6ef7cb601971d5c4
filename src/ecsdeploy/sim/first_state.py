"""The first state of a world: a Region with the scenario's services, steady as if they had run for long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecsdeploy.sim.codec.model import validate
from ecsdeploy.sim.codedeploy import first_state as codedeploy_first_state
from ecsdeploy.sim.deployments import scheduler, task_sets
from ecsdeploy.sim.deployments.rollout import current, new_deployment, new_record, reach_steady_state
from ecsdeploy.sim.ground.behaviour import Images
from ecsdeploy.sim.ground.buckets import fargate_launches
from ecsdeploy.sim.ground.clock import Clock
from ecsdeploy.sim.ground.errors import ApiError, ScenarioError
from ecsdeploy.sim.ground.ids import ACCOUNT, Ids, arn
from ecsdeploy.sim.ground.timings import CONTAINER_STARTS, EVENT_REPEATS, FARGATE_CONNECTED, FARGATE_PULLS
from ecsdeploy.sim.scenario.values import LoadBalancer, Scenario, ServiceSpec
from ecsdeploy.sim.services.beside.network import SECURITY_GROUP, SUBNET
from ecsdeploy.sim.services.clusters import add
from ecsdeploy.sim.services.definitions import add_revision
from ecsdeploy.sim.services.services import new_service
from ecsdeploy.sim.shifting import shifting
from ecsdeploy.sim.state.balancers import TargetGroup
from ecsdeploy.sim.state.definitions import Definition
from ecsdeploy.sim.state.health import healthy_count
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Deployment, Json, Service, Task
from ecsdeploy.sim.tasks.digests import resolve_digests
from ecsdeploy.sim.tasks.lifecycle import create, mark_running
from ecsdeploy.sim.tasks.order import Order
from ecsdeploy.sim.traffic.alarms import alarm_named, watched
from ecsdeploy.sim.traffic.balancing import send_all
from ecsdeploy.sim.traffic.traffic import register_now

# Not a multiple of six hours: else an event would repeat at the very beginning of the scenario.
_APART = 22 * 3600.0
_ROLLED_OUT_IN = 90.0
_RUNNING_AFTER = 21.0
_NETWORK = {
    "awsvpcConfiguration": {
        "subnets": [SUBNET],
        "securityGroups": [SECURITY_GROUP],
        "assignPublicIp": "DISABLED",
    }
}


def begin(scenario: Scenario, *, seed: int, start: float) -> Region:
    """The Region at `start`. Each revision of each service was deployed before, successfully.

    ScenarioError if ECS would refuse one of the services.
    """
    clock = Clock(start - _APART * (1 + max(len(spec.history) for spec in scenario.services)))
    region = Region(
        clock=clock,
        ids=Ids(seed),
        images=Images(scenario.images),
        look_at=lambda service: _look(region, service),
        capacity=scenario.limits.capacity_tasks,
        hook_answers=scenario.hooks,
        launches=fargate_launches(clock.time()) if scenario.limits.throttle else None,
    )
    try:
        services = [_make(region, spec) for spec in scenario.services]
        depth = max(len(spec.history) for spec in scenario.services)
        for step in range(depth, -1, -1):
            clock.run_until(start - _APART * (1 + step))
            for service, revisions in services:
                if step < len(revisions):
                    _live_through(region, service, revisions[-1 - step], last=step == 0)
        for spec in scenario.services:
            if not spec.deployment_group:
                codedeploy_first_state.leave_out(region, spec.cluster, spec.name)
    except ApiError as error:
        raise ScenarioError(f"{scenario.source}: the services cannot be made: {error.message}") from error
    clock.run_until(start)
    for service, _ in services:
        service.lowest_healthy = healthy_count(region, service)
    for name in _alarm_names(scenario):
        alarm_named(region, name)
    return region


def _look(region: Region, service: Service) -> None:
    """Look at a service once, by the rules of its deployment controller and its strategy."""
    record = current(service)
    if service.controller != "ECS":
        task_sets.look(region, service)
    elif record is not None and record.course is not None and service.status == "ACTIVE":
        shifting.look(region, service, record, record.course)
    else:
        scheduler.look(region, service)


def _alarm_names(scenario: Scenario) -> set[str]:
    """Every alarm that a service watches or an action sets. Each begins in state OK."""
    rung = {action.alarm for action in scenario.actions if action.alarm is not None}
    return rung.union(*(watched(dict(spec.deployment)) for spec in scenario.services))


def _make(region: Region, spec: ServiceSpec) -> tuple[Service, list[Definition]]:
    """The service, without a deployment yet, and its definitions, oldest first."""
    cluster = add(region, spec.cluster)
    revisions = [_register(region, definition) for definition in (*spec.history, spec.definition)]
    service = new_service(region, cluster, _create_request(region, spec))
    service.express = spec.express
    return service, revisions


def _register(region: Region, definition: Mapping[str, Any]) -> Definition:
    validate("ecs", "RegisterTaskDefinition", dict(definition))
    return add_revision(region, dict(definition))


def _create_request(region: Region, spec: ServiceSpec) -> Json:
    request: Json = {
        "cluster": spec.cluster,
        "serviceName": spec.name,
        "taskDefinition": spec.definition["family"],
        "desiredCount": spec.desired,
        "launchType": spec.launch_type,
        "deploymentConfiguration": dict(spec.deployment),
    }
    if spec.controller != "ECS":
        request["deploymentController"] = {"type": spec.controller}
    if spec.definition.get("networkMode") == "awsvpc":
        request["networkConfiguration"] = _NETWORK
    if spec.load_balancer is not None:
        request["loadBalancers"] = [_balancers(region, spec, spec.load_balancer)]
        request["healthCheckGracePeriodSeconds"] = spec.load_balancer.grace_period
    return request


def _balancers(region: Region, spec: ServiceSpec, balancer: LoadBalancer) -> Json:
    """The service's load balancer, with everything that a shift of traffic needs if the strategy shifts traffic.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
    """
    entry = _balancer(region, spec, balancer, f"{spec.cluster}-{spec.name}")
    if spec.deployment.get("strategy", "ROLLING") == "ROLLING":
        return entry
    alternate = _balancer(region, spec, balancer, f"{spec.cluster}-{spec.name}-alternate")
    rule = f"listener-rule/app/{spec.cluster}-{spec.name}/{region.ids.hexadecimal()[:16]}"
    names = [f"{rule}/{region.ids.hexadecimal()[:16]}/{region.ids.hexadecimal()[:16]}" for _ in range(2)]
    production, test = (arn(name, service="elasticloadbalancing") for name in names)
    entry["advancedConfiguration"] = {
        "alternateTargetGroupArn": alternate["targetGroupArn"],
        "productionListenerRule": production,
        "testListenerRule": test,
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/ecsInfrastructureRole",
    }
    send_all(region, entry)
    return entry


def _balancer(region: Region, spec: ServiceSpec, balancer: LoadBalancer, name: str) -> Json:
    """A target group for the service. It sends requests to the first port of the first container."""
    group_arn = arn(f"targetgroup/{name}/{region.ids.hexadecimal()[:16]}", service="elasticloadbalancing")
    region.target_groups[group_arn] = TargetGroup(
        group_arn,
        health_interval=balancer.health_interval,
        healthy_threshold=balancer.healthy_threshold,
        deregistration_delay=balancer.deregistration_delay,
    )
    container = spec.definition["containerDefinitions"][0]
    ports = container.get("portMappings") or [{"containerPort": 80}]
    return {
        "targetGroupArn": group_arn,
        "containerName": container["name"],
        "containerPort": ports[0]["containerPort"],
    }


def _live_through(region: Region, service: Service, definition: Definition, *, last: bool) -> None:
    """Deploy a definition, completed long ago. The tasks of the last one still run."""
    sources = [deployment.revision for deployment in service.deployments]
    deployment = new_deployment(region, service, definition)
    service.deployments = [deployment]
    record = new_record(region, service, deployment, sources)
    done = region.now + _ROLLED_OUT_IN
    record.status, record.started_at = "SUCCESSFUL", region.now
    record.finished_at = record.updated_at = deployment.updated_at = done
    deployment.rollout_state = "COMPLETED"
    deployment.rollout_reason = f"ECS deployment {deployment.id} completed."
    service.last_completed = deployment
    if service.controller != "ECS":
        codedeploy_first_state.take_over(region, service, deployment)
    if last:
        _populate(region, service, deployment)


def _populate(region: Region, service: Service, deployment: Deployment) -> None:
    """Start the tasks that run when the scenario begins. They all came up well, whatever their image does later."""
    deployment.desired, deployment.looks = service.desired, 2
    order = Order(
        cluster=service.cluster,
        definition=deployment.revision.definition,
        launch_type=str(service.settings["launchType"]),
        settings=deployment.revision.settings,
        service=service,
        deployment=deployment,
    )
    for _ in range(service.desired):
        _come_up(region, create(region, order))
    reach_steady_state(region, service)
    wake(region, service, EVENT_REPEATS)


def _come_up(region: Region, task: Task) -> None:
    task.connected_at = region.now + FARGATE_CONNECTED
    task.pull_started_at = region.now + FARGATE_PULLS
    task.pull_stopped_at = region.now + _RUNNING_AFTER - CONTAINER_STARTS
    resolve_digests(task)
    mark_running(region, task, region.now + _RUNNING_AFTER)
    for container in task.containers:
        container.health = "HEALTHY" if container.checked else "UNKNOWN"
    task.health = "HEALTHY" if task.checked else "UNKNOWN"
    if task.settings.get("loadBalancers"):
        for target in register_now(region, task):
            target.state = "healthy"
