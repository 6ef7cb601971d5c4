"""What an outcome says of itself."""

from datetime import UTC, datetime

import pytest

from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.outcome import Cause, NotSucceeded, Outcome, Place, Status, Verdict

HERE = Place(cluster="prod", service="web", region="eu-west-1", account="111122223333")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def ended(status: Status, reason: str = "", *causes: Cause, place: Place = HERE, deployment_id: str = "") -> Outcome:
    return Outcome(
        verdict=Verdict(status=status, reason=reason),
        place=place,
        started_at=NOW,
        duration_seconds=1,
        deployment_id=deployment_id,
        causes=causes,
    )


@pytest.mark.parametrize(("deployment", "by"), [("d-8IWOTA95B", True), ("ecs-svc/8123", False), ("", False)])
def test_whose_deployment_it_was_shows_in_its_id(deployment: str, by: bool) -> None:
    assert ended(Status.SUCCEEDED, deployment_id=deployment).by_codedeploy is by


@pytest.mark.parametrize("status", Status)
def test_what_did_not_succeed_is_an_error_for_whoever_asks_for_one(status: Status) -> None:
    outcome = ended(status)
    if status.value in {"succeeded", "unchanged", "detached"}:
        outcome.raise_for_verdict()
        return
    with pytest.raises(EcsDeployError) as raised:
        outcome.raise_for_verdict()
    assert isinstance(raised.value, NotSucceeded)
    assert (raised.value.outcome, raised.value.status) == (outcome, status.value)


CRASH = Cause(code="E-CONTAINER-EXIT", summary='container "app" exits 1', remedy="Look at its log.")
NOWHERE = Place(cluster="", service="", region="", account="")


@pytest.mark.parametrize(
    ("outcome", "message", "hint"),
    [
        pytest.param(
            ended(Status.ROLLED_BACK, "ECS rolled back.", CRASH),
            'The run for `web` in `prod` ended as `rolled_back`: container "app" exits 1.',
            "Look at its log.",
            id="the first cause goes before the reason of ECS",
        ),
        pytest.param(
            ended(Status.FAILED, "tasks failed to start."),
            "The run for `web` in `prod` ended as `failed`: tasks failed to start.",
            "",
            id="without a cause, the reason of ECS",
        ),
        pytest.param(
            ended(Status.UNKNOWN, place=NOWHERE), "The run ended as `unknown`.", "", id="without a service or a reason"
        ),
    ],
)
def test_the_error_says_where_how_and_why(outcome: Outcome, message: str, hint: str) -> None:
    error = NotSucceeded(outcome)
    assert (error.message, error.hint) == (message, hint)


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
