"""What an outcome says of itself."""

from datetime import UTC, datetime

import pytest

from ecsdeploy.model.outcome import Outcome, Place, Status, Verdict


@pytest.mark.parametrize(("deployment", "by"), [("d-8IWOTA95B", True), ("ecs-svc/8123", False), ("", False)])
def test_whose_deployment_it_was_shows_in_its_id(deployment: str, by: bool) -> None:
    outcome = Outcome(
        verdict=Verdict(status=Status.SUCCEEDED),
        place=Place(cluster="prod", service="web", region="eu-west-1", account="111122223333"),
        started_at=datetime(2026, 11, 22, tzinfo=UTC),
        duration_seconds=1,
        deployment_id=deployment,
    )
    assert outcome.by_codedeploy is by


GOES_ON = {"timed_out", "unknown", "interrupted", "detached"}
WENT_WRONG = {"failed", "stopped", "rolled_back", "rollback_failed", "timed_out"}


@pytest.mark.parametrize("status", Status)
def test_after_some_verdicts_a_deployment_may_go_on_and_some_have_causes(status: Status) -> None:
    assert status.may_go_on is (status.value in GOES_ON)
    assert status.has_causes is (status.value in WENT_WRONG)


def test_a_place_has_the_region_and_the_account_of_what_is_there() -> None:
    arn = "arn:aws:ecs:eu-west-1:111122223333:service/prod/web"
    here = Place(cluster="prod", service="web", region="eu-west-1", account="111122223333")
    assert Place.of(arn, cluster="prod", service="web") == here
