"""The outputs of AWS's own Action, from the events of a run; ours are written by the command line itself."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

Event = Mapping[str, Any]
"""A line of `--output json`."""
_CODEDEPLOY = "d-"
"""What the ids of CodeDeploy's deployments begin with; those of ECS are `ecs-svc/...`."""


def result_in(events: Iterable[Event]) -> Event:
    """The last result; empty where a command line ended without one."""
    return next((each for each in reversed([*events]) if each["type"] == "result"), {})


def outputs_of(events: Iterable[Event], exit_code: int) -> Mapping[str, str]:
    """By name; what is not known is empty. Without a result nobody has told the exit code yet."""
    told = tuple(events)
    result = result_in(told)
    deployment = str(result.get("deployment_id", ""))
    tasks = [each["task"] for each in told if each["type"] == "task_started"]
    return {
        "task-definition-arn": _revision(told),
        "codedeploy-deployment-id": deployment if deployment.startswith(_CODEDEPLOY) else "",
        "run-task-arn": json.dumps(tasks) if tasks else "",
        "exit-code": "" if result else str(exit_code),
    }


def _revision(events: Iterable[Event]) -> str:
    """The last one that was registered or deployed, whatever became of it."""
    return next((str(each["to_revision"]) for each in reversed([*events]) if each.get("to_revision")), "")
