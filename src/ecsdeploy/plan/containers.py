"""Which containers of a definition are meant: the one that is named, the only one, the only essential one, or all."""

from __future__ import annotations

from ecsdeploy.errors import UsageError
from ecsdeploy.model.edits import ALL_CONTAINERS
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.taskdef import ContainerDefinition, TaskDefinition

NOTHING = "Nothing was registered."


def meant_by(definition: TaskDefinition, name: str, asked: str, written: str) -> list[ContainerDefinition]:
    """The containers; `UsageError` where that is not clear.

    `asked` is what was asked for, in words, and `written` how it is written with a container in the place of `{}`.
    """
    if name == ALL_CONTAINERS:
        return [*definition.containers]
    return [meant_one(definition, name, asked, written, f", or `{written.format(ALL_CONTAINERS)}` for all")]


def meant_one(definition: TaskDefinition, name: str, asked: str, written: str, more: str = "") -> ContainerDefinition:
    """The same where it can be only one; `more` is what else could be written."""
    containers = definition.containers
    if name:
        named = definition.container(name)
        if named is None:
            raise no_container(definition, name)
        return named
    alone = containers if len(containers) == 1 else [each for each in containers if each.essential]
    if len(alone) == 1:
        return alone[0]
    how_many = "several essential containers" if alone else "no essential container"
    choices = " or ".join(f"`{written.format(each.name)}`" for each in alone or containers)
    raise UsageError(
        f"The task definition `{definition.family}` has {how_many}, and {asked} names none.",
        hint=f"Write {choices}{more}. {NOTHING}",
    )


def no_container(definition: TaskDefinition, name: str) -> UsageError:
    """What is said of a container that is not there, with the nearest and all that are."""
    names = [each.name for each in definition.containers]
    there = f"It has {', '.join(f'`{each}`' for each in names) or 'no container'}."
    return UsageError(
        f"No container is called `{name}` in the task definition `{definition.family}`.",
        hint=" ".join(filter(None, (did_you_mean(name, names), there, NOTHING))),
    )
