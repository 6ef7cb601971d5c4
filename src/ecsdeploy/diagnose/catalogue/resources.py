"""Causes that show while ECS sets up what a task needs: logs, volumes, its network interface.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
"""

from __future__ import annotations

from ecsdeploy.diagnose.catalogue.images import NO_ANSWER
from ecsdeploy.diagnose.catalogue.secrets import SECRETS
from ecsdeploy.diagnose.known_cause import GUIDE, Aspect, KnownCause, Permanence, initializing, pattern

_LINK = f"{GUIDE}resource-initialization-error.html"
_LOGS = f"{GUIDE}using_awslogs.html"
_GRANTED = "a missing permission stays missing until somebody grants it"
_PULL_SECRETS = "ResourceInitializationError: unable to pull secrets or registry auth: "
_RETRIEVE = f"{_PULL_SECRETS}execution resource retrieval failed: unable to retrieve secret from asm: "
_BY_LOGGING = (Aspect.LOGGING, Aspect.EXECUTION_ROLE)

RESOURCES = (
    KnownCause(
        code="E-THROTTLED",
        meaning="AWS limits the rate at which ECS itself may call it",
        remedy="Wait: ECS tries again by itself. Spread deployments out, or ask AWS for a higher limit.",
        permanence=Permanence.TRANSIENT,
        because="a rate limit is lifted after a while, and ECS tries again",
        link=f"{GUIDE}service-event-messages-list.html",
        patterns=(
            pattern(
                "operations are being throttled|with \\(error (?:Rate exceeded|Throttling)",
                "(service web) operations are being throttled. Will try again later.",
            ),
            initializing(
                "ThrottlingException|Rate exceeded|TooManyRequestsException|RequestLimitExceeded",
                f"{_RETRIEVE}service call has been retried 5 time(s): ThrottlingException: Rate exceeded",
            ),
        ),
    ),
    KnownCause(
        code="E-EFS",
        meaning="an EFS file system of the task cannot be mounted",
        remedy="Check the mount targets in the task's subnets, port 2049 in the security groups, the path and the "
        "access point, and the task role's rights.",
        permanence=Permanence.UNCLEAR,
        because="mounting fails for a wrong path or right, and also while a mount target is not ready",
        link=f"{GUIDE}efs-volumes.html",
        patterns=(
            initializing(
                "EFS (?:utils|volumes)|fs-[0-9a-f]+\\.efs\\.",
                "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: "
                "b'mount.nfs4: access denied by server while mounting 127.0.0.1:/'",
            ),
        ),
        explained_by=(Aspect.VOLUME, Aspect.TASK_ROLE),
    ),
    KnownCause(
        code="E-NO-ROUTE",
        meaning="the task cannot reach an AWS service that it needs in order to start",
        remedy="Check the routes from the task's subnets: NAT or VPC endpoints, DNS, security groups.",
        permanence=Permanence.UNCLEAR,
        because="a route may be missing for good, or a service away for a moment; ECS has tried for minutes already",
        link=f"{GUIDE}verify-connectivity.html",
        patterns=(
            initializing(
                f"{NO_ANSWER}|pull command failed.*signal: killed",
                "ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon "
                "CloudWatch log group defined in the task definition. There is a connection issue between the task and "
                "Amazon CloudWatch. Check your network configuration. : signal: killed",
            ),
        ),
        explained_by=(Aspect.NETWORK,),
    ),
    KnownCause(
        code="E-LOG-GROUP-NOT-FOUND",
        meaning="the log group of {container} does not exist",
        remedy="Create the log group in its Region, or set `awslogs-create-group`.",
        permanence=Permanence.PERMANENT,
        because="CloudWatch Logs answered that it has no such group",
        link=_LOGS,
        patterns=(
            pattern(
                "log group does not exist",
                "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: "
                "failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not "
                "exist.",
            ),
        ),
        explained_by=_BY_LOGGING,
    ),
    KnownCause(
        code="E-LOG-DENIED",
        meaning="the task may not write to its log group",
        remedy="Give the execution role `{role}` `logs:CreateLogStream` and `logs:PutLogEvents` (and "
        "`logs:CreateLogGroup` for `awslogs-create-group`).",
        permanence=Permanence.PERMANENT,
        because=_GRANTED,
        link=_LOGS,
        patterns=(
            pattern(
                "logs:(?:Create|Put)\\w+|(?:logger args|logging driver).*AccessDenied",
                "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: "
                "failed to create Cloudwatch log group: AccessDeniedException: User is not authorized to perform: "
                "logs:CreateLogGroup",
            ),
        ),
        explained_by=_BY_LOGGING,
    ),
    KnownCause(
        code="E-LOG-DRIVER",
        meaning="the log driver of the task cannot be set up",
        remedy="Check the options of `logConfiguration`, and that the execution role `{role}` may write the logs.",
        permanence=Permanence.UNCLEAR,
        because="the reason may lie in the definition or in the service that takes the logs",
        link=_LINK,
        patterns=(
            pattern(
                "failed to (?:initialize logging driver|validate logger args)",
                "ResourceInitializationError: failed to initialize logging driver: InvalidParameterException",
            ),
        ),
        explained_by=_BY_LOGGING,
    ),
    *SECRETS,
    KnownCause(
        code="E-VOLUME",
        meaning="a volume of the task cannot be created",
        remedy="Check the definition's `volumes`: the driver, its options, and the rights that it needs.",
        permanence=Permanence.UNCLEAR,
        because="the text does not say whether it can pass",
        link=f"{GUIDE}stopped-task-error-codes.html",
        patterns=(
            pattern(
                "Cannot(?:Create|Inspect|Remove)VolumeError|EBS volume|failed to copy file info for",
                "CannotCreateVolumeError: Get http://x: plugin not found",
            ),
        ),
        explained_by=(Aspect.VOLUME,),
    ),
    KnownCause(
        code="E-SUBNET-FULL",
        meaning="the subnets of the service have no addresses left",
        remedy="Add a subnet with free addresses, or lower the maximum percent so that fewer tasks run at once.",
        permanence=Permanence.TRANSIENT,
        because="stopping tasks, the old ones among them, give their addresses back",
        link=f"{GUIDE}failed-to-start-error.html#subnet-error",
        patterns=(
            pattern(
                "InsufficientFreeAddresses|insufficient free addresses"
                "|public IP assignment enabled in subnet '[^']*'?\\s*$",
                "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled "
                "in subnet 'subnet-1': InsufficientFreeAddressesInSubnet",
            ),
        ),
        explained_by=(Aspect.NETWORK,),
    ),
    KnownCause(
        code="E-NETWORK-INTERFACE",
        meaning="the task gets no network interface",
        remedy="Read EC2's reason; check subnets, security groups, tag policies and the limit on interfaces.",
        permanence=Permanence.UNCLEAR,
        because="EC2 refuses interfaces for good reasons and for passing ones",
        link=f"{GUIDE}failed-to-start-error.html",
        patterns=(
            pattern(
                "Unexpected EC2 error|failed to configure ENI|Unable to attach network interface"
                "|ContainerNetworkingError|ENIInformationError|NetworkNamespaceError"
                "|waiting for network interface provisioning",
                "Unexpected EC2 error while attempting to tag the network interface: TagPolicyViolation",
            ),
        ),
        explained_by=(Aspect.NETWORK,),
    ),
)

RESOURCES_AT_LAST = (
    KnownCause(
        code="E-RESOURCE-INIT",
        meaning="the task's resources cannot be set up",
        remedy="Read the reason: it names what could not be set up.",
        permanence=Permanence.UNCLEAR,
        because="the text is not one that is known here",
        link=_LINK,
        patterns=(
            pattern(
                "^(?:\\(service .*Reason: )?ResourceInitializationError",
                "ResourceInitializationError: unable to create new container runtime task",
            ),
        ),
    ),
)
