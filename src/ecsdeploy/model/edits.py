"""The changes of a task definition that a user can ask for, as values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from ecsdeploy.model.image import ImageRef
from ecsdeploy.model.secrets import secret_values, secrets_of_words
from ecsdeploy.model.values import replace, value

ALL_CONTAINERS = "*"
"""In the place of a container's name: every one."""


@value(frozen=True, slots=True, kw_only=True)
class SetImage:
    """Put `image` into `container`, or, without one, into every container of the same repository."""

    image: ImageRef
    container: str = ""
    may_miss: bool = False
    """Whether it may fit no container of the definition, if another image of the same release does."""


@value(frozen=True, slots=True, kw_only=True)
class SetTag:
    """Give every image this tag, except those pinned by digest."""

    tag: str


@value(frozen=True, slots=True, kw_only=True)
class SetVariable:
    """Give the environment variable `name` a value, which no representation shows.

    Without a `container` the only one is meant, else the only essential one; `*` means all.
    """

    name: str
    value: str = field(repr=False)
    container: str = ""


@value(frozen=True, slots=True, kw_only=True)
class UnsetVariable:
    """Take an environment variable away."""

    name: str
    container: str = ""


@value(frozen=True, slots=True, kw_only=True)
class SetSecret:
    """Have ECS read the variable `name` from `source` when a task starts: an ARN, or the name of a parameter."""

    name: str
    source: str
    container: str = ""


@value(frozen=True, slots=True, kw_only=True)
class UnsetSecret:
    """Take away a variable whose value ECS reads from a secret or a parameter."""

    name: str
    container: str = ""


@value(frozen=True, slots=True, kw_only=True)
class KeepVariables:
    """Remove every variable of the container but those of `given`, which other edits of the same release set.

    A pair in `given` is a container as it was named there, and the name of a variable.
    """

    given: tuple[tuple[str, str], ...]
    container: str = ""


@value(frozen=True, slots=True, kw_only=True)
class SetMember:
    """Give a container's `member`, by its name in ECS's API, a value that no representation shows; None removes it."""

    member: str
    value: tuple[str, ...] | int | None = field(repr=False)
    container: str = ""


@value(frozen=True, slots=True, kw_only=True)
class SetTaskMember:
    """The same for a member of the whole task. A role is an ARN, or a name."""

    member: str
    value: str | None


@value(frozen=True, slots=True, kw_only=True)
class Patch:
    """Change the definition by the operations of a JSON Patch, which no representation shows.

    In a path, a part of a list may be named: `/containerDefinitions/app/cpu`.
    """

    operations: tuple[Mapping[str, object], ...] = field(repr=False)


@value(frozen=True, slots=True, kw_only=True)
class PinImages:
    """Put a digest in the place of each image that `digests` has by its reference; `left` cannot be pinned."""

    digests: tuple[tuple[str, str], ...]
    left: tuple[str, ...] = ()


VariableEdit = SetVariable | UnsetVariable | SetSecret | UnsetSecret
DefinitionEdit = VariableEdit | KeepVariables | SetMember | SetTaskMember | Patch | PinImages
ImageEdit = SetImage | SetTag
Edit = ImageEdit | DefinitionEdit


def in_container(edits: Iterable[Edit], name: str) -> tuple[Edit, ...]:
    """The edits, those of a container's own parts for this one where they name none."""
    return tuple(_in_container(each, name) for each in edits)


def _in_container(edit: Edit, name: str) -> Edit:
    if isinstance(edit, KeepVariables):
        given = tuple((container or name, variable) for container, variable in edit.given)
        return replace(edit, container=edit.container or name, given=given)
    return replace(edit, container=edit.container or name) if isinstance(edit, VariableEdit | SetMember) else edit


def secrets_in(edits: Iterable[Edit]) -> Iterator[str]:
    """The values given to variables, and the words of commands, that are, or hold, secrets by the look of them.

    A text that is given as the name of a parameter may be the secret itself, by mistake.
    """
    for each in edits:
        if isinstance(each, SetVariable):
            yield from secret_values(each.name, each.value)
        if isinstance(each, SetMember) and isinstance(each.value, tuple):
            yield from secrets_of_words(each.value)
        if isinstance(each, Patch):
            for operation in each.operations:
                yield from _secrets_of(operation.get("value"), str(operation.get("path")).removesuffix("/value"))
        if isinstance(each, SetSecret):
            yield from secret_values(each.name, each.source)


def _secrets_of(value: object, name: str) -> Iterator[str]:
    """`name` ends with what the value is called."""
    match value:
        case str():
            yield from secret_values(name.rpartition("/")[2], value)
        case list():
            yield from secrets_of_words([each for each in value if isinstance(each, str)])
            yield from (secret for each in value if not isinstance(each, str) for secret in _secrets_of(each, name))
        case Mapping():
            called = str(value.get("name") or "")
            for key, each in value.items():
                yield from _secrets_of(each, called if key == "value" else str(key))
        case _:
            pass


@value(frozen=True, slots=True, kw_only=True)
class ImageChange:
    """What happened to one container's image; `before == after` when the same reference is deployed again."""

    container: str
    before: str
    after: str
    digest: str = ""
    """The digest that the registry has for `after` now, where we asked for it."""
    platforms: tuple[str, ...] = ()
    """The platforms of that image (`linux/arm64`), where the registry says them."""
