"""Lists the newest releases of a service, from ECS, from CodeDeploy, or from the revisions of its family."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice

from ecsdeploy.engine.controllers.deployer import deployer_of
from ecsdeploy.engine.optional import Ask
from ecsdeploy.engine.prepare.history import paged
from ecsdeploy.engine.run import Run
from ecsdeploy.model.arn import split_revision
from ecsdeploy.model.history import Source
from ecsdeploy.model.looking import HistoryRequest
from ecsdeploy.model.service import PastDeployment, Service
from ecsdeploy.model.statuses import WITHOUT_SUCCESS
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value

PER_CALL = 100
"""The most releases that we ask ECS for in one call."""


@value(frozen=True, slots=True, kw_only=True)
class Listing:
    """The releases that were asked for, newest first. `rest` has the older ones, which are read when they are needed.

    `more` says that there are older ones, and `source` where the list is from.
    """

    releases: tuple[PastDeployment, ...] = ()
    rest: Iterator[PastDeployment] = iter(())
    more: bool = False
    source: Source = Source.ECS


def of_ecs(run: Run, request: HistoryRequest) -> Listing:
    """The service deployments; an empty listing if ECS keeps none. Errors: those of the list."""
    size, tokens = min(request.most, PER_CALL), list[str]()
    statuses = WITHOUT_SUCCESS if request.only_failed else ()

    def page(token: str) -> tuple[tuple[PastDeployment, ...], str]:
        read = run.plane.history_page(request.service, token, most=size, statuses=statuses)
        tokens.append(read[1])
        return read

    rest = paged(run.patience(), page, request.service.short_name)
    found = tuple(islice(rest, request.most))
    return Listing(releases=found, rest=rest, more=bool(tokens[-1]) or len(tokens) * size > len(found) >= request.most)


def of_codedeploy(run: Run, request: HistoryRequest, service: Service) -> Listing:
    """CodeDeploy's deployments that succeeded or were rolled back."""
    every = deployer_of(service.deployer).finder.history(run, request.service, None)
    wanted = (each for each in every if each.was_rolled_back or not request.only_failed)
    found = tuple(islice(wanted, request.most + 1))
    shown = found[: request.most]
    rest = chain(found[request.most :], wanted)
    return Listing(releases=shown, rest=rest, more=len(found) > len(shown), source=Source.CODEDEPLOY)


def of_family(run: Run, request: HistoryRequest, service: Service, read: Ask) -> Listing:
    """The ACTIVE revisions of the service's family, by their names alone."""
    family = split_revision(service.task_definition)[0]
    arns = (read(f"revisions of {family}", partial(run.plane.revisions, family)) or ()) if family else ()
    shown = arns[: request.most]
    releases = tuple(PastDeployment(arn="", status="", revision=arn, deployment_id="") for arn in shown)
    return Listing(releases=releases, more=len(arns) > len(shown), source=Source.REVISIONS)


def completed(past: PastDeployment, definition: TaskDefinition | None) -> PastDeployment:
    """With the images of its definition, which CodeDeploy's record lacks, and when that was registered, if nothing
    else is known.
    """
    if past.images or definition is None:
        return past
    registered = definition.payload.get("registeredAt")
    at = datetime.fromtimestamp(registered, UTC) if isinstance(registered, int | float) and not past.status else None
    images = tuple((name, image, "") for name, image in definition.images.items())
    return replace(past, images=images, created_at=past.created_at or at)
