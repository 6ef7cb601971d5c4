"""Finds the deployment that a command without a release of its own is about: often the primary one, but not always."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.prepare.history import SECONDS, past
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsError, NoSuchResource, Untold
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.service import PastDeployment, Service
from ecsdeploy.plan.which import Begun, Wanted, begun, newest, stood
from ecsdeploy.rollout.lines import goes_back, shows_another

NONE_TOLD = "ECS lists no past deployment of it."
NAMELESS = "ECS does not say the revision of each past deployment."
NOT_LISTED = "The service does not list a deployment that was rolled back or replaced."
_RECENT = 20
"""How many past deployments we read if the newest one is meant: one page."""


def find_deployment_of(run: Run, ref: ServiceRef, service: Service, wanted: str) -> Begun | None:
    """The deployment with the id `wanted`, or the newest one if that is empty; None if there is none.

    We look in the service first, then in its history. `Untold` if we need the history and cannot read it.
    """
    listed = service.deployment(wanted) if wanted else None
    if listed is not None and not listed.is_complete:
        return begun(listed, ())
    records, unread = _records(run, ref, None if wanted and listed is None else _RECENT)
    if listed is not None:
        return begun(listed, records)
    return _find_by_id(service, wanted, records, unread) if wanted else _newest(service, records, unread)


def may_have_a_younger(found: Begun, service: Service, nameless: Iterable[PastDeployment], *, unread: bool) -> bool:
    """Whether a deployment younger than `found` may exist that also fits, and that the service no longer lists.

    `found` must have ended, or be one that ECS goes back to: ECS may have rolled the younger one back, or replaced it.

    * `nameless` are past deployments whose revision ECS does not say: a younger one of them may fit.
    * With `unread`, we could not read the history. Then another primary deployment shows that a younger one has begun,
      and so may ECS's events.
    """
    deployment, primary = found.deployment, service.primary
    began = deployment.created_at
    if not found.ended and not goes_back(deployment):
        return False
    unlisted = (each for each in nameless if service.deployment(each.deployment_id) is None)
    if any(began is None or each.created_at is None or each.created_at > began for each in unlisted):
        return True
    younger = (each for each in service.events if began is None or each.at > began)
    replaced = primary is not None and primary.id != deployment.id
    return unread and (replaced or any(shows_another(each, deployment.id) for each in younger))


def _records(run: Run, ref: ServiceRef, most: int | None) -> tuple[tuple[PastDeployment, ...], str]:
    """The newest `most` past deployments, None for all. The text says why the reading stopped, if it failed."""
    patience, read = Patience(clock=run.clock, seconds=SECONDS, start=run.clock.monotonic()), list[PastDeployment]()
    try:
        read.extend(islice(past(run, ref, patience), most))
    except (AwsError, NoSuchResource) as error:
        return tuple(read), error.message
    return tuple(read), ""


def _find_by_id(service: Service, wanted: str, records: tuple[PastDeployment, ...], unread: str) -> Begun | None:
    """The past deployment with this id; `Untold` if its revision is not known, or the history was not read whole."""
    record = next((each for each in records if each.deployment_id == wanted), None)
    if record is not None and record.revision:
        return begun(stood(record), records)
    if record is not None or unread:
        _give_up(f"what has become of the deployment `{wanted}` of the service `{service.name}`", unread or NAMELESS)
    return None


def _newest(service: Service, records: tuple[PastDeployment, ...], unread: str) -> Begun | None:
    """The newest deployment; `Untold` if a younger one may exist that we cannot see.

    If ECS rolls the newest one back, the one before it is primary again. A watch of that one would report a success.
    """
    found = newest(Wanted(), service, records)
    nameless = tuple(each for each in records if not each.revision)
    if found and may_have_a_younger(found, service, nameless, unread=not records):
        why = unread or (NAMELESS if nameless else NONE_TOLD)
        _give_up(f"which deployment of the service `{service.name}` is the newest", why)
    return found


def _give_up(what: str, why: str) -> None:
    raise Untold(f"It is not known {what}: {why}", hint=NOT_LISTED)
