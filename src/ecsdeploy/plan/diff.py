"""The differences between two task definitions, without a value that may be a secret."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from ecsdeploy.model.difference import Difference, How, Shown, by_name, how
from ecsdeploy.model.taskdef import ContainerDefinition, TaskDefinition
from ecsdeploy.plan.kept import plain

_BY_NAME = ("environment", "secrets")
_FIRST = ("image", *_BY_NAME)
_PLAIN = frozenset(
    {
        "cpu",
        "dependsOn",
        "ephemeralStorage",
        "essential",
        "executionRoleArn",
        "family",
        "image",
        "memory",
        "memoryReservation",
        "networkMode",
        "pidMode",
        "portMappings",
        "readonlyRootFilesystem",
        "requiresCompatibilities",
        "runtimePlatform",
        "startTimeout",
        "stopTimeout",
        "taskRoleArn",
        "ulimits",
        "user",
        "versionConsistency",
        "workingDirectory",
    }
)
"""The members whose values are shown. They hold a secret only by mistake, and output hides that, as in an image's URL.

All others are shown as a fingerprint: a command, a label or an option of a log driver may hold a secret.
"""


Pair = tuple[Mapping[str, object], Mapping[str, object]]
Show = Callable[[object], str]


def differences(
    old: TaskDefinition, new: TaskDefinition, *, reveal: bool = False, key: str = ""
) -> tuple[Difference, ...]:
    """The differences in each container, then in the task. With `reveal`, every value is shown as it is.

    `key` is that of the fingerprints: see `fingerprint`.
    """
    show = _revealed if reveal else partial(fingerprint, key=key)
    old, new = plain(old), plain(new)
    return (*_of_containers(old, new, show), *_of_task(old, new, show))


def fingerprint(value: object, key: str = "") -> str:
    """Four hex digits of the value's hash, such as `#1f3a`: they tell two values apart, and give neither away.

    With a key, given in hex digits, nobody who has only the fingerprint can try values.
    """
    if key:
        return "#" + hashlib.blake2b(_text(value).encode(), digest_size=2, key=bytes.fromhex(key)).hexdigest()
    return "#" + hashlib.sha256(_text(value).encode()).hexdigest()[:4]


def tag_differences(base: TaskDefinition, asked: tuple[tuple[str, str], ...]) -> Iterator[Difference]:
    """Each tag of `asked` that `base` does not have as it is. A tag that is only copied makes no difference."""
    before = dict(base.tags)
    for key, text in asked:
        if before.get(key) != text:
            changed = how(before.get(key), text) or How.ADDED
            yield Difference(member="tags", name=key, how=changed, before=before.get(key, ""), after=text)


def _of_containers(old: TaskDefinition, new: TaskDefinition, show: Show) -> Iterator[Difference]:
    names = dict.fromkeys(each.name for each in (*old.containers, *new.containers))
    for name in names:
        yield from _of_container(name, old.container(name), new.container(name), show)


def _of_container(
    name: str, old: ContainerDefinition | None, new: ContainerDefinition | None, show: Show
) -> Iterator[Difference]:
    if old is None or new is None:
        shown = _openly(show)
        before, after = shown(old.image) if old else "", shown(new.image) if new else ""
        changed = How.ADDED if old is None else How.REMOVED
        yield Difference(member="container", how=changed, container=name, before=before, after=after)
        return
    members = dict.fromkeys((*_FIRST, *old.payload, *new.payload))
    for member in members:
        if member in _BY_NAME:
            yield from _by_name(member, name, (old.payload, new.payload), show)
        else:
            yield from _of_member(member, name, (old.payload, new.payload), show)


def _of_task(old: TaskDefinition, new: TaskDefinition, show: Show) -> Iterator[Difference]:
    before, after = old.registration(), new.registration()
    for member in dict.fromkeys((*before, *after)):
        if member != "containerDefinitions":
            yield from _of_member(member, "", (before, after), show)


def _of_member(member: str, container: str, pair: Pair, show: Show) -> Iterator[Difference]:
    before, after = (each.get(member) for each in pair)
    changed = how(before, after)
    if changed is not None:
        shown = _openly(show) if member in _PLAIN else show
        yield Difference(
            member=member,
            how=changed,
            container=container,
            before=shown(before) if before else "",
            after=shown(after) if after else "",
        )


def _by_name(member: str, container: str, pair: Pair, show: Show) -> Iterator[Difference]:
    before, after = (by_name(each.get(member)) for each in pair)
    for name in dict.fromkeys((*before, *after)):
        changed = how(before.get(name), after.get(name))
        if changed is not None:
            yield Difference(
                member=member,
                how=changed,
                container=container,
                name=name,
                before=show(_value(before[name])) if name in before else "",
                after=show(_value(after[name])) if name in after else "",
            )


def _value(entry: Mapping[str, object]) -> object:
    """The value of a variable, or the `valueFrom` of a secret; the whole entry if it has more members."""
    rest = [value for key, value in entry.items() if key != "name"]
    return rest[0] if len(rest) == 1 else entry


def _openly(show: Show) -> Show:
    """How to show a value that holds no secret: as it is."""
    return show if show is _revealed else _text


def _revealed(value: object) -> str:
    return Shown(_text(value))


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
