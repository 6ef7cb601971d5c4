"""Which deployment of a service somebody means who names its revision, or a time, and did not begin it himself.

Service deployments are a history; the list of deployments has what is under way, and what stays. Either may be ahead
of the other by some seconds, so both are looked at. Times are AWS's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import inf

from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.service import Deployment, PastDeployment, Service, ServiceEvent
from ecsdeploy.model.values import replace, value


@value(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A deployment of `revision`, or of any where that is empty, that did not begin before `since`."""

    revision: str = ""
    since: datetime | None = None

    def fits(self, revision: str, began: datetime | None) -> bool:
        """What has no time is not known to be younger than any."""
        if self.revision and revision_name(revision) != revision_name(self.revision):
            return False
        return self.since is None or (began is not None and began >= self.since)


@value(frozen=True, slots=True, kw_only=True)
class Begun:
    """A deployment that somebody has begun; `ended` is how it had ended when it was looked at, empty where it had not.

    `ended_at` is None also where AWS does not say.
    """

    deployment: Deployment
    ended: str = ""
    ended_at: datetime | None = None

    @property
    def has_succeeded(self) -> bool:
        """ECS's record says so, or the list of deployments."""
        return self.ended in ("SUCCESSFUL", "COMPLETED")


def stood(past: PastDeployment) -> Deployment:
    """A deployment that is no longer listed."""
    return Deployment(
        id=past.deployment_id, status=past.status, task_definition=past.revision, created_at=past.created_at
    )


def begun(deployment: Deployment, records: Iterable[PastDeployment]) -> Begun:
    """What its record says of its end; without one, its state in the list: one that failed may be going back."""
    for each in records:
        if each.deployment_id == deployment.id:
            ended = each.status if each.has_ended else ""
            return Begun(deployment=deployment, ended=ended, ended_at=each.finished_at if ended else None)
    return Begun(deployment=deployment, ended="COMPLETED" if deployment.is_complete else "")


def newest(wanted: Wanted, service: Service, records: Iterable[PastDeployment]) -> Begun | None:
    """The newest of those that fit, listed or past."""
    known = tuple(records)
    told = {each.deployment_id: stood(each) for each in known if each.revision}
    told |= {each.id: each for each in service.deployments}
    fitting = [each for each in told.values() if wanted.fits(each.task_definition, each.created_at)]
    found = max(fitting, key=_age, default=None)
    return begun(found, known) if found else None


def _age(of: Deployment) -> float:
    """Where no time tells, the primary one is the newest."""
    if of.created_at:
        return of.created_at.timestamp()
    return inf if of.is_primary else 0


def before(service: Service, of: Begun) -> Service:
    """The service with those of its lines alone that are not about this deployment: older ones, and younger ones."""
    began, ended_at = of.deployment.created_at, of.ended_at

    def is_of_others(line: ServiceEvent) -> bool:
        return began is None or line.at < began or (ended_at is not None and line.at > ended_at)

    return replace(service, events=tuple(each for each in service.events if is_of_others(each)))
