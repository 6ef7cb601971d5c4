"""The rates at which one process calls AWS when it releases many services: a part of what AWS allows the account.

Everybody who calls AWS for the account and Region shares AWS's limits, so that we leave half of them to others.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
"""

from __future__ import annotations

from collections.abc import Mapping

from ecsdeploy.model.values import value

SHARE = 0.5
"""The part of AWS's rate that we use."""
SHARE_OF_REGISTERING = 0.8
"""The same for RegisterTaskDefinition, whose rate of one a second is what a release of many services waits for."""


@value(frozen=True, slots=True)
class Limit:
    """AWS's limit of a group of operations: how many calls at once, and how many more a second."""

    group: str
    burst: float
    per_second: float
    share: float = SHARE


_DEFINITIONS = Limit("changes of task definitions", 20, 1, SHARE_OF_REGISTERING)
_SERVICES = Limit("changes of services", 50, 5)
_LOOKS = Limit("reads of services", 100, 20)
_TASKS = Limit("reads of tasks", 100, 20)
_DEPLOYMENTS = Limit("reads of service deployments", 50, 20)
LIMITS: Mapping[str, Limit] = {
    "RegisterTaskDefinition": _DEFINITIONS,
    "DeregisterTaskDefinition": _DEFINITIONS,
    "DescribeTaskDefinition": Limit("reads of task definitions", 50, 20),
    "ListTaskDefinitions": Limit("reads of task definitions", 50, 20),
    "CreateService": _SERVICES,
    "UpdateService": _SERVICES,
    "DescribeServices": _LOOKS,
    "ListServices": _LOOKS,
    "DescribeTasks": _TASKS,
    "ListTasks": _TASKS,
    "ListServiceDeployments": _DEPLOYMENTS,
    "DescribeServiceDeployments": _DEPLOYMENTS,
    "DescribeServiceRevisions": Limit("reads of service revisions", 50, 20),
    "RunTask": Limit("changes of tasks", 100, 40),
    "StopTask": Limit("changes of tasks", 100, 40),
    "TagResource": Limit("changes of tags", 20, 10),
    "ListTagsForResource": Limit("reads of tags", 50, 20),
    "DescribeClusters": Limit("reads of clusters", 50, 20),
    "ListClusters": Limit("reads of clusters", 50, 20),
    "GetTaskProtection": Limit("task protection", 200, 80),
    "StopServiceDeployment": Limit("stops of service deployments", 20, 5),
    "ContinueServiceDeployment": Limit("answers to pauses", 20, 5),
}
"""By ECS's operation. For stops and answers to pauses AWS documents none: these are cautious guesses."""


class Bucket:
    """Hands out one ticket a call: when it may be sent. First come, first served; times are in seconds of a clock."""

    def __init__(self, limit: Limit, now: float) -> None:
        self._interval = 1 / (limit.per_second * limit.share)
        self._slack = limit.burst * SHARE * self._interval
        self._next = now - self._slack

    def ticket(self, now: float) -> float:
        """The time from which the call may be sent: now, or later if the bucket is empty."""
        due = max(self._next, now - self._slack)
        self._next = due + self._interval
        return max(due, now)


class Buckets:
    """The buckets of one account and Region."""

    def __init__(self) -> None:
        self._buckets = dict[str, Bucket]()

    def ticket(self, operation: str, now: float) -> float:
        """When a call of ECS may be sent; now, for an operation without a limit of ours."""
        limit = LIMITS.get(operation)
        if limit is None:
            return now
        bucket = self._buckets.setdefault(limit.group, Bucket(limit, now))
        return bucket.ticket(now)
