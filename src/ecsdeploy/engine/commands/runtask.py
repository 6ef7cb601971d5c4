"""The command `run`: runs one-off tasks as those of a service or a family, and follows them to their exit codes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ecsdeploy.engine.commands.register import check_cluster, register_revision
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.prepare.announce import refuse_if_blocked, refuse_unusable, tell, with_unknown_members
from ecsdeploy.engine.prepare.gather import gather_definition
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.write.onetask import OneTask, soon_at_first
from ecsdeploy.errors import EcsDeployError, HungUp, Refused, Terminated
from ecsdeploy.model.arn import ServiceRef, short_name
from ecsdeploy.model.oneoff import TaskStopping
from ecsdeploy.model.outcome import Outcome, Phase, Place, Status, Verdict
from ecsdeploy.model.request import Answer, OnInterrupt, RegisterRequest, RunRequest
from ecsdeploy.model.service import Service, Task
from ecsdeploy.model.steps import Plan, Register, RunTask
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.running import plan_run

_STOP_SECONDS = 1.0
"""How long a stop is repeated after a signal: whoever sent it may be about to kill this process."""
_REASON = "Stopped by ecs-deploy after Ctrl-C"


@value(frozen=True, slots=True, kw_only=True)
class RunCommand:
    """One run of one-off tasks."""

    run: Run
    request: RunRequest

    def interrupted(self, signal: KeyboardInterrupt) -> Outcome:  # noqa: ARG002 - every signal is the same here
        """The outcome after a signal: the tasks go on, unless the user has had them stopped."""
        return self.run.finish(
            self.run.progress.verdict or Verdict(status=Status.INTERRUPTED, phase=self.run.progress.phase)
        )

    def perform(self) -> Outcome:
        """Run the tasks, and return the outcome. `Refused` if a finding of the plan blocks, or no task was started."""
        facts, plan = self._prepare()
        refuse_if_blocked(plan)
        definition, verdict = facts.base, Verdict(status=Status.UNCHANGED, phase=Phase.PLANNING)
        self.run.progress = replace(self.run.progress, to_revision=definition.arn, images=(*definition.images.items(),))
        for step in plan.steps:
            if isinstance(step, Register):
                definition = register_revision(self.run, step, facts)
            elif isinstance(step, RunTask):
                verdict = self._run_tasks(step, definition)
        self.run.conclude(verdict)
        return self.run.finish(verdict)

    def _prepare(self) -> tuple[Facts, Plan]:
        """Gather, plan, and tell the plan; makes reads only."""
        run, request = self.run, self.request
        service = self._service()
        family = service.task_definition if service else request.family
        facts = self._gather(family, tags=False)
        run.progress = replace(run.progress, place=Place.of(facts.current, cluster=short_name(request.cluster)))
        plan = plan_run(request, facts, service)
        if isinstance(plan.steps[0], Register):
            # A revision has the tags of the one that it is made from.
            facts = self._gather(family, tags=True)
            plan = plan_run(request, facts, service)
        refuse_unusable(run, plan)
        plan = with_unknown_members(run, plan, request.edits, facts.base)
        tell(run, plan, request.edits)
        return facts, plan

    def _service(self) -> Service | None:
        """The service whose tasks ours are to be like; `Refused` if it has no task definition of its own."""
        run, request = self.run, self.request
        if not request.like:
            check_cluster(run, request.cluster)
            return None
        ref = ServiceRef(cluster=request.cluster, name=request.like)
        service = run.patience().read(lambda: run.plane.service(ref))
        if not service.task_definition:
            raise Refused(
                f"The service `{service.name}` has no task definition: its task sets have one each.",
                hint="Name one with `--family`. Nothing was started.",
            )
        return service

    def _gather(self, family: str, *, tags: bool) -> Facts:
        if not (tags or self.request.like):
            base = self.run.patience().read(lambda: self.run.plane.named_definition(family))
            return Facts(base=base, current=base.arn)
        wanted = RegisterRequest(family=family, edits=self.request.edits, copy_tags=tags)
        return gather_definition(self.run.plane, self.run.patience(), wanted, family)

    def _run_tasks(self, step: RunTask, definition: TaskDefinition) -> Verdict:
        task = OneTask(
            run=self.run, definition=definition, pause=soon_at_first, is_heard=True, interrupted=self._answer
        )
        if step.one_off.wait:
            return task.perform(step)
        launched = task.start(step)
        if launched.lacking:
            return Verdict(status=Status.FAILED, reason=launched.lacking, phase=Phase.TASK)
        return Verdict(status=Status.DETACHED, phase=Phase.TASK)

    def _answer(self, signal: KeyboardInterrupt, tasks: Sequence[Task]) -> None:
        """Ask the user what to do after Ctrl-C; return to go on waiting. Raises the signal again to end the run."""
        question = self.run.context.question if self.request.on_interrupt is OnInterrupt.ASK else None
        if question is None or isinstance(signal, HungUp | Terminated):
            raise signal
        answer = question()
        if answer is Answer.CONTINUE:
            return
        if answer is Answer.STOP:
            self._stop([each.arn for each in tasks if not each.has_stopped])
        raise signal

    def _stop(self, arns: Sequence[str]) -> None:
        """Ask ECS to stop the tasks. What could not be stopped is told."""
        run, cluster, all_stop = self.run, self.request.cluster, True
        for arn in arns:
            patience = Patience(clock=run.clock, seconds=_STOP_SECONDS, start=run.clock.monotonic())
            try:
                patience.read(partial(run.plane.stop_task, cluster, arn, _REASON))
            except EcsDeployError as error:
                all_stop = False
                run.emit.warn("W-TASK-NOT-STOPPED", short_name(arn), error.message)
            else:
                run.emit(TaskStopping(task=arn))
        if all_stop:
            run.progress = replace(run.progress, phase=Phase.STOPPING)
