"""Registers a revision without touching a service, and runs one task of it if asked."""

from __future__ import annotations

from contextlib import suppress

from ecsdeploy.diagnose.causes import culprit, is_essential, may_be_ended_by_ecs, was_cut_short
from ecsdeploy.diagnose.evidence import Evidence
from ecsdeploy.engine.examine import Examiner, examining
from ecsdeploy.engine.execute import Writer
from ecsdeploy.engine.gather import gather_definition
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.planning import refuse_if_blocked, refuse_unusable, tell
from ecsdeploy.engine.prune import Pruner
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AccessDenied
from ecsdeploy.model.events import Registered, TaskFinished, TaskStarted, TaskStatus
from ecsdeploy.model.outcome import Outcome, Phase, Place, Status, Verdict
from ecsdeploy.model.request import OneOff, RegisterRequest
from ecsdeploy.model.service import Task
from ecsdeploy.model.steps import Plan, Register, RunTask
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import value
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.planner import plan_register

LOOK_EVERY = 10.0


@value(frozen=True, slots=True, kw_only=True)
class Registration:
    """One registration, and the task that is run of it: `plan` only says what `perform` does."""

    run: Run
    request: RegisterRequest

    def plan(self) -> Plan:
        """What would be done; writes nothing."""
        return self._prepare()[1]

    def interrupted(self, signal: KeyboardInterrupt) -> Outcome:  # noqa: ARG002 - every signal is the same here
        """The outcome after a signal; a task that was started goes on."""
        return self.run.finish(self.run.verdict or Verdict(status=Status.INTERRUPTED, phase=self.run.phase))

    def _prepare(self) -> tuple[Facts, Plan]:
        """Gather and plan; writes nothing."""
        run, request = self.run, self.request
        facts = gather_definition(run.plane, run.patience(), request, request.family)
        self._check_cluster()
        run.place = Place.of(facts.current, cluster=request.cluster)
        plan = plan_register(request, facts)
        refuse_unusable(run, plan)
        tell(run, plan, request.edits)
        return facts, plan

    def perform(self) -> Outcome:
        facts, plan = self._prepare()
        refuse_if_blocked(plan)
        definition, verdict = facts.base, Verdict(status=Status.SUCCEEDED, phase=Phase.REGISTERED)
        for step in plan.steps:
            match step:
                case Register():
                    definition = self._register(step, facts)
                case RunTask():
                    verdict = self._run_task(step, definition)
                case _:
                    continue
        self.run.conclude(verdict)
        if verdict.status is Status.SUCCEEDED:
            self._prune(facts)
        return self.run.finish(verdict)

    def _check_cluster(self) -> None:
        """Before anything is registered; who may not look gets RunTask's own answer."""
        if self.request.run is None:
            return
        cluster = self.request.run.cluster
        with suppress(AccessDenied):
            self.run.patience().read(lambda: self.run.plane.check_cluster(cluster))

    def _register(self, step: Register, facts: Facts) -> TaskDefinition:
        run = self.run
        run.phase = Phase.REGISTERING
        registered = Writer(plane=run.plane, patience=run.patience()).register(step, facts.base.revision)
        run.phase = Phase.REGISTERED
        run.to_revision, run.images = registered.arn, tuple(registered.images.items())
        run.emit(Registered(revision=registered.arn))
        return registered

    def _run_task(self, step: RunTask, definition: TaskDefinition) -> Verdict:
        run, token = self.run, f"ecs-deploy-{definition.revision}-{self.run.started_at:%Y%m%dT%H%M%S%f}"
        run.phase = Phase.TASK
        # The idempotency token makes RunTask safe to repeat, even after a lost reply:
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
        started = run.patience().read(lambda: run.plane.run_task(step, definition.arn, token))
        run.task_arn = started.arn
        run.emit(TaskStarted(task=started.arn))
        ended = self._await(step.one_off, started)
        if ended is None:
            return Verdict(status=Status.TIMED_OUT, phase=Phase.TASK, limit_seconds=step.one_off.timeout_seconds)
        return (
            self._judge(ended, definition) if ended.has_stopped else Verdict(status=Status.SUCCEEDED, phase=Phase.TASK)
        )

    def _await(self, one_off: OneOff, task: Task) -> Task | None:
        """The task once it has stopped (or, without `wait`, once it runs); None when time ran out."""
        run = self.run
        patience = Patience(clock=run.clock, seconds=one_off.timeout_seconds, start=run.clock.monotonic())
        deadline = run.clock.monotonic() + one_off.timeout_seconds
        while not _is_over(task, one_off):
            left = deadline - run.clock.monotonic()
            if left <= 0:
                return None
            if one_off.wait:
                run.emit(TaskStatus(task=task.arn, status=task.status))
            run.clock.sleep(min(LOOK_EVERY, left))
            task = self._look(one_off.cluster, task, patience)
        return task

    def _look(self, cluster: str, task: Task, patience: Patience) -> Task:
        """The task as it is now; as it was when ECS does not show it yet."""
        found = patience.forgiving(0).read(lambda: self.run.plane.tasks(cluster, (task.arn,)))
        return found[0] if found else task

    def _judge(self, task: Task, definition: TaskDefinition) -> Verdict:
        """A stopped task succeeded when the essential container that ended it exited 0."""
        code = exit_code(task, definition)
        codes = tuple((each.name, each.exit_code) for each in task.containers)
        self.run.emit(TaskFinished(task=task.arn, exit_code=code, codes=codes))
        if code == 0:
            return Verdict(status=Status.SUCCEEDED, phase=Phase.TASK)
        reads = examining(self.run.clock, self.run.emit)
        examiner = Examiner(plane=self.run.plane, reads=reads, definition=definition)
        self.run.causes = examiner.evidence(Evidence(definition=definition, stopped=(task,)))
        return Verdict(status=Status.FAILED, reason=task.stopped_reason, phase=Phase.TASK)

    def _prune(self, facts: Facts) -> None:
        if self.request.keep is None:
            return
        run = self.run
        protected = {facts.current: "the revision before this one", run.to_revision: "this revision"}
        pruner = Pruner(plane=run.plane, patience=run.patience(), emit=run.emit)
        pruner.prune(facts.base.family, self.request.keep, protected)


def _is_over(task: Task, one_off: OneOff) -> bool:
    return task.has_stopped or (not one_off.wait and task.runs)


def exit_code(task: Task, definition: TaskDefinition) -> int | None:
    """0 if the essential containers that ended by themselves exited 0; else the code of the one at fault, if any.

    ECS stops the others once one has ended: what they exit with then says nothing of the work.
    """
    essential = [each for each in task.containers if is_essential(each, definition)]
    by_themselves = [each for each in essential if not may_be_ended_by_ecs(each)]
    if by_themselves and all(each.exit_code == 0 for each in by_themselves) and not was_cut_short(task):
        return 0
    at_fault = culprit(task, definition)
    codes = [at_fault.exit_code if at_fault else None, *(each.exit_code for each in essential)]
    return next(filter(None, codes), None)
