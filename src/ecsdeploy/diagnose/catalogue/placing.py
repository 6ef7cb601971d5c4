"""Causes that show when ECS looks for a place for a task, or for permission to start one.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
"""

from __future__ import annotations

from ecsdeploy.diagnose.known_cause import GUIDE, Aspect, KnownCause, Permanence, pattern

_LINK = f"{GUIDE}service-event-messages-list.html"
_FAILURES = f"{GUIDE}api_failures_messages.html"
_ROOM = "room appears when tasks stop or capacity is added, and ECS tries again until then"
_BY_SIZE = (Aspect.CPU, Aspect.MEMORY, Aspect.PORT)
_NO_INSTANCE = "(service web) was unable to place a task because no container instance met all of its requirements. "

PLACING = (
    KnownCause(
        code="E-AGENT",
        meaning="the ECS agent of a container instance is disconnected",
        remedy="See whether the agent runs on the instances of the cluster; restart it, or replace the instance.",
        permanence=Permanence.TRANSIENT,
        because="agents reconnect, and another instance may take the task",
        link=f"{GUIDE}failed-to-start-error.html#agent-not-started",
        patterns=(
            pattern(
                '^(?:TaskFailedToStart: )?AGENT\\b|encountered error "AGENT"|Timed out waiting for Amazon ECS Agent'
                "|have the agent connected",
                f'{_NO_INSTANCE}The closest matching container-instance i-1 encountered error "AGENT".',
            ),
        ),
    ),
    KnownCause(
        code="E-INSTANCE-ATTRIBUTE",
        meaning="no container instance has the attributes that the task requires",
        remedy="Compare the definition's `requiresAttributes` and placement constraints with the instances; under "
        "`awsvpc` there must be one in the service's subnets.",
        permanence=Permanence.UNCLEAR,
        because="another instance may join the cluster, or none ever will",
        link=_FAILURES,
        patterns=(
            pattern(
                "^(?:TaskFailedToStart: )?(?:ATTRIBUTE|LOCATION)\\b|missing an attribute required by your task"
                "|[Mm]emberOf placement constraint unsatisfied",
                f"{_NO_INSTANCE}The closest matching container-instance i-1 is missing an attribute required by your "
                "task.",
            ),
        ),
        explained_by=(Aspect.PLATFORM, Aspect.LOGGING, Aspect.NETWORK),
    ),
    KnownCause(
        code="E-VCPU-QUOTA",
        meaning="the account's limit on tasks, vCPUs or Spot instances is reached",
        remedy="Ask AWS for a higher limit, or stop other tasks; a lower maximum percent needs less at once.",
        permanence=Permanence.TRANSIENT,
        because="tasks that stop make room under the limit, the old ones among them",
        link=_LINK,
        patterns=(
            pattern(
                "reached the limit on the number of (?:tasks|vCPUs)|\\bRESOURCE:FARGATE|MaxSpotInstanceCountExceeded"
                "|VcpuLimitExceeded",
                "(service web) was unable to place a task. Reason: You've reached the limit on the number of vCPUs you "
                "can run concurrently.",
            ),
        ),
        explained_by=_BY_SIZE,
    ),
    KnownCause(
        code="E-TASK-SIZE",
        meaning="the task is larger than the account's limits allow",
        remedy="Ask AWS for a higher limit, or give the task less CPU or memory.",
        permanence=Permanence.UNCLEAR,
        because="it stays so until AWS raises the limit",
        link=_LINK,
        patterns=(
            pattern(
                "The requested (?:CPU|MEMORY) configuration is above your limit",
                "(service web) was unable to place a task. Reason: The requested MEMORY configuration is above your "
                "limit.",
            ),
        ),
        explained_by=_BY_SIZE,
    ),
    KnownCause(
        code="E-INSTANCE-RESOURCES",
        meaning="no container instance has the CPU, memory, ports or interfaces left that the task needs",
        remedy="Add instances, make the task smaller, or lower the minimum percent so that old tasks stop first.",
        permanence=Permanence.TRANSIENT,
        because=_ROOM,
        link=_FAILURES,
        patterns=(
            pattern(
                "\\bRESOURCE:[A-Z]|has insufficient \\w+|already using a port required"
                "|[Dd]istinctInstance placement constraint unsatisfied",
                f"{_NO_INSTANCE}The closest matching container-instance i-1 has insufficient CPU units available.",
            ),
        ),
        explained_by=_BY_SIZE,
    ),
    KnownCause(
        code="E-NO-INSTANCES",
        meaning="the cluster, or the capacity provider, has no container instances",
        remedy="Register instances or let the capacity provider scale out; check that their agents join this cluster.",
        permanence=Permanence.TRANSIENT,
        because=_ROOM,
        link=_FAILURES,
        patterns=(
            pattern(
                "NO ACTIVE INSTANCES|EMPTY CAPACITY PROVIDER|No Container Instances were found",
                "(service web) was unable to reach steady state. Reason: No Container Instances were found in your "
                "capacity provider.",
            ),
        ),
    ),
    KnownCause(
        code="E-SUBNET-ZONE",
        meaning="ECS cannot start tasks there: an internal error of AWS, or a zone that Fargate does not serve",
        remedy="Check that Fargate serves the Availability Zones of the service's subnets; else wait.",
        permanence=Permanence.UNCLEAR,
        because="an internal error passes; a zone that is not served stays so",
        link=_LINK,
        patterns=(
            pattern(
                "^InternalError\\b|Reason: Internal error",
                "(service web) was unable to place a task. Reason: Internal error.",
            ),
        ),
    ),
    KnownCause(
        code="E-DEADLOCK",
        meaning="ECS may neither start a new task nor stop an old one: minimum and maximum percent leave no room",
        remedy="Raise the maximum percent or lower the minimum (`-M 200`, or `-m 0`), and deploy again.",
        permanence=Permanence.PERMANENT,
        because="the percentages stay as they are until somebody changes them",
        link=f"{GUIDE}service_definition_parameters.html",
        patterns=(
            pattern(
                "unable to stop or start tasks during a deployment",
                "(service web) was unable to stop or start tasks during a deployment because of the service deployment "
                "configuration. Update the minimumHealthyPercent or maximumPercent value and try again.",
            ),
        ),
    ),
    KnownCause(
        code="E-PROTECTED-TASKS",
        meaning="old tasks are protected from being stopped",
        remedy="Wait until their protection expires, or end it (`aws ecs update-task-protection`).",
        permanence=Permanence.TRANSIENT,
        because="protection expires",
        link=f"{GUIDE}task-scale-in-protection.html",
        patterns=(
            pattern(
                "number of protected tasks|tasks? under protection",
                "(service web) was unable to reach steady state because task set (ecs-svc/1) was unable to scale in. "
                "Reason: The number of protected tasks are more than the desired count of tasks.",
            ),
        ),
    ),
)

PLACING_AT_LAST = (
    KnownCause(
        code="E-NO-CAPACITY",
        meaning="there is no capacity to place a task",
        remedy="Add capacity, or wait for it: ECS keeps trying.",
        permanence=Permanence.TRANSIENT,
        because=_ROOM,
        link=_LINK,
        patterns=(
            pattern(
                "Capacity is unavailable|no container instance met all of its requirements|could not launch \\d+ tasks"
                "|provisioning capacity limit|UnfulfillableCapacity|Insufficient\\w*Capacity",
                "(service web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try "
                "again later or in a different availability zone.",
            ),
        ),
        explained_by=_BY_SIZE,
    ),
)

PLACING_UNKNOWN = (
    KnownCause(
        code="E-PLACEMENT",
        meaning="ECS cannot place a task",
        remedy="Read ECS's reason.",
        permanence=Permanence.UNCLEAR,
        because="the reason is not one that is known here",
        link=_LINK,
        patterns=(
            pattern(
                "was unable to place (?:a task|tasks)",
                "(service web) was unable to place a task. Reason: Something new.",
            ),
        ),
    ),
)
