"""`--run-task-input`: members of RunTask that have no option of their own, read from a JSON file.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from ecsdeploy.cli.files.reading import json_of
from ecsdeploy.cli.words.values import listing
from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean

MEMBERS = (
    "capacityProviderStrategy",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "group",
    "overrides",
    "placementConstraints",
    "placementStrategy",
    "propagateTags",
    "referenceId",
    "startedBy",
    "tags",
    "volumeConfigurations",
)
_BY_OPTIONS = {
    "cluster": "-c",
    "taskDefinition": "-d",
    "launchType": "--launch-type",
    "networkConfiguration": "--network-configuration",
    "platformVersion": "--platform-version",
}
_OURS = ("count", "clientToken")


def read_task_input(name: str, cwd: Path) -> Mapping[str, object]:
    """The members of the file, unchanged.

    Raises a `UsageError`, one sentence that names the file and shows no value of it, if they cannot be used.
    """
    parsed = json_of(cwd / name, partial(_wrong, name))
    if not isinstance(parsed, dict):
        raise _wrong(name, "holds no JSON object")
    for member in parsed:
        _check(member, name)
    return {member: value for member, value in parsed.items() if value is not None}


def _check(member: str, name: str) -> None:
    if member in _BY_OPTIONS:
        raise _wrong(name, f"has `{member}`, which has an option", f"Use `{_BY_OPTIONS[member]}`.")
    if member in _OURS:
        raise _wrong(name, f"has `{member}`, but we run one task, once", "Leave it out.")
    if member not in MEMBERS:
        hint = did_you_mean(member, MEMBERS) or f"It may have {listing(MEMBERS)}."
        raise _wrong(name, f"has a member that RunTask does not know: `{member}`", hint)


def _wrong(name: str, what: str, hint: str = "") -> UsageError:
    return UsageError(f"The file of `--run-task-input`, `{name}`, {what}.", hint=hint)
