"""Ctrl-C leaves the deployment alone, or sends one request to go back, as it was asked."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import AwsRefused
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.request import OnInterrupt
from tests.unit.engine.happenings import goes_on
from tests.unit.engine.runs import RELEASE, REVISION, WITH_ROLLBACK, Ran, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.rollout.builders import deployed


def rolling(**refused: AwsRefused) -> ScriptedPlane:
    """A release of ours that goes on until somebody presses Ctrl-C."""
    plane = ScriptedPlane(courses=[[goes_on], [goes_on]])
    plane.clock.interrupt_at = plane.clock.seconds + 12
    for call, error in refused.items():
        plane.fail(call, error, times=ALWAYS)
    return plane


GOES_BACK = replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK)


def asked_back(ran: Ran) -> list[tuple[str, bool]]:
    return [(each.to_revision, each.stopped) for each in ran.told.of(RollingBack)]


def test_f25_an_interrupt_detaches_by_default() -> None:
    plane = rolling()
    ran = run(plane, RELEASE)
    assert (ran.status, plane.writes, asked_back(ran)) == (Status.INTERRUPTED, ["register", "update_service"], [])


def test_f26_an_interrupt_may_send_one_stop_and_waits_for_nothing() -> None:
    plane = rolling()
    plane.deployed = deployed("IN_PROGRESS")
    ran = run(plane, GOES_BACK)
    assert (ran.status, ran.outcome.verdict.phase) == (Status.INTERRUPTED, Phase.ROLLING_BACK)
    assert (plane.calls[-1], asked_back(ran)) == ("stop_deployment", [(REVISION(1), True)])


@pytest.mark.parametrize("cannot", [None, AwsRefused("No.")], ids=["nothing to stop", "refused"])
def test_f26_where_it_cannot_be_stopped_the_service_is_put_back(cannot: AwsRefused | None) -> None:
    plane = rolling(**{"stop_deployment": cannot} if cannot else {})
    plane.deployed = deployed("IN_PROGRESS") if cannot else None
    ran = run(plane, GOES_BACK)
    assert (plane.calls[-1], asked_back(ran)) == ("update_service", [(REVISION(1), False)])


def test_f26_a_rollback_that_cannot_be_sent_is_a_warning() -> None:
    plane = rolling()
    plane.fail("update_service", AwsRefused("No."), after=1)
    ran = run(plane, GOES_BACK)
    assert (ran.status, ran.outcome.rollback) == (Status.INTERRUPTED, None)
    assert ran.outcome.warnings[-1].startswith("W-ROLLBACK-NOT-SENT")
