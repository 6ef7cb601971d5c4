"""The command `deploy`: a release to one service, in five phases.

gather    read the service and the task definition
plan      decide what to do; a blocking finding ends the run here
execute   register the revision, and update the service
watch     look until there is a verdict about our deployment
conclude  after a failure, find its causes and roll back if asked; after a success, prune old revisions
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ecsdeploy.engine.controllers.deployer import Deployer, deployer_of
from ecsdeploy.engine.follow.poller import NextWatch
from ecsdeploy.engine.follow.through import follow_through
from ecsdeploy.engine.prepare.announce import (
    refuse_if_blocked,
    refuse_unusable,
    refuse_without_definition,
    tell,
    with_unknown_members,
)
from ecsdeploy.engine.prepare.gather import gather_definition, gather_service, with_gates
from ecsdeploy.engine.prepare.preflight import preflight
from ecsdeploy.engine.prepare.timeback import time_back
from ecsdeploy.engine.prepare.unchanged import handle_of, registered_already, runs_already
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.conclude import Conclusion
from ecsdeploy.engine.settle.interrupt import answer, interrupted, without_asking
from ecsdeploy.engine.write.execute import Writer, newest_of, register_tagged
from ecsdeploy.model.events import Registered
from ecsdeploy.model.outcome import Outcome, Phase, Place, Status, Verdict
from ecsdeploy.model.request import DeployRequest, OnFailure, WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import Plan, PointService, Register, RunTask, StartStep, UpdateExpress
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.planner import plan_deploy
from ecsdeploy.plan.revisions import serves_or_moves
from ecsdeploy.rollout.machine import after_reply
from ecsdeploy.rollout.state import State, begin

if TYPE_CHECKING:
    from ecsdeploy.engine.atpause.keeper import Gatekeeper


@value(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the phases gather and plan found and decided."""

    service: Service
    read_at: float
    """When the service was read, in seconds of the run's clock."""
    facts: Facts
    plan: Plan
    is_there: bool
    """Whether the service has the wanted revision already, or is being moved to it: then nothing is written.

    With `--skip-unchanged`, a revision with the same content counts too.
    """


@value(frozen=True, slots=True, kw_only=True)
class ReleaseCommand:
    """One release. `plan` says what `perform` would do."""

    run: Run
    request: DeployRequest
    released: datetime | None = None
    """For a rollback: when its revision was released before, if that is known."""

    def plan(self) -> Plan:
        """What `perform` would do; makes reads only."""
        service = self._look()
        return self._paused(service)._prepare(service).plan  # noqa: SLF001 - the same command

    def interrupted(self, signal: KeyboardInterrupt) -> Outcome:
        """The outcome after a signal that ends the run; it may send a rollback."""
        if self.request.gate:
            from ecsdeploy.engine.write.pausing import warn_of_pause

            warn_of_pause(self.run, self.request.service)
        return interrupted(self.run, without_asking(self.request, signal), self.run.progress.baseline)

    def _look(self) -> Service:
        """Read the service, and note its controller and where it is."""
        run, request = self.run, self.request
        service = gather_service(run.plane, run.patience(), request)
        place = Place.of(service.arn, cluster=request.service.short_cluster, service=service.name)
        run.progress = replace(run.progress, controller=service.deployer, place=place)
        refuse_without_definition(service)
        return service

    def _prepare(self, service: Service) -> Gathered:
        """Gather the rest, plan, and tell the plan; makes reads only."""
        run, request = self.run, self.request
        read_at = run.clock.monotonic()
        facts = gather_definition(run.plane, run.patience(), request, service.task_definition)
        facts = with_gates(run.plane, run.patience(), request, facts)
        service, facts = self._deployer.gather(run, request, service, facts)
        if request.pin_digests and not (request.force or request.revision):
            from ecsdeploy.engine.prepare.pinning import pinned

            request = pinned(run, request, facts.base)
        plan = replace(plan_deploy(request, service, facts), released=self.released)
        refuse_unusable(run, plan)
        plan = with_unknown_members(run, plan, request.edits, facts.base)
        is_there = self._is_there_already(service, facts, plan)
        if request.preflight and not (plan.is_blocked or is_there):
            plan = preflight(run, request, service, facts, plan)
        if request.agreed:
            from ecsdeploy.plan.agreed import held_to

            plan = held_to(plan, run.progress.place, request.agreed)
        run.progress = replace(run.progress, baseline=plan.baseline)
        tell(run, plan, request.edits, request.wait_until)
        return Gathered(service=service, read_at=read_at, facts=facts, plan=plan, is_there=is_there)

    def perform(self) -> Outcome:
        """Release, and follow our deployment to the outcome. `Refused` if a finding of the plan blocks."""
        service = self._look()
        return follow_through(self.run, self.request.service, self._paused(service)._begun(service))  # noqa: SLF001

    def _paused(self, service: Service) -> ReleaseCommand:
        """The command with the pause that its request asks for."""
        if self.request.gate is None:
            return self
        from ecsdeploy.plan.pausing import with_pause

        return replace(self, request=with_pause(self.request, service))

    def _begun(self, service: Service) -> NextWatch | Outcome:
        """Prepare and execute: the watch of our deployment, or the outcome if there is nothing to watch."""
        gathered = self._prepare(service)
        refuse_if_blocked(gathered.plan)
        if self.request.gate:
            from ecsdeploy.engine.atpause.keeper import refuse_unusable_gate

            refuse_unusable_gate(self.run, self.request.gate)
        if gathered.is_there:
            return self._attach(gathered)
        free = self._deployer.make_way(self.run, self.request, gathered.service, gathered.facts)
        if isinstance(free, Verdict):
            return self._end(free)
        if free is not gathered.service:
            gathered = self._prepare(free)
            refuse_if_blocked(gathered.plan)
        return self._attach(gathered) if gathered.is_there else self._execute(gathered)

    def _execute(self, gathered: Gathered) -> NextWatch | Outcome:
        """Carry out the steps of the plan. The last one may change the service, and then gives the watch."""
        definition = gathered.facts.base
        self.run.await_turn()
        self.run.refuse_if_late()
        for step in gathered.plan.steps:
            if isinstance(step, Register):
                definition = self._register(step, gathered)
            elif isinstance(step, RunTask):
                from ecsdeploy.engine.write.gates import pass_gate

                failed = pass_gate(self.run, self.request, step, definition)
                if failed is not None:
                    return self._end(failed)
            elif isinstance(step, StartStep):
                made = step.definition if isinstance(step, UpdateExpress) else None
                return self._release(step, made or definition, gathered)
        return self._end(Verdict(status=Status.SUCCEEDED, phase=self.run.progress.phase))

    def _is_there_already(self, service: Service, facts: Facts, plan: Plan) -> bool:
        step, start = plan.steps[0], plan.steps[-1]
        if (
            isinstance(start, PointService)
            and start.keeps(service.task_definition)
            and not (plan.is_blocked or plan.resized)
        ):
            return True
        if not self.request.skip_unchanged or plan.is_blocked or plan.resized or not isinstance(step, Register):
            return False
        if any(each.busy_with for each in facts.routes) or not serves_or_moves(service):
            return False
        if not service.runs_whole:
            return False
        return runs_already(self.run, service, facts.base, step.definition)

    def _attach(self, gathered: Gathered) -> NextWatch | Outcome:
        """End as UNCHANGED, or watch the deployment under way, as the service has the wanted content already."""
        run, service = self.run, gathered.service
        under_way = service.under_way
        images = tuple(gathered.facts.base.images.items())
        run.progress = replace(run.progress, to_revision=service.task_definition, images=images)
        if under_way is None:
            return self._end(Verdict(status=Status.UNCHANGED, phase=run.progress.phase))
        if self.request.gate:
            from ecsdeploy.engine.atpause.keeper import refuse_another_s

            refuse_another_s(service, under_way.id)
        run.emit.warn("W-ATTACHED", under_way.id)
        # It may be somebody else's deployment, so we never roll it back.
        run.progress = replace(run.progress, baseline=None)
        conclusion = replace(self._conclusion(gathered.facts.base, gathered), baseline=None, gatekeeper=None)
        state = self._begin(handle_of(service, under_way), service, attached=True)
        return self._following(state, conclusion)

    def _register(self, step: Register, gathered: Gathered) -> TaskDefinition:
        """Register the revision, unless an earlier run has left the same one behind."""
        run = self.run
        run.progress = replace(run.progress, phase=Phase.REGISTERING)
        in_use, wanted = gathered.service.task_definition, step.definition
        left = registered_already(run, wanted, in_use) if self.request.skip_unchanged else None
        newest = newest_of(step.definition.family, gathered.facts.base.arn, gathered.service.task_definition)
        writer = Writer(plane=run.plane, patience=run.before_write)
        registered = left or register_tagged(writer, step, newest, run.emit)
        images = tuple(registered.images.items())
        run.progress = replace(run.progress, phase=Phase.REGISTERED, to_revision=registered.arn, images=images)
        run.emit(Registered(revision=registered.arn))
        return registered

    @property
    def _deployer(self) -> Deployer:
        return deployer_of(self.run.progress.controller)

    def _release(self, step: StartStep, definition: TaskDefinition, gathered: Gathered) -> NextWatch | Outcome:
        run, conclusion = self.run, self._conclusion(definition, gathered)
        run.progress = replace(run.progress, to_revision=step.revision or run.progress.to_revision)
        now = self._deployer.still_free(run, self.request, gathered.service, gathered.read_at)
        if isinstance(now, Verdict):
            return self._end(now)
        run.refuse_if_late()
        run.progress = replace(run.progress, phase=Phase.STARTING)
        state = conclusion.guard_write(lambda: self._start(step, now))
        if not isinstance(state, State):
            return state
        if self.request.wait_until is WaitUntil.STARTED:
            return self._end(Verdict(status=Status.DETACHED, phase=run.progress.phase))
        return self._following(state, conclusion)

    def _following(self, state: State, conclusion: Conclusion) -> NextWatch:
        run = self.run
        back_seconds = run.progress.back_seconds or time_back(
            run, self.request.service, conclusion.before, conclusion.definition
        )
        run.progress = replace(run.progress, back_seconds=back_seconds)
        return conclusion.following(replace(state, back_seconds=run.progress.back_seconds))

    def _answer(self, signal: KeyboardInterrupt) -> Verdict | None:
        return answer(self.run, self.request, signal)

    def _start(self, step: StartStep, now: Service) -> State:
        service, handle = self._deployer.start(self.run, step, now)
        return self._begin(handle, service)

    def _begin(self, handle: Handle, service: Service, *, attached: bool = False) -> State:
        run = self.run
        run.begin(handle.deployment_id, service, by=self._deployer.name, attached=attached)
        state = begin(handle, self.request.budget, self.request.wait_until, run.clock.monotonic())
        state = replace(state, ends_early=self._ends_early(service))
        state, events = after_reply(state, service)
        run.emit(*events)
        return state

    def _ends_early(self, service: Service) -> bool:
        """Whether early judgement ends the watch.

        If ECS rolls back by itself, we wait for that, unless the user wants us to roll back and we have a baseline.
        """
        run, request = self.run, self.request
        can = run.progress.baseline is not None and run.progress.baseline.revision != run.progress.to_revision
        goes_back = can and request.on_failure is not OnFailure.LEAVE
        return request.fail_fast and (goes_back or not service.undoes_failures)

    def _conclusion(self, definition: TaskDefinition, gathered: Gathered) -> Conclusion:
        return Conclusion(
            run=self.run,
            request=self.request,
            definition=definition,
            before=gathered.service,
            baseline=gathered.plan.baseline,
            after=gathered.plan.after,
            answer=self._answer,
            gatekeeper=self._gatekeeper(gathered.service),
        )

    def _gatekeeper(self, service: Service) -> Gatekeeper | None:
        if self.request.gate is None:
            return None
        from ecsdeploy.engine.atpause.keeper import Gatekeeper, machine_of

        ref, gate = self.request.service, self.request.gate
        return Gatekeeper(run=self.run, ref=ref, service=service, gate=gate, machine=machine_of(self.run))

    def _end(self, verdict: Verdict) -> Outcome:
        self.run.conclude(verdict)
        return self.run.finish(verdict)
