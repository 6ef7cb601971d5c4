"""A release to one service, phase by phase: gather, plan, execute, watch, conclude.

gather    the service and the definition; reads only
plan      what will be done; a blocking finding ends here
execute   register the revision, point the service at it
watch     until there is a verdict about our deployment
conclude  why it failed, back to the baseline if asked, or the pruning of old revisions
"""

from dataclasses import replace

from ecsdeploy.engine.conclude import Conclusion
from ecsdeploy.engine.execute import Writer
from ecsdeploy.engine.gather import gather_definition, gather_service
from ecsdeploy.engine.planning import refuse_if_blocked, tell
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.watch import Watcher
from ecsdeploy.model.arn import account_of, region_of, split_revision
from ecsdeploy.model.events import Registered, Started
from ecsdeploy.model.outcome import Outcome, Phase, Place, Status, Verdict
from ecsdeploy.model.request import DeployRequest, WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Plan, PointService, Register
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import dataclass
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.planner import plan_deploy
from ecsdeploy.rollout.machine import State, after_reply, begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the first two phases found and decided."""

    service: Service
    facts: Facts
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release; `prepare` may be called alone, `perform` does it all."""

    run: Run
    request: DeployRequest

    def prepare(self) -> Gathered:
        """Gather and plan; writes nothing."""
        run, request, patience = self.run, self.request, self.run.patience()
        service = gather_service(run.plane, patience, request)
        run.place = Place(
            cluster=request.service.short_cluster,
            service=service.name,
            region=region_of(service.arn),
            account=account_of(service.arn),
        )
        facts = gather_definition(run.plane, patience, request, service.task_definition)
        plan = plan_deploy(request, service, facts)
        tell(run, plan, request.edits, request.wait_until)
        return Gathered(service=service, facts=facts, plan=plan)

    def perform(self) -> Outcome:
        gathered = self.prepare()
        refuse_if_blocked(gathered.plan)
        definition = gathered.facts.base
        for step in gathered.plan.steps:
            if isinstance(step, Register):
                definition = self._register(step, gathered)
            elif isinstance(step, PointService):
                return self._release(step, definition, gathered)
        return self._end_early(Status.SUCCEEDED)

    def _register(self, step: Register, gathered: Gathered) -> TaskDefinition:
        run = self.run
        run.phase = Phase.REGISTERING
        newest = newest_of(step.definition.family, gathered.facts.base.arn, gathered.service.task_definition)
        registered = Writer(plane=run.plane, patience=run.patience()).register(step, newest)
        run.phase = Phase.REGISTERED
        run.to_revision, run.images = registered.arn, tuple(registered.images.items())
        run.emit(Registered(revision=registered.arn))
        return registered

    def _release(self, step: PointService, definition: TaskDefinition, gathered: Gathered) -> Outcome:
        run, conclusion = self.run, self._conclusion(definition, gathered)
        run.to_revision = step.revision or run.to_revision
        run.phase = Phase.STARTING
        state = conclusion.guard_write(lambda: self._point(step, gathered))
        if self.request.wait_until is WaitUntil.STARTED:
            return self._end_early(Status.DETACHED)
        watcher = Watcher(run=run, ref=self.request.service, checked=_has_health_check(definition))
        return conclusion.conclude(watcher.follow(state))

    def _point(self, step: PointService, gathered: Gathered) -> State:
        run, before = self.run, tuple(each.id for each in gathered.service.deployments)
        writer = Writer(plane=run.plane, patience=run.patience())
        service, handle = writer.point_service(step, run.to_revision, before)
        run.deployment_id = handle.deployment_id
        run.emit(
            Started(
                deployment_id=handle.deployment_id,
                revision=run.to_revision,
                desired=service.desired,
                breaker=service.breaker.enabled,
                breaker_rollback=service.breaker.rollback,
            )
        )
        state = begin(handle, self.request.budget, self.request.wait_until, run.clock.monotonic())
        state, events = after_reply(replace(state, started=run.started), service)
        run.emit(*events)
        return state

    def _conclusion(self, definition: TaskDefinition, gathered: Gathered) -> Conclusion:
        return Conclusion(
            run=self.run,
            request=self.request,
            definition=definition,
            before=gathered.service,
            baseline=gathered.plan.baseline,
        )

    def _end_early(self, status: Status) -> Outcome:
        verdict = Verdict(status=status, phase=self.run.phase)
        self.run.conclude(verdict)
        return self.run.finish(verdict)


def newest_of(family: str, *known: str) -> int:
    """The highest revision number of `family` among the ARNs known; 0 if none is of that family."""
    named = (split_revision(each) for each in known)
    return max((number or 0 for name, number in named if name == family), default=0)


def _has_health_check(definition: TaskDefinition) -> bool:
    return any(each.has_health_check and each.essential for each in definition.containers)
