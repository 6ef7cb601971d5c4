"""Runs one task of a revision, waits for it, and judges it by its exit codes."""

from __future__ import annotations

from collections.abc import Callable

from ecsdeploy.diagnose.causes import culprit, is_essential, may_be_ended_by_ecs, was_cut_short
from ecsdeploy.diagnose.evidence import Evidence
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.examine import Examiner, examining
from ecsdeploy.errors import Refused
from ecsdeploy.model.events import TaskFinished, TaskStarted, TaskStatus
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.request import DeployRequest, OneOff, PhaseBudget
from ecsdeploy.model.service import Task
from ecsdeploy.model.steps import RunTask
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value


def every_ten_seconds(_waited: float) -> float:
    """The pause between two looks: ten seconds, as in the bash script, which prints the status at each look."""
    return 10.0


def soon_at_first(waited: float) -> float:
    """The pause between two looks, in seconds: short at first, so that a short task does not hold up a release."""
    return 1.0 if waited < 20 else 2.0 if waited < 120 else 5.0


def pass_gate(run: Run, request: DeployRequest, step: RunTask, definition: TaskDefinition) -> Verdict | None:
    """`--before`: run the task. None if it succeeds, else the verdict that ends the release.

    The task may use the time that is left for all that precedes the change of the service. With a `PhaseBudget`, it has
    a whole budget of its own. A task that ECS does not start has failed too.
    """
    own_time = isinstance(request.budget, PhaseBudget)
    if own_time:
        run.anew()
    one_off = replace(step.one_off, timeout_seconds=max(round(run.before_write.left), 1))
    task = OneTask(run=run, definition=definition, pause=soon_at_first, heard=step.one_off.container)
    try:
        verdict = task.perform(replace(step, one_off=one_off))
    except Refused as error:
        return Verdict(status=Status.FAILED, reason=error.message, phase=Phase.TASK)
    if verdict.status is not Status.SUCCEEDED:
        return verdict
    run.progress = replace(run.progress, phase=Phase.REGISTERED)
    if own_time:
        run.anew()
    return None


@value(frozen=True, slots=True, kw_only=True)
class OneTask:
    """Runs one task of `definition`, and tells its status meanwhile. Its verdict is about the task alone."""

    run: Run
    definition: TaskDefinition
    pause: Callable[[float], float] = every_ten_seconds
    heard: str = ""
    """The container whose last log lines are told even if the task succeeds; empty for none."""

    def perform(self, step: RunTask) -> Verdict:
        """Start the task, and wait until it has stopped; without `wait`, only until it runs. Returns its verdict."""
        run, token = self.run, f"ecs-deploy-{self.definition.revision}-{self.run.context.started_at:%Y%m%dT%H%M%S%f}"
        run.progress = replace(run.progress, phase=Phase.TASK)
        # The idempotency token makes RunTask safe to repeat, even after a lost reply:
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
        started = run.patience().read(lambda: run.plane.run_task(step, self.definition.arn, token))
        run.progress = replace(run.progress, task_arn=started.arn)
        run.emit(TaskStarted(task=started.arn))
        ended = self._await(step.one_off, started)
        if ended is None:
            return Verdict(status=Status.TIMED_OUT, phase=Phase.TASK, limit_seconds=step.one_off.timeout_seconds)
        return self._judge(ended) if ended.has_stopped else Verdict(status=Status.SUCCEEDED, phase=Phase.TASK)

    def _await(self, one_off: OneOff, task: Task) -> Task | None:
        """The task once it is over; None if the time ran out."""
        run = self.run
        begun = run.clock.monotonic()
        patience = Patience(clock=run.clock, seconds=one_off.timeout_seconds, start=begun)
        while not _is_over(task, one_off):
            waited = run.clock.monotonic() - begun
            left = one_off.timeout_seconds - waited
            if left <= 0:
                return None
            if one_off.wait:
                run.emit(TaskStatus(task=task.arn, status=task.status))
            run.clock.sleep(min(self.pause(waited), left))
            task = self._look(one_off.cluster, task, patience)
        return task

    def _look(self, cluster: str, task: Task, patience: Patience) -> Task:
        """The task as ECS shows it now; as it was before if ECS does not show it yet."""
        found = patience.forgiving(0).read(lambda: self.run.plane.tasks(cluster, (task.arn,)))
        return found[0] if found else task

    def _judge(self, task: Task) -> Verdict:
        """The verdict on a stopped task, by `exit_code`. It also tells the exit codes, and keeps the causes."""
        code = exit_code(task, self.definition)
        codes = tuple((each.name, each.exit_code) for each in task.containers)
        reads = examining(self.run.clock, self.run.emit)
        examiner = Examiner(plane=self.run.plane, reads=reads, definition=self.definition)
        log = examiner.log(task, self.heard, looks=1) if code == 0 and self.heard else ()
        self.run.emit(TaskFinished(task=task.arn, exit_code=code, codes=codes, log=log))
        if code == 0:
            return Verdict(status=Status.SUCCEEDED, phase=Phase.TASK)
        causes = examiner.evidence(Evidence(definition=self.definition, stopped=(task,)))
        self.run.progress = replace(self.run.progress, causes=causes)
        return Verdict(status=Status.FAILED, reason=task.stopped_reason, phase=Phase.TASK)


def _is_over(task: Task, one_off: OneOff) -> bool:
    return task.has_stopped or (not one_off.wait and task.runs)


def exit_code(task: Task, definition: TaskDefinition) -> int | None:
    """0 if all essential containers that ended by themselves exited 0; else the code of the one at fault, if known.

    Once one essential container has ended, ECS stops the others. Their exit codes say nothing about the work.
    """
    essential = [each for each in task.containers if is_essential(each, definition)]
    by_themselves = [each for each in essential if not may_be_ended_by_ecs(each)]
    if by_themselves and all(each.exit_code == 0 for each in by_themselves) and not was_cut_short(task):
        return 0
    at_fault = culprit(task, definition)
    codes = [at_fault.exit_code if at_fault else None, *(each.exit_code for each in essential)]
    return next(filter(None, codes), None)
