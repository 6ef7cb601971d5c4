"""The `[[services]]` of a scenario: short forms become whole definitions and AWS's members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecsdeploy.sim.ground import strategies
from ecsdeploy.sim.ground.behaviour import Behaviour, repository
from ecsdeploy.sim.ground.ids import ACCOUNT, REGION
from ecsdeploy.sim.scenario.members import camel, read_member, snake
from ecsdeploy.sim.scenario.table import Table
from ecsdeploy.sim.scenario.values import LoadBalancer, ServiceSpec

Json = dict[str, Any]
PORT = 8080
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ecsTaskExecutionRole"
_MEMBERS = (
    "alarms",
    "deployment_circuit_breaker",
    "early_success_criteria",
    "lifecycle_hooks",
    *map(snake, strategies.MEMBERS),
)


def read_services(root: Table, images: Mapping[str, Behaviour]) -> tuple[ServiceSpec, ...]:
    """The services of a scenario. ScenarioError if there is none, if two have one name, or for a wrong key."""
    tables = root.tables("services")
    if not tables:
        root.fail("services", "A scenario needs at least one `[[services]]`.")
    services = tuple(_service(table) for table in tables)
    known: set[tuple[str, str]] = set()
    for table, service in zip(tables, services, strict=True):
        if (service.cluster, service.name) in known:
            table.fail("name", f"There are two services `{service.name}` in the cluster `{service.cluster}`.")
        known.add((service.cluster, service.name))
    for name, behaviour in images.items():
        for service in services:
            check_observable(root, name, behaviour, service)
    return services


def _service(table: Table) -> ServiceSpec:
    name = table.string("name")
    launch_type = table.choice("launch_type", ("FARGATE", "EC2"), "FARGATE")
    definition = _definition(table, name, launch_type)
    service = ServiceSpec(
        cluster=table.string("cluster"),
        name=name,
        desired=table.integer("desired", 1),
        launch_type=launch_type,
        definition=definition,
        history=tuple(_with_image(definition, image) for image in table.strings("history")),
        load_balancer=_load_balancer(table.table("load_balancer")) if "load_balancer" in table else None,
        deployment=_deployment(table.table("deployment")),
        controller=table.choice("controller", ("ECS", "CODE_DEPLOY"), "ECS"),
        deployment_group=table.flag("deployment_group", default=True),
        express=table.flag("express", default=False),
    )
    table.known("load_balancer", "image", "containers", "task_definition")
    table.done()
    return service


def _definition(table: Table, name: str, launch_type: str) -> Json:
    given = [key for key in ("image", "containers", "task_definition") if key in table]
    if len(given) != 1:
        table.fail("name", f"The service `{name}` needs one of `image`, `containers` and `task_definition`.")
    match given[0]:
        case "image":
            app = {"name": "app", "image": table.string("image"), "portMappings": [{"containerPort": PORT}]}
            return _around([app | _logging(f"/ecs/{name}", name)], name, launch_type)
        case "containers":
            containers = [_container(inner, name) for inner in table.tables("containers")]
            if not containers:
                table.fail("containers", "`containers` must not be empty.")
            containers[0].setdefault("portMappings", [{"containerPort": PORT}])
            return _around(containers, name, launch_type)
        case _:
            return {"family": name, **_whole_definition(table)}


def _whole_definition(table: Table) -> Mapping[str, Any]:
    """AWS's members as they are, with members that we do not know. Each container needs a name and an image."""
    definition = table.raw("task_definition")
    containers = definition.get("containerDefinitions")
    if not isinstance(containers, list) or not containers:
        table.fail("task_definition", "`task_definition` needs `containerDefinitions`.")
    if not all(isinstance(c, dict) and c.get("name") and c.get("image") for c in containers):
        table.fail("task_definition", "Each of `containerDefinitions` needs a `name` and an `image`.")
    return definition


def _container(table: Table, service: str) -> Json:
    group = table.string("log_group", f"/ecs/{service}")
    container: Json = {
        "name": table.string("name"),
        "image": table.string("image"),
        "essential": table.flag("essential", True),
        "environment": [{"name": k, "value": str(v)} for k, v in table.raw("environment").items()],
    }
    if table.flag("health_check", False):
        container["healthCheck"] = {"command": ["CMD-SHELL", f"curl -f http://localhost:{PORT}/ || exit 1"]}
    table.done()
    return container | _logging(group, service)


def _logging(group: str, prefix: str) -> Json:
    if not group:
        return {}
    options = {"awslogs-group": group, "awslogs-region": REGION, "awslogs-stream-prefix": prefix}
    return {"logConfiguration": {"logDriver": "awslogs", "options": options}}


def _around(containers: list[Json], family: str, launch_type: str) -> Json:
    """A request for RegisterTaskDefinition with these containers, which the launch type accepts."""
    definition: Json = {"family": family, "containerDefinitions": containers, "executionRoleArn": _ROLE}
    if launch_type == "FARGATE":
        fargate = {
            "networkMode": "awsvpc",
            "cpu": "256",
            "memory": "512",
            "requiresCompatibilities": ["FARGATE"],
        }
        return definition | fargate
    sized = [{"memory": 256, **container} for container in containers]
    return definition | {
        "networkMode": "bridge",
        "requiresCompatibilities": ["EC2"],
        "containerDefinitions": sized,
    }


def _with_image(definition: Json, image: str) -> Json:
    """`definition` with another image for its first container."""
    first, *rest = definition["containerDefinitions"]
    return definition | {"containerDefinitions": [{**first, "image": image}, *rest]}


def _load_balancer(table: Table) -> LoadBalancer:
    balancer = LoadBalancer(
        health_interval=table.number("health_interval", 30.0),
        healthy_threshold=table.integer("healthy_threshold", 5, least=1),
        deregistration_delay=table.number("deregistration_delay", 300.0),
        grace_period=table.integer("grace_period", 0),
    )
    table.done()
    return balancer


def _deployment(table: Table) -> Json:
    """The DeploymentConfiguration, under AWS's names."""
    configuration: Json = {
        "strategy": table.choice("strategy", strategies.NAMES, "ROLLING"),
        "minimumHealthyPercent": table.integer("minimum_healthy_percent", 100),
        "maximumPercent": table.integer("maximum_percent", 200),
        "bakeTimeInMinutes": table.integer("bake_time_in_minutes", 0),
    }
    if "circuit_breaker" in table and "deployment_circuit_breaker" in table:
        table.fail("circuit_breaker", "`circuit_breaker` is short for `deployment_circuit_breaker`: give one of them.")
    breaker = table.choice("circuit_breaker", ("off", "stop", "rollback"), "off")
    configuration["deploymentCircuitBreaker"] = {
        "enable": breaker != "off",
        "rollback": breaker == "rollback",
    }
    for name in _MEMBERS:
        if name in table:
            configuration[camel(name)] = read_member(table, "DeploymentConfiguration", name)
    table.known(*_MEMBERS)
    table.done()
    return configuration


def check_observable(root: Table, image: str, behaviour: Behaviour, service: ServiceSpec) -> None:
    """ScenarioError for an image whose health nothing checks: it could not change anything."""
    containers = [
        c for c in service.definition["containerDefinitions"] if repository(str(c["image"])) == repository(image)
    ]
    checked = any(c.get("healthCheck") for c in containers)
    balanced = service.load_balancer is not None
    path = ("images", image)
    if not containers:
        return
    if behaviour.healthy_after is not None and not checked and not balanced:
        root.text.fail((*path, "healthy_after"), "`healthy_after` needs a health check or a load balancer.")
    if behaviour.run == "unhealthy" and not checked:
        root.text.fail((*path, "run"), '`run = "unhealthy"` needs a container with `health_check = true`.')
    if behaviour.run == "target-unhealthy" and not balanced:
        root.text.fail((*path, "run"), '`run = "target-unhealthy"` needs a service with a `load_balancer`.')
