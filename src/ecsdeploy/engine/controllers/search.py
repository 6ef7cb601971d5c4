"""Looks for a deployment that somebody else starts: among those that the service lists, and in its history."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Protocol

from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.prepare.history import SECONDS, past
from ecsdeploy.engine.prepare.newest import NAMELESS, NONE_TOLD, may_have_a_younger
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsError, NoSuchResource
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.service import PastDeployment, Service
from ecsdeploy.model.values import value
from ecsdeploy.plan.which import Begun, Wanted, newest


class Search(Protocol):
    """A search that may need several looks, as the deployment may not have begun yet."""

    def look(self, wanted: Wanted, service: Service) -> Begun | None:
        """The deployment that fits `wanted`; None if there is none yet, or `doubt` says why we cannot tell."""
        ...

    @property
    def doubt(self) -> str:
        """Why the last look may have missed a deployment that fits; empty if it has read all of them."""
        ...


@value(slots=True, kw_only=True)
class RecordSearch:
    """`Search` among the deployments that ECS makes, with what it has found out so far."""

    run: Run
    ref: ServiceRef
    unread: str = "ECS has not listed its past deployments yet."
    """Why the history was not read; empty if it was."""
    nameless: dict[str, PastDeployment] = field(default_factory=dict)
    """The past deployments whose revision ECS does not say, by id."""
    floor: datetime | None = None
    """When the newest deployment began that does not fit. Later looks need not read older ones again."""

    def look(self, wanted: Wanted, service: Service) -> Begun | None:
        found = newest(wanted, service, self._records(wanted))
        doubtful = found and may_have_a_younger(found, service, self.nameless.values(), unread=bool(self.unread))
        return None if doubtful else found

    @property
    def doubt(self) -> str:
        return self.unread or (NAMELESS if self.nameless else "")

    def _records(self, wanted: Wanted) -> tuple[PastDeployment, ...]:
        """The past deployments from the newest one down to the first that fits, or to those that were read before."""
        run, read, told = self.run, list[PastDeployment](), False
        patience = Patience(clock=run.clock, seconds=SECONDS, start=run.clock.monotonic())
        oldest = max(filter(None, (self.floor, wanted.since)), default=None)
        try:
            for each in past(run, self.ref, patience):
                told = True
                if oldest and each.created_at and each.created_at < oldest:
                    break
                read.append(each)
                if wanted.fits(each.revision, each.created_at):
                    break
        except (AwsError, NoSuchResource) as error:
            self.unread = error.message
            return tuple(read)
        self.unread = "" if told else NONE_TOLD
        self.nameless |= {each.deployment_id: each for each in read if not each.revision}
        self.floor = max((each.created_at for each in read if each.created_at), default=self.floor)
        return tuple(read)
