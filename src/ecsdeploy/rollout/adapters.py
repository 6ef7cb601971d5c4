"""Gives a look to the adapter that fits it: what ECS says of a deployment of its own, or what CodeDeploy does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.model.snapshot import Handle, Snapshot
from ecsdeploy.rollout.native import observe
from ecsdeploy.rollout.observation import Observation

if TYPE_CHECKING:
    from ecsdeploy.model.codedeploy import CodeDeploySnapshot


def observe_look(look: Snapshot | CodeDeploySnapshot, handle: Handle, *, seen: bool) -> Observation:
    """Read our deployment out of a look; `seen` says that an earlier one has shown it listed."""
    if isinstance(look, Snapshot):
        return observe(look, handle, seen=seen)
    # Imported here, as most services are deployed by ECS itself.
    from ecsdeploy.rollout.codedeploy import observe_code_deploy

    return observe_code_deploy(look)
