"""Follows a deployment that another process began: the same looks, the same verdict; nothing is written."""

from dataclasses import replace

from ecsdeploy.engine.conclude import Conclusion
from ecsdeploy.engine.newest import find_deployment_of
from ecsdeploy.engine.planning import refuse_other_account
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.timeback import time_back
from ecsdeploy.engine.unchanged import handle_of
from ecsdeploy.engine.watch import Watcher
from ecsdeploy.errors import NoSuchResource
from ecsdeploy.model.arn import account_of, region_of
from ecsdeploy.model.outcome import Outcome, Phase, Place, Status, Verdict
from ecsdeploy.model.request import DeployRequest, WaitUntil, WatchRequest
from ecsdeploy.model.service import Deployment, Service
from ecsdeploy.model.values import dataclass
from ecsdeploy.rollout.machine import after_reply
from ecsdeploy.rollout.state import begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One watch of one service's deployment; `known` is the service as it was seen just now, if it was."""

    run: Run
    request: WatchRequest
    known: Service | None = None

    def perform(self) -> Outcome:
        run, request = self.run, self.request
        service = self.known or run.patience().read(lambda: run.plane.service(request.service))
        refuse_other_account(service.arn, request.expect_account)
        run.controller = service.controller
        watched, service = self._find(service)
        run.place = Place(
            cluster=request.service.short_cluster,
            service=service.name,
            region=region_of(service.arn),
            account=account_of(service.arn),
        )
        definition = run.patience().read(lambda: run.plane.definition(watched.task_definition))
        run.to_revision, run.images = watched.task_definition, tuple(definition.images.items())
        run.begin(watched.id, service, attached=True)
        if request.wait_until in (WaitUntil.REGISTERED, WaitUntil.STARTED):
            return self._leave()
        state = begin(handle_of(service, watched), request.budget, request.wait_until, run.clock.monotonic())
        run.back_seconds = time_back(run, request.service, service, definition)
        ends_early = request.fail_fast and not service.undoes_failures
        state = replace(state, seen=True, ends_early=ends_early, back_seconds=run.back_seconds)
        if run.asked_back == watched.id and run.controller == "ECS":
            # We have asked for that ourselves, and told it.
            state = replace(state, phase=Phase.ROLLING_BACK)
        state, events = after_reply(state, service)
        run.emit(*events)
        asked = DeployRequest(service=request.service, budget=request.budget, wait_until=request.wait_until)
        conclusion = Conclusion(run=run, request=asked, definition=definition, before=service, baseline=None)
        return conclusion.conclude(Watcher(run=run, ref=request.service, definition=definition).follow(state))

    def _leave(self) -> Outcome:
        """It has begun already, and that is as far as it was to be followed."""
        verdict = Verdict(status=Status.DETACHED, phase=self.run.phase)
        self.run.conclude(verdict)
        return self.run.finish(verdict)

    def interrupted(self, signal: KeyboardInterrupt) -> Outcome:  # noqa: ARG002 - every signal is the same here
        """The outcome after a signal: the deployment goes on, as it was not ours to stop."""
        return self.run.finish(self.run.verdict or Verdict(status=Status.INTERRUPTED, phase=self.run.phase))

    def _find(self, service: Service) -> tuple[Deployment, Service]:
        """The deployment, and the service with what CodeDeploy waits for at its end."""
        wanted = self.request.deployment
        if self.run.controller == "CODE_DEPLOY":
            from ecsdeploy.engine.codedeploy.attach import find_deployment
            from ecsdeploy.engine.codedeploy.gather import with_wait

            found, route = find_deployment(self.run, self.request.service, wanted)
            return found, with_wait(service, (route,))
        listed_or_past = find_deployment_of(self.run, self.request.service, service, wanted)
        if listed_or_past is None:
            listed = ", ".join(f"`{each.id}` ({each.status})" for each in service.deployments)
            raise NoSuchResource(
                f"The service `{service.name}` has no deployment `{wanted}` now."
                if wanted
                else f"The service `{service.name}` has no deployment.",
                hint=f"It has {listed}." if listed else "",
            )
        return listed_or_past, service
