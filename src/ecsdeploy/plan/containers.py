"""Decides which containers an edit means: the one it names, the only one, the only essential one, or all."""

from __future__ import annotations

from ecsdeploy.errors import UsageError
from ecsdeploy.model.edits import ALL_CONTAINERS
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.taskdef import ContainerDefinition, TaskDefinition

NOTHING = "Nothing was registered."


def meant_by(definition: TaskDefinition, name: str, asked: str, written: str) -> list[ContainerDefinition]:
    """The containers that `name` means, which may be empty. `UsageError` if that is not clear.

    For its message, `asked` is the edit in words, and `written` is how to write it with a container in place of `{}`.
    """
    if name == ALL_CONTAINERS:
        return [*definition.containers]
    return [meant_one(definition, name, asked, written, f", or `{written.format(ALL_CONTAINERS)}` for all")]


def meant_one(
    definition: TaskDefinition, name: str, asked: str, written: str, more: str = "", nothing: str = NOTHING
) -> ContainerDefinition:
    """The one container that is meant, by the same rules.

    `more` is what else the message offers to write, and `nothing` says what was not done.
    """
    containers = definition.containers
    if name:
        named = definition.container(name)
        if named is None:
            raise no_container(definition, name, nothing)
        return named
    alone = containers if len(containers) == 1 else [each for each in containers if each.essential]
    if len(alone) == 1:
        return alone[0]
    how_many = "several essential containers" if alone else "no essential container"
    choices = " or ".join(f"`{written.format(each.name)}`" for each in alone or containers)
    raise UsageError(
        f"The task definition `{definition.family}` has {how_many}, and {asked} names none.",
        hint=f"Write {choices}{more}. {nothing}",
    )


def no_container(definition: TaskDefinition, name: str, nothing: str = NOTHING) -> UsageError:
    """The error for a container that does not exist, with the nearest name and all that exist."""
    names = [each.name for each in definition.containers]
    there = f"It has {', '.join(f'`{each}`' for each in names) or 'no container'}."
    return UsageError(
        f"No container is called `{name}` in the task definition `{definition.family}`.",
        hint=" ".join(filter(None, (did_you_mean(name, names), there, nothing))),
    )
