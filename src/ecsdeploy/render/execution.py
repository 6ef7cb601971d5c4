"""In which container a command runs, as a line and as JSON."""

from __future__ import annotations

from ecsdeploy.model.arn import revision_name, short_name
from ecsdeploy.model.execution import Picked
from ecsdeploy.render.objects import object_of

_HEALTH = {"HEALTHY": ", healthy", "UNHEALTHY": ", unhealthy"}


def picked_line(picked: Picked) -> str:
    """The sentence for a person: which container of which task, and what runs there."""
    place, health = picked.place, _HEALTH.get(picked.health, "")
    where = f"container {picked.container} of task {short_name(picked.task)} ({revision_name(picked.revision)}{health})"
    return f"exec {place.service} @ {place.cluster} ({place.region}, {place.account}): {where}: {picked.line}"


def picked_object(picked: Picked) -> str:
    """One object of the type `exec` (`docs/reference/exec.schema.json`)."""
    return object_of(
        "exec",
        picked.at,
        picked.place,
        task=picked.task,
        revision=picked.revision,
        health=picked.health,
        container=picked.container,
        command=picked.command,
    )
