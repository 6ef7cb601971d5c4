"""`--before` and `--after`: tasks that decide about a release."""

from __future__ import annotations

from ecsdeploy.engine.run import Run
from ecsdeploy.engine.write.onetask import OneTask, soon_at_first
from ecsdeploy.errors import AccessDenied, AwsRefused, EcsDeployError, Refused
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.request import DeployRequest, PhaseBudget
from ecsdeploy.model.steps import RunTask
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace


def pass_gate(run: Run, request: DeployRequest, step: RunTask, definition: TaskDefinition) -> Verdict | None:
    """`--before`: run the task. None if it succeeds, else the verdict that ends the release.

    The task may use the time that is left for all that precedes the change of the service. With a `PhaseBudget`, it has
    a whole budget of its own. A task that ECS does not start has failed too.
    """
    own_time = isinstance(request.budget, PhaseBudget)
    if own_time:
        run.anew()
    one_off = replace(step.one_off, timeout_seconds=max(round(run.before_write.left), 1))
    task = OneTask(run=run, definition=step.definition or definition, pause=soon_at_first, is_heard=True)
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


def judged_after(run: Run, step: RunTask, definition: TaskDefinition, verdict: Verdict) -> Verdict:
    """Run the task, which has a whole budget of time of its own. Returns `verdict` if it succeeds, else a failure.

    A task that ECS does not start has failed. UNKNOWN if we lose sight of it: the release has completed, and we do not
    know whether the task did its work.
    """
    run.anew()
    of = step.definition or definition
    task = OneTask(run=run, definition=of, pause=soon_at_first, is_heard=True, phase=Phase.AFTER)
    try:
        after = task.perform(step)
    except (Refused, AwsRefused, AccessDenied) as error:
        after = Verdict(status=Status.FAILED, reason=error.message)
    except EcsDeployError as error:
        after = Verdict(status=Status.UNKNOWN, reason=error.message, lost=type(error).__name__)
    if after.status is Status.SUCCEEDED:
        run.progress = replace(run.progress, phase=verdict.phase)
        return verdict
    return replace(after, phase=Phase.AFTER, serving=verdict.serving or run.progress.to_revision)
