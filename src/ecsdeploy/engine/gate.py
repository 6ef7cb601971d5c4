"""`--before`: the task that has to succeed before the service is touched."""

from __future__ import annotations

from ecsdeploy.engine.onetask import OneTask, soon_at_first
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import Refused
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.request import DeployRequest, PhaseBudget
from ecsdeploy.model.steps import RunTask
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace


def pass_gate(run: Run, request: DeployRequest, step: RunTask, definition: TaskDefinition) -> Verdict | None:
    """None once the task has succeeded, else the verdict that ends the release.

    The task has the time that is left before the service would be changed; where each phase has a time of its own, it
    has one too. A task that ECS does not start has failed like one that ends badly.
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
