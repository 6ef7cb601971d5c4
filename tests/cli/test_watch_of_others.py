"""`watch` after somebody else's deploy, by its revision or a time: the verdict, the cause and the exit code."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import CRASHES, NEW, REPOSITORY, WEB, Played, a_world, behaves, fault, limits, play, service

BREAKER = service(desired=4, deployment={"circuit_breaker": "rollback"})
NO_RECORDS = tuple(
    fault(operation=operation, error="AccessDeniedException", times=0)
    for operation in ("ListServiceDeployments", "DescribeServiceDeployments")
)
ANOTHER = f"{REPOSITORY}:3"
_KEPT = ("cpu", "memory", "networkMode", "requiresCompatibilities", "executionRoleArn", "taskRoleArn")


def call(world: World, operation: str, **members: Any) -> Any:
    """What any other tool does: one call of ECS."""
    target = {"X-Amz-Target": f"AmazonEC2ContainerServiceV20141113.{operation}"}
    status, _, reply = world.transport("POST", "http://sim.invalid/", target, json.dumps(members).encode())
    assert status == 200, reply
    return json.loads(reply)


def registered(world: World, image: str = NEW) -> str:
    """`web:N` of a revision with this image."""
    payload = call(world, "DescribeTaskDefinition", taskDefinition="web")["taskDefinition"]
    containers = [{**payload["containerDefinitions"][0], "image": image}]
    asked = {"family": "web", **{name: payload[name] for name in _KEPT if name in payload}}
    reply = call(world, "RegisterTaskDefinition", **asked, containerDefinitions=containers)
    return str(reply["taskDefinition"]["taskDefinitionArn"]).rpartition("/")[2]


def updated(world: World, image: str = NEW) -> str:
    """`aws ecs update-service --task-definition REVISION`."""
    revision = registered(world, image)
    call(world, "UpdateService", cluster="prod", service="web", taskDefinition=revision)
    return revision


def happens(world: World, seconds: float, act: Callable[[], object]) -> None:
    """Somebody does it so many seconds from now."""

    def once() -> None:
        act()

    world.clock.after(seconds, once)


def watch(world: World, *words: str) -> Played:
    return play(world, ("watch", *WEB, *words))


def is_told(ran: Played, code: int, status: str) -> None:
    assert (ran.code, ran.result["status"]) == (code, status), ran.stderr


def warned(ran: Played, code: str) -> list[str]:
    return [each for each in ran.result["warnings"] if each.startswith(code)]


def test_a_good_update_is_followed_to_its_success() -> None:
    world = a_world()
    ran = watch(world, "--revision", updated(world))
    is_told(ran, 0, "succeeded")
    assert ran.result["to_revision"].endswith("web:2")
    assert warned(ran, "W-ENDED") == []


def test_a_crash_loop_is_21_with_its_cause() -> None:
    world = a_world(BREAKER, CRASHES)
    ran = watch(world, "--revision", updated(world))
    is_told(ran, 21, "rolled_back")
    assert ran.result["cause"]["code"] == "E-CONTAINER-EXIT"
    assert ran.result["cause"]["container"] == "app"


@pytest.mark.parametrize("records", [(), NO_RECORDS], ids=["records", "denied"])
def test_a_deployment_that_begins_later_is_waited_for(records: Sequence[str]) -> None:
    world = a_world(BREAKER, CRASHES, *records)
    happens(world, 30, lambda: updated(world))
    ran = watch(world, "--revision", "web:2")
    is_told(ran, 21, "rolled_back")
    assert "Waiting for a deployment of web:2 to begin" in ran.stderr


def test_what_never_begins_is_refused_after_the_wait() -> None:
    world = a_world()
    ran = watch(world, "--revision", "web:9", "--wait-for-start", "45s")
    is_told(ran, 26, "refused")
    assert world.clock.time() - world.start >= 45
    assert "No deployment of web:9 of the service `web` has begun" in ran.stderr
    assert "web:1" in ran.stderr, "it says what the service is on"


def test_where_the_records_are_denied_nobody_can_say_that_it_never_began() -> None:
    """It may have begun, failed and gone: the list of deployments would look the same."""
    world = a_world(BREAKER, CRASHES, *NO_RECORDS)
    revision = updated(world)
    world.settle()
    ran = watch(world, "--revision", revision)
    is_told(ran, 24, "unknown")
    assert "ecs:ListServiceDeployments" in ran.stderr


@pytest.mark.parametrize("records", [(), NO_RECORDS], ids=["records", "denied"])
def test_denied_records_are_no_harm_to_what_is_listed(records: Sequence[str]) -> None:
    world = a_world(BREAKER, CRASHES, *records)
    is_told(watch(world, "--revision", updated(world)), 21, "rolled_back")


def test_one_that_was_rolled_back_already_is_21_with_its_cause_and_when() -> None:
    world = a_world(BREAKER, CRASHES)
    revision = updated(world)
    world.settle()
    ended = world.region.clusters["prod"].services["web"].history[-1].finished_at
    ran = watch(world, "--revision", revision)
    is_told(ran, 21, "rolled_back")
    assert ran.result["cause"]["code"] == "E-CONTAINER-EXIT"
    assert ended is not None
    (told,) = warned(ran, "W-ENDED-ALREADY")
    assert "ROLLBACK_SUCCESSFUL" in told
    assert told.endswith("Z"), told


def test_its_cause_is_what_ecs_still_tells_once_its_tasks_are_forgotten() -> None:
    world = a_world(BREAKER, CRASHES)
    revision = updated(world)
    world.settle()
    world.clock.sleep(3 * 3600)
    ran = watch(world, "--revision", revision)
    is_told(ran, 21, "rolled_back")
    assert ran.result["cause"] is None or ran.result["cause"]["code"].startswith("E-")


def test_one_that_completed_already_is_a_success_with_when() -> None:
    world = a_world()
    revision = updated(world)
    world.settle()
    world.clock.sleep(7200)
    ran = watch(world, "--revision", revision)
    is_told(ran, 0, "succeeded")
    (told,) = warned(ran, "W-ENDED-ALREADY")
    assert told.split()[2] == "SUCCESSFUL"
    assert warned(ran, "W-MOVED-ON") == []


def test_one_that_completed_and_was_replaced_since_is_a_success_that_says_so() -> None:
    world = a_world()
    revision = updated(world)
    world.settle()
    updated(world, ANOTHER)
    world.settle()
    ran = watch(world, "--revision", revision)
    assert (ran.code, ran.result["status"]) == (0, "succeeded"), ran.stderr
    (told,) = warned(ran, "W-MOVED-ON")
    assert told.endswith("web:3")


@pytest.mark.parametrize("settled", [False, True], ids=["just now", "long ago"])
def test_one_that_was_replaced_before_its_end_is_superseded(*, settled: bool) -> None:
    world = a_world(service(), behaves(NEW, pull_seconds=300))
    revision = updated(world)
    world.clock.sleep(20)
    updated(world, ANOTHER)
    if settled:
        world.settle()
    ran = watch(world, "--revision", revision)
    assert (ran.code, ran.result["status"]) == (23, "superseded"), ran.stderr
    assert ran.result["to_revision"].endswith("web:2")


def test_while_another_revision_is_deployed_ours_is_waited_for() -> None:
    world = a_world(service(), behaves(NEW, pull_seconds=60))
    updated(world)
    happens(world, 20, lambda: updated(world, ANOTHER))
    ran = watch(world, "--revision", "web:3")
    is_told(ran, 0, "succeeded")
    assert ran.result["to_revision"].endswith("web:3")


def test_of_two_deployments_of_one_revision_the_newer_is_meant() -> None:
    world = a_world()
    revision = updated(world)
    world.settle()
    world.clock.sleep(60)
    forced = call(world, "UpdateService", cluster="prod", service="web", forceNewDeployment=True)
    ran = watch(world, "--revision", revision)
    assert (ran.code, ran.result["deployment_id"]) == (0, forced["service"]["deployments"][0]["id"])
    assert warned(ran, "W-ENDED") == []


def test_since_leaves_out_what_was_before_though_it_is_of_the_same_revision() -> None:
    world = a_world()
    revision = updated(world)
    world.settle()
    world.clock.run_until(world.start + 7200)
    happens(world, 20, lambda: call(world, "UpdateService", cluster="prod", service="web", forceNewDeployment=True))
    ran = watch(world, "--revision", revision, "--since", "10m")
    is_told(ran, 0, "succeeded")
    assert warned(ran, "W-ENDED") == []
    assert world.clock.time() > world.start + 7220


def test_since_alone_takes_the_newest_of_whatever_revision() -> None:
    world = a_world(BREAKER, CRASHES)
    updated(world)
    world.settle()
    is_told(watch(world, "--since", "1h"), 21, "rolled_back")


def test_since_alone_waits_for_one_to_begin() -> None:
    world = a_world(BREAKER, CRASHES)
    happens(world, 50, lambda: updated(world))
    is_told(watch(world, "--since", "1s"), 21, "rolled_back")


@pytest.mark.parametrize(("time", "code"), [("2026-01-01T11:59:59Z", 0), ("2026-01-01T13:00:10+01:00", 26)])
def test_since_is_a_time_of_aws_s_clock(time: str, code: int) -> None:
    world = a_world()
    updated(world)
    world.settle()
    assert watch(world, "--since", time).code == code


def test_a_read_that_lags_behind_shows_no_older_deployment_as_ours() -> None:
    world = a_world(BREAKER, CRASHES, limits(read_lag=20))
    is_told(watch(world, "--revision", updated(world)), 21, "rolled_back")


def test_one_deployment_is_named_or_one_is_looked_for() -> None:
    world = a_world()
    for words in (
        ("--deployment", "ecs-svc/1", "--revision", "web:1"),
        ("--deployment", "ecs-svc/1", "--since", "10m"),
        ("--wait-for-start", "10s"),
        ("--revision", "web"),
        ("--revision", "7"),
        ("--revision", ":7"),
        ("--since", "yesterday"),
        ("--since", "2026-01-01T12:00:00"),
        ("--revision", "web:1", "--wait-for-start", "soon"),
    ):
        assert (watch(world, *words).code, world.calls) == (64, ()), words


@pytest.mark.parametrize("settled", [False, True], ids=["under way", "ended"])
@pytest.mark.parametrize(("image", "code"), [("", 0), (CRASHES, 21)], ids=["good", "crashes"])
def test_f46_a_deployment_of_code_deploy_is_found_by_the_revision_that_it_brings(
    image: str, code: int, *, settled: bool
) -> None:
    balanced = {"health_interval": 10, "deregistration_delay": 30}
    world = a_world(service(controller="CODE_DEPLOY", load_balancer=balanced), *filter(None, (image,)))
    begun = play(world, ("deploy", *WEB, "--image", NEW, "--detach"))
    if settled:
        world.settle()
    ran = watch(world, "--revision", "web:2", "--no-fail-fast", "-t", "2h")
    assert (ran.code, ran.result["deployment_id"]) == (code, begun.result["deployment_id"]), ran.stderr
    assert len(warned(ran, "W-ENDED-ALREADY")) == settled


@pytest.mark.parametrize(
    "denied", [NO_RECORDS, (fault(operation="DescribeServiceRevisions", error="AccessDeniedException", times=0),)]
)
def test_without_records_the_newest_is_not_taken_for_the_one_that_ecs_went_back_to(denied: Sequence[str]) -> None:
    """The list shows the old deployment alone, complete."""
    world = a_world(BREAKER, CRASHES, *denied)
    updated(world)
    world.settle()
    ran = watch(world)
    is_told(ran, 24, "unknown")
    assert "It is not known" in ran.stderr
    assert "may not call" in ran.stderr


def test_without_records_the_newest_that_completed_is_a_success() -> None:
    world = a_world(BREAKER, *NO_RECORDS)
    updated(world)
    world.settle()
    is_told(watch(world), 0, "succeeded")


def test_one_that_is_named_and_not_listed_is_not_missing_where_the_records_are_denied() -> None:
    world = a_world(BREAKER, CRASHES, *NO_RECORDS)
    updated(world)
    deployment = world.region.clusters["prod"].services["web"].deployments[0].id
    world.settle()
    ran = watch(world, "--deployment", deployment)
    is_told(ran, 24, "unknown")
    assert f"`{deployment}`" in ran.stderr


def test_one_that_is_named_is_found_behind_many_others() -> None:
    world = a_world()
    updated(world)
    deployment = world.region.clusters["prod"].services["web"].deployments[0].id
    world.settle()
    for _ in range(25):
        call(world, "UpdateService", cluster="prod", service="web", forceNewDeployment=True)
        world.settle()
    is_told(watch(world, "--deployment", deployment), 0, "succeeded")


def test_without_records_an_older_one_may_not_be_the_newest_of_its_revision() -> None:
    """The same revision was deployed once more, and replaced while it was under way."""
    slow = behaves(NEW, pull_seconds=300)
    world = a_world(service(), slow, *NO_RECORDS)
    call(world, "UpdateService", cluster="prod", service="web", forceNewDeployment=True)
    world.clock.sleep(10)
    updated(world)
    world.clock.sleep(30)
    ran = watch(world, "--revision", "web:1", "--wait-for-start", "10s")
    is_told(ran, 24, "unknown")
