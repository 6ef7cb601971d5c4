"""Finds the deployment of CodeDeploy that a command is about, and the releases before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from functools import partial
from typing import NoReturn

from ecsdeploy.engine.controllers.codedeploy.gather import with_wait
from ecsdeploy.engine.controllers.codedeploy.undo import stop
from ecsdeploy.engine.prepare.history import paged
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import NoSuchResource, Refused
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.codedeploy import CodeDeployment, Route
from ecsdeploy.model.service import Deployment, PastDeployment, Service
from ecsdeploy.model.values import value
from ecsdeploy.plan.codedeploy import revision_in
from ecsdeploy.plan.which import Begun, Wanted

_MOST_READ = 100
"""The most deployments whose AppSpec we read to find the one of a revision."""


def find_deployment(run: Run, ref: ServiceRef, wanted: str) -> Begun:
    """The deployment with the id `wanted`, or the newest one of the service's group if that is empty.

    If that is a rollback, this is the deployment that it rolls back. `NoSuchResource` if the group has no such one.
    """
    route = _route(run, ref)
    identifier = wanted or route.newest
    if not identifier:
        raise NoSuchResource(f"CodeDeploy has not deployed the service `{ref.short_name}` yet.")
    found = _read(run, identifier)
    if (found.application, found.group) != (route.application, route.group):
        raise NoSuchResource(f"The CodeDeploy deployment `{wanted}` is not of `{route}`, the service's group.")
    found = _read(run, found.rolls_back) if found.rolls_back else found
    return _begun(found, _revision(run, found))


@value(slots=True, kw_only=True)
class GroupSearch:
    """`Search` among the deployments of the service's group."""

    run: Run
    ref: ServiceRef
    revisions: dict[str, str] = field(default_factory=dict)
    """The revision of each deployment by id, as an AppSpec never changes; empty if it is not known."""
    doubt: str = ""

    def look(self, wanted: Wanted, _service: Service) -> Begun | None:
        """The newest deployment that fits. Rollbacks do not count."""
        found, self.doubt = self._newest(wanted)
        return found

    def _newest(self, wanted: Wanted) -> tuple[Begun | None, str]:
        """The newest deployment that fits, or None; then the text says why we may have missed one."""
        run, route = self.run, _route(self.run, self.ref)
        listed = paged(run.patience(), partial(run.plane.codedeploy.deployments_page, route), str(route))
        for number, each in enumerate(listed):
            if wanted.since is not None and each.created_at is not None and each.created_at < wanted.since:
                break
            if number == _MOST_READ:
                return None, f"Only the newest {_MOST_READ} deployments of `{route}` were looked at."
            if each.rolls_back:
                continue
            if each.id not in self.revisions:
                self.revisions[each.id] = _revision_if_told(run, each)
            if not self.revisions[each.id]:
                return None, f"The CodeDeploy deployment `{each.id}` has an AppSpec that does not tell its revision."
            if wanted.fits(self.revisions[each.id], each.created_at):
                return _begun(each, self.revisions[each.id]), ""
        return None, ""


def with_its_wait(run: Run, ref: ServiceRef, service: Service) -> Service:
    """The service with the time that CodeDeploy waits at the end of each deployment."""
    return with_wait(service, (_route(run, ref),))


def _begun(found: CodeDeployment, revision: str) -> Begun:
    deployment = Deployment(id=found.id, status=found.status, task_definition=revision, created_at=found.created_at)
    ended = found.status if found.ended else ""
    return Begun(deployment=deployment, ended=ended, ended_at=found.ended_at if ended else None)


def stop_running(run: Run, ref: ServiceRef) -> str:
    """Stop the deployment under way with a rollback. Returns its id, empty if there is nothing to stop."""
    route = _route(run, ref)
    return route.busy_with if route.busy_with and stop(run, route.busy_with, run.patience()) else ""


def refuse_to_continue(run: Run, ref: ServiceRef) -> NoReturn:
    """Raise `Refused`: a deployment of CodeDeploy that waits is continued in CodeDeploy."""
    route = _route(run, ref)
    if not route.busy_with:
        raise Refused(f"No deployment of `{ref.short_name}` is under way.", hint="Nothing was changed.")
    raise Refused(
        f"The service `{ref.short_name}` is deployed by CodeDeploy: `{route.busy_with}` is continued there.",
        hint="Continue it in CodeDeploy, and follow it with `ecs-deploy watch`. Nothing was changed.",
    )


def history(run: Run, ref: ServiceRef) -> Iterator[PastDeployment]:
    """The releases of the group that succeeded or were rolled back, newest first. Each is read when it is needed.

    The deployments by which CodeDeploy rolls back are left out.
    """
    route = _route(run, ref)
    for each in paged(run.patience(), partial(run.plane.codedeploy.deployments_page, route), str(route)):
        if each.rolls_back or not (each.status == "Succeeded" or each.rollback_id):
            continue
        status = "ROLLBACK_SUCCESSFUL" if each.rollback_id else "SUCCESSFUL"
        yield PastDeployment(
            arn="",
            status=status,
            revision=_revision(run, each),
            deployment_id=each.id,
            created_at=each.created_at,
            finished_at=each.ended_at,
        )


def _route(run: Run, ref: ServiceRef) -> Route:
    """The one deployment group of the service; `NoSuchResource` if there is none, or more than one."""
    found = run.patience().read(lambda: run.plane.codedeploy.routes(ref))
    if len(found) == 1:
        return found[0]
    raise NoSuchResource(
        f"The service `{ref.short_name}` is deployed by CodeDeploy, which has {len(found)} deployment groups for it.",
        hint="CodeDeploy's console lists the deployment groups of an application.",
    )


def _read(run: Run, identifier: str) -> CodeDeployment:
    return run.patience().read(lambda: run.plane.codedeploy.deployment(identifier))


def _revision_if_told(run: Run, of: CodeDeployment) -> str:
    """The revision of a deployment; empty if its AppSpec is in S3, as CodeDeploy itself does not keep that."""
    try:
        return _revision(run, of) if of.appspec_hash else ""
    except NoSuchResource:
        return ""


def _revision(run: Run, of: CodeDeployment) -> str:
    return revision_in(run.patience().read(lambda: run.plane.codedeploy.appspec(of)))
