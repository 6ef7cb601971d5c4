"""Imports the judge of a deployment once it is needed, as it loads the whole catalogue of causes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.engine.run import Run
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.taskdef import TaskDefinition

if TYPE_CHECKING:
    from ecsdeploy.engine.follow.early_judgement import Judge


def judge_of(run: Run, ref: ServiceRef, definition: TaskDefinition) -> Judge:
    """The judge of deployments of `definition` to the service."""
    from ecsdeploy.engine.follow.early_judgement import Judge

    return Judge(plane=run.plane, clock=run.clock, ref=ref, definition=definition)
