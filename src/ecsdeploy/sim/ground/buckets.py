"""The token buckets with which AWS limits the rate of calls to ECS, for each account and Region.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# Name, burst, tokens a second, operations. AWS lists none for StopServiceDeployment,
# ContinueServiceDeployment and the operations of Express services.
_DOCUMENTED: tuple[tuple[str, int, int, str], ...] = (
    ("cluster modify", 20, 1, "CreateCluster DeleteCluster UpdateCluster UpdateClusterSettings"),
    ("cluster read", 50, 20, "DescribeClusters ListClusters"),
    ("task definition modify", 20, 1, "RegisterTaskDefinition DeregisterTaskDefinition"),
    (
        "task definition read",
        50,
        20,
        "DescribeTaskDefinition ListTaskDefinitions ListTaskDefinitionFamilies",
    ),
    ("task definition delete", 5, 1, "DeleteTaskDefinitions"),
    ("tag modify", 20, 10, "TagResource UntagResource"),
    ("tag read", 50, 20, "ListTagsForResource"),
    ("settings read", 50, 20, "ListAccountSettings"),
    ("cluster resource modify", 100, 40, "RunTask StopTask UpdateContainerInstancesState"),
    (
        "cluster resource read",
        100,
        20,
        "DescribeTasks ListTasks DescribeContainerInstances ListContainerInstances ListAttributes",
    ),
    ("service modify", 50, 5, "CreateService UpdateService DeleteService UpdateServicePrimaryTaskSet"),
    ("service read", 100, 20, "DescribeServices ListServices"),
    ("task set", 50, 5, "CreateTaskSet UpdateTaskSet DeleteTaskSet DescribeTaskSets"),
    ("service deployment", 50, 20, "DescribeServiceDeployments ListServiceDeployments"),
    ("service revision", 50, 20, "DescribeServiceRevisions"),
    ("task protection", 200, 80, "GetTaskProtection UpdateTaskProtection"),
    ("services by namespace", 10, 1, "ListServicesByNamespace"),
)
_FARGATE_BURST, _FARGATE_RATE = 100, 20


@dataclass(slots=True)
class Bucket:
    """Holds up to `burst` tokens and gets `rate` tokens a second. It starts full."""

    burst: float
    rate: float
    tokens: float
    since: float

    def take(self, now: float, wanted: int = 1) -> int:
        """Take up to `wanted` tokens. Return how many there were."""
        self.tokens = min(self.burst, self.tokens + (now - self.since) * self.rate)
        self.since = now
        taken = min(wanted, int(self.tokens))
        self.tokens -= taken
        return taken


class Buckets:
    """Every bucket of the account. Some operations share a bucket."""

    __slots__ = ("_of",)

    def __init__(self, now: float) -> None:
        self._of = dict(_filled(now))

    def allow(self, operation: str, now: float) -> bool:
        """Whether this call may go on. A call that is throttled takes no token."""
        bucket = self._of.get(operation)
        return bucket is None or bucket.take(now) == 1


def _filled(now: float) -> Iterator[tuple[str, Bucket]]:
    for _, burst, rate, operations in _DOCUMENTED:
        bucket = Bucket(burst, rate, burst, now)
        yield from ((operation, bucket) for operation in operations.split())


def fargate_launches(now: float) -> Bucket:
    """The bucket for the tasks that Fargate starts in an account.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html
    """
    return Bucket(_FARGATE_BURST, _FARGATE_RATE, _FARGATE_BURST, now)
