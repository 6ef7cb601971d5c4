"""A way back has the time that the service's own settings take, whoever asks for it and whatever was checked before."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import AccessDenied, Throttled
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import Request, RollbackRequest, WatchRequest, WholeBudget
from ecsdeploy.model.service import PastDeployment, Service
from tests.unit.engine.happenings import Happening, completes, ecs_goes_back, goes_on
from tests.unit.engine.runs import RELEASE, REVISION, run
from tests.unit.engine.world import ScriptedPlane
from tests.unit.plan.builders import WEB, container, definition_of
from tests.unit.rollout.builders import TARGET_GROUP, deployed, old, ours, service_with

MINUTE = WholeBudget(seconds=60)
BACK = RollbackRequest(service=WEB, budget=MINUTE)
WATCH = WatchRequest(service=WEB, budget=MINUTE)


def same(service: Service) -> Service:
    return service


FOR_TWO_MINUTES = [same] * 25


def draining(*course: Happening, now: Service | None = None) -> ScriptedPlane:
    """Targets of the service drain for five minutes; revision 2 is being released, unless it is `now` another way."""
    plane = ScriptedPlane(now=replace(now or service_with(ours(), old()), target_groups=(TARGET_GROUP,)))
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), revision=2))
    plane.surroundings.drain = 300
    plane.happen(*course)
    return plane


def taken_back(plane: ScriptedPlane, status: str, what: Happening) -> Happening:
    def happen(service: Service) -> Service:
        plane.deployed = deployed(status)
        return what(service)

    return happen


@pytest.mark.parametrize("unread", ["", "drain", "target_groups"])
def test_t04_a_watch_gives_ecs_s_rollback_the_time_that_draining_takes(unread: str) -> None:
    """What cannot be read counts as AWS has it by default: five minutes too."""
    plane = draining(goes_on, ecs_goes_back, *FOR_TWO_MINUTES, completes)
    if unread:
        plane.surroundings.fails[unread] = Throttled("Slow down.")
    ran = run(plane, WATCH)
    assert (ran.status, ran.seconds > 65) == (Status.ROLLED_BACK, True)


def test_t04_a_rollback_that_stops_what_is_under_way_has_it_too() -> None:
    plane = draining()
    plane.deployed = deployed("IN_PROGRESS")
    plane.meanwhile["stop_deployment"] = taken_back(plane, "ROLLBACK_IN_PROGRESS", ecs_goes_back)
    plane.happen(same, *FOR_TWO_MINUTES, taken_back(plane, "ROLLBACK_SUCCESSFUL", completes))
    ran = run(plane, BACK)
    assert (ran.status, plane.writes, ran.seconds > 65) == (Status.ROLLED_BACK, [], True)


@pytest.mark.parametrize("preflight", [True, False])
@pytest.mark.parametrize("denied", [True, False])
def test_t04_a_rollback_by_an_update_has_it_too(*, preflight: bool, denied: bool) -> None:
    there = replace(service_with(old(status="PRIMARY")), task_definition=REVISION(2))
    plane = draining(now=there)
    plane.past = tuple(
        PastDeployment(arn="", status="SUCCESSFUL", revision=REVISION(number), deployment_id="ecs-svc/1")
        for number in (2, 1)
    )
    plane.courses = [[goes_on, *FOR_TWO_MINUTES, completes]]
    if denied:
        plane.fail("definition", AccessDenied("No."), after=1)
    ran = run(plane, replace(BACK, preflight=preflight))
    assert (ran.status, ran.outcome.to_revision, ran.seconds > 65) == (Status.SUCCEEDED, REVISION(1), True)
    assert not any(each.startswith("C-TIMEOUT") for each in ran.outcome.warnings)


@pytest.mark.parametrize("skip", [False, True], ids=["released", "attached to"])
def test_t04_a_release_without_checks_has_it_too(*, skip: bool) -> None:
    plane = draining(goes_on, ecs_goes_back, *FOR_TWO_MINUTES, completes)
    request: Request = replace(RELEASE, budget=MINUTE, preflight=False, skip_unchanged=True, edits=())
    if not skip:
        plane.now, plane.courses = replace(ScriptedPlane().now, target_groups=(TARGET_GROUP,)), []
        plane.happen()
        plane.courses = [[goes_on, ecs_goes_back, *FOR_TWO_MINUTES, completes]]
        request = replace(RELEASE, budget=MINUTE, preflight=False)
    ran = run(plane, request)
    assert (ran.status, ran.seconds > 65) == (Status.ROLLED_BACK, True)


def test_t04_what_nobody_answers_holds_up_a_watch_for_seconds_only() -> None:
    plane = draining(goes_on, completes)
    plane.surroundings.fails["target_groups"] = Throttled("Slow down.")
    assert run(plane, WATCH).seconds < 30
