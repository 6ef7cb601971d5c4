"""`rollback` goes to the newest revision that was released with success, or to the one that is named."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ecsdeploy.errors import AwsError, AwsRefused, NoSuchResource, Refused, Throttled
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.service import PastDeployment
from tests.unit.engine.happenings import completes
from tests.unit.engine.others_at_work import API, BACK, of_number, past, settled
from tests.unit.engine.runs import REVISION, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import NOON, old, ours, service_with


def test_a_rollback_goes_to_the_newest_revision_released_with_success() -> None:
    plane = settled()
    ran = run(plane, BACK)
    assert (ran.status, ran.outcome.to_revision, plane.writes) == (Status.SUCCEEDED, REVISION(2), ["update_service"])
    assert ran.told.of(Planned)[0].target == REVISION(2)


def test_f44_a_revision_that_no_longer_exists_is_passed_over() -> None:
    plane = settled()
    del plane.store[REVISION(2)]
    plane.fail("definition", NoSuchResource("Gone."))
    assert run(plane, BACK).outcome.to_revision == REVISION(1)


def test_f44_an_older_revision_that_is_active_goes_before_a_newer_one_that_is_not() -> None:
    plane = settled()
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), status="INACTIVE"))
    assert run(plane, BACK).outcome.to_revision == REVISION(1)


def test_f44_where_no_revision_is_active_a_copy_of_the_newest_is_deployed() -> None:
    plane = settled()
    for number in (1, 2):
        image = container("app", f"acme/app:{number}")
        plane.keep(definition_of(image, taskDefinitionArn=REVISION(number), status="INACTIVE"))
    ran = run(plane, BACK)
    assert (ran.status, ran.outcome.images) == (Status.SUCCEEDED, (("app", "acme/app:2"),))
    assert (ran.outcome.to_revision, plane.writes) == (REVISION(4), ["register", "update_service"])


def test_a_rollback_may_be_told_where_to_go() -> None:
    plane = settled()
    plane.store["web:1"] = plane.store[REVISION(1)]
    assert run(plane, replace(BACK, to="1")).outcome.to_revision == REVISION(1)


def test_t09_a_second_rollback_does_not_put_the_bad_release_back() -> None:
    plane = settled()
    plane.courses = [[completes], [completes]]
    run(plane, BACK)
    plane.past = (past(2), *plane.past)
    assert run(plane, BACK).outcome.to_revision == REVISION(1)
    plane.past = (past(1), *plane.past)
    third = run(plane, BACK)
    assert (third.status, len(plane.updates)) == (Status.REFUSED, 2)


def test_t09_after_many_failed_tries_the_good_one_is_found() -> None:
    plane = settled()
    plane.past = (*[past(number, "STOPPED") for number in range(60, 3, -1)], past(3), past(2))
    plane.now = replace(
        service_with(replace(ours("FAILED"), task_definition=REVISION(60))), task_definition=REVISION(60)
    )
    plane.keep(of_number(60))
    assert run(plane, BACK).outcome.to_revision == REVISION(3)


@pytest.mark.parametrize("has_run", [True, False])
def test_t09_a_revision_of_another_family_must_have_run_here(has_run: bool) -> None:
    plane = settled()
    plane.store[API] = definition_of(container("app", "acme/api:9"), family="api", taskDefinitionArn=API)
    if has_run:
        plane.past = (*[past(3)] * 25, replace(past(1, "STOPPED"), revision=API))
    ran = run(plane, replace(BACK, to=API))
    assert (ran.status, plane.writes) == ((Status.SUCCEEDED, ["update_service"]) if has_run else (Status.REFUSED, []))


def test_t09_a_revision_of_another_family_that_is_listed_has_run_here() -> None:
    plane = settled()
    plane.store[API] = definition_of(container("app", "acme/api:9"), family="api", taskDefinitionArn=API)
    plane.now = service_with(old(status="PRIMARY"), replace(ours("COMPLETED", status="ACTIVE"), task_definition=API))
    assert run(plane, replace(BACK, to=API)).outcome.to_revision == API


def test_t09_where_the_history_cannot_be_read_another_family_is_not_released() -> None:
    plane = settled()
    plane.fail("history", AwsRefused("No."), times=ALWAYS)
    ran = run(plane, replace(BACK, to=API))
    assert (ran.error is not None, plane.writes) == (True, [])


def test_t09_to_the_revision_in_use_nothing_is_done_and_that_is_said() -> None:
    plane = settled()
    ran = run(plane, replace(BACK, to=REVISION(3)))
    assert (ran.status, plane.writes) == (Status.UNCHANGED, [])
    assert "C-REVISION-IN-USE" in str(ran.outcome.warnings)


def test_t09_to_the_revision_under_way_it_is_followed() -> None:
    plane = settled()
    plane.now = replace(service_with(replace(ours(), task_definition=REVISION(3)), old()), task_definition=REVISION(3))
    plane.happen(lambda now: now, lambda now: now, completes)
    ran = run(plane, replace(BACK, to=REVISION(3)))
    assert (ran.status, plane.writes) == (Status.SUCCEEDED, [])


def test_t09_to_the_revision_in_use_that_has_failed_is_refused() -> None:
    plane = settled()
    failed = replace(ours("FAILED"), task_definition=REVISION(3))
    plane.now = replace(service_with(failed, old()), task_definition=REVISION(3))
    ran = run(plane, replace(BACK, to=REVISION(3)))
    assert (ran.status, plane.writes) == (Status.REFUSED, [])


def test_t09_the_plan_knows_where_it_goes_and_where_a_failure_leads() -> None:
    plane = settled()
    plane.past = (past(3), replace(past(2), created_at=NOON), past(1))
    planned = run(plane, BACK).told.of(Planned)[0]
    assert (planned.target, planned.released, planned.back) == (REVISION(2), NOON, REVISION(1))


def test_without_a_known_good_release_nothing_is_changed() -> None:
    plane = ScriptedPlane()
    ran = run(plane, BACK)
    assert isinstance(ran.error, Refused)
    assert (ran.status, plane.writes) == (Status.REFUSED, [])


def test_t03_without_a_listed_way_back_the_history_must_be_read() -> None:
    plane = settled()
    plane.fail("history", Throttled("Slow down."), times=ALWAYS)
    ran = run(plane, BACK)
    assert isinstance(ran.error, Throttled), "not read is not: there was none"
    assert plane.writes == []


def test_t09_a_history_that_repeats_a_page_is_not_taken_for_the_whole_of_it() -> None:
    plane = Circling(past=(past(3),), now=replace(ScriptedPlane().now, task_definition=REVISION(3)))
    ran = run(plane, BACK)
    assert isinstance(ran.error, AwsError)
    assert (plane.writes, plane.made("history") < 5) == ([], True)


def test_t09_a_history_without_an_end_is_not_taken_for_the_whole_of_it() -> None:
    plane = Endless(past=(past(3),), now=replace(ScriptedPlane().now, task_definition=REVISION(3)))
    ran = run(plane, BACK)
    assert isinstance(ran.error, AwsError)
    assert (plane.writes, plane.made("history") < 60) == ([], True)


class Endless(ScriptedPlane):
    """Each page of the history names another one as the next."""

    def history_page(
        self, ref: ServiceRef, token: str = "", *, most: int = 20, statuses: Sequence[str] = ()
    ) -> tuple[tuple[PastDeployment, ...], str]:
        return self.do("history", lambda: (self.past, str(int(token or 0) + 1)))


class Circling(ScriptedPlane):
    """Each page of the history names the second one as the next."""

    def history_page(
        self, ref: ServiceRef, token: str = "", *, most: int = 20, statuses: Sequence[str] = ()
    ) -> tuple[tuple[PastDeployment, ...], str]:
        return self.do("history", lambda: (self.past, "2"))
