"""Runs one-off tasks of a revision, waits for them, and judges them by their exit codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ecsdeploy.diagnose.causes import culprit, is_essential, may_be_ended_by_ecs, was_cut_short
from ecsdeploy.diagnose.evidence import Evidence
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.examine import Examiner, examining
from ecsdeploy.engine.write.tasklogs import TaskLogs
from ecsdeploy.model.oneoff import OneOff, TaskFinished, TaskStarted, TaskStatus
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.service import Launched, Task
from ecsdeploy.model.steps import RunTask
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value


def every_ten_seconds(_waited: float) -> float:
    """The pause between two looks: ten seconds, as in the bash script, which prints the status at each look."""
    return 10.0


def soon_at_first(waited: float) -> float:
    """The pause between two looks, in seconds: short, so that the end of a task is told within two seconds."""
    return 1.0 if waited < 60 else 1.5


def _no_answer(signal: KeyboardInterrupt, _tasks: Sequence[Task]) -> None:
    """Ctrl-C ends the run, and the task goes on."""
    raise signal


@value(frozen=True, slots=True, kw_only=True)
class OneTask:
    """Runs tasks of `definition`, and tells their status meanwhile. Its verdict is about these tasks alone."""

    run: Run
    definition: TaskDefinition
    pause: Callable[[float], float] = every_ten_seconds
    phase: Phase = Phase.TASK
    is_heard: bool = False
    """Whether to tell what the containers write."""
    interrupted: Callable[[KeyboardInterrupt, Sequence[Task]], None] = _no_answer
    """Is called for a signal while we wait for the tasks; it returns to go on waiting."""

    def perform(self, step: RunTask) -> Verdict:
        """Start the tasks, and wait until all have stopped; without `wait`, only until they run."""
        run, one_off = self.run, step.one_off
        launched = self.start(step)
        logs = TaskLogs(run, self.definition, launched.tasks, one_off.container) if self.is_heard else None
        ended = self._await(one_off, launched.tasks, logs)
        if ended is None:
            return Verdict(status=Status.TIMED_OUT, phase=self.phase, limit_seconds=one_off.timeout_seconds)
        if logs and all(each.has_stopped for each in ended):
            logs.end()
        stopped = tuple(each for each in ended if each.has_stopped)
        return self._judge(stopped, launched.lacking)

    def start(self, step: RunTask) -> Launched:
        """Start the tasks, and tell which."""
        run = self.run
        token = f"ecs-deploy-{self.definition.revision}-{run.context.started_at:%Y%m%dT%H%M%S%f}-{self.phase}"
        run.progress = replace(run.progress, phase=self.phase)
        # The idempotency token makes RunTask safe to repeat, even after a lost reply:
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
        launched = run.patience().repeat(lambda: run.plane.run_task(step, self.definition.arn, token))
        run.progress = replace(run.progress, task_arn=launched.tasks[0].arn)
        run.emit(*(TaskStarted(task=each.arn) for each in launched.tasks))
        return launched

    def _await(self, one_off: OneOff, tasks: Sequence[Task], logs: TaskLogs | None) -> Sequence[Task] | None:
        """The tasks once all are over; None if the time ran out."""
        begun = self.run.clock.monotonic()
        self._tell_stopped(tasks, ())
        while not all(_is_over(each, one_off) for each in tasks):
            left = one_off.timeout_seconds - (self.run.clock.monotonic() - begun)
            if left <= 0:
                return None
            try:
                tasks = self._later(one_off, tasks, begun, logs)
            except KeyboardInterrupt as signal:
                self.interrupted(signal, tasks)
        return tasks

    def _later(self, one_off: OneOff, tasks: Sequence[Task], begun: float, logs: TaskLogs | None) -> Sequence[Task]:
        """The tasks after the next look. What has stopped is told at once."""
        run = self.run
        if one_off.wait:
            run.emit(*(TaskStatus(task=each.arn, status=each.status) for each in tasks if not each.has_stopped))
        waited = run.clock.monotonic() - begun
        run.clock.sleep(min(self.pause(waited), one_off.timeout_seconds - waited))
        patience = Patience(clock=run.clock, seconds=one_off.timeout_seconds, start=begun).forgiving(0)
        arns = tuple(each.arn for each in tasks if not each.has_stopped)
        found = {each.arn: each for each in patience.read(lambda: run.plane.tasks(one_off.cluster, arns))}
        # ECS may not show a task yet.
        now = tuple(found.get(each.arn, each) for each in tasks)
        self._tell_stopped(now, tasks)
        if logs:
            logs.follow()
        return now

    def _tell_stopped(self, now: Sequence[Task], before: Sequence[Task]) -> None:
        """Tell the exit codes of the tasks that have stopped meanwhile."""
        known = {each.arn for each in before if each.has_stopped}
        for task in now:
            if task.has_stopped and task.arn not in known:
                codes = tuple((each.name, each.exit_code) for each in task.containers)
                code = exit_code(task, self.definition)
                self.run.emit(TaskFinished(task=task.arn, exit_code=code, codes=codes))

    def _judge(self, stopped: Sequence[Task], lacking: str) -> Verdict:
        """The verdict by `exit_code` of each, and the causes of a failure. `lacking`: why some did not start."""
        failed = tuple(each for each in stopped if exit_code(each, self.definition) != 0)
        if not (failed or lacking):
            return Verdict(status=Status.SUCCEEDED, phase=self.phase)
        if not failed:
            return Verdict(status=Status.FAILED, reason=lacking, phase=self.phase)
        run = self.run
        reads = examining(run.clock, run.emit)
        examiner = Examiner(plane=run.plane, reads=reads, definition=self.definition)
        causes = examiner.evidence(Evidence(definition=self.definition, stopped=failed))
        code = next(_known_codes(failed, self.definition), None)
        run.progress = replace(run.progress, causes=causes, task_arn=failed[0].arn, task_exit_code=code)
        return Verdict(status=Status.FAILED, reason=failed[0].stopped_reason, phase=self.phase)


def _known_codes(tasks: Sequence[Task], definition: TaskDefinition) -> Iterator[int]:
    return filter(None, (exit_code(each, definition) for each in tasks))


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
