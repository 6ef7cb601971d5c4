"""Chooses the adapter that turns a look into an observation: the one for ECS, or the one for CodeDeploy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.model.snapshot import Handle, Snapshot
from ecsdeploy.rollout.native import observe
from ecsdeploy.rollout.observation import Observation

if TYPE_CHECKING:
    from ecsdeploy.model.codedeploy import CodeDeploySnapshot


def observe_look(look: Snapshot | CodeDeploySnapshot, handle: Handle, *, seen: bool) -> Observation:
    """What a look shows of our deployment. `seen` says that an earlier look has shown it in the list."""
    if isinstance(look, Snapshot):
        return observe(look, handle, seen=seen)
    # Imported here, as ECS deploys most services.
    from ecsdeploy.rollout.codedeploy import observe_code_deploy

    return observe_code_deploy(look)
