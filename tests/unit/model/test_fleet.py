"""What a release of several services is made of."""

import pytest

from ecsdeploy.errors import NotBegun
from ecsdeploy.model.fleet import FleetOutcome, MemberOutcome, OnMemberFailure
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.together import FleetFinished
from tests.unit.model.test_outcome import NOW, ended


def test_two_policies_take_back_what_failed() -> None:
    backs = [policy for policy in OnMemberFailure if policy.takes_back]
    assert backs == [OnMemberFailure.ROLLBACK, OnMemberFailure.ROLLBACK_FAILED]


def test_a_member_without_an_outcome_changed_nothing() -> None:
    assert MemberOutcome(name="web", error=NotBegun("It was not begun.")).status is Status.REFUSED


@pytest.mark.parametrize("status", [Status.SUCCEEDED, Status.ROLLED_BACK])
def test_a_member_s_status_is_that_of_its_verdict(status: Status) -> None:
    assert MemberOutcome(name="web", outcome=ended(status)).status is status


@pytest.mark.parametrize(("status", "good"), [(Status.UNCHANGED, True), (Status.ROLLED_BACK, False)])
def test_a_release_is_good_if_its_worst_member_is(status: Status, good: bool) -> None:
    outcome = FleetOutcome(id="r", members=(), started_at=NOW, duration_seconds=1, status=status)
    assert FleetFinished(outcome=outcome).is_good is good
