"""Finds the deployment that a user means by a revision or a start time, if another run has started it.

We look in the service's list, which has what is under way and what was completed last, and in its history. Either may
be some seconds ahead of the other. All times are AWS's.
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
    """What a deployment must be: of `revision`, unless that is empty, and begun at `since` or later, if given."""

    revision: str = ""
    since: datetime | None = None

    def fits(self, revision: str, began: datetime | None) -> bool:
        """Whether a deployment of `revision` that `began` then is wanted. One without a time never fits a `since`."""
        if self.revision and revision_name(revision) != revision_name(self.revision):
            return False
        return self.since is None or (began is not None and began >= self.since)


@value(frozen=True, slots=True, kw_only=True)
class Begun:
    """A deployment that another run has started."""

    deployment: Deployment
    ended: str = ""
    """The status with which it had ended when we looked; empty if it had not."""
    ended_at: datetime | None = None
    """When it ended; None also if AWS does not say."""

    @property
    def has_succeeded(self) -> bool:
        """Whether it ended with success, by the history or by the service's list."""
        return self.ended in ("SUCCESSFUL", "COMPLETED")


def stood(past: PastDeployment) -> Deployment:
    """A past deployment in the form that the service's list has."""
    return Deployment(
        id=past.deployment_id, status=past.status, task_definition=past.revision, created_at=past.created_at
    )


def begun(deployment: Deployment, records: Iterable[PastDeployment]) -> Begun:
    """The deployment with how it ended, by its record; without a record, by its state in the list.

    By the list alone, a failed deployment has not ended: ECS may be rolling it back.
    """
    for each in records:
        if each.deployment_id == deployment.id:
            ended = each.status if each.has_ended else ""
            return Begun(deployment=deployment, ended=ended, ended_at=each.finished_at if ended else None)
    return Begun(deployment=deployment, ended="COMPLETED" if deployment.is_complete else "")


def newest(wanted: Wanted, service: Service, records: Iterable[PastDeployment]) -> Begun | None:
    """The newest deployment that fits `wanted`, in the service's list or in the history; None if there is none."""
    known = tuple(records)
    told = {each.deployment_id: stood(each) for each in known if each.revision}
    told |= {each.id: each for each in service.deployments}
    fitting = [each for each in told.values() if wanted.fits(each.task_definition, each.created_at)]
    found = max(fitting, key=_age, default=None)
    return begun(found, known) if found else None


def _age(of: Deployment) -> float:
    """A number by which to sort, larger for younger ones. Without a time, the primary one is the youngest."""
    if of.created_at:
        return of.created_at.timestamp()
    return inf if of.is_primary else 0


def before(service: Service, of: Begun) -> Service:
    """The service without the events from the time of this deployment, so that a watch tells these as new."""
    began, ended_at = of.deployment.created_at, of.ended_at

    def is_of_others(line: ServiceEvent) -> bool:
        return began is None or line.at < began or (ended_at is not None and line.at > ended_at)

    return replace(service, events=tuple(each for each in service.events if is_of_others(each)))
