"""The command `register`: registers a revision without touching a service, and runs one task of it if asked."""

from __future__ import annotations

from contextlib import suppress

from ecsdeploy.engine.prepare.announce import refuse_if_blocked, refuse_unusable, tell, with_unknown_members
from ecsdeploy.engine.prepare.gather import gather_definition
from ecsdeploy.engine.prepare.pinning import pinned
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.prune import prune
from ecsdeploy.engine.write.execute import Writer, register_tagged
from ecsdeploy.engine.write.onetask import OneTask
from ecsdeploy.errors import AccessDenied
from ecsdeploy.model.events import Registered
from ecsdeploy.model.outcome import Outcome, Phase, Place, Status, Verdict
from ecsdeploy.model.request import RegisterRequest
from ecsdeploy.model.steps import Plan, Register, RunTask
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.planner import plan_register


@value(frozen=True, slots=True, kw_only=True)
class RegisterCommand:
    """One registration, and the task that is run of it. `plan` says what `perform` would do."""

    run: Run
    request: RegisterRequest

    def plan(self) -> Plan:
        """What `perform` would do; makes reads only."""
        return self._prepare()[1]

    def interrupted(self, signal: KeyboardInterrupt) -> Outcome:  # noqa: ARG002 - every signal is the same here
        """The outcome after a signal; a task that we started goes on."""
        return self.run.finish(
            self.run.progress.verdict or Verdict(status=Status.INTERRUPTED, phase=self.run.progress.phase)
        )

    def _prepare(self) -> tuple[Facts, Plan]:
        """Gather, plan, and tell the plan; makes reads only."""
        run, request = self.run, self.request
        facts = gather_definition(run.plane, run.patience(), request, request.family)
        if request.run is not None:
            check_cluster(run, request.run.cluster)
        run.progress = replace(run.progress, place=Place.of(facts.current, cluster=request.cluster))
        request = pinned(run, request, facts.base) if request.pin_digests else request
        plan = plan_register(request, facts)
        refuse_unusable(run, plan)
        plan = with_unknown_members(run, plan, request.edits, facts.base)
        tell(run, plan, request.edits)
        return facts, plan

    def perform(self) -> Outcome:
        """Register, run the task, prune, and return the outcome. `Refused` if a finding of the plan blocks."""
        facts, plan = self._prepare()
        refuse_if_blocked(plan)
        definition, verdict = facts.base, Verdict(status=Status.SUCCEEDED, phase=Phase.REGISTERED)
        for step in plan.steps:
            match step:
                case Register():
                    definition = register_revision(self.run, step, facts)
                case RunTask():
                    verdict = OneTask(run=self.run, definition=definition).perform(step)
                case _:
                    continue
        self.run.conclude(verdict)
        if verdict.status is Status.SUCCEEDED and self.request.keep is not None:
            prune(self.run, self.request.keep, "revision")
        return self.run.finish(verdict)


def check_cluster(run: Run, cluster: str) -> None:
    """Raise `NoSuchResource` if the cluster of a task is missing. If we may not read it, RunTask will tell."""
    with suppress(AccessDenied):
        run.patience().read(lambda: run.plane.active_cluster(cluster))


def register_revision(run: Run, step: Register, facts: Facts) -> TaskDefinition:
    """Register the revision, and tell it."""
    run.progress = replace(run.progress, phase=Phase.REGISTERING)
    writer = Writer(plane=run.plane, patience=run.patience())
    registered = register_tagged(writer, step, facts.base.revision, run.emit)
    images = tuple(registered.images.items())
    run.progress = replace(run.progress, phase=Phase.REGISTERED, to_revision=registered.arn, images=images)
    run.emit(Registered(revision=registered.arn))
    return registered
