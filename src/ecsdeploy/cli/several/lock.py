"""Writes down what the services of a manifest run now, and reads that again, to bring a release back to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.session.afterwards import replace_file
from ecsdeploy.cli.session.tracing import connected, tracing
from ecsdeploy.cli.several.manifest import chosen, read, understood
from ecsdeploy.cli.showing import showing
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import Refused, Unfinished, UsageError
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Task
from ecsdeploy.model.text import printable

if TYPE_CHECKING:
    from ecsdeploy.api import Connection

_MOST_READS = 100
"""So many calls read the tasks of the largest service."""


def lock(given: Given, environment: Environment) -> int:
    """Write what each service runs now, to a file or to stdout."""
    manifest = read(given, environment)
    names, _ = chosen(manifest, given)
    asked = {name: understood(name, manifest, given, environment) for name in names}
    found = dict[str, object]()
    with tracing(showing(given, environment), environment) as trace:
        connections = {each.access: connected(each.access, environment, trace) for each in asked.values()}
        for name, each in asked.items():
            assert isinstance(each.request, DeployRequest)  # noqa: S101 - `understood` makes no other
            found[name] = _running(name, each.request.service, connections[each.access], environment)
    text = json.dumps({"v": 1, "type": "lock", "services": found}, indent=2) + "\n"
    if given.text("out"):
        _save(environment.cwd / given.text("out"), text)
    else:
        environment.show(text.rstrip())
    return 0


def _running(name: str, ref: ServiceRef, connection: Connection, environment: Environment) -> Mapping[str, object]:
    """The revision that the service runs, and the images and digests of its containers."""
    service = connection.plane.service(ref)
    if service.under_way is not None:
        raise Refused(
            f"A deployment of `{name}` is under way, so that it does not run one thing.",
            hint=f"Wait for its end: `ecs-deploy watch -c {ref.short_cluster} -n {ref.short_name}`.",
        )
    definition = connection.plane.definition(service.task_definition)
    tasks = [each for each in _tasks(ref, connection) if each.task_definition == definition.arn]
    for container, image in definition.images.items():
        if "@" not in image:
            environment.tell(
                f"Warning: the container `{printable(container)}` of `{name}` has an image by its tag, which may move."
                " A release with `pin-digest = true` has it by its digest."
            )
    digests = {
        container: sorted({each.digest for task in tasks for each in task.containers if each.name == container} - {""})
        for container in definition.images
    }
    return {
        "cluster": ref.short_cluster,
        "service": ref.short_name,
        "revision": definition.arn,
        "images": definition.images,
        "digests": digests,
    }


def _tasks(ref: ServiceRef, connection: Connection) -> tuple[Task, ...]:
    for _ in range(_MOST_READS):
        try:
            return connection.plane.tasks_of_service(ref, stopped=False)
        except Unfinished:
            continue
    return connection.plane.tasks_of_service(ref, stopped=False)


def _save(path: Path, text: str) -> None:
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise UsageError(f"The file `{path.name}` cannot be written: {error.strerror}.") from None
