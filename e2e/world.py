"""The account that a case begins with: a load balancer, a cluster, and a service that answers `v1` through it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import botocore.session

from e2e import images
from e2e.emulator import GATEWAY_PORT
from e2e.process import Trouble, ask, await_

REGION = "us-east-1"
BALANCER = "web"
CLUSTER = "e2e"
SERVICE = "web"
JOB = "job"
SUBNET = "subnet-e2e"
LOG_GROUP = "/ecs/web"
SERVICES = ("ecs", "elbv2", "logs", "iam")
ROOT = ("test", "test")
"""The emulator takes any key pair for its root user's."""
DEPLOYED_SECONDS = 30.0
SLOWEST_SECONDS = 5.0
"""A user waits no longer for an answer."""
_PATIENT = ("sh", "-c", "trap 'exit 0' TERM; sleep 1000000 & wait")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What differs between the cases' accounts."""

    desired: int = 2
    maximum_percent: int = 200
    breaker: bool = False
    breaker_rollback: bool = False
    sidecar: bool = False
    job: tuple[str, ...] = ("true",)
    """The command of the task definition that one-off tasks are run of."""
    registered: tuple[str, ...] = ()
    """Versions that have a revision of the service's definition already, for clients that register none."""


class Account:
    """The emulator's account, reached directly: no fault is injected into what a case begins with."""

    def __init__(self) -> None:
        self._clients = _clients()

    def build(self, world: World) -> None:
        """Make the world, and wait until `v1` answers and its service is steady."""
        ecs, group = self._clients["ecs"], self._balance()
        self._clients["logs"].create_log_group(logGroupName=LOG_GROUP)
        ecs.create_cluster(clusterName=CLUSTER)
        ecs.register_task_definition(**_definition(JOB, [_container("job", command=list(world.job))]))
        ecs.create_service(**_service(world, self.register("v1", sidecar=world.sidecar), group))
        if not await_(self._is_steady, DEPLOYED_SECONDS):
            raise Trouble("The emulator did not bring up the service that the case begins with.")
        for version in world.registered:
            self.register(version)

    def register(self, version: str, *, sidecar: bool = False) -> str:
        """Register a revision of the service's definition as `aws` users do; its ARN."""
        containers = [_container("web", version, port=80)]
        if sidecar:
            containers.append(_container("sidecar", command=list(_PATIENT), repository=images.SIDECAR))
        registered = self._clients["ecs"].register_task_definition(**_definition("web", containers))
        return str(registered["taskDefinition"]["taskDefinitionArn"])

    def service(self) -> Mapping[str, Any]:
        """The raw service."""
        found: Mapping[str, Any] = self._clients["ecs"].describe_services(cluster=CLUSTER, services=[SERVICE])
        return dict(found["services"][0])

    def is_settled(self) -> bool:
        """Whether nothing is on its way: no deployment, and no task of an old one."""
        primary, *others = sorted(self.service()["deployments"], key=lambda each: each["status"] != "PRIMARY")
        return primary["rolloutState"] != "IN_PROGRESS" and not any(each["runningCount"] for each in others)

    def definition(self, arn: str) -> Mapping[str, Any]:
        """The raw task definition."""
        return dict(self._clients["ecs"].describe_task_definition(taskDefinition=arn)["taskDefinition"])

    def user(self, policy: str) -> tuple[str, str]:
        """The keys of a new user with this policy."""
        iam = self._clients["iam"]
        iam.create_user(UserName="deployer")
        iam.put_user_policy(UserName="deployer", PolicyName="deploy", PolicyDocument=policy)
        key = iam.create_access_key(UserName="deployer")["AccessKey"]
        return str(key["AccessKeyId"]), str(key["SecretAccessKey"])

    def _is_steady(self) -> bool:
        service = self.service()
        return service["runningCount"] == service["desiredCount"] and answer() == (200, "v1")

    def _balance(self) -> str:
        """A load balancer with one target group; the group's ARN."""
        elbv2 = self._clients["elbv2"]
        balancer = elbv2.create_load_balancer(Name=BALANCER, Subnets=[SUBNET])["LoadBalancers"][0]
        group = elbv2.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId="vpc-e2e", TargetType="ip")
        arn = str(group["TargetGroups"][0]["TargetGroupArn"])
        elbv2.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
        )
        return arn


@cache
def _clients() -> Mapping[str, Any]:
    """Made once: that takes longer than most calls."""
    session = botocore.session.Session()
    session.set_credentials(*ROOT)
    endpoint = f"http://127.0.0.1:{GATEWAY_PORT}"
    return {name: session.create_client(name, REGION, endpoint_url=endpoint) for name in SERVICES}


def answer() -> tuple[int, str]:
    """One request through the load balancer: status, and the version that answered."""
    status, said = ask(GATEWAY_PORT, f"/_alb/{BALANCER}/", seconds=SLOWEST_SECONDS)
    return status, said.strip()


def _definition(family: str, containers: list[Mapping[str, object]]) -> dict[str, object]:
    return {
        "family": family,
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "containerDefinitions": containers,
    }


def _container(
    name: str, version: str = "v1", *, port: int = 0, command: list[str] | None = None, repository: str = ""
) -> Mapping[str, object]:
    options = {"awslogs-group": LOG_GROUP, "awslogs-region": REGION, "awslogs-stream-prefix": name}
    container: dict[str, object] = {
        "name": name,
        "image": images.name(version, repository or images.APP),
        "essential": True,
        "environment": [{"name": "STAGE", "value": "e2e"}],
        "logConfiguration": {"logDriver": "awslogs", "options": options},
    }
    if port:
        container["portMappings"] = [{"containerPort": port, "protocol": "tcp"}]
    if command:
        container["command"] = command
    return container


def _service(world: World, revision: str, group: str) -> dict[str, object]:
    breaker = {"enable": world.breaker or world.breaker_rollback, "rollback": world.breaker_rollback}
    return {
        "cluster": CLUSTER,
        "serviceName": SERVICE,
        "taskDefinition": revision,
        "desiredCount": world.desired,
        "launchType": "FARGATE",
        "networkConfiguration": {"awsvpcConfiguration": {"subnets": [SUBNET]}},
        "loadBalancers": [{"targetGroupArn": group, "containerName": "web", "containerPort": 80}],
        "deploymentConfiguration": {
            "maximumPercent": world.maximum_percent,
            "minimumHealthyPercent": 100,
            "deploymentCircuitBreaker": breaker,
        },
    }
