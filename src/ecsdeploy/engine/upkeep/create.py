"""The command `create`: registers a definition, creates a service of it, and follows its first deployment."""

from __future__ import annotations

import uuid

from ecsdeploy.engine.commands.register import register_revision
from ecsdeploy.engine.controllers.deployer import deployer_of
from ecsdeploy.engine.follow.through import follow_through
from ecsdeploy.engine.prepare.announce import (
    refuse_if_blocked,
    refuse_other_account,
    refuse_unusable,
    tell,
    with_unknown_members,
)
from ecsdeploy.engine.prepare.unchanged import handle_of
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.conclude import Conclusion
from ecsdeploy.errors import NoSuchResource, Refused, UsageError
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.outcome import Outcome, Phase, Place, Status, Verdict
from ecsdeploy.model.request import DeployRequest, FromFile, OnFailure, RegisterRequest, WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import CreateService, Plan, Register
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.checks import found
from ecsdeploy.plan.checks.sizes import check_size
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.planner import plan_register
from ecsdeploy.rollout.machine import after_reply
from ecsdeploy.rollout.state import begin


@value(frozen=True, slots=True, kw_only=True)
class CreateCommand:
    """One new service. `plan` says what `perform` would do."""

    run: Run
    request: DeployRequest

    def plan(self) -> Plan:
        """What `perform` would do; makes reads only. `Refused` if there is a service of this name."""
        return self._prepare()

    def interrupted(self, signal: KeyboardInterrupt) -> Outcome:  # noqa: ARG002 - every signal is the same here
        """The outcome after a signal. A service that was created stays, and ECS goes on."""
        run = self.run
        return run.finish(run.progress.verdict or Verdict(status=Status.INTERRUPTED, phase=run.progress.phase))

    def perform(self) -> Outcome:
        """Register, create, and follow the first deployment to the outcome."""
        plan = self._prepare()
        refuse_if_blocked(plan)
        definition = self._facts.base
        for step in plan.steps:
            if isinstance(step, Register):
                definition = register_revision(self.run, step, self._facts)
            elif isinstance(step, CreateService):
                return self._create(step, definition)
        return self._end(Status.SUCCEEDED)

    def _prepare(self) -> Plan:
        run, request = self.run, self.request
        self._refuse_existing()
        members, facts = request.creates or {}, self._facts
        unknown = run.plane.refuse_unusable_service(members)
        asked = RegisterRequest(family="", base=request.base, edits=request.edits, tags=request.tags)
        plan = plan_register(asked, facts)
        refuse_unusable(run, plan)
        plan = with_unknown_members(run, plan, request.edits, facts.base)
        sizes = tuple(each for one in plan.steps if isinstance(one, Register) for each in check_size(one.definition))
        findings = (*plan.findings, *sizes, *((found("C-UNKNOWN-SERVICE-MEMBER", *unknown),) if unknown else ()))
        step = CreateService(service=request.service, members=members)
        plan = replace(plan, base=facts.base.family, steps=(*plan.steps, step), findings=findings)
        tell(run, plan, request.edits, request.wait_until)
        # There is no release before this one, and nothing to go back to.
        run.progress = replace(run.progress, from_revision="")
        return plan

    def _refuse_existing(self) -> None:
        """Raise `Refused` in another account than expected, or for a service that is there.

        ECS takes the name of one that has been deleted (INACTIVE).

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
        """
        run, ref = self.run, self.request.service
        # A service that does not exist has no ARN: the account and the Region are those of its cluster.
        cluster = run.patience().read(lambda: run.plane.active_cluster(ref.cluster))
        refuse_other_account(cluster, self.request.expect_account)
        run.progress = replace(run.progress, place=Place.of(cluster, cluster=ref.short_cluster, service=ref.short_name))
        try:
            there = run.patience().read(lambda: run.plane.service(ref))
        except NoSuchResource:
            return
        runs = f"it runs {revision_name(there.task_definition)}" if there.status == "ACTIVE" else "it is being deleted"
        raise Refused(
            f"The service `{there.name}` exists in `{ref.short_cluster}`: {runs}.",
            hint="Release to it with `ecs-deploy deploy`. Nothing was changed."
            if there.status == "ACTIVE"
            else "Wait until it is gone. Nothing was changed.",
        )

    @property
    def _facts(self) -> Facts:
        """The definition of the file."""
        base = self.request.base
        if not isinstance(base, FromFile):
            raise UsageError("A service that does not exist runs no revision to start from.", hint="Name a file.")
        return Facts(base=base.definition, current="")

    def _create(self, step: CreateService, definition: TaskDefinition) -> Outcome:
        """Create, and watch. The token makes a second request after a lost reply harmless."""
        run, token = self.run, uuid.uuid4().hex
        run.progress = replace(run.progress, phase=Phase.STARTING)
        service = run.patience().repeat(lambda: run.plane.create_service(step, definition.arn, token))
        place = Place.of(service.arn, cluster=step.service.short_cluster, service=service.name)
        run.progress = replace(run.progress, place=place, controller=service.deployer)
        primary = service.primary
        if primary is None:
            # CodeDeploy deploys it: the first task set is there already, and no deployment can be followed.
            return self._end(Status.DETACHED)
        run.begin(primary.id, service, by=deployer_of(service.deployer).name)
        if self.request.wait_until in (WaitUntil.REGISTERED, WaitUntil.STARTED):
            return self._end(Status.DETACHED)
        return self._followed(service, definition)

    def _followed(self, service: Service, definition: TaskDefinition) -> Outcome:
        run, request, primary = self.run, self.request, service.primary
        if primary is None:
            return self._end(Status.DETACHED)
        state = begin(handle_of(service, primary), request.budget, request.wait_until, run.clock.monotonic())
        state = replace(state, ends_early=request.fail_fast and not service.undoes_failures)
        state, events = after_reply(state, service)
        run.emit(*events)
        conclusion = Conclusion(
            run=run,
            request=replace(request, on_failure=OnFailure.LEAVE),
            definition=definition,
            before=service,
            baseline=None,
        )
        return follow_through(run, request.service, conclusion.following(state))

    def _end(self, status: Status) -> Outcome:
        verdict = Verdict(status=status, phase=self.run.progress.phase)
        self.run.conclude(verdict)
        return self.run.finish(verdict)
