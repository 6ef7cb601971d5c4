"""Finds the address at which the new revision takes test traffic."""

from __future__ import annotations

from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.service import Service

_SECONDS = 10.0


def address_of(run: Run, service: Service) -> str:
    """The address; empty, with a warning, if the service has no test traffic, or if it cannot be read."""
    rules = [each.test_listener for each in service.settings.balanced if each.test_listener]
    if not rules:
        run.emit.warn("W-NO-TEST-TRAFFIC", service.name)
        return ""

    def unread(_what: str, error: EcsDeployError | None) -> None:
        run.emit.warn("W-TEST-URL-UNREAD", service.name, error.message if error else "no time was left")

    reads = OptionalReads(clock=run.clock, again=_SECONDS, note=unread)
    # One that nobody finds, the note has told.
    route = reads.ask("test traffic", lambda: run.plane.surroundings.test_route(rules[0]))
    if route is None:
        return ""
    if route.others:
        run.emit.warn("W-TEST-RULE-ASKS-MORE", service.name, ", ".join(route.others))
    return route.url
