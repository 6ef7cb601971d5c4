"""Finds a deployment that somebody else starts, by its revision or start time, and waits until it has begun."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NoReturn

from ecsdeploy.engine.controllers.deployer import deployer_of
from ecsdeploy.engine.prepare.newest import NOT_LISTED
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import NoSuchResource, Untold
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.request import WatchRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.values import value
from ecsdeploy.plan.which import Begun, Wanted

LOOK_EVERY = 5.0
"""Seconds between two looks."""
APART_SECONDS = 30.0
"""If two clocks differ by this much or more, we say so."""


def service_of(run: Run, request: WatchRequest) -> Service:
    """The service, once it exists. `NoSuchResource` if it does not within `start_seconds`.

    CloudFormation may be about to create it, and its deployment begins with it.
    """
    until, told = run.context.started + request.start_seconds, False
    while True:
        try:
            return run.patience().read(lambda: run.plane.service(request.service))
        except NoSuchResource as missing:
            left = until - run.clock.monotonic()
            if left <= 0:
                raise
            if not told:
                run.emit.tell("W-AWAITING-SERVICE", f"{request.start_seconds:.0f}", missing.message)
                told = True
        run.clock.sleep(min(LOOK_EVERY, left))


@value(frozen=True, slots=True, kw_only=True)
class Awaited:
    """The search for one deployment, and the wait for it."""

    run: Run
    request: WatchRequest

    def find(self, service: Service) -> tuple[Begun, Service]:
        """The deployment once it has begun, and the service as it was then.

        `NoSuchResource` if none has begun within `start_seconds`, `Untold` if we cannot tell whether one has.
        """
        run, wanted = self.run, Wanted(revision=self.request.revision, since=self._since())
        search = deployer_of(service.deployer).finder.search(run, self.request.service)
        until, told = run.context.started + self.request.start_seconds, False
        while (found := search.look(wanted, service)) is None:
            left = until - run.clock.monotonic()
            if left <= 0:
                self._give_up(wanted, service, search.doubt)
            if not told:
                self._tell(wanted)
                told = True
            run.clock.sleep(min(LOOK_EVERY, left))
            service = run.patience().read(lambda: run.plane.service(self.request.service))
        return found, service

    def _since(self) -> datetime | None:
        """The earliest start time that fits. "5 minutes ago" is counted by AWS's clock, as start times are."""
        since = self.request.since
        if isinstance(since, timedelta):
            return (self.run.plane.told_at() or self.run.clock.now()) - since
        return since

    def _tell(self, wanted: Wanted) -> None:
        seconds = f"{self.request.start_seconds:.0f}"
        if wanted.revision:
            self.run.emit.tell("W-AWAITING", revision_name(wanted.revision), seconds)
        else:
            self.run.emit.tell("W-AWAITING-SINCE", seconds, _since(wanted))

    def _give_up(self, wanted: Wanted, service: Service, doubt: str) -> NoReturn:
        what = f"deployment of {revision_name(wanted.revision)}" if wanted.revision else "deployment"
        since = f" since {_since(wanted)}" if wanted.since else ""
        listed = ", ".join(f"`{each.id}` of {revision_name(each.task_definition)}" for each in service.deployments)
        stands = f"It has {listed} now." if listed else ""
        if doubt:
            raise Untold(
                f"It is not known whether a {what} of the service `{service.name}` has begun{since}: {doubt}",
                hint=" ".join(filter(None, (stands, NOT_LISTED))),
            )
        waited = f"No {what} of the service `{service.name}` has begun{since}."
        raise NoSuchResource(waited, hint=" ".join(filter(None, (stands, self._apart()))))

    def _apart(self) -> str:
        """A hint if this machine's clock differs from AWS's, as the user may have read a time off it."""
        told = self.run.plane.told_at()
        if told is None or not isinstance(self.request.since, datetime):
            return ""
        ahead = (self.run.clock.now() - told).total_seconds()
        if abs(ahead) < APART_SECONDS:
            return ""
        return f"This machine's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} AWS's."


def _since(wanted: Wanted) -> str:
    return f"{wanted.since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if wanted.since else ""
