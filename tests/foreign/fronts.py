"""What stands before the tasks: a target group, a Classic load balancer, VPC Lattice or nothing; and what it finds.

Shapes: API_LoadBalancer, API_VpcLatticeConfiguration of
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ and
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html,
https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_ListTargets.html and API_GetTargetGroup.html
"""

from collections.abc import Iterator

from tests.foreign.course import Course, Task
from tests.foreign.shapes import PORT, Json, Names

FRONTS = ("target-group", "classic", "lattice")
FOUND_WELL = 4.0
"""Seconds that a good task runs until its checks have passed."""
GROUP = "tg-0123456789abcdef0"
"""VPC Lattice's target group."""
_XML = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"
_PLACE = {"containerName": "fargate-app", "containerPort": 80}


def of_service(front: str, names: Names) -> Json:
    """Members of the service: VPC Lattice has none there."""
    match front:
        case "target-group":
            return {"loadBalancers": [{"targetGroupArn": names.group_arn, **_PLACE}]}
        case "classic":
            return {"loadBalancers": [{"loadBalancerName": "web", **_PLACE}]}
        case _:
            return {}


def of_deployment(front: str, names: Names) -> Json:
    if front != "lattice":
        return {}
    role = f"arn:{names.partition}:iam::{names.account}:role/ecsInfrastructureRoleVpcLattice"
    return {"vpcLatticeConfigurations": [{"roleArn": role, "targetGroupArn": _lattice(names), "portName": PORT}]}


def called(front: str, names: Names) -> str:
    """As ECS calls it in its lines and reasons; empty where there is none."""
    groups = {"target-group": names.group_arn, "lattice": _lattice(names)}
    return "(elb web)" if front == "classic" else f"(target-group {groups[front]})" if front else ""


def _lattice(names: Names) -> str:
    home = f"arn:{names.partition}:vpc-lattice:{names.region}:{names.account}"
    return f"{home}:targetgroup/{GROUP}"


def target_health(course: Course) -> bytes:
    """The reply to DescribeTargetHealth: those that run, and those that stopped a moment ago and are drained."""
    members = "".join(
        f"<member><HealthCheckPort>80</HealthCheckPort><TargetHealth><State>{state}</State></TargetHealth>"
        f"<Target><Id>{address}</Id><Port>80</Port></Target></member>"
        for address, state in _targets(course)
    )
    result = f"<TargetHealthDescriptions>{members}</TargetHealthDescriptions>"
    return (
        f'<DescribeTargetHealthResponse xmlns="{_XML}"><DescribeTargetHealthResult>{result}'
        "</DescribeTargetHealthResult><ResponseMetadata><RequestId>a1b2c3d4</RequestId></ResponseMetadata>"
        "</DescribeTargetHealthResponse>"
    ).encode()


def lattice(course: Course, path: str) -> Json | None:
    """The reply to ListTargets, a target a page, or to GetTargetGroup; None to any other path."""
    if path == f"/targetgroups/{GROUP}":
        check = {"enabled": True, "protocol": "HTTP", "path": "/health", "matcher": {"httpCode": "200"}}
        seconds = {"healthCheckIntervalSeconds": 5, "healthCheckTimeoutSeconds": 2, "unhealthyThresholdCount": 2}
        return {"id": GROUP, "type": "IP", "status": "ACTIVE", "config": {"port": 80, "healthCheck": check | seconds}}
    way, _, token = path.partition("?nextToken=")
    if way != f"/targetgroups/{GROUP}/listtargets":
        return None
    found, at = [*_targets(course)], int(token or 0)
    items = [_lattice_target(*each) for each in found[at : at + 1]]
    return {"items": items} | ({"nextToken": str(at + 1)} if at + 1 < len(found) else {})


def _lattice_target(address: str, state: str) -> Json:
    failing = {"reasonCode": "TargetFailedHealthChecks"} if state == "unhealthy" else {}
    return {"id": address, "port": 80, "status": state.upper(), **failing}


def _targets(course: Course) -> Iterator[tuple[str, str]]:
    for rollout in course.history:
        for task in rollout.tasks:
            if task.stopped is not None and course.now - task.stopped < 15:
                yield task.address, "draining"
            elif task.stopped is None and task.started is not None:
                yield task.address, _state(course, task)


def _state(course: Course, task: Task) -> str:
    if course.now - (task.started or 0) < FOUND_WELL:
        return "initial"
    return "unhealthy" if task.dies and task.of.fate.ill else "healthy"
