"""The command `rollback`: stops the deployment under way with a rollback, else releases the last good revision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from ecsdeploy.engine.commands.release import ReleaseCommand
from ecsdeploy.engine.commands.watch import WatchCommand
from ecsdeploy.engine.controllers.deployer import deployer_of
from ecsdeploy.engine.controllers.finder import Finder
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.prepare.announce import refuse_other_account, refuse_other_deployer
from ecsdeploy.engine.prepare.history import recent, usable
from ecsdeploy.engine.prepare.timeback import time_back
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.undo import OPTIONAL_SECONDS
from ecsdeploy.errors import AwsError, Refused
from ecsdeploy.model.arn import revision_name, split_revision
from ecsdeploy.model.identity import brings
from ecsdeploy.model.outcome import Outcome, Phase, Status, Verdict
from ecsdeploy.model.request import Budget, DeployRequest, IfBusy, RollbackRequest, WatchRequest
from ecsdeploy.model.service import Deployment, PastDeployment, Service
from ecsdeploy.model.steps import Plan
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.revisions import candidates, has_run, listed_good, revision_meant


@value(frozen=True, slots=True, kw_only=True)
class RollbackCommand:
    """One rollback that the user asked for."""

    run: Run
    request: RollbackRequest

    def plan(self) -> Plan:
        """What `perform` would do if nothing is under way; makes reads only.

        `Refused` if ECS is rolling back already, or if there is no revision to go back to.
        """
        service = self._look()
        ours = "" if self.request.to else self._finder.taken_back(self.run, self.request.service, service)
        if ours:
            raise Refused(
                f"ECS is already rolling back `{ours}`; there is nothing to do.",
                hint="Follow it with `ecs-deploy watch`. Nothing was changed.",
            )
        return self._release(service).plan()

    def perform(self) -> Outcome:
        """Roll back, and follow that to the outcome. `Refused` if there is nothing to stop, or to go back to."""
        service = self._look()
        if service.under_way is not None:
            self.run.await_turn()
        ours = "" if self.request.to else self._finder.take_back(self.run, self.request, service)
        if ours:
            watch = WatchRequest(service=self.request.service, deployment=ours, budget=self.request.budget)
            return WatchCommand(run=self.run, request=watch, known=service).perform()
        if self.request.only_running:
            raise Refused(
                f"No deployment of `{service.name}` is under way that could be stopped.",
                hint="`ecs-deploy rollback` puts a finished release back. Nothing was changed.",
            )
        return self._release(service).perform()

    def interrupted(self, signal: KeyboardInterrupt) -> Outcome:  # noqa: ARG002 - every signal is the same here
        """The outcome after a signal. The rollback goes on at AWS."""
        run = self.run
        if run.progress.asked_back and run.progress.verdict is None:
            run.progress = replace(run.progress, phase=Phase.ROLLING_BACK)
        return run.finish(run.progress.verdict or Verdict(status=Status.INTERRUPTED, phase=run.progress.phase))

    def _look(self) -> Service:
        service = self.run.patience().read(lambda: self.run.plane.service(self.request.service))
        refuse_other_account(service.arn, self.request.expect_account)
        refuse_other_deployer(service)
        self.run.progress = replace(self.run.progress, controller=service.deployer)
        return service

    @property
    def _finder(self) -> Finder:
        return deployer_of(self.run.progress.controller).finder

    def _release(self, service: Service) -> ReleaseCommand:
        to = self.request.to
        revision, released = self._asked_for(revision_meant(to, service), service) if to else self._known_good(service)
        request = DeployRequest(
            service=self.request.service,
            revision=revision,
            copies_inactive=True,
            budget=self._budget(service, revision),
            if_busy=IfBusy.SUPERSEDE,
            preflight=self.request.preflight,
        )
        return ReleaseCommand(run=self.run, request=request, released=released)

    def _budget(self, service: Service, revision: str) -> Budget:
        """The user's budget, or more if the service's own settings make a rollback take longer."""
        run, budget = self.run, self.request.budget
        reads = OptionalReads(clock=run.clock, again=OPTIONAL_SECONDS, notice=run.notice)
        definition = reads.ask("revision", lambda: run.plane.definition(revision))
        back_seconds = time_back(run, self.request.service, service, definition)
        run.progress = replace(run.progress, back_seconds=back_seconds)
        return replace(budget, seconds=max(budget.seconds, back_seconds))

    def _asked_for(self, revision: str, service: Service) -> tuple[str, datetime | None]:
        """The revision of `--to`, and when it was released last. `Refused` for another family that never ran here."""
        family = split_revision(service.task_definition)[0]
        if split_revision(revision)[0] == family:
            found = has_run(recent(self.run, self.request.service), revision)
            return revision, _since(found)
        if any(brings(each, revision) for each in service.deployments):
            return revision, None
        found = has_run(self._history(service), revision)
        if found is None:
            raise Refused(
                f"The service `{service.name}` uses the family `{family}`, and is not known to have run "
                f"`{revision_name(revision)}`.",
                hint="A rollback goes to what the service has run; `--to N` names revision N of its own family. "
                "Nothing was changed.",
            )
        return revision, _since(found)

    def _known_good(self, service: Service) -> tuple[str, datetime | None]:
        return known_good(self.run, service, self._history(service))

    def _history(self, service: Service) -> Iterator[PastDeployment]:
        """The past releases, newest first. Each page is read when it is needed."""
        run = self.run
        # If the service itself lists a revision to go back to, we do not wait long for the history.
        brief = run.patience().brief(OPTIONAL_SECONDS) if _beside_primary(service) is not None else None
        return self._finder.history(run, self.request.service, brief)


def known_good(run: Run, service: Service, history: Iterator[PastDeployment]) -> tuple[str, datetime | None]:
    """The revision of the newest good release that still exists, and when it was released.

    If the history has none, it is what the service lists as complete beside the primary deployment. `history` is newest
    first, and is read as far as it is needed. `Refused` if there is none at all, or if the newest was rolled back
    already.
    """
    in_use, beside = service.task_definition, _beside_primary(service)
    try:
        found = usable(run, candidates(_not_taken_back(service, history), in_use=in_use))
    except AwsError:
        if beside is None:
            raise
        found = None
    if found:
        return found.revision, _since(found)
    if beside is not None:
        return beside.task_definition, beside.created_at
    raise Refused(
        f"No earlier release of `{service.name}` is known that succeeded, was not rolled back, and has "
        f"a revision that still exists; it runs `{revision_name(in_use)}`.",
        hint="Name the revision to go back to with `--to`. Nothing was changed.",
    )


def _not_taken_back(service: Service, history: Iterator[PastDeployment]) -> Iterator[PastDeployment]:
    """The history, newest first. `Refused` if the newest release was rolled back already.

    The service then runs the release before it, and a rollback of that would go one too far.
    """
    newest = next(history, None)
    if newest is not None and newest.was_rolled_back:
        name = revision_name(newest.revision) or newest.deployment_id
        raise Refused(
            f"The newest release of `{service.name}`, `{name}`, was rolled back already; "
            f"it runs `{revision_name(service.task_definition)}`.",
            hint="To go further back, name the revision with `--to`. Nothing was changed.",
        )
    return chain((newest,) if newest else (), history)


def _beside_primary(service: Service) -> Deployment | None:
    """The complete deployment of another revision that the service lists beside the primary one, if any."""
    listed = listed_good(service)
    if listed is None or listed is service.primary or listed.task_definition == service.task_definition:
        return None
    return listed


def _since(release: PastDeployment | None) -> datetime | None:
    return release.created_at if release else None
