"""Finds deployments of a service that somebody else began, or that are over."""

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
    """For the commands about what they have not begun. Errors: those of the reads and writes that each needs."""

    def find(self, run: Run, ref: ServiceRef, service: Service, wanted: str, /) -> Begun:
        """The deployment that is named by its id, else the newest; `NoSuchResource` where there is none."""
        ...

    def search(self, run: Run, ref: ServiceRef, /) -> Search:
        """Looks for a deployment that somebody else began."""
        ...

    def with_wait(self, run: Run, ref: ServiceRef, service: Service, /) -> Service:
        """The service with what a deployment of it waits for at its end."""
        ...

    def taken_back(self, run: Run, ref: ServiceRef, service: Service, /) -> str:
        """The deployment that is taken back already; empty where there is none, or that is not to be known."""
        ...

    def take_back(self, run: Run, request: RollbackRequest, service: Service, /) -> str:
        """The deployment that is taken back, already or because we ask for it now; empty if there is none."""
        ...

    def history(self, run: Run, ref: ServiceRef, patience: Patience | None, /) -> Iterator[PastDeployment]:
        """The releases so far, newest first, read as far as they are asked for."""
        ...

    def refuse_to_continue(self, run: Run, ref: ServiceRef, /) -> None:
        """Raise `Refused` where a pause is not ended at ECS."""
        ...


class EcsFinder:
    """Among the deployments that ECS itself makes."""

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
        """Its settings say it already."""
        return service

    def taken_back(self, run: Run, ref: ServiceRef, service: Service) -> str:
        return taken_back(run, ref, service)

    def take_back(self, run: Run, request: RollbackRequest, service: Service) -> str:
        return take_back(run, request, service)

    def history(self, run: Run, ref: ServiceRef, patience: Patience | None) -> Iterator[PastDeployment]:
        return past(run, ref, patience)

    def refuse_to_continue(self, run: Run, ref: ServiceRef) -> None:
        """ECS's own pauses are continued at ECS."""
