"""`--volume-configurations`: the volumes that are configured at launch, read from a JSON file.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path

from ecsdeploy.cli.files.reading import json_of
from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.settings import LaunchVolume

_NAME, _MANAGED, _ROLE = "name", "managedEBSVolume", "roleArn"
_TYPES = {
    "encrypted": (bool, "true or false"),
    "filesystemType": (str, "a text"),
    "iops": (int, "a whole number"),
    "kmsKeyId": (str, "a text"),
    _ROLE: (str, "a text"),
    "sizeInGiB": (int, "a whole number"),
    "snapshotId": (str, "a text"),
    "tagSpecifications": (list, "a list"),
    "throughput": (int, "a whole number"),
    "volumeInitializationRate": (int, "a whole number"),
    "volumeType": (str, "a text"),
}
"""https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceManagedEBSVolumeConfiguration.html"""


def read_volumes(name: str, cwd: Path) -> tuple[LaunchVolume, ...]:
    """The volumes of the file, unchanged.

    Raises a `UsageError`, one sentence that names the file and shows no value of it, if they cannot be used.
    """
    parsed = json_of(cwd / name, partial(_wrong, name))
    if not isinstance(parsed, list) or not all(isinstance(each, dict) for each in parsed):
        raise _wrong(name, "holds no list of objects", f'It is `[{{"{_NAME}": ..., "{_MANAGED}": {{...}}}}]`.')
    return tuple(_volume(each, name) for each in parsed)


def _volume(members: dict[str, object], name: str) -> LaunchVolume:
    _check_known(members, (_NAME, _MANAGED), name)
    called, managed = members.get(_NAME), members.get(_MANAGED)
    if not isinstance(called, str) or not isinstance(managed, dict):
        raise _wrong(name, f"has a volume without `{_NAME}` or `{_MANAGED}`")
    _check_known(managed, _TYPES, name)
    if _ROLE not in managed:
        raise _wrong(name, f"has a volume without `{_ROLE}`", "It is the role with which ECS makes the volume.")
    for member, value in managed.items():
        expected, words = _TYPES[member]
        if type(value) is not expected:
            raise _wrong(name, f"has a `{member}` that is not {words}")
    return LaunchVolume(name=called, managed=managed)


def _check_known(members: Collection[str], known: Collection[str], name: str) -> None:
    for member in members:
        if member not in known:
            what = f"has a member that UpdateService does not know: `{member}`"
            raise _wrong(name, what, did_you_mean(member, known))


def _wrong(name: str, what: str, hint: str = "") -> UsageError:
    return UsageError(f"The file of `--volume-configurations`, `{name}`, {what}.", hint=hint)
