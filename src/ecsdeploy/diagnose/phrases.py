"""The sentences about a cause: its meaning and its remedy with their blanks filled in."""

from __future__ import annotations

from ecsdeploy.diagnose.causes import Symptom
from ecsdeploy.model.service import Task
from ecsdeploy.model.taskdef import TaskDefinition

_EXITS = {
    126: "the command cannot be run",
    127: "the command was not found",
    129: "hung up",
    130: "interrupted",
    132: "illegal instruction",
    134: "aborted",
    135: "bus error",
    136: "arithmetic error",
    137: "killed",
    139: "segmentation fault",
    143: "terminated",
}
"""What a shell and the kernel mean by an exit code above 125."""
_NOT_SET = "(none is set)"


def summary(symptom: Symptom, definition: TaskDefinition, tasks: tuple[Task, ...] = ()) -> str:
    """One sentence without its full stop; the last of `tasks` that ran says how soon it ended."""
    return symptom.cause.meaning.format(
        container=f'container "{symptom.container}"' if symptom.container else "a container",
        image=_image(symptom, definition, tasks),
        exit="" if symptom.exit_code is None else f" {in_words(symptom.exit_code)}",
        when=_when(tasks),
    )


def remedy(symptom: Symptom, definition: TaskDefinition) -> str:
    """What to do: one or more sentences, each with its full stop."""
    return symptom.cause.remedy.format(
        role=definition.payload.get("executionRoleArn") or _NOT_SET,
        task_role=definition.payload.get("taskRoleArn") or _NOT_SET,
    )


def in_words(exit_code: int) -> str:
    """`137 (killed)`; a program's own codes stand alone."""
    meaning = _EXITS.get(exit_code)
    return f"{exit_code} ({meaning})" if meaning else str(exit_code)


def _image(symptom: Symptom, definition: TaskDefinition, tasks: tuple[Task, ...]) -> str:
    images = definition.images or {each.name: each.image for task in tasks for each in task.containers}
    return images.get(symptom.container) or " or ".join(filter(None, images.values())) or "?"


def _when(tasks: tuple[Task, ...]) -> str:
    """How long the containers of the last task that ran were up."""
    for task in reversed(tasks):
        ended = task.execution_stopped_at or task.stopped_at
        if task.started_at and ended:
            return f" about {round((ended - task.started_at).total_seconds())} s after start"
    return ""
