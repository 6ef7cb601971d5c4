"""What ECS's own lines say, and about which deployment."""

from dataclasses import replace

import pytest

from ecsdeploy.rollout.lines import concerns, goes_back, tells_completed
from ecsdeploy.rollout.overview import condition_of
from tests.unit.rollout.builders import FOREIGN_ID, OLD_ID, OUR_ID, event, old, ours, service_with

COMPLETED = f"(service web) (deployment {OUR_ID}) deployment completed."


@pytest.mark.parametrize(
    ("message", "concerned"),
    [
        (COMPLETED, True),
        ("(service web) has reached a steady state.", True),
        (f"(service web) (deployment {FOREIGN_ID}) deployment failed: tasks failed to start.", False),
        (f"(service web) (deployment {OUR_ID}9) deployment completed.", False),
    ],
    ids=["it is named", "none is named", "another one is", "one with a longer number is"],
)
def test_a_line_may_be_about_a_deployment_unless_it_names_another(message: str, concerned: bool) -> None:
    assert concerns(event(1, message), OUR_ID) is concerned


def test_a_line_tells_the_completion_of_the_deployment_that_it_names() -> None:
    assert [tells_completed(event(1, COMPLETED), each) for each in (OUR_ID, FOREIGN_ID)] == [True, False]


BACK = replace(
    old("IN_PROGRESS", status="PRIMARY"),
    rollout_reason=f"ECS deployment circuit breaker: rolling back to deploymentId {OLD_ID}.",
)


def test_the_way_back_is_the_reason_where_the_failed_deployment_is_no_longer_listed() -> None:
    assert (goes_back(BACK), goes_back(ours())) == (True, False)
    for listed, reason in (
        ((BACK,), BACK.rollout_reason),
        ((BACK, ours("FAILED", status="ACTIVE")), ours("FAILED").rollout_reason),
        ((replace(BACK, rollout_state="COMPLETED"), ours(status="ACTIVE")), "trouble"),
    ):
        service = replace(service_with(*listed), running=1)
        assert condition_of(service, trouble="trouble", hindered=False).reason == reason
