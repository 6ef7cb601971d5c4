"""Commands that come to a deployment which ECS takes back, or has taken back: they say so, and leave it alone."""

from collections.abc import Callable, Mapping

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import (
    DEPLOY,
    NEW,
    OLD,
    REPOSITORY,
    WEB,
    Played,
    a_world,
    behaves,
    fault,
    later,
    limits,
    play,
    running_images,
    service,
)

UNKNOWN = tuple(
    fault(operation=operation, error="AccessDeniedException", times=0)
    for operation in ("ListServiceDeployments", "DescribeServiceDeployments")
)


def begun(*parts: str) -> tuple[World, str]:
    """Version 2 was released, cannot succeed, and is watched by nobody; version 0 was released before version 1."""
    plain = service(desired=4, deployment={"circuit_breaker": "rollback"}, history=[f"{REPOSITORY}:0"])
    world = a_world(plain, behaves(NEW, run="exit", exit_code=1, after=4), *parts)
    return world, str(play(world, (*DEPLOY, "--detach")).result["deployment_id"])


def going_back(*parts: str) -> tuple[World, str]:
    """The same while ECS takes version 2 back."""
    world, ours = begun(*parts)
    while world.region.clusters["prod"].services["web"].deployments[0].id == ours:
        world.clock.sleep(2)
    return world, ours


def gone_back(*parts: str) -> tuple[World, str]:
    """The same once version 1 is alone again."""
    world, ours = begun(*parts)
    world.settle()
    return world, ours


def report(ran: Played) -> Mapping[str, str]:
    found: Mapping[str, str] = ran.result["rollback"]
    return found


def is_back(ran: Played, ours: str, by: str = "ecs", *, known: bool = True) -> None:
    """The run tells that version 2 was taken back."""
    assert (ran.code, ran.result["status"], ran.result["deployment_id"]) == (21, "rolled_back", ours), ran.stderr
    assert (report(ran)["by"], report(ran)["status"]) == (by, "rolled_back")
    old = next(each for each in ran.world.region.families["web"].revisions if each.containers[0]["image"] == OLD)
    assert report(ran)["to_revision"] == (old.arn if known else "")
    assert running_images(ran.world) == [OLD]


@pytest.mark.parametrize("named", [False, True], ids=["the service's", "named"])
@pytest.mark.parametrize("when", [begun, going_back, gone_back])
def test_f24_a_watch_says_that_ecs_took_the_deployment_back(
    when: Callable[[], tuple[World, str]], *, named: bool
) -> None:
    world, ours = when()
    is_back(play(world, ("watch", *WEB, *(("--deployment", ours) if named else ()))), ours)


@pytest.mark.parametrize("named", [False, True], ids=["the service's", "named"])
def test_f24_without_service_deployments_the_list_shows_what_is_taken_back(*, named: bool) -> None:
    world, ours = going_back(*UNKNOWN)
    is_back(play(world, ("watch", *WEB, *(("--deployment", ours) if named else ()))), ours)


def test_f31_a_deployment_that_was_replaced_later_is_told_as_that() -> None:
    world, ours = gone_back()
    world_after = play(world, ("deploy", *WEB, "--image", OLD)).world
    is_back(play(world_after, ("watch", *WEB, "--deployment", ours)), ours, known=False)
    newest = play(world_after, ("watch", *WEB))
    assert (newest.code, newest.result["status"]) == (0, "succeeded")


def writes(ran: Played) -> list[str]:
    """What was written since the release began."""
    made = [call.operation for call in ran.world.calls if call.operation in ("UpdateService", "StopServiceDeployment")]
    return made[1:]


@pytest.mark.parametrize("command", ["rollback", "stop"])
@pytest.mark.parametrize("told", [(), UNKNOWN], ids=["service deployments", "the list alone"])
def test_what_ecs_takes_back_already_is_followed_and_nothing_is_written(command: str, told: tuple[str, ...]) -> None:
    world, ours = going_back(*told)
    ran = play(world, (command, *WEB))
    is_back(ran, ours)
    assert writes(ran) == []
    assert ran.result["warnings"][0] == f"W-GOES-BACK {ours}"
    denied = [each for each in ran.result["warnings"][1:] if "ecs:ListServiceDeployments" in each]
    assert len(ran.result["warnings"]) == 1 + len(denied) == 1 + bool(told), "what is denied is told once"


@pytest.mark.parametrize("command", ["rollback", "stop"])
def test_what_is_stopped_was_taken_back_by_us(command: str) -> None:
    world, ours = begun()
    world.clock.sleep(10)
    ran = play(world, (command, *WEB))
    is_back(ran, ours, by="us")
    assert writes(ran) == ["StopServiceDeployment"]
    assert "STOPPED AND ROLLED BACK, as asked." in ran.stderr


def test_f33_where_ecs_is_faster_than_our_stop_its_rollback_is_followed() -> None:
    faster = fault(operation="StopServiceDeployment", error="ConflictException", times=1)
    for seconds in range(30, 60, 3):
        world, ours = begun(faster, limits(latency_ms=1500))
        world.clock.sleep(seconds)
        ran = play(world, ("rollback", *WEB))
        assert running_images(ran.world) == [OLD], seconds
        if "C-REVISION-IN-USE" in str(ran.result["warnings"]):
            # ECS had gone back to what we were about to: that is followed, and nothing is written.
            assert (ran.code, ran.result["status"], writes(ran)[1:]) == (0, "succeeded", [])
        elif writes(ran).count("UpdateService") == 0:
            is_back(ran, ours)


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_a_release_that_was_taken_back_is_not_gone_back_from(options: tuple[str, ...]) -> None:
    world, _ = gone_back()
    ran = play(world, ("rollback", *WEB, *options))
    assert (ran.code, writes(ran), running_images(ran.world)) == (26, [], [OLD])
    assert "was rolled back already" in ran.stderr
    assert "`--to`" in ran.stderr


def test_one_may_go_further_back_than_ecs_did_by_name() -> None:
    world, _ = gone_back()
    ran = play(world, ("rollback", *WEB, "--to", "1"))
    assert (ran.code, running_images(ran.world)) == (0, [f"{REPOSITORY}:0"])


def test_a_plan_to_go_back_says_that_ecs_does_so_already() -> None:
    world, ours = going_back()
    ran = play(world, ("rollback", *WEB, "--dry-run"))
    assert ran.code == 26
    assert f"ECS is already rolling back `{ours}`" in ran.stderr


@pytest.mark.parametrize("second", [1, 4])
def test_f25_an_interrupted_stop_leaves_the_rollback_going_on(second: int) -> None:
    world, _ = begun(limits(latency_ms=1000))
    world.clock.sleep(10)
    start = world.clock.time() - world.start
    world, _ = begun(limits(latency_ms=1000), later(start + 3 + second, "signal", signal="INT"))
    world.clock.sleep(10)
    ran = play(world, ("stop", *WEB))
    assert (ran.code, writes(ran)) == (130, ["StopServiceDeployment"])
    assert "The rollback goes on at AWS." in ran.stderr


def test_without_service_deployments_a_rollback_goes_to_what_is_still_listed_as_complete() -> None:
    world, _ = begun(*UNKNOWN)
    world.clock.sleep(10)
    ran = play(world, ("rollback", *WEB))
    assert (ran.code, running_images(ran.world), writes(ran)) == (0, [OLD], ["UpdateService"])


@pytest.mark.parametrize("command", ["stop", "rollback"])
def test_m02_what_was_taken_back_as_asked_is_told_once_and_as_no_failure(command: str) -> None:
    world = a_world(service(), behaves(NEW, pull_seconds=60))
    play(world, ("deploy", *WEB, "-i", NEW, "--wait-until", "started"))
    ran = play(world, (command, *WEB))
    assert (ran.code, ran.result["status"]) == (21, "rolled_back")
    assert " · STOPPED AND ROLLED BACK, as asked. Production is on web:1." in ran.stderr
    told = [each for each in ran.stderr.splitlines() if "asked ECS to stop the deployment" in each]
    assert [each.startswith("12:") for each in told] == [True, False], "when it was asked for, and in the summary"
    assert [each["type"] for each in ran.events].count("rolling_back") == 1
