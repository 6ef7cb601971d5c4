"""Wording about one-off tasks: what their containers write, and how they ended."""

from __future__ import annotations

from collections.abc import Iterator

from ecsdeploy.model.events import TaskFinished, TaskSaid

ID_DIGITS = 8
"""So much of a task's id tells it from others."""


def written(event: TaskSaid) -> str:
    """A line of a container: `app/1f0c2b41 Applying orders.0007`."""
    return f"{event.container}/{event.task[:ID_DIGITS]} {event.message}"


def exit_codes(event: TaskFinished) -> Iterator[str]:
    """The exit codes of all containers, if they are not all the same."""
    if any(code != event.exit_code for _, code in event.codes):
        told = (f"{name} {'never ran' if code is None else code}" for name, code in event.codes)
        yield f"exit codes: {', '.join(told)}"
