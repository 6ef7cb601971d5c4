"""EC2's replies about the world's VPC, subnet, security group and container instances.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html (and the like for the others)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ecsdeploy.sim.codec.wire import Reply, Request, element, read_query
from ecsdeploy.sim.ground.ids import ACCOUNT, REGION
from ecsdeploy.sim.state.region import Region

VPC, SUBNET, SECURITY_GROUP = "vpc-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60718", "sg-0a1b2c3d4e5f60718"
_EC2 = "http://ec2.amazonaws.com/doc/2016-11-15/"
_CIDR = "10.0.0.0/16"


def keeps(region: Region, request: Request) -> bool:
    """Whether the request describes things of the world, by their ids."""
    return request.operation in _DESCRIBED and bool(_own_ids(region, request))


def is_changed(region: Region, request: Request) -> bool:
    """Whether the request would change things of the world. We refuse that."""
    return not request.operation.startswith("Describe") and bool(_own_ids(region, request))


def _own_ids(region: Region, request: Request) -> list[str]:
    instances = {i.id for cluster in region.clusters.values() for i in cluster.instances.values()}
    return [value for value in read_query(request).values() if value in {VPC, SUBNET, SECURITY_GROUP, *instances}]


def answer(region: Region, request: Request, request_id: str) -> Reply:
    described, what = _DESCRIBED[request.operation], request.operation
    items = "".join(f"<item>{described.shown(region, each)}</item>" for each in _own_ids(region, request))
    inside = f"{element('requestId', request_id)}<{described.name}>{items}</{described.name}>"
    body = f'<{what}Response xmlns="{_EC2}">{inside}</{what}Response>'
    return 200, {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}, body.encode()


class _Shape:
    """The XML element that lists things of one kind, and the function that writes one of them."""

    __slots__ = ("name", "shown")

    def __init__(self, name: str, shown: Callable[[Region, str], str]) -> None:
        self.name, self.shown = name, shown


def _elements(shown: Mapping[str, object]) -> str:
    return "".join(element(name, value) for name, value in shown.items())


def _vpc(_: Region, identity: str) -> str:
    return _elements({"vpcId": identity, "ownerId": ACCOUNT, "state": "available", "cidrBlock": _CIDR})


def _subnet(_: Region, identity: str) -> str:
    zone = {"availabilityZone": f"{REGION}a", "availableIpAddressCount": 65_000, "cidrBlock": _CIDR}
    return _elements({"subnetId": identity, "vpcId": VPC, "ownerId": ACCOUNT, "state": "available", **zone})


def _group(_: Region, identity: str) -> str:
    about = {"groupName": "tasks", "groupDescription": "What the tasks of the simulated world use"}
    return _elements({"groupId": identity, "vpcId": VPC, "ownerId": ACCOUNT, **about})


def _instance(region: Region, identity: str) -> str:
    found = next(i for c in region.clusters.values() for i in c.instances.values() if i.id == identity)
    state = "<instanceState><code>16</code><name>running</name></instanceState>"
    place = f"<placement>{element('availabilityZone', found.zone)}</placement>"
    about = _elements({"instanceId": identity, "instanceType": "m6i.xlarge", "vpcId": VPC, "subnetId": SUBNET})
    instances = f"<instancesSet><item>{about}{state}{place}</item></instancesSet>"
    return f"{element('reservationId', f'r-{identity[2:]}')}{element('ownerId', ACCOUNT)}{instances}"


_DESCRIBED = {
    "DescribeVpcs": _Shape("vpcSet", _vpc),
    "DescribeSubnets": _Shape("subnetSet", _subnet),
    "DescribeSecurityGroups": _Shape("securityGroupInfo", _group),
    "DescribeInstances": _Shape("reservationSet", _instance),
}
