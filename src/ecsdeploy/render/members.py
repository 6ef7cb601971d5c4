"""What a value of the model is in JSON: an object with its members, and the page that explains its code."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum

from ecsdeploy.model.codes import read_at
from ecsdeploy.model.outcome import Other
from ecsdeploy.model.values import is_value, members_of


def json_members(value: object) -> dict[str, object]:
    """The members of a value, each as JSON has it, and `docs` if it has a code that our documentation explains."""
    if not is_value(value):
        return {}
    members = {name: plain(each) for name, each in members_of(value).items()}
    page = read_at(str(members.get("code", "")))
    return members | {"docs": page} if page else members


def plain(value: object) -> object:
    """What JSON can hold in place of a value, a time, a tuple or a member of an enumeration; any other as it is."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return json_members(value) if is_value(value) else value


def utc(time: datetime) -> str:
    """`2026-11-22T12:03:19.000Z`."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def other_object(other: Other) -> dict[str, object]:
    """Another deployment, with its images by container."""
    return json_members(other) | {"images": dict(other.images)}
