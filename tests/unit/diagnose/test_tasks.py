"""What a stopped task is a symptom of, by the texts of ECS.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

import pytest

from ecsdeploy.diagnose.causes import Symptom, read_task, was_cut_short
from ecsdeploy.model.service import Container, Task
from ecsdeploy.model.taskdef import TaskDefinition
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


def ended(*containers: Container) -> Task:
    return stopped("EssentialContainerExited", "Essential container in task exited", *containers, ran=4)


BESIDE = definition(member("proxy", essential=False), member("app"), member("queue"))
ENDED: dict[str, tuple[Task, str, str, int | None]] = {
    "f56 exit 1": (ended(exited("app", 1)), "E-CONTAINER-EXIT", "app", 1),
    "f56 exit 0": (ended(exited("app", 0)), "E-EXIT-ZERO", "app", 0),
    "f56 command not found": (ended(exited("app", 127)), "E-COMMAND-NOT-FOUND", "app", 127),
    "f56 not executable": (ended(exited("app", 126)), "E-NOT-EXECUTABLE", "app", 126),
    "f56 segmentation fault": (ended(exited("app", 139)), "E-SEGFAULT", "app", 139),
    "f56 terminated": (ended(exited("app", 143)), "E-TERMINATED", "app", 143),
    "f56 out of memory": (
        ended(exited("queue", 143), exited("app", 137, "OutOfMemoryError: Container killed due to memory usage")),
        "E-OUT-OF-MEMORY",
        "app",
        137,
    ),
    "f57 the second of two": (ended(exited("queue", 0), exited("app", 3)), "E-CONTAINER-EXIT", "app", 3),
    "f57 the others were told to stop": (ended(exited("queue", 143), exited("app", 0)), "E-EXIT-ZERO", "app", 0),
    "f57 killed, before one told to stop": (
        ended(exited("queue", 143), exited("app", 137)),
        "E-KILLED",
        "app",
        137,
    ),
    "f57 a sidecar that is not essential": (ended(exited("proxy", 1), exited("app", 2)), "E-CONTAINER-EXIT", "app", 2),
    "f57 a sidecar's own trouble": (
        ended(exited("proxy", 137, "OutOfMemoryError: killed"), exited("app", 2)),
        "E-CONTAINER-EXIT",
        "app",
        2,
    ),
    "f58 an init container that is done": (ended(exited("proxy", 0), exited("app", 2)), "E-CONTAINER-EXIT", "app", 2),
    "a container that gives a reason": (
        ended(exited("queue", 1), exited("app", 1, "Something happened.")),
        "E-CONTAINER-EXIT",
        "app",
        1,
    ),
    "a container that the definition lacks": (ended(exited("guard", 9)), "E-CONTAINER-EXIT", "guard", 9),
    "no exit code at all": (ended(exited("app")), "E-CONTAINER-EXIT", "", None),
    "no stop code, as some emulators have it": (stopped("", "", exited("app", 1)), "E-CONTAINER-EXIT", "app", 1),
    "neither stop code nor exit code": (stopped("", "Gone."), "E-TASK-STOPPED", "", None),
    "f59 spot": (
        stopped("SpotInterruption", "Your Spot Task was interrupted.", exited("app", 143)),
        "E-HOST-LOST",
        "",
        None,
    ),
    "f59 host health": (stopped("InfrastructureHealth", "Host impaired.", exited("app", 1)), "E-HOST-LOST", "", None),
    "f53 targets": (
        stopped("ServiceSchedulerInitiated", ELB, exited("app", 143), ran=60),
        "E-TARGET-UNHEALTHY",
        "app",
        None,
    ),
    "container health": (
        stopped(
            "ServiceSchedulerInitiated",
            "Task failed container health checks",
            exited("queue", 0),
            exited("app", 137, health="UNHEALTHY"),
        ),
        "E-CONTAINER-UNHEALTHY",
        "app",
        None,
    ),
}


@pytest.mark.parametrize(("task", "code", "container", "exit_code"), ENDED.values(), ids=ENDED)
def test_a_task_that_ended(task: Task, code: str, container: str, exit_code: int | None) -> None:
    symptom = read_task(task, BESIDE)
    assert symptom is not None
    assert (symptom.code, symptom.container, symptom.exit_code) == (code, container, exit_code)


@pytest.mark.parametrize(
    "task",
    [
        pytest.param(stopped("ServiceSchedulerInitiated", SCALED, exited("app", 0)), id="scaled in"),
        pytest.param(stopped("ServiceSchedulerInitiated", SCALED, exited("app", 143)), id="scaled in, by signal"),
        pytest.param(stopped("ServiceSchedulerInitiated", SCALED, exited("app", 137)), id="scaled in, killed"),
        pytest.param(stopped("ServiceSchedulerInitiated", "", exited("app", 1)), id="the scheduler's own business"),
        pytest.param(stopped("UserInitiated", "Task stopped by user", exited("app", 143)), id="by the user"),
        pytest.param(stopped("UserInitiated", "maintenance", exited("app", 1)), id="by the user, with a reason"),
        pytest.param(stopped("", SCALED, exited("app", 143)), id="scaled in, without a stop code"),
    ],
)
def test_a_task_that_was_told_to_stop_is_no_failure(task: Task) -> None:
    assert read_task(task, BESIDE) is None


CHECK = {"command": ["CMD", "true"]}
UNHEALTHY = "Task failed container health checks"
CHECKED: dict[str, tuple[str, TaskDefinition, str]] = {
    "the one with a check": (UNHEALTHY, definition(member("proxy"), member("app", healthCheck=CHECK)), "app"),
    "one of two with a check": (
        UNHEALTHY,
        definition(member("proxy", healthCheck=CHECK), member("app", healthCheck=CHECK)),
        "",
    ),
    "the one with a port": (
        ELB,
        definition(member("proxy"), member("app", portMappings=[{"containerPort": 80}])),
        "app",
    ),
    "one of two with a port": (
        ELB,
        definition(member("proxy", portMappings=[{}]), member("app", portMappings=[{}])),
        "",
    ),
    "none with a port": (ELB, definition(member("proxy"), member("app")), ""),
}


@pytest.mark.parametrize(("reason", "known", "container"), CHECKED.values(), ids=CHECKED)
def test_a_container_is_named_only_when_it_must_be_the_one(reason: str, known: TaskDefinition, container: str) -> None:
    task = stopped("ServiceSchedulerInitiated", reason, exited("proxy", 137), exited("app", 143))
    symptom = read_task(task, known)
    assert symptom is not None
    assert symptom.container == container


@pytest.mark.parametrize(
    ("app", "queue", "blamed", "code"),
    [
        (0, 143, "app", "E-EXIT-ZERO"),
        (0, 137, "app", "E-EXIT-ZERO"),
        (3, 137, "app", "E-CONTAINER-EXIT"),
        (143, 137, "queue", "E-KILLED"),
        (137, 0, "queue", "E-EXIT-ZERO"),
    ],
)
def test_d05_a_container_that_ecs_killed_because_another_ended_is_not_blamed(
    app: int, queue: int, blamed: str, code: str
) -> None:
    symptom = read_task(ended(exited("app", app), exited("queue", queue)), BESIDE)
    assert symptom is not None
    assert (symptom.container, symptom.code) == (blamed, code)


def test_x02_a_container_with_a_reason_of_its_own_is_blamed_whatever_its_exit_code() -> None:
    """The reason says that it did not end because ECS stopped it after another one."""
    gone = exited("queue", 137, "Shut down by the operator of the host.")
    symptom = read_task(ended(exited("app", 0), gone), BESIDE)
    assert symptom is not None
    assert (symptom.container, symptom.exit_code) == ("queue", 137)


def test_a_container_that_carries_another_reason_is_not_blamed() -> None:
    task = ended(exited("queue", 143, "Stopped by its dependency."), exited("app", 137, "OutOfMemoryError: killed"))
    symptom = read_task(task, BESIDE)
    assert symptom == Symptom(code="E-OUT-OF-MEMORY", container="app", exit_code=137, reason="OutOfMemoryError: killed")


@pytest.mark.parametrize(
    ("stop_code", "cut_short"),
    [
        ("EssentialContainerExited", False),
        ("TaskFailedToStart", False),
        ("", False),
        ("UserInitiated", True),
        ("ServiceSchedulerInitiated", True),
        ("SpotInterruption", True),
    ],
)
def test_f68_who_ended_a_task(stop_code: str, cut_short: bool) -> None:
    assert was_cut_short(stopped(stop_code)) == cut_short


WAITS = {"dependsOn": [{"containerName": "db", "condition": "HEALTHY"}]}


@pytest.mark.parametrize(
    ("waiting", "app_exit", "code"),
    [
        pytest.param(WAITS, None, "E-DEPENDENCY-UNHEALTHY", id="f57 it was waited for"),
        pytest.param(WAITS, 143, "E-CONTAINER-UNHEALTHY", id="the other ran: it was healthy before"),
        pytest.param({}, None, "E-CONTAINER-UNHEALTHY", id="nobody waits"),
        pytest.param(
            {"dependsOn": [{"containerName": "db", "condition": "START"}]}, None, "E-CONTAINER-UNHEALTHY", id="start"
        ),
    ],
)
def test_f57_a_container_that_another_waits_for(waiting: dict[str, object], app_exit: int | None, code: str) -> None:
    task = stopped(
        "ServiceSchedulerInitiated", UNHEALTHY, exited("app", app_exit), exited("db", 137, health="UNHEALTHY")
    )
    symptom = read_task(task, definition(member("app", **waiting), member("db", healthCheck=CHECK)))
    assert symptom == Symptom(code=code, container="db", reason=UNHEALTHY)
