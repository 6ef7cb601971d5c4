"""Causes that show once a container has run: how it ended, and what its health checks found.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

from __future__ import annotations

from ecsdeploy.diagnose.known_cause import GUIDE, Aspect, KnownCause, Permanence, pattern

_CODES = f"{GUIDE}stopped-task-error-codes.html"
_BALANCER = f"{GUIDE}troubleshoot-service-load-balancers.html"
_ENDS = "one failure proves nothing, as its cause may be what the program depends on; the same one repeated does"
_CHECKS = "a slow start passes, a wrong path or port does not"
_BY_PROGRAM = (
    Aspect.VARIABLE,
    Aspect.VARIABLE_FILE,
    Aspect.SECRET,
    Aspect.COMMAND,
    Aspect.ENTRY_POINT,
    Aspect.USER,
    Aspect.TASK_ROLE,
    Aspect.MEMORY,
)
_BY_CHECK = (Aspect.PORT, Aspect.HEALTH_CHECK, Aspect.COMMAND, Aspect.ENTRY_POINT, Aspect.VARIABLE, Aspect.SECRET)

RUNNING = (
    KnownCause(
        code="E-OUT-OF-MEMORY",
        meaning="{container} uses more memory than it is given and is killed{when}",
        remedy="Give the container more memory, or find what uses it.",
        permanence=Permanence.UNCLEAR,
        because=_ENDS,
        link=f"{GUIDE}task_definition_parameters.html#container_definition_memory",
        patterns=(pattern("OutOfMemory", "OutOfMemoryError: Container killed due to memory usage"),),
        explained_by=(Aspect.MEMORY, Aspect.VARIABLE, Aspect.COMMAND, Aspect.ENTRY_POINT),
    ),
    KnownCause(
        code="E-EXIT-ZERO",
        meaning="{container} exits 0{when}, although the task ends with it",
        remedy="Let the program run on in the foreground; if it is meant to end, set `essential` to false.",
        permanence=Permanence.UNCLEAR,
        because=_ENDS,
        link=f"{GUIDE}task_definition_parameters.html",
        exit_code=0,
        explained_by=_BY_PROGRAM,
    ),
    KnownCause(
        code="E-SEGFAULT",
        meaning="{container} exits 139 (segmentation fault){when}",
        remedy="Run the image on the same processor; check native libraries and the platform it was built for.",
        permanence=Permanence.UNCLEAR,
        because=_ENDS,
        link=_CODES,
        exit_code=139,
        explained_by=(Aspect.PLATFORM, *_BY_PROGRAM),
    ),
    KnownCause(
        code="E-TERMINATED",
        meaning="{container} exits 143 (terminated){when}, although ECS did not tell it to",
        remedy="Find what sends SIGTERM inside the task: a supervisor, a script, or the program itself.",
        permanence=Permanence.UNCLEAR,
        because=_ENDS,
        link=_CODES,
        exit_code=143,
        explained_by=_BY_PROGRAM,
    ),
    KnownCause(
        code="E-KILLED",
        meaning="{container} exits 137 (killed){when}; ECS reports no lack of memory",
        remedy="It was killed from inside, or did not end within `stopTimeout`; let it obey SIGTERM. On EC2 look for "
        "the kernel's out-of-memory killer.",
        permanence=Permanence.UNCLEAR,
        because=_ENDS,
        link=_CODES,
        exit_code=137,
        explained_by=_BY_PROGRAM,
    ),
    KnownCause(
        code="E-CONTAINER-EXIT",
        meaning="{container} exits{exit}{when}",
        remedy="Read the container's last log lines; run the image with the same variables.",
        permanence=Permanence.UNCLEAR,
        because=_ENDS,
        link=_CODES,
        explained_by=_BY_PROGRAM,
    ),
    KnownCause(
        code="E-DEPENDENCY-UNHEALTHY",
        meaning="{container} never becomes healthy, and another container waits for that",
        remedy="Run the health check's command in the image; check `startPeriod`, and the condition in `dependsOn`.",
        permanence=Permanence.UNCLEAR,
        because=_CHECKS,
        link="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html",
        explained_by=(Aspect.DEPENDENCY, *_BY_CHECK),
    ),
    KnownCause(
        code="E-CONTAINER-UNHEALTHY",
        meaning="the health check of {container} fails",
        remedy="Run the health check's command in the image; check that `startPeriod` covers the start.",
        permanence=Permanence.UNCLEAR,
        because=_CHECKS,
        link=f"{GUIDE}healthcheck.html",
        patterns=(
            pattern("failed container health checks", "(service web) (task 1f0c) failed container health checks."),
        ),
        explained_by=_BY_CHECK,
    ),
    KnownCause(
        code="E-TARGET-TIMEOUT",
        meaning="{container} does not answer the load balancer's health checks in time",
        remedy="Check that it listens on the target's port on every address, that the security group lets the load "
        "balancer in, and that the grace period covers the start.",
        permanence=Permanence.UNCLEAR,
        because=_CHECKS,
        link=_BALANCER,
        patterns=(
            pattern(
                "is (?:unhealthy|not healthy) in \\(?(?:target-group|elb).*(?:[Rr]equest timed out|Target\\.Timeout)",
                "(service web) (port 8080) is unhealthy in (target-group arn:aws:elasticloadbalancing:eu-west-1:"
                "111122223333:targetgroup/web/1) due to (reason Request timed out).",
            ),
            pattern("^Target\\.Timeout", "Target.Timeout: Request timed out"),
        ),
        explained_by=(*_BY_CHECK, Aspect.NETWORK),
    ),
    KnownCause(
        code="E-TARGET-NOT-FOUND",
        meaning="the load balancer cannot have the task as a target, or its target group is gone",
        remedy="Check that the target group exists, that nothing else deregisters its targets, and that the load "
        "balancer uses the task's Availability Zones.",
        permanence=Permanence.UNCLEAR,
        because="a target may be registered late; a group that is gone stays gone",
        link=_BALANCER,
        patterns=(
            pattern(
                "due to \\(?(?:reason )?TARGET (?:GROUP )?IS NOT FOUND",
                "(service web) task set (ecs-svc/1) (task 1f0c) is not healthy in target-group (web) due to TARGET "
                "GROUP IS NOT FOUND",
            ),
            pattern(
                "failed to register targets in",
                "(service web) failed to register targets in (target-group arn:aws:elasticloadbalancing:eu-west-1:"
                "111122223333:targetgroup/web/1) with (error The following targets are not in the target group VPC "
                "'vpc-1': 'i-1').",
            ),
            pattern(
                "^Target\\.Not(?:Registered|InUse)",
                "Target.NotInUse: Target group is not configured to receive traffic",
            ),
        ),
    ),
    KnownCause(
        code="E-TARGET-UNHEALTHY",
        meaning="the load balancer's health checks of {container} fail",
        remedy="Check the health check's path, port and codes, and that the grace period covers the start.",
        permanence=Permanence.UNCLEAR,
        because=_CHECKS,
        link=_BALANCER,
        patterns=(
            pattern(
                "failed ELB health checks",
                "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1:111122223333:"
                "targetgroup/web/1)",
            ),
            pattern(
                "is (?:unhealthy|not healthy) in \\(?(?:target-group|elb)",
                "(service web) (port 80) is unhealthy in (target-group arn:aws:elasticloadbalancing:eu-west-1:"
                "111122223333:targetgroup/web/1) due to (reason Health checks failed with these codes: [503]).",
            ),
        ),
        explained_by=_BY_CHECK,
    ),
    KnownCause(
        code="E-HOST-LOST",
        meaning="AWS took back the host of the task",
        remedy="Nothing of yours failed: ECS starts the tasks anew on another host.",
        permanence=Permanence.TRANSIENT,
        because="it says nothing about the release; ECS starts the task anew elsewhere",
        link=f"{GUIDE}fargate-capacity-providers.html",
        patterns=(
            pattern(
                "performing maintenance on the underlying infrastructure",
                "ECS is performing maintenance on the underlying infrastructure hosting the task.",
            ),
            pattern("^Host EC2 \\(instance", "Host EC2 (instance i-06aab15feb4568492) terminated."),
            pattern("Your Spot Task was interrupted", "Your Spot Task was interrupted."),
        ),
    ),
)
