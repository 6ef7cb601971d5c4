"""After a failure or a signal CodeDeploy's deployment is stopped, or its traffic brought back; who did it is told."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import AccessDenied, AwsRefused, Throttled
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import (
    OnFailure,
    OnInterrupt,
    WholeBudget,
)
from ecsdeploy.plan.codedeploy import revision_in
from tests.unit.engine.codedeploy_planes import APPSPEC, a_plane, both, released_before
from tests.unit.engine.codedeployed import (
    ScriptedCodeDeploy,
    begins,
    cannot_go_back,
    fails,
    is_back,
    rolls_back,
    shifts,
    stops,
    succeeds,
)
from tests.unit.engine.runs import FORCED, RELEASE, REVISION, WITH_ROLLBACK, run
from tests.unit.plan.builders import set_image


def test_f46_code_deploy_s_own_rollback_is_told_as_its_own() -> None:
    plane = a_plane([begins, both(fails, rolls_back), is_back])
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.verdict.serving) == (Status.ROLLED_BACK, REVISION(1))
    assert ran.outcome.rollback is not None
    assert (ran.outcome.rollback.by, ran.outcome.rollback.to_revision) == ("codedeploy", REVISION(1))
    assert not plane.made("codedeploy.stop")


def test_f46_a_rollback_that_fails_too_says_so() -> None:
    plane = a_plane([begins, both(fails, rolls_back), cannot_go_back])
    assert run(plane).status is Status.ROLLBACK_FAILED


def test_f46_a_failure_before_any_traffic_leaves_nothing_to_undo() -> None:
    plane = a_plane([begins, fails])
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.verdict.serving) == (Status.FAILED, REVISION(1))
    assert plane.writes == ["register", "codedeploy.create"]


def test_f46_what_is_under_way_at_the_end_of_time_is_stopped_with_a_rollback() -> None:
    plane = a_plane([begins])
    ran = run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60)))
    assert ran.status is Status.ROLLED_BACK
    assert plane.writes == ["register", "codedeploy.create", "codedeploy.stop"]
    (back,) = ran.told.of(RollingBack)
    assert (back.by, back.stopped, back.to_revision) == ("us", True, REVISION(1))
    assert ran.outcome.rollback is not None
    assert ran.outcome.rollback.deployment_id == "d-1"


def test_t04_a_way_back_has_the_time_that_the_service_s_own_settings_take_and_tells_it() -> None:
    plane = a_plane([begins])
    plane.now = replace(plane.now, grace_seconds=600)
    plane.codedeploy.on_stop = [stops, rolls_back]
    ran = run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60)))
    assert ran.status is Status.TIMED_OUT
    assert ran.outcome.verdict.limit_seconds > 600
    assert ran.seconds >= 60 + ran.outcome.verdict.limit_seconds


def test_f46_a_rollback_that_does_not_come_after_our_stop_has_failed() -> None:
    plane = a_plane([begins])
    plane.codedeploy.on_stop = [stops]
    assert run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60))).status is Status.ROLLBACK_FAILED


def test_f46_traffic_that_has_moved_is_brought_back_by_a_new_deployment() -> None:
    plane = a_plane([begins, shifts, fails], [begins, succeeds])
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.verdict.serving) == (Status.ROLLED_BACK, REVISION(1))
    assert [revision_in(each) for each in plane.codedeploy.created] == [REVISION(2), REVISION(1)]
    assert ran.outcome.rollback is not None
    assert ran.outcome.rollback.deployment_id == "d-2"


def test_f46_a_deployment_that_succeeds_before_it_is_stopped_has_succeeded() -> None:
    plane = a_plane([begins], [begins, succeeds])
    plane.codedeploy.on_stop = [succeeds]
    ran = run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60)))
    assert (ran.status, ran.outcome.rollback) == (Status.SUCCEEDED, None)
    assert len(plane.codedeploy.created) == 1


def test_f46_a_deployment_that_ended_just_before_our_stop_is_judged_as_it_is() -> None:
    plane = a_plane([begins])
    plane.fail("codedeploy.stop", AwsRefused("It has ended."))
    ran = run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60)))
    assert ran.status is Status.TIMED_OUT


def test_f46_to_stop_on_failure_deploys_nothing_again() -> None:
    stop = replace(WITH_ROLLBACK, on_failure=OnFailure.STOP)
    moving = a_plane([begins])
    assert run(moving, replace(stop, budget=WholeBudget(seconds=60))).status is Status.ROLLED_BACK
    assert moving.writes == ["register", "codedeploy.create", "codedeploy.stop"]
    ended = a_plane([begins, shifts, fails])
    ran = run(ended, stop)
    assert (ran.status, ended.writes) == (Status.FAILED, ["register", "codedeploy.create"])
    assert ran.outcome.warnings == ("W-NOTHING-TO-STOP web",)


def test_what_runs_already_is_no_reason_to_ignore_a_deployment_under_way() -> None:
    plane = a_plane()
    asked = replace(RELEASE, edits=(set_image("acme/app:1"),), skip_unchanged=True)
    assert run(plane, asked).status is Status.UNCHANGED
    released_before(plane, "InProgress")
    assert run(plane, asked).status is Status.BUSY


def test_f46_another_s_deployment_is_never_undone() -> None:
    plane = a_plane([begins, shifts, both(fails, lambda there, _: _keep_foreign(there))])
    ran = run(plane, WITH_ROLLBACK)
    assert ran.status is Status.FAILED
    assert any(each.startswith("W-NOT-OURS") for each in ran.outcome.warnings)
    assert len(plane.codedeploy.created) == 1


def _keep_foreign(there: ScriptedCodeDeploy) -> None:
    there.keep(APPSPEC, "InProgress")


def test_f46_an_error_on_the_way_back_is_a_failed_rollback() -> None:
    plane = a_plane([begins, shifts, fails])
    plane.fail("codedeploy.create", AccessDenied("No."), after=1)
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.rollback and ran.outcome.rollback.reason) == (Status.ROLLBACK_FAILED, "No.")


def test_f46_a_forced_deployment_has_nothing_to_go_back_to() -> None:
    plane = a_plane([begins, fails])
    ran = run(plane, replace(FORCED, on_failure=WITH_ROLLBACK.on_failure))
    assert ran.status is Status.FAILED
    assert any(each.startswith("W-NO-ROLLBACK-TARGET") for each in ran.outcome.warnings)


@pytest.mark.parametrize(
    ("on_interrupt", "stopped"), [(OnInterrupt.DETACH, 0), (OnInterrupt.ROLLBACK, 1)], ids=["detach", "rollback"]
)
def test_f46_a_signal_detaches_or_stops_as_it_was_asked(on_interrupt: OnInterrupt, stopped: int) -> None:
    plane = a_plane([begins])
    plane.clock.interrupt_at = plane.clock.seconds + 20
    ran = run(plane, replace(RELEASE, on_interrupt=on_interrupt))
    assert (ran.status, plane.made("codedeploy.stop")) == (Status.INTERRUPTED, stopped)
    assert not plane.made("update_service")


def test_f46_a_rollback_that_cannot_be_asked_for_after_a_signal_is_told() -> None:
    plane = a_plane([begins])
    plane.clock.interrupt_at = plane.clock.seconds + 20
    plane.fail("codedeploy.stop", AwsRefused("It has ended."))
    ran = run(plane, replace(RELEASE, on_interrupt=OnInterrupt.ROLLBACK))
    assert ran.outcome.warnings == ("W-ROLLBACK-NOT-SENT It has ended.",)


def test_t02_the_reads_of_a_way_back_share_one_deadline() -> None:
    plane = a_plane([begins, shifts, fails])
    slow = Throttled("Slow down.")
    for call, after in (("codedeploy.deployment", 3), ("service", 3), ("codedeploy.target", 3)):
        plane.fail(call, slow, times=4, takes=12, after=after)
    ran = run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60)))
    assert (ran.status, ran.seconds < 60 + 90) == (Status.ROLLBACK_FAILED, True)
