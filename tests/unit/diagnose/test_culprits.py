"""Whose exit code ended a task, and whose only tells how ECS ended the others."""

import pytest

from ecsdeploy.diagnose.causes import may_be_ended_by_ecs
from ecsdeploy.model.service import Container
from tests.unit.diagnose.builders import exited


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
