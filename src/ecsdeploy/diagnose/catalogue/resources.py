"""Causes that show while ECS sets up what a task needs: secrets, logs, volumes, its network interface.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
"""

from __future__ import annotations

from ecsdeploy.diagnose.catalogue.images import NO_ANSWER
from ecsdeploy.diagnose.kinds import GUIDE, Aspect, Kind, Permanence, initializing, sign

_LINK = f"{GUIDE}resource-initialization-error.html"
_SECRETS = f"{GUIDE}specifying-sensitive-data.html"
_LOGS = f"{GUIDE}using_awslogs.html"
_GRANTED = "a missing permission stays missing until somebody grants it"
_PULL_SECRETS = "ResourceInitializationError: unable to pull secrets or registry auth: "
_RETRIEVE = f"{_PULL_SECRETS}execution resource retrieval failed: unable to retrieve secret from asm: "
_BY_SECRET = (Aspect.SECRET, Aspect.EXECUTION_ROLE)
_BY_LOGGING = (Aspect.LOGGING, Aspect.EXECUTION_ROLE)

RESOURCES = (
    Kind(
        code="E-THROTTLED",
        meaning="AWS limits the rate at which ECS itself may call it",
        remedy="Wait: ECS tries again by itself. Spread deployments out, or ask AWS for a higher limit.",
        permanence=Permanence.TRANSIENT,
        because="a rate limit is lifted after a while, and ECS tries again",
        link=f"{GUIDE}service-event-messages-list.html",
        signs=(
            sign(
                "operations are being throttled|with \\(error (?:Rate exceeded|Throttling)",
                "(service web) operations are being throttled. Will try again later.",
            ),
            initializing(
                "ThrottlingException|Rate exceeded|TooManyRequestsException|RequestLimitExceeded",
                f"{_RETRIEVE}service call has been retried 5 time(s): ThrottlingException: Rate exceeded",
            ),
        ),
    ),
    Kind(
        code="E-EFS",
        meaning="an EFS file system of the task cannot be mounted",
        remedy="Check the mount targets in the task's subnets, port 2049 in the security groups, the path and the "
        "access point, and the task role's rights.",
        permanence=Permanence.UNCLEAR,
        because="mounting fails for a wrong path or right, and also while a mount target is not ready",
        link=f"{GUIDE}efs-volumes.html",
        signs=(
            initializing(
                "EFS (?:utils|volumes)|fs-[0-9a-f]+\\.efs\\.",
                "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: "
                "b'mount.nfs4: access denied by server while mounting 127.0.0.1:/'",
            ),
        ),
        explained_by=(Aspect.VOLUME, Aspect.TASK_ROLE),
    ),
    Kind(
        code="E-NO-ROUTE",
        meaning="the task cannot reach an AWS service that it needs in order to start",
        remedy="Check the routes from the task's subnets: NAT or VPC endpoints, DNS, security groups.",
        permanence=Permanence.UNCLEAR,
        because="a route may be missing for good, or a service away for a moment; ECS has tried for minutes already",
        link=f"{GUIDE}verify-connectivity.html",
        signs=(
            initializing(
                f"{NO_ANSWER}|pull command failed.*signal: killed",
                "ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon "
                "CloudWatch log group defined in the task definition. There is a connection issue between the task and "
                "Amazon CloudWatch. Check your network configuration. : signal: killed",
            ),
        ),
        explained_by=(Aspect.NETWORK,),
    ),
    Kind(
        code="E-LOG-GROUP-NOT-FOUND",
        meaning="the log group of {container} does not exist",
        remedy="Create the log group in its Region, or set `awslogs-create-group`.",
        permanence=Permanence.PERMANENT,
        because="CloudWatch Logs answered that it has no such group",
        link=_LOGS,
        signs=(
            sign(
                "log group does not exist",
                "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: "
                "failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not "
                "exist.",
            ),
        ),
        explained_by=_BY_LOGGING,
    ),
    Kind(
        code="E-LOG-DENIED",
        meaning="the task may not write to its log group",
        remedy="Give the execution role `{role}` `logs:CreateLogStream` and `logs:PutLogEvents` (and "
        "`logs:CreateLogGroup` for `awslogs-create-group`).",
        permanence=Permanence.PERMANENT,
        because=_GRANTED,
        link=_LOGS,
        signs=(
            sign(
                "logs:(?:Create|Put)\\w+|(?:logger args|logging driver).*AccessDenied",
                "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: "
                "failed to create Cloudwatch log group: AccessDeniedException: User is not authorized to perform: "
                "logs:CreateLogGroup",
            ),
        ),
        explained_by=_BY_LOGGING,
    ),
    Kind(
        code="E-LOG-DRIVER",
        meaning="the log driver of the task cannot be set up",
        remedy="Check the options of `logConfiguration`, and that the execution role `{role}` may write the logs.",
        permanence=Permanence.UNCLEAR,
        because="the reason may lie in the definition or in the service that takes the logs",
        link=_LINK,
        signs=(
            sign(
                "failed to (?:initialize logging driver|validate logger args)",
                "ResourceInitializationError: failed to initialize logging driver: InvalidParameterException",
            ),
        ),
        explained_by=_BY_LOGGING,
    ),
    Kind(
        code="E-SECRET-KEY",
        meaning="a secret of the task cannot be decrypted: its KMS key may not be used",
        remedy="Let the execution role `{role}` use the secret's key: `kms:Decrypt`, and the key's own policy.",
        permanence=Permanence.PERMANENT,
        because=_GRANTED,
        link=_SECRETS,
        signs=(
            initializing(
                "Access to KMS is not allowed|kms:Decrypt|KMS\\w*Exception|ciphertext refers",
                f"{_RETRIEVE}service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:"
                "eu-central-1:111122223333:secret:db-EaPYTy from secrets manager: AccessDeniedException: Access to KMS "
                "is not allowed",
            ),
        ),
        explained_by=_BY_SECRET,
    ),
    Kind(
        code="E-SECRET-FIELD",
        meaning="a secret of the task lacks the JSON key that the definition asks for",
        remedy="Add the key to the secret, or correct it in the definition's `valueFrom`.",
        permanence=Permanence.PERMANENT,
        because="the secret was read, and has no such key",
        link=f"{GUIDE}secrets-envvar-secrets-manager.html",
        signs=(
            initializing(
                "did not contain json key",
                f"{_RETRIEVE}service call has been retried 1 time(s): retrieved secret from Secrets Manager did not "
                "contain json key API_KEY",
            ),
        ),
        explained_by=_BY_SECRET,
    ),
    Kind(
        code="E-PARAMETER-NOT-FOUND",
        meaning="a parameter of the task does not exist in Parameter Store",
        remedy="Create the parameter in the task's Region, or correct its name in the definition's `secrets`.",
        permanence=Permanence.PERMANENT,
        because="Parameter Store answered that it has no such parameter",
        link=f"{GUIDE}secrets-envvar-ssm-paramstore.html",
        signs=(
            initializing(
                "invalid (?:ssm )?parameters|ParameterNotFound",
                f"{_PULL_SECRETS}execution resource retrieval failed: unable to retrieve secrets from ssm: "
                "service call has been retried 1 time(s): invalid ssm parameters: /web/key",
            ),
        ),
        explained_by=_BY_SECRET,
    ),
    Kind(
        code="E-SECRET-NOT-FOUND",
        meaning="a secret of the task does not exist in Secrets Manager",
        remedy="Create the secret in the task's Region, or correct its ARN in the definition's `secrets`.",
        permanence=Permanence.PERMANENT,
        because="Secrets Manager answered that it has no such secret",
        link=f"{GUIDE}secrets-envvar-secrets-manager.html",
        signs=(
            initializing(
                "secret.*(?:ResourceNotFoundException|find the specified secret|check whether the secret exists)",
                f"{_RETRIEVE}service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:"
                "eu-west-1:111122223333:secret:db from secrets manager: ResourceNotFoundException: Secrets Manager "
                "can't find the specified secret.",
            ),
        ),
        explained_by=_BY_SECRET,
    ),
    Kind(
        code="E-SECRET",
        meaning="a secret or parameter of the task may not be read",
        remedy="Check that each secret exists and that the execution role `{role}` may read it.",
        permanence=Permanence.PERMANENT,
        because=_GRANTED,
        link=_SECRETS,
        signs=(
            initializing(
                "(?:secret|parameter|ssm).*(?:AccessDenied|not authorized|access denied)",
                f"{_RETRIEVE}service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:"
                "us-east-1:111122223333:secret:prod/db-AbCdEf from secrets manager: AccessDeniedException",
            ),
        ),
        explained_by=_BY_SECRET,
    ),
    Kind(
        code="E-ENV-FILE",
        meaning="an environment file of the task cannot be downloaded",
        remedy="Check that the object exists in S3, that the execution role `{role}` may read it, and the route to S3.",
        permanence=Permanence.UNCLEAR,
        because="the text does not always say whether the file is missing, denied or out of reach",
        link=f"{GUIDE}use-environment-file.html",
        signs=(
            initializing(
                "failed to download env files",
                "ResourceInitializationError: failed to download env files: file download command: non empty error "
                "stream",
            ),
        ),
        explained_by=(Aspect.VARIABLE_FILE, Aspect.EXECUTION_ROLE),
    ),
    Kind(
        code="E-SECRET-UNREAD",
        meaning="the secrets of the task, or its login to the registry, cannot be had",
        remedy="Read the reason; check each secret, the execution role `{role}`, and the route to the service.",
        permanence=Permanence.UNCLEAR,
        because="the text does not say whether it can pass",
        link=_SECRETS,
        signs=(
            initializing(
                "unable to pull secrets or registry auth|retrieve (?:the )?secret|execution role credentials|SSM client"
                "|Secrets Manager|Parameter Store",
                f"{_RETRIEVE}service call has been retried 1 time(s): InternalServiceError",
            ),
            sign(
                "invalid ARN format for the AWS Secrets Manager secret|unable to create SSM client",
                "an invalid ARN format for the AWS Secrets Manager secret was specified. Specify a valid ARN and try "
                "again.",
            ),
        ),
        explained_by=_BY_SECRET,
    ),
    Kind(
        code="E-VOLUME",
        meaning="a volume of the task cannot be created",
        remedy="Check the definition's `volumes`: the driver, its options, and the rights that it needs.",
        permanence=Permanence.UNCLEAR,
        because="the text does not say whether it can pass",
        link=f"{GUIDE}stopped-task-error-codes.html",
        signs=(
            sign(
                "Cannot(?:Create|Inspect|Remove)VolumeError|EBS volume|failed to copy file info for",
                "CannotCreateVolumeError: Get http://x: plugin not found",
            ),
        ),
        explained_by=(Aspect.VOLUME,),
    ),
    Kind(
        code="E-SUBNET-FULL",
        meaning="the subnets of the service have no addresses left",
        remedy="Add a subnet with free addresses, or lower the maximum percent so that fewer tasks run at once.",
        permanence=Permanence.TRANSIENT,
        because="stopping tasks, the old ones among them, give their addresses back",
        link=f"{GUIDE}failed-to-start-error.html#subnet-error",
        signs=(
            sign(
                "InsufficientFreeAddresses|insufficient free addresses"
                "|public IP assignment enabled in subnet '[^']*'?\\s*$",
                "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled "
                "in subnet 'subnet-1': InsufficientFreeAddressesInSubnet",
            ),
        ),
        explained_by=(Aspect.NETWORK,),
    ),
    Kind(
        code="E-NETWORK-INTERFACE",
        meaning="the task gets no network interface",
        remedy="Read the reason: EC2's own; check subnets, security groups, tag policies and the limit on interfaces.",
        permanence=Permanence.UNCLEAR,
        because="EC2 refuses interfaces for good reasons and for passing ones",
        link=f"{GUIDE}failed-to-start-error.html",
        signs=(
            sign(
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
    Kind(
        code="E-RESOURCE-INIT",
        meaning="the task's resources cannot be set up",
        remedy="Read the reason: it names what could not be set up.",
        permanence=Permanence.UNCLEAR,
        because="the text is not one that is known here",
        link=_LINK,
        signs=(
            sign(
                "^(?:\\(service .*Reason: )?ResourceInitializationError",
                "ResourceInitializationError: unable to create new container runtime task",
            ),
        ),
    ),
)
