"""The members of a task definition that ECS works out: its compatibilities and `requiresAttributes`.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
"""

from __future__ import annotations

from ecsdeploy.sim.state.service import Json

_API = "com.amazonaws.ecs.capability.docker-remote-api.1."
_FARGATE_STOP_TIMEOUT = 120


def compatibilities(payload: Json) -> list[str]:
    """The launch types on which the definition can run. MANAGED_INSTANCES comes with FARGATE (measured)."""
    asked = payload.get("requiresCompatibilities") or []
    if "FARGATE" in asked or fits_fargate(payload):
        return ["EC2", "FARGATE", "MANAGED_INSTANCES"]
    return list(asked) or ["EXTERNAL", "EC2"]


def fits_fargate(payload: Json) -> bool:
    """Whether Fargate could run the definition. A long stop timeout prevents it (measured)."""
    sized = payload.get("networkMode") == "awsvpc" and payload.get("cpu") and payload.get("memory")
    return bool(sized) and all(
        container.get("stopTimeout", 0) <= _FARGATE_STOP_TIMEOUT for container in payload["containerDefinitions"]
    )


def attributes(payload: Json) -> list[Json]:
    """What the definition needs of a container instance, in the order that was measured.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-constraints.html
    """
    containers = payload["containerDefinitions"]
    drivers = {str(c["logConfiguration"].get("logDriver")) for c in containers if c.get("logConfiguration")}
    awslogs, networked = "awslogs" in drivers, payload.get("networkMode") == "awsvpc"
    timed = any("stopTimeout" in c or "startTimeout" in c or c.get("dependsOn") for c in containers)
    needed = {
        **{f"com.amazonaws.ecs.capability.logging-driver.{driver}": True for driver in sorted(drivers)},
        "ecs.capability.execution-role-awslogs": awslogs and bool(payload.get("executionRoleArn")),
        "com.amazonaws.ecs.capability.task-iam-role": bool(payload.get("taskRoleArn")),
        f"{_API}17": bool(payload.get("taskRoleArn")),
        f"{_API}19": awslogs,
        f"{_API}21": any("@" in str(container["image"]) for container in containers),
        "ecs.capability.container-ordering": timed,
        f"{_API}18": networked,
        "ecs.capability.task-eni": networked,
    }
    return [{"name": name} for name, wanted in needed.items() if wanted]
