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
