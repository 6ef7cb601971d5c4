"""Reads what a project needs to know of a live service to start to release it."""

from __future__ import annotations

from functools import partial

from ecsdeploy.engine.looking.status import reading
from ecsdeploy.engine.prepare.announce import refuse_other_account, refuse_other_deployer
from ecsdeploy.engine.run import Run
from ecsdeploy.model.arn import partition_of
from ecsdeploy.model.image import ImageRef
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.starter import Starter, StarterRequest
from ecsdeploy.plan.containers import meant_one

_NOTHING = "Nothing was written."
_HISTORY_SECONDS = 5.0
"""So long at most for what it does without."""


def starter(run: Run, request: StarterRequest) -> Starter:
    """What the service says. Errors:

    * `NoSuchResource` where it is missing.
    * `Refused` in another account, or where another program deploys it.
    * `UsageError` where the container is not clear.
    """
    plane, ref, patience = run.plane, request.service, run.patience()
    service = patience.read(lambda: plane.service(ref))
    refuse_other_account(service.arn, request.expect_account)
    refuse_other_deployer(service)
    definition = patience.read(lambda: plane.definition(service.task_definition))
    meant = meant_one(definition, request.container, "the command line", "--container {}", nothing=_NOTHING)
    unread = list[str]()
    reads = reading(run.clock, unread, run.clock.monotonic() + _HISTORY_SECONDS)
    took = reads.ask("how long its releases took", partial(plane.durations, ref)) or ()
    return Starter(
        place=Place.of(service.arn, cluster=ref.short_cluster, service=service.name),
        at=run.clock.now(),
        partition=partition_of(service.arn),
        repository=ImageRef.parse(definition.images[meant.name]).name,
        deployer=service.deployer,
        took=took,
        unread=tuple(unread),
    )
