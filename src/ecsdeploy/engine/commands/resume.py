"""The command `continue`: answers a pause that waits, then follows the deployment as `watch` does."""

from __future__ import annotations

from ecsdeploy.engine.commands.watch import WatchCommand
from ecsdeploy.engine.controllers.deployer import deployer_of
from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.write.pausing import answer_pause
from ecsdeploy.errors import Refused
from ecsdeploy.model.events import Continued
from ecsdeploy.model.identity import leads_to
from ecsdeploy.model.outcome import Outcome, Phase
from ecsdeploy.model.request import ContinueRequest, WatchRequest
from ecsdeploy.model.service import Hook, Service, ServiceDeployment
from ecsdeploy.model.values import replace, value

_NEWEST = 5
"""How many service deployments we read: ours is nearly always the newest, as a rollback makes no new one."""


@value(frozen=True, slots=True, kw_only=True)
class ContinueCommand:
    """One answer to one pause: go on, or roll back.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/continue-service-deployment.html
    """

    run: Run
    request: ContinueRequest

    def perform(self) -> Outcome:
        """Answer the pause, and follow the deployment to the outcome. `Refused` if we cannot tell which pause."""
        run, request = self.run, self.request
        service = run.patience().read(lambda: run.plane.service(request.service))
        refuse_other_account(service.arn, request.expect_account)
        deployer_of(service.deployer).finder.refuse_to_continue(run, request.service)
        deployed = self._deployed(service)
        hook = self._chosen(deployed, service)
        self._answer(deployed, hook, service)
        run.emit(Continued(hook=hook.id, stage=deployed.stage, rollback=request.rollback))
        return self._watch(service).perform()

    def interrupted(self, signal: KeyboardInterrupt) -> Outcome:
        """The outcome after a signal. The deployment goes on at AWS as it was answered."""
        return self._watch(None).interrupted(signal)

    def _watch(self, known: Service | None) -> WatchCommand:
        request, primary = self.request, known.primary if known else None
        watch = WatchRequest(
            service=request.service,
            deployment=primary.id if primary else "",
            budget=request.budget,
            wait_until=request.wait_until,
        )
        return WatchCommand(run=self.run, request=watch, known=known)

    def _deployed(self, service: Service) -> ServiceDeployment:
        """The service deployment of the primary deployment, with its hooks."""
        run, primary = self.run, service.primary
        newest = run.patience().read(lambda: run.plane.service_deployments(self.request.service, _NEWEST))
        for each in newest:
            if primary is not None and leads_to(each.target_revision, primary.id):
                return each
        raise Refused(
            f"ECS shows no service deployment of what `{service.name}` runs, so it has no pause to continue.",
            hint="Nothing was changed.",
        )

    def _chosen(self, deployed: ServiceDeployment, service: Service) -> Hook:
        """The pause to answer: the one named, or the only one that waits. `Refused` if there is not exactly one."""
        wanted, waiting = self.request.hook, deployed.awaiting
        match [each for each in waiting if wanted in ("", each.id)]:
            case [hook]:
                return hook
            case []:
                raise Refused(_nothing_waits(wanted, deployed, service), hint=_which(waiting))
            case _:
                raise Refused(f"{len(waiting)} pauses of `{service.name}` wait to be continued.", hint=_which(waiting))

    def _answer(self, deployed: ServiceDeployment, hook: Hook, service: Service) -> None:
        run = self.run

        def send() -> None:
            run.plane.continue_deployment(deployed.arn, hook.id, rollback=self.request.rollback)

        run.progress = replace(run.progress, phase=Phase.WAITING)
        answer_pause(run.patience(), send, lambda: hook.id in {each.id for each in self._deployed(service).awaiting})


def _nothing_waits(wanted: str, deployed: ServiceDeployment, service: Service) -> str:
    pause = f"The pause `{wanted}` of `{service.name}` does not wait" if wanted else ""
    stage = f" at {deployed.stage}" if deployed.stage and deployed.status == "IN_PROGRESS" else ""
    return (
        f"{pause or f'No pause of `{service.name}` waits'} to be continued: "
        f"its deployment {service.primary.id if service.primary else ''} is {deployed.status}{stage}."
    )


def _which(waiting: tuple[Hook, ...]) -> str:
    if not waiting:
        return "Nothing was changed."
    return f"Name one with `--hook`: {', '.join(f'`{each.id}`' for each in waiting)}. Nothing was changed."
