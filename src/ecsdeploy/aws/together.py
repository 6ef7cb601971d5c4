"""The operations that take several things in one call, and each asker's part of their reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from ecsdeploy.aws.reading import JsonObject, objects, text
from ecsdeploy.model.arn import short_name
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class Together:
    """An operation that takes several things: the members of its request and reply, and how many it takes."""

    service: str = "ecs"
    asks: str
    finds: str
    named: str
    most: int
    several: str
    """Several of them, in words."""
    gather: float = 1.0
    """Seconds for which a question waits for others to go out with."""
    alone: str = ""
    """The member that asks for one thing, where that is another one."""

    def names(self, parameters: Mapping[str, object]) -> tuple[str, ...]:
        """What a request asks for."""
        return (str(parameters[self.alone]),) if self.alone else tuple(cast(Sequence[str], parameters[self.asks]))

    def rest(self, parameters: Mapping[str, object]) -> Mapping[str, object]:
        """The other members of a request."""
        return {name: each for name, each in parameters.items() if name not in (self.asks, self.alone)}

    def part(self, reply: JsonObject, names: tuple[str, ...]) -> JsonObject:
        """What the reply has about these things. ECS takes and gives names or ARNs."""
        wanted = set(map(self._key, names))
        found = [each for each in objects(reply, self.finds) if self._key(text(each, self.named)) in wanted]
        failed = [each for each in objects(reply, "failures") if self._key(text(each, "arn")) in wanted]
        return {**reply, self.finds: found, "failures": failed}

    def has(self, reply: JsonObject, names: tuple[str, ...]) -> bool:
        """Whether the reply says all about these things. What a filter leaves out may be there all the same."""
        return not self.alone or {text(each, self.named) for each in objects(reply, self.finds)}.issuperset(names)

    def _key(self, name: str) -> str:
        return name if self.alone else short_name(name)


TOGETHER: Mapping[str, Together] = {
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
    "DescribeServices": Together(
        asks="services", finds="services", named="serviceArn", most=10, several="several services"
    ),
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html
    "DescribeServiceDeployments": Together(
        asks="serviceDeploymentArns",
        finds="serviceDeployments",
        named="serviceDeploymentArn",
        most=20,
        several="several service deployments",
        # It tells little that the service does not: no verdict waits for it for so long.
        gather=3.0,
    ),
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
    "DescribeTasks": Together(
        asks="tasks", finds="tasks", named="taskArn", most=100, several="tasks of several services"
    ),
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
    "DescribeLogGroups": Together(
        service="logs",
        asks="logGroupIdentifiers",
        finds="logGroups",
        named="logGroupName",
        most=50,
        several="several log groups",
        alone="logGroupNamePrefix",
    ),
}
