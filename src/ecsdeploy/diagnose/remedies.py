"""What each cause means in a sentence, and what to do about it."""

from ecsdeploy.diagnose.causes import Symptom
from ecsdeploy.model.taskdef import TaskDefinition

_SUMMARY = {
    "E-IMAGE-NOT-FOUND": "the image {image} does not exist in its registry",
    "E-IMAGE-PLATFORM": "the image {image} was not built for the platform of the task",
    "E-PULL-DENIED": "the registry refuses to give out the image {image}",
    "E-PULL-RATE-LIMITED": "the registry limits the rate of pulls of {image}",
    "E-PULL-TIMEOUT": "the registry of {image} cannot be reached from the task",
    "E-PULL": "the image {image} cannot be pulled",
    "E-NO-ROUTE": "the task cannot reach an AWS service that it needs in order to start",
    "E-SECRET": "a secret or parameter of the task cannot be read",
    "E-LOG-DRIVER": "the log driver of the task cannot be set up",
    "E-RESOURCE-INIT": "the task's resources cannot be set up",
    "E-OUT-OF-MEMORY": "{container} uses more memory than it is given and is killed{when}",
    "E-EXEC-FORMAT": "{container} is built for another processor than it runs on",
    "E-CONTAINER-START": "{container} cannot be started",
    "E-TARGET-UNHEALTHY": "the load balancer's health checks of {container} fail",
    "E-CONTAINER-UNHEALTHY": "the health check of {container} fails",
    "E-CONTAINER-EXIT": "{container} exits{exit}{when}",
    "E-DEADLOCK": "ECS may neither start a new task nor stop an old one: minimum and maximum percent leave no room",
    "E-NO-CAPACITY": "there is no capacity to place a task",
    "E-ALARM": "a CloudWatch alarm of the deployment went off",
    "E-HOST-LOST": "the host of the task was taken back",
    "E-TASK-STOPPED": "tasks stop",
}

_REMEDY = {
    "E-IMAGE-NOT-FOUND": "Push the image, or correct its name or tag, and deploy again.",
    "E-IMAGE-PLATFORM": "Build the image for the processor that `runtimePlatform` names, or change that.",
    "E-PULL-DENIED": "Give the execution role `{role}` the right to pull, and check the registry's own policy.",
    "E-PULL-RATE-LIMITED": "Wait and deploy again, or pull through a cache or an authenticated account.",
    "E-PULL-TIMEOUT": "Check the route from the task's subnets to the registry: NAT, VPC endpoints, security groups.",
    "E-PULL": "Read the reason: it is the registry's own.",
    "E-NO-ROUTE": "Check the routes from the task's subnets: NAT or VPC endpoints, DNS, security groups.",
    "E-SECRET": "Check that each secret exists and that the execution role `{role}` may read it.",
    "E-LOG-DRIVER": "Check that the log group exists and that the execution role `{role}` may write to it.",
    "E-RESOURCE-INIT": "Read the reason: it names what could not be set up.",
    "E-OUT-OF-MEMORY": "Give the container more memory, or find what uses it.",
    "E-EXEC-FORMAT": "Build the image for the processor that `runtimePlatform` names.",
    "E-CONTAINER-START": "Check the command, the entry point and the volumes of the container.",
    "E-TARGET-UNHEALTHY": "Check the health check's path, port and codes, and that the grace period covers the start.",
    "E-CONTAINER-UNHEALTHY": "Run the health check's command in the image; check that `startPeriod` covers the start.",
    "E-CONTAINER-EXIT": "Read the container's last log lines; run the image with the same variables.",
    "E-DEADLOCK": "Raise the maximum percent or lower the minimum (`-M 200`, or `-m 0`), and deploy again.",
    "E-NO-CAPACITY": "Add capacity, or wait for it: ECS keeps trying.",
    "E-ALARM": "See why the alarm went off; the service's deployment configuration names it.",
    "E-HOST-LOST": "Nothing of yours failed: ECS starts the tasks anew on another host.",
    "E-TASK-STOPPED": "Read the stopped reason of the tasks.",
}

_EXITS = {
    126: "126 (the command cannot be run)",
    127: "127 (the command was not found)",
    137: "137 (killed)",
    139: "139 (segmentation fault)",
    143: "143 (terminated)",
}
"""What a shell and the kernel mean by an exit code above 125."""


def summary(symptom: Symptom, seconds_alive: float | None, definition: TaskDefinition) -> str:
    """One sentence without its full stop."""
    return _SUMMARY[symptom.code].format(
        container=f'container "{symptom.container}"' if symptom.container else "a container",
        image=_image(symptom, definition),
        exit="" if symptom.exit_code is None else f" {_EXITS.get(symptom.exit_code, symptom.exit_code)}",
        when=_when(seconds_alive),
    )


def remedy(symptom: Symptom, definition: TaskDefinition) -> str:
    role = definition.payload.get("executionRoleArn") or "(none is set)"
    return _REMEDY[symptom.code].format(role=role)


def _image(symptom: Symptom, definition: TaskDefinition) -> str:
    images = definition.images
    return images.get(symptom.container) or " or ".join(images.values()) or "?"


def _when(seconds: float | None) -> str:
    return "" if seconds is None else f" about {round(seconds)} s after start"
