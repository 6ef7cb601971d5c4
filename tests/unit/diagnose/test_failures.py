"""What a release that ECS calls complete leaves to be said."""

from dataclasses import replace

import pytest

from ecsdeploy.diagnose.failures import failed, most_frequent, none_lasted
from ecsdeploy.model.service import Task
from tests.unit.diagnose.builders import crashed, definition, ended_by, stopped

KNOWN = definition()
SCALED_IN = "Scaling activity initiated by (deployment ecs-svc/1)"
SPOT = stopped("SpotInterruption", "Your Spot Task was interrupted.", number=9)


def scaled_in(*, ran: float | None, number: int = 20) -> Task:
    return stopped("ServiceSchedulerInitiated", SCALED_IN, number=number, ran=ran)


def test_t12_only_tasks_that_failed_are_counted() -> None:
    crash = crashed(1)
    by_hand = ended_by("UserInitiated", "Task stopped by user", number=30)
    assert failed([crash, SPOT, scaled_in(ran=60), by_hand], KNOWN) == (crash,)
    assert failed([], KNOWN) == ()


def test_t12_the_most_frequent_cause_is_told() -> None:
    tasks = [crashed(1), crashed(139, number=2), crashed(139, number=3, ran=7)]
    assert most_frequent(tasks, KNOWN) == (
        'container "app" exits 139 (segmentation fault) about 7 s after start',
        "E-SEGFAULT",
    )


STOPPING = replace(scaled_in(ran=60), status="DEACTIVATING", execution_stopped_at=None, stopped_at=None)
NEVER_RAN = replace(crashed(1), started_at=None)


@pytest.mark.parametrize(
    ("tasks", "none"),
    [
        pytest.param([], False, id="no task"),
        pytest.param([scaled_in(ran=60)], False, id="none failed"),
        pytest.param([crashed(1)], True, id="all failed"),
        pytest.param([crashed(1, ran=4), scaled_in(ran=9)], True, id="one was scaled in as young"),
        pytest.param([crashed(1, ran=4), scaled_in(ran=9.001)], False, id="one lived longer"),
        pytest.param([crashed(1, ran=4), crashed(1, number=2, ran=40), scaled_in(ran=41)], True, id="than the longest"),
        pytest.param([NEVER_RAN, scaled_in(ran=None)], True, id="none ever ran"),
        pytest.param([NEVER_RAN, scaled_in(ran=1)], False, id="one ran where those never did"),
        pytest.param([crashed(1), STOPPING], False, id="one that ran is still stopping"),
        pytest.param([crashed(1), replace(STOPPING, started_at=None)], True, id="one that never ran is"),
    ],
)
def test_t11_whether_no_task_lasted(tasks: list[Task], *, none: bool) -> None:
    assert none_lasted(tasks, KNOWN) is none
