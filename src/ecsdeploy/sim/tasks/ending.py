"""How tasks end: a container exits, the task cannot start, or somebody stops it.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

from __future__ import annotations

from collections.abc import Sequence

from ecsdeploy.sim.ground.behaviour import repository
from ecsdeploy.sim.ground.timings import (
    AFTER_CHANGE,
    AFTER_PROGRESS,
    EC2_STOPS,
    FARGATE_STOPS,
    FARGATE_STOPS_UNPULLED,
    PROCESS_EXITS,
)
from ecsdeploy.sim.state.containers import Container
from ecsdeploy.sim.state.event_texts import say
from ecsdeploy.sim.state.health import note_health
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Service, Task
from ecsdeploy.sim.tasks.container_logs import write_lines
from ecsdeploy.sim.traffic.traffic import drain_targets, leave

_SIGTERM, _SIGKILL = 143, 137
OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage"


def pull_error(image: str, pull: str) -> str:
    """The `stoppedReason` of a task whose image could not be pulled.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
    """
    match pull:
        case "denied":
            return (
                f"CannotPullContainerError: pull access denied for {repository(image)}, repository does not exist "
                "or may require authorization: server message: insufficient_scope: authorization failed"
            )
        case "rate-limited":
            return (
                "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to copy: "
                f"httpReadSeeker: failed open: unexpected status code {image}: 429 Too Many Requests - "
                "Server message: toomanyrequests: You have reached your pull rate limit."
            )
        case "timeout":
            return (
                "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref "
                f"{image}: failed to do request: dial tcp 203.0.113.10:443: i/o timeout"
            )
        case _:
            return (
                "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref "
                f"{image}: {image}: not found"
            )


def init_error(reason: str) -> str:
    """The `stoppedReason` of a task that failed before it pulled its image.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
    """
    told = reason or (
        "unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret "
        "from asm: service call has been retried 1 time(s): AccessDeniedException"
    )
    return told if told.startswith("ResourceInitializationError") else f"ResourceInitializationError: {told}"


def fail_to_start(region: Region, task: Task, container: Container) -> None:
    """End a task that never reached RUNNING. It has no exit code. The task and the container have the reason."""
    behaviour = container.behaviour
    reason = (
        init_error(behaviour.reason)
        if behaviour.pull == "init-error"
        else behaviour.reason or pull_error(str(container.definition["image"]), behaviour.pull)
    )
    if behaviour.pull != "init-error":
        container.reason = reason
    _end(region, task, "TaskFailedToStart", reason)


def never_start(region: Region, task: Task, container: Container) -> None:
    """End a task because the process of this container did not start within a minute."""
    reason = "ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m"
    container.reason = container.behaviour.reason or reason
    _end(region, task, "TaskFailedToStart", container.reason)


def exit_container(region: Region, task: Task, container: Container) -> None:
    """End a container. If it is essential, end its task too."""
    behaviour = container.behaviour
    write_lines(region, task, container)
    container.status = "STOPPED"
    container.exit_code = {"oom": _SIGKILL, "exec-format": 1}.get(behaviour.run, behaviour.exit_code)
    container.reason = OUT_OF_MEMORY if behaviour.run == "oom" else None
    if container.essential:
        _end(region, task, "EssentialContainerExited", "Essential container in task exited")


def _end(region: Region, task: Task, code: str, reason: str) -> None:
    """End a task that nobody stopped."""
    task.failed = True
    _mark_stopping(region, task, code, reason)
    leave(task)
    _finish_processes(region, task)


def condemn_unhealthy(region: Region, task: Task) -> None:
    """Have the scheduler replace a task that is UNHEALTHY after its grace period.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
    """
    service = task.service
    if service is None or not task.wanted or task.condemned or task.health != "UNHEALTHY":
        return
    task.condemned = "Task failed container health checks"
    say(region, service, f"(task {task.id}) failed container health checks.")
    wake(region, service, AFTER_CHANGE)


def stop(region: Region, task: Task, code: str, reason: str) -> None:
    """Tell one task to stop. A task that has been told before goes on as it was."""
    if task.wanted:
        _mark_stopping(region, task, code, reason)
        _release_targets(region, task.service, [task])


def stop_all(region: Region, service: Service, tasks: Sequence[Task], reason: str | None = None) -> None:
    """Stop several tasks for the scheduler. Their targets drain together, then each process ends."""
    leaving = [task for task in tasks if task.wanted]
    for task in leaving:
        deployment = task.deployment.id if task.deployment else "ecs-svc"
        scaling = f"Scaling activity initiated by (deployment {deployment})"
        _mark_stopping(region, task, "ServiceSchedulerInitiated", reason or task.condemned or scaling)
    _release_targets(region, service, leaving)


def _mark_stopping(region: Region, task: Task, code: str, reason: str) -> None:
    for timer in task.timers:
        timer.cancel()
    task.timers = []
    task.desired_status = "STOPPED"
    task.stop_code, task.stopped_reason = code, reason
    task.stopping_at = region.now
    # Measured: `version` is 3 while RUNNING, and 4 in the reply of StopTask.
    task.version += 1
    if task.service is not None:
        note_health(region, task.service)
        wake(region, task.service, AFTER_CHANGE)


def _release_targets(region: Region, service: Service | None, tasks: Sequence[Task]) -> None:
    """Drain the tasks that are registered with a load balancer. End the others now."""
    for task in tasks:
        if task.targets:
            task.last_status = "DEACTIVATING"
        else:
            _begin_stopping(region, task)
    if service is not None:
        drain_targets(region, service, tasks, lambda task: _begin_stopping(region, task))


def _begin_stopping(region: Region, task: Task) -> None:
    """Send SIGTERM. Our processes end within two seconds; a task that never pulled has no process."""
    if task.pull_started_at is None:
        _finish_processes(region, task)
        return
    # Measured: the reply of StopTask still says RUNNING, the next read says STOPPING.
    region.clock.after(0.001, lambda: _show_stopping(task))
    region.clock.after(PROCESS_EXITS, lambda: _finish_processes(region, task))


def _show_stopping(task: Task) -> None:
    task.last_status = "STOPPING"


def _finish_processes(region: Region, task: Task) -> None:
    """Every process has ended. Fargate then takes back the network interface, and the task is STOPPED."""
    pulled = task.pull_stopped_at is not None
    for container in task.containers:
        if container.status == "RUNNING" and container.exit_code is None:
            container.exit_code = _SIGTERM
        container.status = "STOPPED"
    task.last_status = "DEPROVISIONING"
    if task.pull_started_at is not None:
        task.execution_stopped_at = region.now
    region.clock.after(_takes(task, pulled), lambda: _stopped(region, task))
    if task.service is not None:
        wake(region, task.service, AFTER_PROGRESS)


def _takes(task: Task, pulled: bool) -> float:
    """The seconds from the end of the processes to STOPPED."""
    if task.launch_type != "FARGATE":
        return EC2_STOPS - PROCESS_EXITS
    if not pulled:
        return FARGATE_STOPS_UNPULLED
    return FARGATE_STOPS - (0 if task.failed else PROCESS_EXITS)


def _stopped(region: Region, task: Task) -> None:
    task.last_status = "STOPPED"
    task.stopped_at = region.now
    task.version = 6
    region.addresses.discard(task.address)
    if task.service is not None:
        wake(region, task.service, AFTER_CHANGE)
