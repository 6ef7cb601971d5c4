"""Chooses, once, what differs by who deploys a service: ECS itself or CodeDeploy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from ecsdeploy.engine.controllers.ecs import Ecs

if TYPE_CHECKING:
    from ecsdeploy.engine.controllers.finder import Finder
    from ecsdeploy.engine.follow.poller import Looks
    from ecsdeploy.engine.run import Run
    from ecsdeploy.engine.settle.wayback import Undo, Undoing
    from ecsdeploy.model.arn import ServiceRef
    from ecsdeploy.model.outcome import Verdict
    from ecsdeploy.model.request import DeployRequest
    from ecsdeploy.model.service import Service
    from ecsdeploy.model.snapshot import Handle
    from ecsdeploy.model.steps import PointService, StartCodeDeploy
    from ecsdeploy.model.taskdef import TaskDefinition
    from ecsdeploy.plan.facts import Facts


class Deployer(Protocol):
    """Who deploys a service. Errors: those of the reads and writes that each needs."""

    @property
    def name(self) -> str:
        """`ecs` or `codedeploy`."""
        ...

    @property
    def takes_updates(self) -> bool:
        """What cannot be stopped may be put back by UpdateService."""
        ...

    def gather(self, run: Run, request: DeployRequest, service: Service, facts: Facts, /) -> tuple[Service, Facts]:
        """The service and the facts with what a plan rests on beside the definition; reads only."""
        ...

    def make_way(self, run: Run, request: DeployRequest, service: Service, facts: Facts, /) -> Service | Verdict:
        """The service once a release may go on, or the verdict that ends it as another deployment is under way."""
        ...

    def still_free(self, run: Run, request: DeployRequest, service: Service, read_at: float, /) -> Service | Verdict:
        """The same right before the service is changed, which was read at that time of the clock."""
        ...

    def start(self, run: Run, step: PointService | StartCodeDeploy, now: Service, /) -> tuple[Service, Handle]:
        """Begin the deployment exactly once: the service as it is then, and what identifies ours."""
        ...

    def looker(self, run: Run, ref: ServiceRef, definition: TaskDefinition | None, /) -> Looks:
        """Looks at deployments of the service; without the definition, tasks are not judged."""
        ...

    def stop(self, run: Run, ref: ServiceRef, /) -> Callable[[], None] | None:
        """The call that has our deployment stopped and taken back; None where there is nothing to stop."""
        ...

    def undo(self, run: Run, undoing: Undoing, /) -> Undo:
        """The way back of our release."""
        ...

    @property
    def finder(self) -> Finder:
        """Finds deployments that somebody else began, or that are over."""
        ...


def deployer_of(controller: str) -> Deployer:
    """Who deploys a service with this deployment controller; whatever is not CodeDeploy's is ECS's."""
    if controller == "CODE_DEPLOY":
        # Most services are deployed by ECS itself, and a release of theirs loads nothing of CodeDeploy.
        from ecsdeploy.engine.controllers.codedeploy.deployer import ByCodeDeploy

        return ByCodeDeploy()
    return Ecs()
