"""Texts of AWS's and what they show: seen in stopped tasks and events of others, in AWS's pages and its agent.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html and
https://github.com/aws/amazon-ecs-agent
"""

# ruff: noqa: E501 - what AWS says is one line

import pytest

from ecsdeploy.diagnose.causes import read_line, read_task
from tests.unit.diagnose.builders import definition, exited, stopped

Text = tuple[str, str]
"""Codes that are right, and the text."""

OF_TASKS: dict[str, Text] = {
    "no route": (
        "E-NO-ROUTE",
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 5 time(s): RequestError: send request failed caused by: Post https://api.ecr....",
    ),
    "efs": (
        "E-EFS",
        "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: Connection timed out' : unsuccessful EFS utils command execution; code: 32",
    ),
    "no capacity": (
        "E-NO-CAPACITY",
        "ResourceInitializationError: Unable to launch instance(s) for capacity provider web-spot. UnfulfillableCapacity: Unable to fulfill capacity due to your request configuration. Please adjust your request and try again.",
    ),
    "no capacity 2": (
        "E-NO-CAPACITY/E-VCPU-QUOTA",
        "ResourceInitializationError: Unable to launch instance(s) for capacity provider web-spot. MaxSpotInstanceCountExceeded: Max spot instance count exceeded. RequestId: 3495893a",
    ),
    "pull timeout": (
        "E-PULL-TIMEOUT",
        'CannotPullContainerError: failed to resolve ref "docker.io/docker/ecs-searchdomain-sidecar:1.0": failed to do request: Head https://registry-1.docker.io/v2/docker/ecs-searchdomain-sidecar/manifests/1.0: dial tcp: lookup registry-1.docker.io on 172.31.0...',
    ),
    "image platform": (
        "E-IMAGE-PLATFORM",
        "CannotPullContainerError failed to find a descriptor for platform 0xc0004d52c0 0xc0004d5320",
    ),
    "secret": (
        "E-SECRET",
        "Fetching secret data from AWS Secrets Manager in region us-west-2: secret arn:aws:secretsmanager:us-west-2:111122223333:secret:NewRelicLicenseKeySecret-Dh2dLk: AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/exec/8637b461f0f94d649e9247e2f14",
    ),
    "secret not found": (
        "E-SECRET-NOT-FOUND",
        "Fetching secret data from AWS Secrets Manager in region us-west-2: secret arn:aws:secretsmanager:us-west-2:111122223333:secret:db: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    ),
    "secret 2": (
        "E-SECRET",
        "Fetching secret data from SSM Parameter Store in us-east-1: AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/ecs-execution-docs/c2f954191b2f454b8e36b1fbd8c07308 is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:us-east",
    ),
    "secret not found 2": (
        "E-SECRET-NOT-FOUND/E-SECRET",
        "The task can't retrieve the secret with ARN 'arn:aws:secretsmanager:us-west-2:1:secret:db' from AWS Secrets Manager. Check whether the secret exists in the specified Region.",
    ),
    "secret 3": (
        "E-SECRET/E-SECRET-UNREAD/E-ROLE-TRUST",
        "ASM secret resource: unable to find execution role credentials",
    ),
    "secret not found 3": (
        "E-SECRET-NOT-FOUND/E-SECRET/E-SECRET-UNREAD",
        "an invalid ARN format for the AWS Secrets Manager secret was specified. Specify a valid ARN and try again.",
    ),
    "dependency": (
        "E-DEPENDENCY",
        "dependency graph: container ordering dependency [envoy] for target [app] has timed out.",
    ),
    "agent": ("E-AGENT", "TaskFailedToStart: AGENT"),
    "instance attribute": ("E-INSTANCE-ATTRIBUTE", "TaskFailedToStart: MemberOf placement constraint unsatisfied"),
    "network interface": ("E-NETWORK-INTERFACE", "Timeout waiting for network interface provisioning to complete."),
    "volume": (
        "E-VOLUME",
        'ECS failed to set up the EBS volume. Encountered IdempotentParameterMismatch"; "The client token you have provided is associated with a resource that is already deleted. Please use a different client token."',
    ),
    "volume 2": ("E-VOLUME", "ECS timed out while configuring the EBS volume attachment to your Task"),
    "host lost": ("E-HOST-LOST", "ECS is performing maintenance on the underlying infrastructure hosting the task."),
    "secret unread": ("E-SECRET-UNREAD", "ssm secret resource: unable to find execution role credentials"),
    "secret unread 2": ("E-SECRET-UNREAD", "unable to create SSM client in us-east-1: no credentials"),
    "throttled": (
        "E-THROTTLED",
        "fetching secret data from SSM Parameter Store in us-east-1: ThrottlingException: Rate exceeded",
    ),
    "no route 2": (
        "E-NO-ROUTE",
        "fetching secret data from AWS Secrets Manager in region us-east-1: RequestError: send request failed caused by: dial tcp 10.0.0.2:443: i/o timeout",
    ),
    "secret key": (
        "E-SECRET-KEY",
        "Fetching secret data from AWS Secrets Manager in region us-west-2: secret arn:aws:secretsmanager:us-west-2:111122223333:secret:db: AccessDeniedException: Access to KMS is not allowed",
    ),
    "secret not found 4": (
        "E-SECRET-NOT-FOUND",
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: failed to fetch secret x: ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT.",
    ),
    "no route 3": (
        "E-NO-ROUTE",
        "ResourceInitializationError: unable to pull secrets or registry auth: pull command failed: : signal: killed",
    ),
    "no route 4": (
        "E-NO-ROUTE",
        "ResourceInitializationError: failed to download env files: file download command: non empty error stream: RequestCanceled: request context canceled caused by: context deadline exceeded",
    ),
    "efs 2": (
        "E-EFS",
        "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: Connection reset by peer : unsuccessful EFS utils command execution; code: 32",
    ),
    "instance resources": ("E-INSTANCE-RESOURCES", "TaskFailedToStart: RESOURCE:MEMORY"),
    "instance resources 2": (
        "E-INSTANCE-RESOURCES",
        "TaskFailedToStart: distinctInstance placement constraint unsatisfied.",
    ),
    "instance attribute 2": ("E-INSTANCE-ATTRIBUTE", "TaskFailedToStart: ATTRIBUTE"),
    "no instances": ("E-NO-INSTANCES", "TaskFailedToStart: EMPTY CAPACITY PROVIDER"),
    "vcpu quota": (
        "E-VCPU-QUOTA",
        "ResourceInitializationError: Unable to launch instance(s) for capacity provider web. VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit.",
    ),
    "no capacity 3": (
        "E-NO-CAPACITY",
        "ResourceInitializationError: Unable to launch instance(s) for capacity provider web. InsufficientInstanceCapacity: We currently do not have sufficient capacity.",
    ),
}
OF_CONTAINERS: dict[str, Text] = {
    "pull timeout": ("E-PULL-TIMEOUT", "CannotPullContainerError: Could not reach any registry endpoint"),
    "image platform": (
        "E-IMAGE-PLATFORM",
        "CannotPullContainerError: no matching manifest for linux/amd64 in the manifest list entries",
    ),
    "image platform 2": (
        "E-IMAGE-PLATFORM",
        "CannotPullContainerError: no matching manifest for linux/arm64/v8 in the manifest list entries",
    ),
    "container start": ("E-CONTAINER-START", "HostConfigError: invalid network mode"),
    "dependency": ("E-DEPENDENCY", "TaskDependencyError: Task dependencies cannot be resolved, taskArn: x"),
    "network interface": (
        "E-NETWORK-INTERFACE",
        "ContainerNetworkingError: failed to setup network namespace: cni setup: invoke eni plugin failed: getInterfaceDeviceName engine: unable to get device with hardware address",
    ),
    "container start 2": (
        "E-CONTAINER-START",
        "DockerTimeoutError: Could not transition to created; timed out after waiting 4m0s",
    ),
    "container start 3": (
        "E-CONTAINER-START",
        "CannotInspectContainerError: Could not transition to inspecting; timed out after waiting 30s",
    ),
    "container start 4": (
        "E-CONTAINER-START",
        "CannotStartContainerError: failed to get container status: no such process",
    ),
    "container start 5": ("E-CONTAINER-START", "DockerStateError: error creating overlay mount"),
    "disk full": (
        "E-DISK-FULL",
        "CannotCreateContainerError: API error (500): devmapper: Thin Pool has 4350 free data blocks which is less than minimum required 4454 free data blocks.",
    ),
    "volume": (
        "E-VOLUME",
        "CannotCreateContainerError: failed to copy file info for /var/lib/ecs/volumes/x: failed to chown /x: operation not permitted",
    ),
    "volume 2": ("E-VOLUME", "CannotInspectVolumeError: no such volume"),
    "network interface 2": ("E-NETWORK-INTERFACE", "ENIInformationError: eni association not found"),
    "network interface 3": ("E-NETWORK-INTERFACE", "NetworkNamespaceError: getting network namespace failed"),
    "pull timeout 2": (
        "E-PULL-TIMEOUT",
        "CannotPullContainerError: inspect image has been retried 5 time(s): failed to resolve reference x: net/http: TLS handshake timeout",
    ),
    "pull timeout 3": (
        "E-PULL-TIMEOUT",
        "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to do request: Head x: read: connection reset by peer",
    ),
    "pull timeout 4": (
        "E-PULL-TIMEOUT",
        "CannotPullContainerError: Error response from daemon: Get x: dial tcp: lookup registry.example.com: server misbehaving",
    ),
    "registry auth": (
        "E-REGISTRY-AUTH",
        "CannotPullECRContainerError: AccessDeniedException: User: x is not authorized to perform: ecr:GetAuthorizationToken on resource: *",
    ),
    "pull": (
        "E-PULL",
        "CannotPullContainerError: Error response from daemon: Get x: x509: certificate signed by unknown authority",
    ),
    "log group not found": (
        "E-LOG-GROUP-NOT-FOUND",
        "CannotStartContainerError: API error (500): failed to initialize logging driver: ResourceNotFoundException: The specified log group does not exist.",
    ),
}
OF_EVENTS: dict[str, Text] = {
    "parameter not found": (
        "E-PARAMETER-NOT-FOUND",
        "(service web) was unable to place a task. Reason: Fetching secret data from SSM Parameter Store in us-east-1: invalid parameters: /stack/DD_API_KEY.",
    ),
    "agent": (
        "E-AGENT",
        "(service web) was unable to place a task because no container instance met all of its requirements. The closest matching container-instance i-1 doesn't have the agent connected. For more information, see the Troubleshooting section.",
    ),
    "instance attribute": (
        "E-INSTANCE-ATTRIBUTE",
        '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 2811 encountered error "MemberOf placement constraint unsatisfied.".',
    ),
    "target not found": (
        "E-TARGET-NOT-FOUND/E-TARGET-UNHEALTHY",
        "(service demo-web) failed to register targets in (target-group arn:aws:elasticloadbalancing:us-west-2:111122223333:targetgroup/demo-Targe-1HEN2QPS5LO9B/0c69c3eb5aa23bc9) with (error The following targets are not in the target group VPC 'vpc-11111111': 'i-11111",
    ),
    "protected tasks": (
        "E-PROTECTED-TASKS",
        "(service web) was unable to reach steady state because (taskSet ecs-svc/1111111111111111111) was unable to scale in due to (reason 2 tasks under protection)",
    ),
    "throttled": (
        "E-THROTTLED",
        "(service web) failed to register targets in (target-group x) with (error Rate exceeded)",
    ),
    "instance resources": (
        "E-INSTANCE-RESOURCES",
        "(service web) was unable to place a task because no container instance met all of its requirements. The closest matching container-instance i-1 is already using a port required by your task. For more information, see the Troubleshooting section.",
    ),
    "vcpu quota": (
        "E-VCPU-QUOTA",
        "(service web) was unable to place a task. Reason: You\u2019ve reached the limit on the number of vCPUs you can run concurrently.",
    ),
    "resource init": (
        "E-RESOURCE-INIT",
        "(service web) was unable to place a task. Reason: ResourceInitializationError: something new",
    ),
    "agent 2": ("E-AGENT", "(service web) was unable to place a task. Reason: AGENT"),
    "placement": ("E-PLACEMENT", "(service web) was unable to place a task. Reason: Something new."),
}


@pytest.mark.parametrize(("codes", "text"), OF_TASKS.values(), ids=OF_TASKS)
def test_d04_the_reason_of_a_task(codes: str, text: str) -> None:
    found = read_task(stopped("TaskFailedToStart", text, exited("app")), definition())
    assert found is not None
    assert found.code in codes.split("/")


@pytest.mark.parametrize(("codes", "text"), OF_CONTAINERS.values(), ids=OF_CONTAINERS)
def test_d03_d04_the_reason_of_a_container(codes: str, text: str) -> None:
    task = stopped("TaskFailedToStart", "Task failed to start", exited("app", None, text))
    found = read_task(task, definition())
    assert found is not None
    assert (found.code in codes.split("/"), found.container) == (True, "app")


@pytest.mark.parametrize(("codes", "text"), OF_EVENTS.values(), ids=OF_EVENTS)
def test_d01_d04_an_event(codes: str, text: str) -> None:
    found = read_line(text)
    assert found is not None
    assert found.code in codes.split("/")


def test_d04_maintenance_is_no_fault_of_a_release_although_the_scheduler_stopped_the_task() -> None:
    reason = "ECS is performing maintenance on the underlying infrastructure hosting the task."
    found = read_task(stopped("ServiceSchedulerInitiated", reason, exited("app", 143)), definition())
    assert found is not None
    assert found.code == "E-HOST-LOST"
