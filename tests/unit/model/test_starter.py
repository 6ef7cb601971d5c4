"""The time limits and the role that a project starts with."""

from datetime import UTC, datetime, timedelta

import pytest

from ecsdeploy.model.outcome import Place
from ecsdeploy.model.starter import Starter

ARN = "arn:aws-cn:ecs:cn-north-1:111122223333:service/prod/web"


def starter(*took: float) -> Starter:
    place = Place.of(ARN, cluster="prod", service="web")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Starter(place=place, at=at, partition="aws-cn", repository="registry.example.com/web", took=took)


@pytest.mark.parametrize(
    ("took", "minutes"), [((), 15), ((60.0, 450.0), 15), ((451.0,), 20), ((600.0, 30.0), 20), ((1000.0,), 35)]
)
def test_the_timeout_is_twice_the_longest_release_in_whole_steps(took: tuple[float, ...], minutes: int) -> None:
    found = starter(*took)
    assert found.timeout == timedelta(minutes=minutes)
    assert found.job_timeout == timedelta(minutes=3 * minutes + 5)


def test_the_role_is_one_of_the_services_account_and_partition() -> None:
    assert starter().role == "arn:aws-cn:iam::111122223333:role/DEPLOY_ROLE"
