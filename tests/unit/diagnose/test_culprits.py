"""Whose exit code ended a task, and whose only tells how ECS ended the others."""

import pytest

from ecsdeploy.diagnose.causes import Symptom, may_be_ended_by_ecs, read_task
from ecsdeploy.model.service import Container, Task
from tests.unit.diagnose.builders import definition, exited, member, stopped


@pytest.mark.parametrize(
    ("container", "by_ecs"),
    [
        pytest.param(exited("app", 143), True, id="told to stop"),
        pytest.param(exited("app", 137), True, id="killed"),
        pytest.param(exited("app", 137, "OutOfMemoryError: Container killed due to memory usage"), False, id="memory"),
        pytest.param(exited("app", 0), False, id="done"),
        pytest.param(exited("app", 1), False, id="failed"),
        pytest.param(exited("app"), False, id="it never ran"),
    ],
)
def test_t17_only_a_signal_without_a_reason_may_be_ecs_own(container: Container, by_ecs: bool) -> None:
    assert may_be_ended_by_ecs(container) is by_ecs


MEMORY = "OutOfMemoryError: Container killed due to memory usage"
SECRET = "ResourceInitializationError: unable to retrieve secret from asm: AccessDeniedException"


@pytest.mark.parametrize(
    ("task", "symptom"),
    [
        pytest.param(
            stopped("EssentialContainerExited", MEMORY, exited("queue", 143), exited("app", 137)),
            Symptom(code="E-OUT-OF-MEMORY", container="app", exit_code=137, reason=MEMORY),
            id="the one that was killed first",
        ),
        pytest.param(
            stopped("TaskFailedToStart", SECRET, exited("queue"), exited("app")),
            Symptom(code="E-SECRET", reason=SECRET),
            id="none, as none has run",
        ),
        pytest.param(
            stopped("TaskFailedToStart", SECRET, exited("app")),
            Symptom(code="E-SECRET", container="app", reason=SECRET),
            id="the only one",
        ),
        pytest.param(
            stopped("SpotInterruption", "Your Spot Task was interrupted.", exited("app", 1)),
            Symptom(code="E-HOST-LOST", reason="Your Spot Task was interrupted."),
            id="the host, and none of them",
        ),
    ],
)
def test_whose_fault_it_is_where_ecs_speaks_of_the_task(task: Task, symptom: Symptom) -> None:
    assert read_task(task, definition(member("app"), member("queue"))) == symptom
