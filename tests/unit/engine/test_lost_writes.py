"""A write whose reply was lost is settled by its effect; it is never repeated blindly."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import (
    NoSuchResource,
    Throttled,
    Unreachable,
)
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import FromFile
from tests.unit.engine.happenings import completes, started
from tests.unit.engine.lost_writes import LOST
from tests.unit.engine.runs import FORCED, RELEASE, REVISION, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import FOREIGN_ID


@pytest.mark.parametrize(
    ("applied", "calls"), [pytest.param(True, 1, id="applied"), pytest.param(False, 2, id="not applied")]
)
def test_f04_a_lost_registration_makes_one_revision(applied: bool, calls: int) -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("register", LOST, applied=applied)
    ran = run(plane)
    assert (ran.status, ran.outcome.to_revision) == (Status.SUCCEEDED, REVISION(2))
    assert (plane.made("register"), sorted(plane.store)) == (calls, [REVISION(1), REVISION(2)])


def test_t16_a_lost_registration_whose_sizes_ecs_rewrote_makes_one_revision() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), revision=2, cpu="1024"))
    read = definition_of(container("app", "acme/app:1"), taskDefinitionArn="", revision=0, cpu="1 vCPU")
    plane.fail("register", LOST)
    ran = run(plane, replace(RELEASE, base=FromFile(path="web.json", definition=read)))
    assert (plane.made("register"), ran.outcome.to_revision) == (1, REVISION(2))


def test_f04_another_pipelines_revision_is_not_taken_for_ours() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.keep(definition_of(container("app", "acme/app:9"), taskDefinitionArn=REVISION(2), revision=2))
    plane.fail("register", LOST)
    assert run(plane).outcome.to_revision == REVISION(3)


def test_f04_reads_after_a_lost_registration_are_asked_again() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("register", LOST, applied=True)
    plane.fail("revisions", Throttled("Slow down."), times=3)
    assert run(plane).status is Status.SUCCEEDED
    assert plane.made("register") == 1


def test_f04_a_registration_of_another_family_is_found_too() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.now = replace(plane.now, task_definition=REVISION(40))
    read = definition_of(container("app", "acme/app:1"), family="api", taskDefinitionArn="", revision=0)
    plane.fail("register", LOST, applied=True)
    run(plane, replace(RELEASE, base=FromFile(path="api.json", definition=read)))
    assert plane.made("register") == 1


def test_f04_a_registration_lost_twice_leaves_the_service_alone() -> None:
    plane = ScriptedPlane()
    plane.fail("register", LOST, times=2)
    ran = run(plane)
    assert (ran.error, plane.updates) == (LOST, [])


@pytest.mark.parametrize(
    ("applied", "calls"), [pytest.param(True, 1, id="applied"), pytest.param(False, 2, id="not applied")]
)
def test_f06_a_lost_update_starts_one_deployment(applied: bool, calls: int) -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, completes]])
    plane.fail("update_service", LOST, applied=applied)
    ran = run(plane)
    assert (ran.status, plane.made("update_service"), len(plane.updates)) == (Status.SUCCEEDED, calls, 1)
    assert ran.outcome.deployment_id == plane.now.deployments[0].id


def test_f06_the_effect_may_show_late() -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, completes]], lag=3)
    plane.fail("update_service", LOST, applied=True)
    ran = run(plane)
    assert (ran.status, plane.made("update_service")) == (Status.SUCCEEDED, 1)


def test_f06_the_network_may_stay_away_for_a_while() -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, completes]])
    plane.fail("update_service", LOST, applied=True)
    plane.fail("service", Unreachable("No route."), times=6, after=1)
    ran = run(plane)
    assert (ran.status, plane.made("update_service")) == (Status.SUCCEEDED, 1)


def test_t06_a_look_that_does_not_find_the_service_says_nothing_of_a_lost_update() -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, completes]])
    plane.fail("update_service", LOST, applied=True)
    plane.fail("service", NoSuchResource("The service was not found."), times=2, after=1)
    ran = run(plane)
    assert (ran.status, plane.made("update_service")) == (Status.SUCCEEDED, 1)


@pytest.mark.parametrize("call", ["service", "history"])
def test_t06_a_lost_update_to_a_service_that_is_not_found_is_unknown(call: str) -> None:
    """It may have been carried out: to call it refused would say that nothing was changed."""
    plane = ScriptedPlane()
    plane.fail("update_service", LOST)
    plane.fail(call, NoSuchResource("The service was not found."), times=ALWAYS, after=call == "service")
    ran = run(plane)
    assert (ran.status, plane.made("update_service")) == (Status.UNKNOWN, 1)


def test_f06_a_lost_update_that_cannot_be_looked_for_is_unknown() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", LOST, applied=True)
    plane.fail("service", Unreachable("No route."), times=ALWAYS, after=1)
    ran = run(plane)
    assert (ran.status, plane.made("update_service")) == (Status.UNKNOWN, 1)


def test_f31_a_lost_update_that_was_superseded_is_not_sent_again() -> None:
    plane = ScriptedPlane(courses=[[started(FOREIGN_ID, REVISION(9))]])
    plane.fail("update_service", LOST, applied=True)
    ran = run(plane)
    assert (ran.status, plane.made("update_service")) == (Status.SUPERSEDED, 1)


def test_f05_a_throttled_update_was_not_applied_and_is_sent_again() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("update_service", Throttled("Slow down."), times=2)
    assert run(plane).status is Status.SUCCEEDED
    assert len(plane.updates) == 1


def test_f05_a_lost_forced_update_that_was_applied_is_adopted() -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, completes]])
    plane.fail("update_service", LOST, applied=True)
    ran = run(plane, FORCED)
    assert (ran.status, plane.made("update_service")) == (Status.SUCCEEDED, 1)


def test_f05_a_lost_forced_update_is_never_sent_again() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", LOST)
    ran = run(plane, FORCED)
    assert (ran.error, ran.status, plane.made("update_service")) == (LOST, Status.UNKNOWN, 1)


def test_f06_an_update_that_is_lost_twice_starts_one_deployment() -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, completes]])
    plane.fail("update_service", LOST)
    plane.fail("update_service", LOST, applied=True)
    ran = run(plane)
    assert (ran.status, len(plane.updates)) == (Status.SUCCEEDED, 1)
    assert ran.outcome.deployment_id == plane.now.deployments[0].id


def test_f04_a_registration_that_is_lost_twice_makes_one_revision() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("register", LOST)
    plane.fail("register", LOST, applied=True)
    ran = run(plane)
    assert (ran.status, ran.outcome.to_revision) == (Status.SUCCEEDED, REVISION(2))
    assert sorted(plane.store) == [REVISION(1), REVISION(2)]
