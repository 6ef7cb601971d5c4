"""Calls to other AWS services about things of the world: we carry them out on the world, or refuse them.

moto would say yes to such a change, and the world would not see it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ecsdeploy.sim.codec.wire import Reply, Request, read_query
from ecsdeploy.sim.ground.errors import unsupported
from ecsdeploy.sim.services.beside import alarms, network, scaling, target_groups
from ecsdeploy.sim.state.region import Region

_Answer = Callable[[Region, Request, str], Reply]


def find(region: Region, request: Request) -> _Answer | None:
    """The function that answers the request for the world. None if the request is about nothing of the world."""
    for owns, answer in _OWNERS.get(request.service, ()):
        if owns(region, request):
            return answer
    return None


def refuse(_: Region, request: Request, __: str) -> Reply:
    """UnsupportedFeatureException for a change that we cannot carry out on the world."""
    raise unsupported(f"The simulator does not have {request.operation} for what belongs to the simulated world.")


def _writes_own_group(region: Region, request: Request) -> bool:
    """Whether the request changes a target group or a rule of the world."""
    mentioned = set(read_query(request).values())
    own = {arn for arn, group in region.target_groups.items() if not group.made}
    return not request.operation.startswith("Describe") and bool(mentioned & (own | region.rules.keys()))


_OWNERS: Mapping[str, tuple[tuple[Callable[[Region, Request], bool], _Answer], ...]] = {
    "elasticloadbalancing": ((target_groups.keeps, target_groups.answer), (_writes_own_group, refuse)),
    "monitoring": ((alarms.is_set, alarms.set_state), (alarms.is_changed, refuse)),
    "application-autoscaling": ((scaling.keeps, scaling.answer), (scaling.is_changed, refuse)),
    "ec2": ((network.keeps, network.answer), (network.is_changed, refuse)),
}
