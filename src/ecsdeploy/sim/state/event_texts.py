"""The events of a service, in AWS's words.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
"""

from __future__ import annotations

from collections.abc import Sequence

from ecsdeploy.sim.ground.timings import EVENT_REPEATS
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Deployment, Service, Task

DEADLOCK = (
    "was unable to stop or start tasks during a deployment because of the service deployment configuration. "
    "Update the minimumHealthyPercent or maximumPercent value and try again."
)
NO_CAPACITY = {
    "FARGATE": "was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or "
    "in a different availability zone.",
    "EC2": "was unable to place a task because no container instance met all of its requirements.",
}
THROTTLED = "is unable to consistently start tasks successfully."
RATE_LIMITED = "operations are being throttled. Will try again later."
STEADY = "has reached a steady state."


def say(region: Region, service: Service, text: str, *, later: float = 0.0) -> None:
    """Append the event `(service <name>) <text>`. Its time is `later` seconds from now."""
    service.events.append((region.ids.uuid(), region.now + later, f"(service {service.name}) {text}"))


def say_again(region: Region, service: Service, text: str) -> None:
    """Append the event, unless the service said the same within the last six hours."""
    if region.now - service.said.get(text, -EVENT_REPEATS) >= EVENT_REPEATS:
        service.said[text] = region.now
        say(region, service, text)


def say_started(region: Region, service: Service, tasks: Sequence[Task]) -> None:
    """Append `has started <number> tasks: (task <id>) ...`."""
    say(region, service, f"has started {len(tasks)} tasks: {_ids_of(tasks)}.")


def say_stopped(region: Region, service: Service, tasks: Sequence[Task]) -> None:
    """Append one event for the running tasks and one for the pending tasks, as AWS does."""
    running = [task for task in tasks if task.started_at is not None]
    pending = [task for task in tasks if task.started_at is None]
    if running:
        say(region, service, f"has stopped {len(running)} running tasks: {_ids_of(running)}.")
    if pending:
        say(region, service, f"stopped {len(pending)} pending tasks.")


def say_of(region: Region, service: Service, deployment: Deployment, text: str) -> None:
    """Append `(service <name>) (deployment <id>) <text>`."""
    say(region, service, f"(deployment {deployment.id}) {text}")


def say_protected(region: Region, service: Service, deployment: Deployment) -> None:
    """Append the event for a deployment that cannot scale in because its tasks are protected.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
    """
    say_again(
        region,
        service,
        f"was unable to reach steady state because task set ({deployment.id}) was unable to scale in. "
        "Reason: The number of protected tasks are more than the desired count of tasks",
    )


def _ids_of(tasks: Sequence[Task]) -> str:
    return " ".join(f"(task {task.id})" for task in tasks)
