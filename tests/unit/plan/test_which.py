"""Which deployment is meant by a revision or a time, and which of ECS's lines are about it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ecsdeploy.model.service import Deployment, PastDeployment
from ecsdeploy.plan.which import Begun, Wanted, before, begun, newest
from tests.unit.rollout.builders import NEW, NOON, OLD, OLD_ID, OUR_ID, event, old, ours, service_with

LATER = NOON + timedelta(minutes=10)
OURS = replace(ours(), created_at=LATER)
BOTH = service_with(OURS, old())


def past(number: int, status: str = "SUCCESSFUL", *, revision: str = NEW) -> PastDeployment:
    """The record of a deployment that began so many minutes after noon, and took two."""
    began = NOON + timedelta(minutes=number)
    return PastDeployment(
        arn="",
        status=status,
        revision=revision,
        deployment_id=f"ecs-svc/{number}",
        created_at=began,
        finished_at=began + timedelta(minutes=2),
    )


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param(Wanted(revision=NEW), OUR_ID, id="a revision by its ARN"),
        pytest.param(Wanted(revision="web:2"), OUR_ID, id="a revision by its name"),
        pytest.param(Wanted(revision="web:1"), OLD_ID, id="the one before"),
        pytest.param(Wanted(revision="web:9"), None, id="one that never began"),
        pytest.param(Wanted(since=LATER), OUR_ID, id="at that very time"),
        pytest.param(Wanted(since=LATER + timedelta(seconds=1)), None, id="none since"),
        pytest.param(Wanted(revision=OLD, since=LATER), None, id="of this revision none since"),
    ],
)
def test_the_newest_that_fits_is_meant(wanted: Wanted, found: str | None) -> None:
    chosen = newest(wanted, BOTH, ())
    assert (chosen.deployment.id if chosen else None) == found


@pytest.mark.parametrize(
    ("records", "found"),
    [
        pytest.param((past(20), past(5)), "ecs-svc/20", id="a record is younger"),
        pytest.param((past(5),), OUR_ID, id="the list is ahead of the records"),
        pytest.param((past(20, revision=""),), OUR_ID, id="a record that does not tell its revision"),
        pytest.param((replace(past(20), created_at=None),), OUR_ID, id="a record without a time"),
    ],
)
def test_records_and_the_list_are_both_looked_at(records: tuple[PastDeployment, ...], found: str) -> None:
    chosen = newest(Wanted(revision=NEW), BOTH, records)
    assert chosen is not None
    assert chosen.deployment.id == found


def test_what_has_no_time_is_not_known_to_be_younger() -> None:
    service = service_with(replace(ours(), created_at=None))
    assert newest(Wanted(since=NOON), service, ()) is None
    assert newest(Wanted(revision=NEW), service, ()) is not None


ENDED = replace(past(10), deployment_id=OUR_ID)


@pytest.mark.parametrize(
    ("deployment", "records", "ended"),
    [
        pytest.param(OURS, (past(5), ENDED), ("SUCCESSFUL", ENDED.finished_at), id="its record says how and when"),
        pytest.param(
            replace(OURS, rollout_state="COMPLETED"),
            (replace(ENDED, status="IN_PROGRESS"),),
            ("", None),
            id="its record says that it goes on",
        ),
        pytest.param(OURS, (past(5),), ("", None), id="under way, and no record yet"),
        pytest.param(replace(OURS, rollout_state="COMPLETED"), (), ("COMPLETED", None), id="complete in the list"),
        pytest.param(replace(OURS, rollout_state="FAILED"), (), ("", None), id="failed, and perhaps going back"),
    ],
)
def test_how_it_had_ended(
    deployment: Deployment, records: tuple[PastDeployment, ...], ended: tuple[str, object]
) -> None:
    found = begun(deployment, records)
    assert (found.ended, found.ended_at) == ended


EARLIER, DURING, AFTERWARDS = (event(number, at=60 * number) for number in (5, 11, 13))
TALKATIVE = replace(BOTH, events=(AFTERWARDS, DURING, EARLIER))


@pytest.mark.parametrize(
    ("of", "others"),
    [
        pytest.param(begun(OURS, (ENDED,)), (AFTERWARDS, EARLIER), id="older and younger than it"),
        pytest.param(begun(OURS, ()), (EARLIER,), id="older: it goes on"),
        pytest.param(Begun(deployment=ours()), (AFTERWARDS, DURING, EARLIER), id="all, as nobody knows when it began"),
    ],
)
def test_lines_from_before_it_began_and_after_it_ended_are_of_others(of: Begun, others: tuple[object, ...]) -> None:
    assert before(TALKATIVE, of).events == others
