"""What becomes of a rule or schedule where it is to follow a service."""

from datetime import UTC, datetime

import pytest

from ecsdeploy.model.outcome import Place
from ecsdeploy.model.timetables import Fate, Planned, Start, StartKind, Timetable

CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/prod"
NOW = "arn:aws:ecs:eu-west-1:111122223333:task-definition/job:7"


def start(revision: str, cluster: str = CLUSTER) -> Start:
    return Start(kind=StartKind.RULE, name="nightly", group="default", cluster=cluster, revision=revision)


@pytest.mark.parametrize(
    ("found", "fate"),
    [
        pytest.param(start("job:6"), Fate.MOVE, id="an older revision"),
        pytest.param(start(NOW.replace(":7", ":8")), Fate.MOVE, id="a newer one"),
        pytest.param(start("job:7"), Fate.ALREADY, id="the service's own, by its name"),
        pytest.param(start("job"), Fate.NEWEST, id="the family alone"),
        pytest.param(start("job:6", "staging"), Fate.ELSEWHERE, id="in another cluster"),
    ],
)
def test_only_what_starts_another_revision_in_the_service_s_cluster_is_moved(found: Start, fate: Fate) -> None:
    assert found.fate("prod", NOW) is fate


def test_a_timetable_names_what_is_to_move() -> None:
    starts = tuple(Planned(start=start(each), fate=start(each).fate("prod", NOW)) for each in ("job:6", "job:7"))
    place = Place(cluster="prod", service="job", region="eu-west-1", account="111122223333")
    table = Timetable(place=place, at=datetime(2026, 1, 1, tzinfo=UTC), family="job", revision=NOW, starts=starts)
    assert [each.revision for each in table.moves] == ["job:6"]
    assert table.moves[0].who == "EventBridge rule `nightly`"
