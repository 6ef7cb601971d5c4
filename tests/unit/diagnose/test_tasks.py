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
