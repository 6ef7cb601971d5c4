"""The command `rollback`: stop what is under way with ROLLBACK, else release the last known-good revision again."""

from collections.abc import Iterable

from ecsdeploy.engine.attach import Attachment
from ecsdeploy.engine.deploy import Release
from ecsdeploy.engine.pastgood import recent, usable
from ecsdeploy.engine.planning import refuse_other_account
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsRefused, Refused
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import Outcome, Phase
from ecsdeploy.model.request import DeployRequest, IfBusy, RollbackRequest, WatchRequest
from ecsdeploy.model.service import PastDeployment, Service
from ecsdeploy.model.steps import Plan
from ecsdeploy.model.values import dataclass
from ecsdeploy.plan.knowngood import candidates, listed_good, named
from ecsdeploy.plan.running import running_deployment, taken_back

_GOES_BACK = ("ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingBack:
    """One rollback that the user asked for."""

    run: Run
    request: RollbackRequest

    def plan(self) -> Plan:
        """What would be done; writes nothing."""
        service = self._look()
        ours = "" if self.request.to else self._taken_back(service)
        if ours:
            raise Refused(
                f"ECS takes `{ours}` back already: there is nothing to do.",
                hint="Follow it with `ecs-deploy watch`. Nothing was changed.",
            )
        return self._release(service).plan()

    def perform(self) -> Outcome:
        service = self._look()
        ours = "" if self.request.to else self._ends(service)
        if ours:
            watch = WatchRequest(service=self.request.service, deployment=ours, budget=self.request.budget)
            return Attachment(run=self.run, request=watch, known=service).perform()
        if self.request.only_running:
            raise Refused(
                f"No deployment of `{service.name}` is under way that could be stopped.",
                hint="`ecs-deploy rollback` puts a finished release back. Nothing was changed.",
            )
        return self._release(service).perform()

    def interrupted(self, signal: KeyboardInterrupt) -> Outcome:
        """The outcome after a signal: the rollback goes on at AWS."""
        run = self.run
        if run.asked_back and run.verdict is None:
            run.phase = Phase.ROLLING_BACK
        watch = WatchRequest(service=self.request.service, budget=self.request.budget)
        return Attachment(run=run, request=watch).interrupted(signal)

    def _look(self) -> Service:
        service = self.run.patience().read(lambda: self.run.plane.service(self.request.service))
        refuse_other_account(service, self.request.expect_account)
        self.run.controller = service.controller
        return service

    def _ends(self, service: Service) -> str:
        """The deployment that is taken back, by ECS already or because we ask for it now; empty if there is none."""
        if self.run.controller == "CODE_DEPLOY":
            from ecsdeploy.engine.codedeploy.attach import stop_running

            return stop_running(self.run, self.request.service)
        ours = self._taken_back(service)
        if ours:
            self.run.emit.warn("W-GOES-BACK", ours)
        return ours or self._stop(service)

    def _taken_back(self, service: Service) -> str:
        """The deployment that ECS takes back already: what runs instead of it is none to be stopped."""
        if self.run.controller == "CODE_DEPLOY":
            return ""
        newest = next(iter(recent(self.run, self.request.service)), None)
        if newest is not None:
            return newest.deployment_id if newest.status in _GOES_BACK else ""
        failed = taken_back(service)
        return failed.id if failed and running_deployment(service) else ""

    def _stop(self, service: Service) -> str:
        """Ask for what is under way to be taken back: its id, or empty where nothing can be asked for that."""
        run, ours = self.run, running_deployment(service)
        if ours is None:
            return ""
        deployed = run.patience().read(lambda: run.plane.service_deployment(self.request.service, ours.id))
        if deployed is None:
            return ""
        try:
            run.patience().read(lambda: run.plane.stop_deployment(deployed.arn))
        except AwsRefused:
            # ECS may have been faster.
            return self._taken_back(self._look())
        run.asked_back = ours.id
        run.emit(RollingBack(by="us", to_revision="", stopped=True))
        return ours.id

    def _release(self, service: Service) -> Release:
        request = DeployRequest(
            service=self.request.service,
            revision=named(self.request.to, service) if self.request.to else self._known_good(service),
            budget=self.request.budget,
            if_busy=IfBusy.SUPERSEDE,
            preflight=self.request.preflight,
        )
        return Release(run=self.run, request=request)

    def _known_good(self, service: Service) -> str:
        """What is still listed as complete, else the newest good revision that is active, or can still be copied."""
        listed, in_use = listed_good(service), service.task_definition
        if listed is not None and listed is not service.primary and listed.task_definition != in_use:
            return listed.task_definition
        found = usable(self.run, candidates(self._history(service), in_use=in_use))
        if found:
            return found
        raise Refused(
            f"No earlier release of `{service.name}` is known to have succeeded with a revision that still exists; "
            f"it runs `{revision_name(service.task_definition)}`.",
            hint="Name the revision to go back to with `--to`. Nothing was changed.",
        )

    def _history(self, service: Service) -> Iterable[PastDeployment]:
        """Newest first. What ECS has taken back is off production: to go back once more is to go one too far."""
        run, ref = self.run, self.request.service
        if run.controller == "CODE_DEPLOY":
            from ecsdeploy.engine.codedeploy.attach import history

            return history(run, ref)
        past = run.patience().read(lambda: run.plane.history(ref))
        if past and past[0].status == "ROLLBACK_SUCCESSFUL":
            newest = revision_name(past[0].revision) or past[0].deployment_id
            raise Refused(
                f"The newest release of `{service.name}`, `{newest}`, was taken back already; "
                f"it runs `{revision_name(service.task_definition)}`.",
                hint="To go further back, name the revision with `--to`. Nothing was changed.",
            )
        return past
