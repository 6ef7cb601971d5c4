"""CodeDeploy as the `Deployer` of its services, and as their `Finder`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ecsdeploy.engine.controllers.codedeploy import attach
from ecsdeploy.engine.controllers.codedeploy.busy import make_way
from ecsdeploy.engine.controllers.codedeploy.gather import routes, with_wait
from ecsdeploy.engine.controllers.codedeploy.look import CodeDeployLooker
from ecsdeploy.engine.controllers.codedeploy.start import start
from ecsdeploy.engine.controllers.codedeploy.undo import CodeDeployRollback
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.prepare import busy
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.wayback import Undoing
from ecsdeploy.errors import Bug
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Verdict
from ecsdeploy.model.request import DeployRequest, RollbackRequest, WaitUntil
from ecsdeploy.model.service import PastDeployment, Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import StartCodeDeploy, StartStep, Step
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.codedeploy import check_code_deploy, shown_appspec
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.which import Begun


@value(frozen=True, slots=True, kw_only=True)
class ByCodeDeploy:
    """CodeDeploy, as `Deployer`."""

    name: str = "codedeploy"
    takes_updates: bool = False

    def gather(self, run: Run, request: DeployRequest, service: Service, facts: Facts) -> tuple[Service, Facts]:
        """Add the deployment groups, unless the run only registers a revision."""
        if request.wait_until is WaitUntil.REGISTERED:
            return service, facts
        found = routes(run, request.service, service, request.codedeploy)
        findings = check_code_deploy(service, request.sent_sizing, found)
        return with_wait(service, found), replace(facts, routes=found, findings=findings)

    def shown(self, step: Step) -> tuple[str, ...]:
        """The AppSpec."""
        return shown_appspec(step) if isinstance(step, StartCodeDeploy) else ()

    def make_way(self, run: Run, request: DeployRequest, service: Service, facts: Facts) -> Service | Verdict:
        if request.wait_until is WaitUntil.REGISTERED:
            return busy.make_way(run, request, service)
        return make_way(run, request, service, facts.routes[0])

    def still_free(self, _run: Run, _request: DeployRequest, service: Service, _read_at: float) -> Service | Verdict:
        """The service, without a look: CodeDeploy itself refuses a second deployment of a group."""
        return service

    def start(self, run: Run, step: StartStep, now: Service) -> tuple[Service, Handle]:
        if not isinstance(step, StartCodeDeploy):
            raise Bug("ECS was to deploy a service that CodeDeploy deploys.")
        return now, start(run, step.route, run.progress.to_revision, run.before_write)

    def looker(self, run: Run, ref: ServiceRef, definition: TaskDefinition | None) -> CodeDeployLooker:
        return CodeDeployLooker(run=run, ref=ref, definition=definition)

    def stop(self, run: Run, _ref: ServiceRef) -> Callable[[], None] | None:
        return partial(run.plane.codedeploy.stop, run.progress.deployment_id)

    def undo(self, run: Run, undoing: Undoing) -> CodeDeployRollback:
        return CodeDeployRollback(run=run, undoing=undoing)

    @property
    def finder(self) -> GroupFinder:
        return GroupFinder()


class GroupFinder:
    """`Finder` for services that CodeDeploy deploys."""

    def find(self, run: Run, ref: ServiceRef, _service: Service, wanted: str) -> Begun:
        return attach.find_deployment(run, ref, wanted)

    def search(self, run: Run, ref: ServiceRef) -> attach.GroupSearch:
        return attach.GroupSearch(run=run, ref=ref)

    def with_wait(self, run: Run, ref: ServiceRef, service: Service) -> Service:
        return attach.with_its_wait(run, ref, service)

    def taken_back(self, _run: Run, _ref: ServiceRef, _service: Service) -> str:
        """Always empty: a rollback of CodeDeploy is a deployment too, which can be stopped like any other."""
        return ""

    def take_back(self, run: Run, request: RollbackRequest, _service: Service) -> str:
        return attach.stop_running(run, request.service)

    def history(self, run: Run, ref: ServiceRef, _patience: Patience | None) -> Iterator[PastDeployment]:
        return attach.history(run, ref)

    def refuse_to_continue(self, run: Run, ref: ServiceRef) -> None:
        attach.refuse_to_continue(run, ref)
