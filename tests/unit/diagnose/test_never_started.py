"""What ECS says of a task that never started, and which cause it is.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

import pytest

from ecsdeploy.diagnose.causes import read_task
from tests.unit.diagnose.builders import definition, exited, member, stopped

PULL = "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref acme/app:2: "
INIT = "ResourceInitializationError: "
SECRETS = f"{INIT}unable to pull secrets or registry auth: "
ELB = "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/1)"
SCALED = "Scaling activity initiated by (deployment ecs-svc/2000000000000000002)"

NEVER_STARTED: dict[str, tuple[str, str]] = {
    "f54 no such tag": (f"{PULL}acme/app:2: not found", "E-IMAGE-NOT-FOUND"),
    "f54 no such manifest": (
        "CannotPullImageManifestError: Error response from daemon: manifest unknown",
        "E-IMAGE-NOT-FOUND",
    ),
    "f54 an image named after a denial": (
        "CannotPullContainerError: acme/authorization-403:401: not found",
        "E-IMAGE-NOT-FOUND",
    ),
    "f54 platform": (
        "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'",
        "E-IMAGE-PLATFORM",
    ),
    "f54 pull access denied": (
        f"{PULL}pull access denied, repository does not exist or may require authorization: authorization failed",
        "E-PULL-DENIED",
    ),
    "f54 no rights, in the newer words": (
        (
            "CannotPullContainerError: The task can\u2019t pull the image. Check that the role has the permissions "
            "to pull images from the registry."
        ),
        "E-PULL-DENIED",
    ),
    "f54 no login": (
        "CannotPullContainerError: Error response from daemon: no basic auth credentials",
        "E-REGISTRY-AUTH",
    ),
    "f54 a login that had expired": (
        "CannotPullContainerError: denied: Your authorization token has expired. Reauthenticate and try again.",
        "E-REGISTRY-TOKEN-EXPIRED",
    ),
    "f54 no such digest": (f"{PULL}acme/app@sha256:88e87b: not found", "E-DIGEST-NOT-FOUND"),
    "f54 no such repository": (
        "CannotPullContainerError: name unknown: The repository with name 'web' does not exist",
        "E-IMAGE-NOT-FOUND",
    ),
    "f54 no route to the registry, in the newest words": (
        (
            "CannotPullContainerError: The task cannot pull 111122223333.dkr.ecr.us-east-1.amazonaws.com/web:2 from "
            "the registry 111122223333.dkr.ecr.us-east-1.amazonaws.com/web:2. There is a connection issue between the "
            "task and the registry. Check your task network configuration. : failed to copy: httpReadSeeker: failed "
            "open: failed to do request: Get x: dial tcp 16.15.180.104:443: i/o timeout"
        ),
        "E-PULL-TIMEOUT",
    ),
    "f54 forbidden": (f"{PULL}unexpected status from HEAD request to https://x: 403 Forbidden", "E-PULL-DENIED"),
    "f54 rate limit": (
        f"{PULL}toomanyrequests: You have reached your pull rate limit.",
        "E-PULL-RATE-LIMITED",
    ),
    "f54 i/o timeout": (f"{PULL}dial tcp 203.0.113.1:443: i/o timeout", "E-PULL-TIMEOUT"),
    "f54 client timeout": (
        f"{PULL}net/http: Client.Timeout exceeded while awaiting headers",
        "E-PULL-TIMEOUT",
    ),
    "f54 canceled": ("CannotPullContainerError: context canceled", "E-PULL-TIMEOUT"),
    "f54 no route, in the newer words": (
        (
            "The task cannot pull 'app' from the Amazon ECR repository 'x'. There is a connection issue between the "
            "task and Amazon ECR. Check your task network configuration."
        ),
        "E-PULL-TIMEOUT",
    ),
    "f54 no space": ("CannotPullContainerError: write /var/lib/x: no space left on device", "E-DISK-FULL"),
    "f54 something new": ("CannotPullContainerError: panic: runtime error", "E-PULL"),
    "f55 secret": (
        f"{SECRETS}execution resource retrieval failed: unable to retrieve secret from asm: AccessDeniedException",
        "E-SECRET",
    ),
    "f55 parameter": (
        f"{SECRETS}unable to retrieve secrets from ssm: invalid ssm parameters: /web/key",
        "E-PARAMETER-NOT-FOUND",
    ),
    "f55 no such secret": (
        (
            f"{SECRETS}unable to retrieve secret from asm: ResourceNotFoundException: Secrets Manager can't find the "
            "specified secret."
        ),
        "E-SECRET-NOT-FOUND",
    ),
    "f55 key": (
        f"{SECRETS}unable to retrieve secret from asm: AccessDeniedException: Access to KMS is not allowed",
        "E-SECRET-KEY",
    ),
    "f55 JSON key": (
        f"{SECRETS}retrieved secret from Secrets Manager did not contain json key API_KEY",
        "E-SECRET-FIELD",
    ),
    "f55 rate": (f"{SECRETS}unable to retrieve secret from asm: ThrottlingException: Rate exceeded", "E-THROTTLED"),
    "f55 something new": (f"{SECRETS}unable to retrieve secret from asm: InternalServiceError", "E-SECRET-UNREAD"),
    "f55 no route to the secret, in the newer words": (
        (
            f"{SECRETS}unable to retrieve secret from asm: There is a connection issue between the task and AWS "
            "Secrets Manager. operation error Secrets Manager: GetSecretValue, https response error StatusCode: 0, "
            "RequestID: , canceled, context deadline exceeded"
        ),
        "E-NO-ROUTE",
    ),
    "role": (
        f"{SECRETS}ECS was unable to assume the role 'arn:aws:iam::111122223333:role/x'",
        "E-ROLE-TRUST",
    ),
    "f55 no route to the secret": (f"{SECRETS}RequestError: dial tcp 203.0.113.1:443: i/o timeout", "E-NO-ROUTE"),
    "f55 no route, in the newer words": (
        (
            f"{SECRETS}The task cannot pull registry auth from Amazon ECR: There is a connection issue between the "
            "task and Amazon ECR."
        ),
        "E-NO-ROUTE",
    ),
    "f55 registry auth": (
        (
            f"{SECRETS}unable to retrieve ecr registry auth: AccessDeniedException: not authorized to perform: "
            "ecr:GetAuthorizationToken"
        ),
        "E-REGISTRY-AUTH",
    ),
    "log group": (
        (
            f"{INIT}failed to validate logger args: create stream has been retried 1 times: ResourceNotFoundException: "
            "The specified log group does not exist."
        ),
        "E-LOG-GROUP-NOT-FOUND",
    ),
    "log group, on an instance": (
        (
            "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to "
            "create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist."
        ),
        "E-LOG-GROUP-NOT-FOUND",
    ),
    "no route to the log, which says that the group is missing": (
        (
            f"{INIT}failed to validate logger args: The task cannot find the Amazon CloudWatch log group defined in "
            "the task definition. There is a connection issue between the task and Amazon CloudWatch. Check your "
            "network configuration. : signal: killed"
        ),
        "E-NO-ROUTE",
    ),
    "log denied, to a role named after a secret": (
        (
            f"{INIT}failed to validate logger args: create stream has been retried 1 times: failed to create "
            "Cloudwatch log group: AccessDeniedException: User: arn:aws:sts::1:assumed-role/secret-role is not "
            "authorized to perform: logs:CreateLogGroup"
        ),
        "E-LOG-DENIED",
    ),
    "log driver, by a parameter": (
        f"{INIT}failed to initialize logging driver: InvalidParameterException",
        "E-LOG-DRIVER",
    ),
    "env files": (
        f"{INIT}failed to download env files: file download command: non empty error stream",
        "E-ENV-FILE",
    ),
    "file system": (
        f"{INIT}failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: access denied'",
        "E-EFS",
    ),
    "volume": ("CannotCreateVolumeError: Get http://x: plugin not found", "E-VOLUME"),
    "resources, in new words": (f"{INIT}the flux is low", "E-RESOURCE-INIT"),
    "f52 network interface": (
        (
            "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-1': "
            "InsufficientFreeAddressesInSubnet"
        ),
        "E-SUBNET-FULL",
    ),
    "f52 a full subnet, as documented": (
        (
            "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in "
            "subnet 'subnet-1'"
        ),
        "E-SUBNET-FULL",
    ),
    "network interface": (
        "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-1': AuthFailure",
        "E-NETWORK-INTERFACE",
    ),
    "f52 capacity": (
        "Capacity is unavailable at this time. Please try again later or in a different availability zone",
        "E-NO-CAPACITY",
    ),
    "f52 resource": ("RESOURCE:MEMORY", "E-INSTANCE-RESOURCES"),
    "f52 quota": ("RESOURCE:FARGATE", "E-VCPU-QUOTA"),
    "f52 agent": ("AGENT", "E-AGENT"),
    "f52 no instances": ("NO ACTIVE INSTANCES", "E-NO-INSTANCES"),
    "f52 attribute": ("ATTRIBUTE", "E-INSTANCE-ATTRIBUTE"),
    "zone": ("InternalError: it failed", "E-SUBNET-ZONE"),
    "f57 dependency": (
        (
            "CannotStartContainerError: dependency graph: failed to resolve container ordering dependency [a (STOPPED->"
            "RUNNING) - Exit: 1] for target [b (NONE->RUNNING)] as dependency did not exit successfully."
        ),
        "E-DEPENDENCY",
    ),
    "command": (
        (
            "CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: "
            'failed to create shim: OCI runtime create failed: exec: "-url": executable file not found in $PATH'
        ),
        "E-COMMAND-NOT-FOUND",
    ),
    "command on a path": (
        (
            "CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: "
            'exec: "/app/run.sh": stat /app/run.sh: no such file or directory'
        ),
        "E-COMMAND-NOT-FOUND",
    ),
    "not executable": (
        'CannotStartContainerError: runc create failed: exec: "/app/run.sh": permission denied: unknown',
        "E-NOT-EXECUTABLE",
    ),
    "port": ("CannotStartContainerError: Bind for 0.0.0.0:80 failed: port is already allocated", "E-PORT-TAKEN"),
    "launch type": (
        "The selected task definition is not compatible with the selected compute strategy",
        "E-INCOMPATIBLE",
    ),
    "f56 exec format": (
        'CannotStartContainerError: ... exec: "/app/run": exec format error: unknown',
        "E-EXEC-FORMAT",
    ),
    "cannot start": ("CannotStartContainerError: Error response from daemon: no such file", "E-CONTAINER-START"),
    "cannot create": ("CannotCreateContainerError: No command specified", "E-CONTAINER-START"),
    "runtime timeout": (
        "ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m",
        "E-CONTAINER-START",
    ),
    "something new": ("FluxCapacitorError: 1.21 GW missing", "E-TASK-STOPPED"),
}


@pytest.mark.parametrize(("reason", "code"), NEVER_STARTED.values(), ids=NEVER_STARTED)
@pytest.mark.parametrize("told_by", ["task", "container"])
def test_a_task_that_never_started(reason: str, code: str, told_by: str) -> None:
    task = (
        stopped("TaskFailedToStart", reason, exited("app"))
        if told_by == "task"
        else stopped("TaskFailedToStart", "Task failed to start", exited("proxy"), exited("app", None, reason))
    )
    symptom = read_task(task, definition(member("proxy"), member("app")))
    assert symptom is not None
    assert (symptom.code, symptom.reason, symptom.exit_code) == (code, reason, None)
    assert symptom.container == ("app" if told_by == "container" or code != "E-TASK-STOPPED" else "")
