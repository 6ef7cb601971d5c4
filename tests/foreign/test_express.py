"""Express services in a world that shares no code with us: no second update, nothing lost, no false green."""

from dataclasses import replace
from typing import Any

import pytest

from tests.foreign.bends import Breaks, Refuses, Window
from tests.foreign.course import Course, Fate, Shape
from tests.foreign.driving import NEW, WEB, Told, release, run
from tests.foreign.endpoint import Endpoint
from tests.foreign.express import MAIN, ExpressMode
from tests.foreign.shapes import HERE, IMAGE

UPDATE = "UpdateExpressGatewayService"
CRASHES = Fate(bad=100_000, life=3)
GOES_BACK = Shape(breaker=True, goes_back=True)
SIDECAR = {"name": "router", "image": f"{IMAGE}-router:1", "essential": True}


def world(*fates: Fate, shape: Shape = GOES_BACK, **said: Any) -> Endpoint:
    return Endpoint(Course(shape, *fates), replies=ExpressMode, **said)


def updates(told: Told) -> list[dict[str, Any]]:
    return [each.request for each in told.world.calls if each.operation == UPDATE]


def lost(how: str) -> Breaks:
    return Breaks(where=Window(operations=(UPDATE,), times=1), how=how)


@pytest.mark.parametrize("begins_after", [0, 3, 25])
@pytest.mark.parametrize("names_it", [True, False])
def test_an_update_is_followed_whenever_its_deployment_begins(begins_after: float, *, names_it: bool) -> None:
    told = release(world(begins_after=begins_after, names_it=names_it))
    assert (told.code, told.status) == (0, "succeeded"), told.stderr
    (asked,) = updates(told)
    assert asked["primaryContainer"] == {
        "image": NEW,
        "containerPort": 80,
        "environment": MAIN["environment"],
        "aMemberOfTomorrow": {"kept": True},
    }
    assert (told.result["to_revision"], told.result["warnings"]) == (HERE.definition_arn(2), [])


def test_a_revision_that_is_not_as_asked_for_is_told() -> None:
    told = release(world(keeps="environment"), "--env", "MODE=dark")
    assert (told.code, told.status) == (0, "succeeded"), told.stderr
    (warned,) = told.result["warnings"]
    assert warned.startswith("W-EXPRESS-DIFFERS") or "differs in: environment" in warned


@pytest.mark.parametrize("how", ["reset", "half"])
@pytest.mark.parametrize("names_it", [True, False])
def test_a_lost_reply_makes_no_second_update(how: str, *, names_it: bool) -> None:
    told = release(world(names_it=names_it, bends=(lost(how),)))
    assert (told.code, told.status) == (0, "succeeded"), told.stderr
    assert len(updates(told)) == 1


def test_an_update_that_never_arrived_is_sent_again() -> None:
    told = release(world(bends=(replace(lost("reset"), carried_out=False),)))
    assert (told.code, told.status) == (0, "succeeded"), told.stderr
    assert len(updates(told)) == 2


def test_an_update_that_may_not_be_made_changes_nothing() -> None:
    denied = Refuses(where=Window(operations=(UPDATE,)), code="AccessDeniedException", text="not authorized")
    told = release(world(bends=(denied,)))
    assert (told.status, len(told.world.course.history)) == ("refused", 1), told.stderr
    assert told.world.made("UpdateService", "RegisterTaskDefinition") == []


def test_what_ecs_takes_back_is_no_success() -> None:
    told = release(world(CRASHES))
    assert (told.code, told.status) == (21, "rolled_back"), told.stderr
    assert told.world.course.primary.revision == 1


@pytest.mark.parametrize("containers", [[MAIN], [MAIN, SIDECAR]])
def test_we_go_back_to_the_former_content_and_lose_no_container(containers: list[dict[str, Any]]) -> None:
    there = world(CRASHES, shape=Shape(), definition={"containerDefinitions": containers})
    told = release(there, "--on-failure", "rollback", "-i", f"Main={NEW}", "-t", "600")
    assert told.result["rollback"]["status"] == "rolled_back", told.stderr
    now = there.replies.definitions[there.course.primary.revision]
    assert now["containerDefinitions"] == containers


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("names_it", [True, False])
def test_somebody_elses_deployment_is_not_taken_for_ours(*, carried_out: bool, names_it: bool) -> None:
    def others() -> None:
        there.course.begin(1, "others")

    there = world(bends=(replace(lost("slow"), carried_out=carried_out),), names_it=names_it)
    there.course.later(4, others)
    told = release(there)
    assert told.status == ("superseded" if carried_out else "busy"), told.stderr
    assert len(updates(told)) == 1


def test_a_finished_release_goes_back_by_what_the_former_one_had() -> None:
    there = world()
    assert release(there).code == 0
    told = run(there, "rollback", *WEB, "--no-preflight", "--output", "json")
    assert (told.code, told.status) == (0, "succeeded"), told.stderr
    assert updates(told)[-1]["primaryContainer"]["image"] == f"{IMAGE}:1"


def test_an_endpoint_without_express_mode_is_left_alone() -> None:
    unknown = Refuses(where=Window(operations=("DescribeExpressGatewayService",)), code="UnknownOperationException")
    told = release(world(bends=(unknown,)))
    assert (told.status, told.world.made("UpdateService", UPDATE)) == ("refused", []), told.stderr
