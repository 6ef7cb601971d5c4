"""A task from PROVISIONING to RUNNING, and the health checks of its containers.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ecsdeploy.sim.ground.behaviour import Behaviour
from ecsdeploy.sim.ground.commands import read, spoken
from ecsdeploy.sim.ground.ids import arn
from ecsdeploy.sim.ground.timings import (
    AFTER_CHANGE,
    AFTER_PROGRESS,
    CONTAINER_STARTS,
    EC2_PULLS,
    FARGATE_CONNECTED,
    FARGATE_PULLS,
    HEALTHY_UNCHECKED,
    NEVER_STARTS,
)
from ecsdeploy.sim.state.containers import Container
from ecsdeploy.sim.state.health import balanced, note_health, task_health
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json, Task
from ecsdeploy.sim.tasks import ending
from ecsdeploy.sim.tasks.capacity import choose_instance, choose_provider
from ecsdeploy.sim.tasks.container_logs import open_stream, write_lines
from ecsdeploy.sim.tasks.digests import resolve_digests
from ecsdeploy.sim.tasks.order import Order, tags_of
from ecsdeploy.sim.traffic.traffic import register_later

_CHECK_INTERVAL, _CHECK_RETRIES = 30, 3


def launch(region: Region, order: Order) -> Task:
    """Create a task and start it."""
    task = create(region, order)
    fargate = task.launch_type == "FARGATE"
    if fargate:
        _then(region, task, FARGATE_CONNECTED, _connect)
    _then(region, task, FARGATE_PULLS if fargate else EC2_PULLS, _pull)
    return task


def create(region: Region, order: Order) -> Task:
    """Create a task in its cluster and its deployment. It is PROVISIONING on Fargate, PENDING on EC2."""
    identity = region.ids.hexadecimal()
    task = Task(
        id=identity,
        arn=arn("task", order.cluster.name, identity),
        definition=order.definition,
        containers=_containers(region, order, identity),
        created_at=region.now,
        launch_type=order.launch_type,
        settings=order.settings,
        address=region.ids.address(region.addresses),
        attachment=region.ids.uuid(),
        tags=tags_of(order),
        service=order.service,
        deployment=order.deployment,
        last_status="PROVISIONING" if order.launch_type == "FARGATE" else "PENDING",
        instance=None if order.launch_type == "FARGATE" else choose_instance(region, order.cluster),
        provider=choose_provider(
            order.settings.get("capacityProviderStrategy"), order.deployment.tasks if order.deployment else ()
        ),
    )
    order.cluster.tasks[identity] = task
    region.addresses.add(task.address)
    if order.deployment is not None:
        order.deployment.tasks.append(task)
    return task


def _containers(region: Region, order: Order, identity: str) -> list[Container]:
    definitions = order.definition.containers
    start = region.images.start_alone if order.service is None else region.images.start
    behaviours = {image: start(image) for image in dict.fromkeys(str(d["image"]) for d in definitions)}
    commands = _commands(order)
    return [
        Container(
            arn=arn("container", order.cluster.name, identity, region.ids.uuid()),
            definition=definition,
            behaviour=_behaviour_of(
                region, definition, behaviours[str(definition["image"])], commands.get(definition["name"])
            ),
        )
        for definition in definitions
    ]


def _commands(order: Order) -> dict[str, list[str]]:
    """The commands that RunTask gives to containers, by container name.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerOverride.html
    """
    overrides = (order.settings.get("overrides") or {}).get("containerOverrides") or []
    return {each["name"]: each["command"] for each in overrides if each.get("command")}


def _behaviour_of(region: Region, definition: Json, of_image: Behaviour, command: list[str] | None) -> Behaviour:
    """The behaviour of a container. A command of RunTask replaces what the image does once it runs.

    The image must be pulled and be able to run all the same.
    """
    if command is None or of_image.run in ("never-starts", "exec-format"):
        return of_image
    described = region.images.look_up(str(definition["image"])).commands.get(spoken(command))
    does = described or read([*(definition.get("entryPoint") or []), *command])
    return replace(does, pull=of_image.pull, reason=of_image.reason, pull_seconds=of_image.pull_seconds)


def _then(region: Region, task: Task, delay: float, step: Callable[[Region, Task], None]) -> None:
    """Take `step` after `delay` seconds, unless the task is stopped before."""
    task.timers.append(region.clock.after(delay, lambda: step(region, task)))


def _connect(region: Region, task: Task) -> None:
    task.connected_at = region.now
    task.last_status = "PENDING"


def _pull(region: Region, task: Task) -> None:
    """Start the pull. Secrets, log drivers and file systems fail before it.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
    """
    broken = next((c for c in task.containers if c.behaviour.pull == "init-error"), None)
    if broken is not None:
        ending.fail_to_start(region, task, broken)
        return
    task.pull_started_at = region.now
    broken = next((c for c in task.containers if c.behaviour.pull != "ok"), None)
    if broken is not None:
        failing = broken
        _then(region, task, failing.behaviour.pull_seconds, lambda r, t: ending.fail_to_start(r, t, failing))
        return
    _then(region, task, max(c.behaviour.pull_seconds for c in task.containers), _pulled)


def _pulled(region: Region, task: Task) -> None:
    task.pull_stopped_at = region.now
    task.last_status = "ACTIVATING"
    resolve_digests(task)
    stuck = next((c for c in task.containers if c.behaviour.run == "never-starts"), None)
    if stuck is None:
        _then(region, task, CONTAINER_STARTS, _run)
    else:
        _then(region, task, NEVER_STARTS, lambda r, t: ending.never_start(r, t, stuck))


def _run(region: Region, task: Task) -> None:
    mark_running(region, task, region.now)
    service, deployment = task.service, task.deployment
    for container in task.containers:
        _follow(region, task, container)
    register_later(region, task)
    if service is None or deployment is None:
        return
    deployment.rounds, deployment.not_before = 0, 0.0
    if not task.checked and not balanced(task):
        _then(region, task, HEALTHY_UNCHECKED, _count_as_healthy)
    wake(region, service, AFTER_PROGRESS)


def mark_running(region: Region, task: Task, since: float) -> None:
    """Set a task and its containers to RUNNING, as of `since`."""
    task.last_status = "RUNNING"
    task.started_at = since
    task.version = 3
    for container in task.containers:
        container.status = "RUNNING"
        container.runtime_id = f"{task.id}-{region.ids.number()[:10]}"
        open_stream(region, task, container, since)


def _count_as_healthy(region: Region, task: Task) -> None:
    if task.service is not None:
        wake(region, task.service, AFTER_CHANGE)


def _follow(region: Region, task: Task, container: Container) -> None:
    """Plan what the image does: exit, or answer its health check."""
    behaviour = container.behaviour
    if behaviour.run in ("exit", "oom", "exec-format"):
        _then(region, task, behaviour.after or 0, lambda r, t: ending.exit_container(r, t, container))
    else:
        write_lines(region, task, container)
    if container.checked:
        _check(region, task, container)


def _check(region: Region, task: Task, container: Container) -> None:
    """Plan when the container's health check first passes, and when it has failed often enough.

    The first check that passes makes the container HEALTHY. `retries` failures after the start period make it
    UNHEALTHY.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
    """
    behaviour, check = container.behaviour, container.definition["healthCheck"]
    interval = check.get("interval", _CHECK_INTERVAL)
    spoils = behaviour.run == "unhealthy"
    if not spoils or behaviour.healthy_after is not None:
        passes = interval if behaviour.healthy_after is None else behaviour.healthy_after
        _then(region, task, passes, lambda r, t: _judge(r, t, container, "HEALTHY"))
    if spoils:
        patience = check.get("startPeriod", 0) + interval * check.get("retries", _CHECK_RETRIES)
        fails = patience if behaviour.after is None else behaviour.after
        _then(region, task, fails, lambda r, t: _judge(r, t, container, "UNHEALTHY"))


def _judge(region: Region, task: Task, container: Container, health: str) -> None:
    container.health = health
    task.health = task_health(task)
    if task.service is None:
        return
    note_health(region, task.service)
    if task.health == "UNHEALTHY":
        grace = float(task.settings.get("healthCheckGracePeriodSeconds") or 0)
        task.timers.append(
            region.clock.at((task.started_at or 0) + grace, lambda: ending.condemn_unhealthy(region, task))
        )
    wake(region, task.service, AFTER_PROGRESS)
