"""Calls to ECS's neighbours about what the world owns: carried out on the world, or refused by name.

A neighbour that answered them would say yes to a change that the world does not see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ecsdeploy.sim.codec.wire import Reply, Request, read_query
from ecsdeploy.sim.ground.errors import unsupported
from ecsdeploy.sim.services.beside import alarms, network, scaling, target_groups
from ecsdeploy.sim.state.region import Region

_Answer = Callable[[Region, Request, str], Reply]


def find(region: Region, request: Request) -> _Answer | None:
    """Who answers the call for the world; None where it is about nothing that the world owns."""
    for owns, answer in _OWNERS.get(request.service, ()):
        if owns(region, request):
            return answer
    return None


def refuse(_: Region, request: Request, __: str) -> Reply:
    """What cannot be kept in step with the world says so."""
    raise unsupported(f"The simulator does not have {request.operation} for what belongs to the simulated world.")


def _writes_own_group(region: Region, request: Request) -> bool:
    """A write of Elastic Load Balancing that names a target group or a rule of the world's services."""
    mentioned = set(read_query(request).values())
    own = {arn for arn, group in region.target_groups.items() if not group.made}
    return not request.operation.startswith("Describe") and bool(mentioned & (own | region.rules.keys()))


_OWNERS: Mapping[str, tuple[tuple[Callable[[Region, Request], bool], _Answer], ...]] = {
    "elasticloadbalancing": ((target_groups.keeps, target_groups.answer), (_writes_own_group, refuse)),
    "monitoring": ((alarms.is_set, alarms.set_state), (alarms.is_changed, refuse)),
    "application-autoscaling": ((scaling.keeps, scaling.answer), (scaling.is_changed, refuse)),
    "ec2": ((network.keeps, network.answer), (network.is_changed, refuse)),
}
