"""In which container a command runs, as a line and as JSON."""

from __future__ import annotations

from ecsdeploy.model.arn import revision_name, short_name
from ecsdeploy.model.execution import Forward, Picked
from ecsdeploy.render.objects import object_of

_HEALTH = {"HEALTHY": ", healthy", "UNHEALTHY": ", unhealthy"}


def picked_line(picked: Picked) -> str:
    """The sentence for a person: which container of which task, and what runs there."""
    place, health = picked.place, _HEALTH.get(picked.health, "")
    where = f"container {picked.container} of task {short_name(picked.task)} ({revision_name(picked.revision)}{health})"
    what = picked.line if picked.forward is None else forward_words(picked.forward)
    return f"exec {place.service} @ {place.cluster} ({place.region}, {place.account}): {where}: {what}"


def forward_words(forward: Forward) -> str:
    """Which port of this machine leads to which port there."""
    here = f"127.0.0.1:{forward.local}" if forward.local else "a free port of this machine"
    there = f"{forward.host}:{forward.remote}" if forward.host else f"port {forward.remote} of the container"
    return f"{here} leads to {there}"


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
        **_ports(picked.forward),
    )


def _ports(forward: Forward | None) -> dict[str, object]:
    if forward is None:
        return {}
    return {"forward": {"local": forward.local, "host": forward.host, "remote": forward.remote}}
