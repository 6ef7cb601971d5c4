"""Finds deployments of a service that another run started, or that have ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ecsdeploy.engine.controllers.search import RecordSearch, Search
from ecsdeploy.engine.controllers.takeback import take_back, taken_back
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.prepare.history import past
from ecsdeploy.engine.prepare.newest import find_deployment_of
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import NoSuchResource
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.request import RollbackRequest
from ecsdeploy.model.service import PastDeployment, Service
from ecsdeploy.plan.which import Begun


class Finder(Protocol):
    """Finds deployments for the commands that start none, such as `watch`, and for `rollback`.

    Each method may raise the errors of the reads and writes that it makes.
    """

    def find(self, run: Run, ref: ServiceRef, service: Service, wanted: str, /) -> Begun:
        """The deployment `wanted`, or the newest one if that is empty; `NoSuchResource` if there is none."""
        ...

    def search(self, run: Run, ref: ServiceRef, /) -> Search:
        """A search for a deployment that somebody else starts."""
        ...

    def with_wait(self, run: Run, ref: ServiceRef, service: Service, /) -> Service:
        """The service with the time that a deployment waits at its end, as `settings.bake_seconds`."""
        ...

    def taken_back(self, run: Run, ref: ServiceRef, service: Service, /) -> str:
        """The id of the deployment that is being rolled back already; empty if there is none, or we cannot tell."""
        ...

    def take_back(self, run: Run, request: RollbackRequest, service: Service, /) -> str:
        """Have the deployment under way rolled back, unless it is already. Returns its id, empty if there is none."""
        ...

    def history(self, run: Run, ref: ServiceRef, patience: Patience | None, /) -> Iterator[PastDeployment]:
        """The past releases, newest first. Each page is read when it is needed."""
        ...

    def refuse_to_continue(self, run: Run, ref: ServiceRef, /) -> None:
        """Raise `Refused` if a pause of this service cannot be continued through ECS."""
        ...


class EcsFinder:
    """`Finder` for services that ECS deploys."""

    def find(self, run: Run, ref: ServiceRef, service: Service, wanted: str) -> Begun:
        found = find_deployment_of(run, ref, service, wanted)
        if found is None:
            listed = ", ".join(f"`{each.id}` ({each.status})" for each in service.deployments)
            raise NoSuchResource(
                f"The service `{service.name}` has no deployment `{wanted}` now."
                if wanted
                else f"The service `{service.name}` has no deployment.",
                hint=f"It has {listed}." if listed else "",
            )
        return found

    def search(self, run: Run, ref: ServiceRef) -> RecordSearch:
        return RecordSearch(run=run, ref=ref)

    def with_wait(self, _run: Run, _ref: ServiceRef, service: Service) -> Service:
        """The service itself: its settings have ECS's bake time."""
        return service

    def taken_back(self, run: Run, ref: ServiceRef, service: Service) -> str:
        return taken_back(run, ref, service)

    def take_back(self, run: Run, request: RollbackRequest, service: Service) -> str:
        return take_back(run, request, service)

    def history(self, run: Run, ref: ServiceRef, patience: Patience | None) -> Iterator[PastDeployment]:
        return past(run, ref, patience)

    def refuse_to_continue(self, run: Run, ref: ServiceRef) -> None:
        """Raise nothing: ECS continues its own pauses."""
