"""The protocol of who deploys a service, and the one place that chooses among ECS, CodeDeploy and Express mode."""

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
    from ecsdeploy.model.steps import StartStep, Step
    from ecsdeploy.model.taskdef import TaskDefinition
    from ecsdeploy.plan.facts import Facts


class Deployer(Protocol):
    """Who deploys a service. Each method may raise the errors of the reads and writes that it makes."""

    @property
    def name(self) -> str:
        """`ecs` or `codedeploy`."""
        ...

    @property
    def takes_updates(self) -> bool:
        """Whether UpdateService may put the service back if our deployment cannot be stopped."""
        ...

    def gather(self, run: Run, request: DeployRequest, service: Service, facts: Facts, /) -> tuple[Service, Facts]:
        """Read what a plan needs beside the task definition. Returns the service and the facts with it."""
        ...

    def shown(self, step: Step, /) -> tuple[str, ...]:
        """The lines of what starts the deployment, where a plan shows them."""
        ...

    def make_way(self, run: Run, request: DeployRequest, service: Service, facts: Facts, /) -> Service | Verdict:
        """The service once no other deployment is in the way, or the BUSY verdict that ends the run."""
        ...

    def still_free(self, run: Run, request: DeployRequest, service: Service, read_at: float, /) -> Service | Verdict:
        """The same, right before the service is changed. `read_at` is the time of the clock when it was read."""
        ...

    def start(self, run: Run, step: StartStep, now: Service, /) -> tuple[Service, Handle]:
        """Start the deployment exactly once. Returns the service after that, and the handle of our deployment."""
        ...

    def looker(self, run: Run, ref: ServiceRef, definition: TaskDefinition | None, /) -> Looks:
        """What looks at our deployment, poll by poll; without a definition, tasks are not judged."""
        ...

    def stop(self, run: Run, ref: ServiceRef, /) -> Callable[[], None] | None:
        """The call that stops our deployment with a rollback; None if we know of nothing to stop."""
        ...

    def undo(self, run: Run, undoing: Undoing, /) -> Undo:
        """The rollback of our release."""
        ...

    @property
    def finder(self) -> Finder:
        """What finds deployments that another run started, or that have ended."""
        ...


def deployer_of(deployer: str) -> Deployer:
    """The deployer of a service, by `Service.deployer`: CodeDeploy, Express mode, or ECS for any other."""
    if deployer == "CODE_DEPLOY":
        # ECS deploys most services, so that most releases need not import this.
        from ecsdeploy.engine.controllers.codedeploy.deployer import ByCodeDeploy

        return ByCodeDeploy()
    if deployer == "EXPRESS":
        from ecsdeploy.engine.controllers.express.deployer import ByExpress

        return ByExpress(takes_updates=False)
    return Ecs()
