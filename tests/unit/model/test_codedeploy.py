"""CodeDeploy's values: the target's two sides and its events, and which deployments have ended."""

import pytest

from ecsdeploy.model.codedeploy import ENDED, CodeDeployment, EcsTarget, LifecycleEvent, TaskSet

BLUE, GREEN = TaskSet(id="1", label="Blue"), TaskSet(id="2", label="Green")
INSTALL, SHIFT = (LifecycleEvent(name=name, status="Succeeded") for name in ("Install", "AllowTraffic"))


def test_a_side_and_an_event_are_found_by_their_names() -> None:
    target = EcsTarget(events=(INSTALL, SHIFT), task_sets=(BLUE, GREEN))
    assert [target.side(label) for label in ("Blue", "Green", "Red")] == [BLUE, GREEN, None]
    assert [target.event(name) for name in ("Install", "AllowTraffic", "Roast")] == [INSTALL, SHIFT, None]
    assert (EcsTarget().side("Blue"), EcsTarget().event("Install")) == (None, None)


@pytest.mark.parametrize(
    ("status", "ended"),
    [("Succeeded", True), ("Failed", True), ("Stopped", True), ("InProgress", False), ("Ready", False), ("", False)],
)
def test_only_three_ends_are_known(status: str, ended: bool) -> None:
    assert CodeDeployment(id="d-1", status=status).ended is ended
    assert (status in ENDED) is ended
