"""Old revisions go after a success; what is in use stays; the verdict stays too."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import AccessDenied, ReplyLost, Throttled
from ecsdeploy.model.events import Concluded, Pruned, Spared
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import DeployRequest, WholeBudget
from ecsdeploy.model.timetables import Start, StartKind
from tests.unit.engine.happenings import Happening, completes, fails, goes_on
from tests.unit.engine.runs import FORCED, REGISTRATION, RELEASE, REVISION, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import old, service_with

KEEP_TWO = replace(RELEASE, keep=2)


def with_revisions(count: int, in_use: int) -> ScriptedPlane:
    """The family has `count` revisions, of which the service runs number `in_use`."""
    plane = ScriptedPlane(courses=[[goes_on, completes]])
    for number in range(1, count + 1):
        plane.keep(definition_of(container("app", "acme/app:1"), taskDefinitionArn=REVISION(number), revision=number))
    running = replace(old(status="PRIMARY"), task_definition=REVISION(in_use))
    plane.now = service_with(running)
    return plane


def numbers(revisions: list[str]) -> list[int]:
    return [int(each.rsplit(":", 1)[-1]) for each in revisions]


def test_d12_the_oldest_go_and_are_told_first() -> None:
    plane = with_revisions(5, in_use=5)
    ran = run(plane, KEEP_TWO)
    assert numbers(plane.gone) == [1, 2, 3, 4]
    assert [each.revision for each in ran.told.of(Pruned)] == plane.gone
    kinds = [type(each) for each in ran.events]
    assert kinds.index(Concluded) < kinds.index(Pruned)


def test_f69_what_is_in_use_is_spared_and_named() -> None:
    plane = with_revisions(5, in_use=3)
    plane.in_use = {REVISION(1): "service api", REVISION(5): "service batch"}
    ran = run(plane, KEEP_TWO)
    assert numbers(plane.gone) == [2, 4]
    assert [(each.revision, each.by) for each in ran.told.of(Spared)] == [
        (REVISION(1), "service api"),
        (REVISION(3), "the release before this one"),
    ]


def test_f69_the_release_and_the_one_before_it_stay() -> None:
    plane = with_revisions(5, in_use=2)
    run(plane, replace(RELEASE, keep=1))
    assert not {REVISION(2), REVISION(6)} & set(plane.gone)


@pytest.mark.parametrize("keep", [None, 0, -1, 99], ids=["not asked", "zero", "negative", "more than there are"])
def test_nothing_goes_unless_it_is_asked_for(keep: int | None) -> None:
    plane = with_revisions(5, in_use=5)
    assert run(plane, replace(RELEASE, keep=keep)).status is Status.SUCCEEDED
    assert plane.gone == []


@pytest.mark.parametrize("course", [[goes_on, fails], [goes_on]], ids=["failed", "timed out"])
def test_f69_nothing_goes_before_success_is_verified(course: list[Happening]) -> None:
    plane = with_revisions(5, in_use=5)
    plane.courses = [course]
    run(plane, KEEP_TWO)
    assert plane.gone == []


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("revisions", "W-USERS-UNKNOWN"),
        ("clusters", "W-USERS-UNKNOWN"),
        ("revisions_in_use", "W-USERS-UNKNOWN"),
        ("starts", "W-USERS-UNKNOWN"),
        ("deregister", "W-NOT-PRUNED"),
    ],
)
@pytest.mark.parametrize(
    "error", [AccessDenied("No."), ReplyLost("No."), Throttled("No.")], ids=["denied", "lost", "slow"]
)
def test_t18_what_cannot_be_asked_or_done_is_one_warning(call: str, code: str, error: Exception) -> None:
    plane = with_revisions(5, in_use=5)
    plane.fail(call, error, times=ALWAYS)
    ran = run(plane, KEEP_TWO)
    is_unknown = call == "deregister" and isinstance(error, ReplyLost)
    said = "It is not known whether this was carried out. No" if is_unknown else "No"
    assert (ran.status, ran.outcome.warnings, plane.gone) == (Status.SUCCEEDED, (f"{code} web {said}",), [])


@pytest.mark.parametrize("request_", [replace(FORCED, keep=2)], ids=["force"])
def test_a_forced_deployment_prunes_too(request_: DeployRequest) -> None:
    plane = with_revisions(5, in_use=1)
    run(plane, request_)
    assert numbers(plane.gone) == [2, 3]


def test_d12_registering_prunes_too() -> None:
    plane = with_revisions(5, in_use=1)
    plane.in_use = {REVISION(1): "service web"}
    run(plane, replace(REGISTRATION, keep=2))
    assert numbers(plane.gone) == [2, 3, 4]


def test_t18_registering_looks_into_every_cluster_whether_one_is_named_or_not() -> None:
    plane = with_revisions(5, in_use=1)
    plane.clusters_there, plane.in_use = ("arn:staging", "arn:prod"), {REVISION(3): "service web of prod"}
    run(plane, replace(REGISTRATION, cluster="", keep=2))
    assert (plane.made("revisions_in_use"), numbers(plane.gone)) == (2, [1, 2, 4])


def test_t18_what_a_rule_or_a_schedule_starts_is_spared() -> None:
    plane = with_revisions(5, in_use=5)
    nightly = Start(kind=StartKind.SCHEDULE, name="nightly", group="default", cluster="prod", revision="web:2")
    plane.timetable = (nightly,)
    ran = run(plane, KEEP_TWO)
    assert numbers(plane.gone) == [1, 3, 4]
    assert [(each.revision, each.by) for each in ran.told.of(Spared)] == [(REVISION(2), "schedule `nightly`")]


def test_t18_an_account_of_very_many_clusters_is_not_looked_through() -> None:
    plane = with_revisions(5, in_use=5)
    plane.clusters_there = tuple(map(str, range(101)))
    ran = run(plane, KEEP_TWO)
    assert (plane.made("revisions_in_use"), plane.gone) == (0, [])
    assert ran.outcome.warnings == ("W-USERS-UNKNOWN web the account has more than 100 clusters",)


def test_t18_nobody_is_asked_where_nothing_would_go() -> None:
    plane = with_revisions(2, in_use=2)
    run(plane, replace(RELEASE, keep=1))
    assert numbers(plane.gone) == [1]
    plane = with_revisions(1, in_use=1)
    run(plane, replace(RELEASE, keep=1))
    assert (plane.made("clusters"), plane.gone) == (0, [])


def test_t14_pruning_leaves_the_account_room_to_register() -> None:
    plane = with_revisions(200, in_use=200)
    began = plane.clock.monotonic()
    ran = run(plane, KEEP_TWO)
    kinds = [type(each) for each in ran.events]
    assert kinds.index(Concluded) < kinds.index(Pruned)
    assert numbers(plane.gone) == list(range(1, 21))
    assert "W-PRUNED-IN-PART web 179" in ran.outcome.warnings
    assert plane.clock.monotonic() - began < 60


def test_t14_pruning_that_is_throttled_ends_within_ninety_seconds() -> None:
    plane = with_revisions(5, in_use=5)
    plane.fail("deregister", Throttled("No."), times=ALWAYS)
    ran = run(plane, replace(KEEP_TWO, budget=WholeBudget(seconds=3600)))
    assert ran.status is Status.SUCCEEDED
    assert ran.seconds < 120
