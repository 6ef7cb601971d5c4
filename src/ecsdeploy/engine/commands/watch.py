"""The command `watch`: follows a deployment that another process started, and changes nothing."""

from __future__ import annotations

from datetime import UTC

from ecsdeploy.engine.commands.awaited import Awaited, service_of
from ecsdeploy.engine.controllers.deployer import deployer_of
from ecsdeploy.engine.follow.through import follow_through
from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.engine.prepare.timeback import time_back
from ecsdeploy.engine.prepare.unchanged import handle_of
from ecsdeploy.engine.progress import RollbackIntent
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.conclude import Conclusion
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.outcome import Outcome, Phase, Place, Status, Verdict
from ecsdeploy.model.request import DeployRequest, WaitUntil, WatchRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.which import Begun, before
from ecsdeploy.rollout.machine import after_reply
from ecsdeploy.rollout.state import begin


@value(frozen=True, slots=True, kw_only=True)
class WatchCommand:
    """One watch of a deployment. `known` is the service if the caller has just read it."""

    run: Run
    request: WatchRequest
    known: Service | None = None

    def perform(self) -> Outcome:
        """Find the deployment, and follow it to the outcome. It may have ended already.

        `NoSuchResource` if there is none, `Untold` if we cannot tell which one is meant.
        """
        run, request = self.run, self.request
        service = self.known or self._service()
        refuse_other_account(service.arn, request.expect_account)
        place = Place.of(service.arn, cluster=request.service.short_cluster, service=service.name)
        run.progress = replace(run.progress, controller=service.deployer, place=place)
        found, service = self._find(service)
        watched = found.deployment
        definition = run.patience().read(lambda: run.plane.definition(watched.task_definition))
        run.progress = replace(
            run.progress, to_revision=watched.task_definition, images=tuple(definition.images.items())
        )
        run.begin(watched.id, service, by=deployer_of(service.deployer).name, attached=True)
        self._tell_end(found, service)
        if request.wait_until in (WaitUntil.REGISTERED, WaitUntil.STARTED):
            # The user wants no more than that it has begun.
            return self._end(Status.DETACHED)
        if found.has_succeeded:
            # It has ended, and what the service has now does not change that.
            return self._end(Status.SUCCEEDED)
        state = begin(handle_of(service, watched), request.budget, request.wait_until, run.clock.monotonic())
        back_seconds = time_back(run, request.service, service, definition)
        run.progress = replace(run.progress, back_seconds=back_seconds)
        ends_early = request.fail_fast and not service.undoes_failures
        state = replace(state, seen=True, ends_early=ends_early, back_seconds=back_seconds)
        if run.progress.asked_back == watched.id and run.progress.intent is RollbackIntent.SENT:
            # We asked for this rollback ourselves, and told it.
            state = replace(state, phase=Phase.ROLLING_BACK)
        state, events = after_reply(state, service)
        run.emit(*events)
        asked = DeployRequest(service=request.service, budget=request.budget, wait_until=request.wait_until)
        conclusion = Conclusion(
            run=run, request=asked, definition=definition, before=before(service, found), baseline=None
        )
        return follow_through(run, request.service, conclusion.following(state))

    def _end(self, status: Status) -> Outcome:
        """End the run with this status, without another look."""
        verdict = Verdict(status=status, phase=self.run.progress.phase)
        self.run.conclude(verdict)
        return self.run.finish(verdict)

    def interrupted(self, signal: KeyboardInterrupt) -> Outcome:  # noqa: ARG002 - every signal is the same here
        """The outcome after a signal. The deployment goes on, as we did not start it."""
        return self.run.finish(
            self.run.progress.verdict or Verdict(status=Status.INTERRUPTED, phase=self.run.progress.phase)
        )

    def _tell_end(self, found: Begun, service: Service) -> None:
        """Warn if the deployment had ended before, and if another one has replaced its success since."""
        if not found.ended:
            return
        at, primary = found.ended_at, service.primary
        when = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else "at a time that AWS does not tell"
        self.run.emit.warn("W-ENDED-ALREADY", found.deployment.id, found.ended, when)
        if found.has_succeeded and primary is not None and primary.id != found.deployment.id:
            self.run.emit.warn("W-MOVED-ON", primary.id, revision_name(primary.task_definition))

    @property
    def _is_looked_for(self) -> bool:
        return bool(self.request.revision) or self.request.since is not None

    def _service(self) -> Service:
        """The service. If we look for a deployment that may not have begun, the service may not exist yet either."""
        run, request = self.run, self.request
        if self._is_looked_for:
            return service_of(run, request)
        return run.patience().read(lambda: run.plane.service(request.service))

    def _find(self, service: Service) -> tuple[Begun, Service]:
        """The deployment to watch, and the service with the time that a deployment waits at its end."""
        if self._is_looked_for:
            found, service = Awaited(run=self.run, request=self.request).find(service)
        else:
            finder = deployer_of(service.deployer).finder
            found = finder.find(self.run, self.request.service, service, self.request.deployment)
        return found, deployer_of(service.deployer).finder.with_wait(self.run, self.request.service, service)
