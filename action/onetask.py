"""`run-task` and the inputs that go with it: the options and the file of a one-off task."""

import json
from collections.abc import Mapping
from pathlib import Path

from action.order import Inputs
from action.volumes import OF_TASK
from ecsdeploy.errors import UsageError

FILE = ".run-task.json"
_STARTED_BY = "GitHub-Actions"
_LAUNCH_TYPE = "FARGATE"


def is_wanted(given: Inputs) -> bool:
    return given.get("run-task", "").lower() == "true"


def managed_tags(given: Inputs) -> str:
    """`true` or `false`, also for the service; empty where nobody says."""
    text = given.get("enable-ecs-managed-tags")
    return "" if text is None else str(text.lower() == "true").lower()


def words(given: Inputs, folder: Path, *, seconds: int) -> tuple[str, ...]:
    """The options of the flag form, for a task that is given so many seconds."""
    waits = given.get("wait-for-task-stopped", "").lower() == "true"
    kind = given.get("run-task-launch-type", _LAUNCH_TYPE)
    return (
        "--run-task",
        *(("--wait-for-success",) if waits else ()),
        f"--timeout={seconds}",
        *(() if _listed(given, "run-task-capacity-provider-strategy") else (f"--launch-type={kind}",)),
        *_network(given),
        f"--run-task-input={folder / FILE}",
    )


def files(given: Inputs) -> Mapping[str, str]:
    """What RunTask gets that has no option: it may hold secrets, and stands in no command line."""
    if not is_wanted(given):
        return {}
    overrides = _listed(given, "run-task-container-overrides")
    members = {
        "startedBy": given.get("run-task-started-by", _STARTED_BY),
        "overrides": {"containerOverrides": overrides} if overrides else None,
        "capacityProviderStrategy": _listed(given, "run-task-capacity-provider-strategy") or None,
        "tags": _listed(given, "run-task-tags") or None,
        "enableECSManagedTags": {"true": True, "false": False}.get(managed_tags(given)),
        "volumeConfigurations": OF_TASK.read(given) or None,
    }
    return {FILE: json.dumps({name: value for name, value in members.items() if value is not None})}


def _network(given: Inputs) -> tuple[str, ...]:
    """A public address is only given where a subnet or a security group is."""
    subnets, groups = given.get("run-task-subnets"), given.get("run-task-security-groups")
    if not (subnets or groups):
        return ()
    inner: dict[str, object] = {"assignPublicIp": given.get("run-task-assign-public-ip", "DISABLED")}
    for name, text in (("subnets", subnets), ("securityGroups", groups)):
        if text:
            inner[name] = [each.strip() for each in text.split(",")]
    return (f"--network-configuration={json.dumps({'awsvpcConfiguration': inner})}",)


def _listed(given: Inputs, name: str) -> list[object]:
    value = _json(given, name) if name in given else []
    if not isinstance(value, list):
        raise UsageError(f"The input `{name}` must be a JSON array.")
    return value


def _json(given: Inputs, name: str) -> object:
    """What an input holds is never shown: an override may have a secret."""
    try:
        return json.loads(given[name])
    except (ValueError, RecursionError):
        raise UsageError(f"The input `{name}` is not JSON.") from None
