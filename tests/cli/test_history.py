"""The releases of a service, asked through the command line of worlds in which they were made."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.sim import World
from tests.cli.worlds import REPOSITORY, WEB, Played, a_world, behaves, fault, play, service, shipped, surroundings

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "history.schema.json").read_text("utf-8"))
BAD = 3
DENIED = "AccessDeniedException"


def world_with(*versions: int, parts: tuple[str, ...] = (), **members: object) -> World:
    """A service that ECS rolls back, with a release for each version; the third fails."""
    breaker = {"deployment": {"circuit_breaker": "rollback"}} | members
    world = a_world(service(**breaker), behaves(f"{REPOSITORY}:{BAD}", run="exit", after=4), *parts)
    for each in versions:
        release(world, each)
    return world


def release(world: World, version: int) -> None:
    played = play(world, ("deploy", *WEB, "--image", f"{REPOSITORY}:{version}", "--no-preflight"))
    assert played.code == (21 if version == BAD else 0), played.stderr


def history(world: World, *words: str, width: int = 110) -> Played:
    before = len(world.calls)
    played = play(world, ("history", *WEB, *words), replace(surroundings(), width=width))
    asked = {call.operation for call in world.calls[before:]}
    assert {name for name in asked if not name.startswith(("Describe", "List", "Get", "BatchGet"))} == set()
    return played


def as_object(world: World, *words: str) -> Mapping[str, Any]:
    played = history(world, "--output", "json", *words)
    assert played.stdout, played.stderr
    found: Mapping[str, Any] = json.loads(played.stdout)
    Draft202012Validator(SCHEMA).validate(found)
    return found


def numbers(found: Mapping[str, Any]) -> list[int]:
    return [int(each["revision"].rpartition(":")[2]) for each in found["releases"]]


def calls_of(world: World, *words: str) -> list[str]:
    before = len(world.calls)
    history(world, *words)
    return [call.operation for call in world.calls[before:]]


def test_the_newest_release_comes_first_with_all_that_is_known_of_it() -> None:
    world = world_with(2, 3, 4)
    played = history(world)
    assert played.code == 0
    assert played.lines == [
        " The newest 4 releases of web @ prod (us-east-1, 123456789012), times in UTC",
        " ✔ 2026-01-01 12:03  web:4  succeeded    1m19s  4 (38748ef)  by user/simulator",
        " ✖ 2026-01-01 12:01  web:3  rolled back  2m14s  3 (3d29465)  by user/simulator",
        "      ECS: Service deployment rolled back because the circuit breaker threshold was exceeded.",
        " ✔ 2026-01-01 12:00  web:2  succeeded    1m19s  2 (5f556e6)  by user/simulator",
        "      ↩ `ecs-deploy rollback` would release this revision again.",
        " ✔ 2025-12-31 14:00  web:1  succeeded    1m30s  1 (2e69886)  by user/simulator",
    ]
    found = as_object(world)
    assert numbers(found) == [4, 3, 2, 1]
    assert [each["status"] for each in found["releases"]][:2] == ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL"]
    assert {each["registered_by"] for each in found["releases"]} == {"arn:aws:iam::123456789012:user/simulator"}
    assert found["releases"][0]["duration_seconds"] == pytest.approx(79.6)


@pytest.mark.parametrize("versions", [(2,), (2, 3, 4), (2, 4, 5), (2, 3)])
def test_the_marked_release_is_the_one_that_rollback_takes(versions: tuple[int, ...]) -> None:
    world = world_with(*versions)
    while True:
        found = as_object(world)
        marked = [each["revision"] for each in found["releases"] if each["is_way_back"]]
        played = play(world, ("rollback", *WEB))
        if played.code:
            assert (marked, played.code) == ([], 26)
            assert found["rollback"]["why"].rstrip(".") in played.stderr
            return
        assert marked == [played.stdout.strip()] == [found["rollback"]["revision"]]


def test_a_release_that_a_rollback_left_is_marked() -> None:
    world = world_with(2, 4)
    assert play(world, ("rollback", *WEB)).code == 0
    found = as_object(world)
    assert numbers(found) == [2, 3, 2, 1]
    assert [each["is_undone"] for each in found["releases"]] == [False, True, False, False]
    assert "left again" in history(world).lines[2]


def test_what_is_under_way_would_be_stopped() -> None:
    world = world_with(2)
    play(world, ("deploy", *WEB, "--image", f"{REPOSITORY}:4", "--no-preflight", "--detach"))
    found = as_object(world)
    assert found["rollback"]["stops"] == found["releases"][0]["deployment_id"]
    assert "under way" in history(world).lines[1]


def test_only_what_failed_is_asked_for_where_that_is_wanted() -> None:
    world = world_with(2, 3, 4)
    found = as_object(world, "--failed")
    assert (numbers(found), found["rollback"]) == ([3], None)
    assert history(world_with(2), "--failed").lines == [
        " No release without success of web @ prod (us-east-1, 123456789012), times in UTC"
    ]


def test_it_is_paged_as_far_as_asked_with_few_calls() -> None:
    world = world_with()
    for version in (2, 4) * 60:
        play(world, ("deploy", *WEB, "--image", f"{REPOSITORY}:{version}", "--no-preflight", "--detach"))
        world.clock.sleep(120)
    asked = calls_of(world, "-N", "100")
    assert len(asked) <= 6, asked
    found = as_object(world, "-N", "100")
    assert (len(found["releases"]), found["more"]) == (100, True)
    assert "`-N 20`" in found["unread"][0]
    assert len(as_object(world, "-N", "119")["releases"]) == 119
    assert (len(as_object(world, "-N", "1000")["releases"]), as_object(world, "-N", "1000")["more"]) == (121, False)
    assert (len(as_object(world)["releases"]), as_object(world)["more"]) == (20, True)


@pytest.mark.parametrize(
    ("error", "says"), [(DENIED, "may not call `ecs:ListServiceDeployments`"), ("UnknownOperationException", "")]
)
def test_without_a_record_the_revisions_are_shown_and_that_is_said(error: str, says: str) -> None:
    lost = fault(operation="ListServiceDeployments", error=error, times=0)
    world = world_with(2, parts=(lost,))
    found = as_object(world)
    assert (found["source"], numbers(found)) == ("revisions", [2, 1])
    assert all(each["images"] and each["registered_by"] and each["created_at"] for each in found["releases"])
    shown = " ".join(history(world).stdout.split())
    assert "No releases can be read: these are the active revisions of its family, released or not." in shown
    assert says in shown


def test_with_failed_a_record_that_may_not_be_read_is_an_error() -> None:
    played = history(world_with(parts=(fault(operation="ListServiceDeployments", error=DENIED, times=0),)), "--failed")
    assert (played.code, played.stdout) == (26, "")
    assert '"Action": "ecs:ListServiceDeployments"' in played.stderr


def test_who_registered_is_done_without_where_it_may_not_be_read() -> None:
    played = history(a_world(service(), fault(operation="DescribeTaskDefinition", error=DENIED, times=0)))
    assert played.code == 0
    assert "Unread   who registered: " in "\n".join(played.lines)


def test_a_service_that_is_not_there_is_named_with_the_nearest() -> None:
    played = play(a_world(), ("history", "-c", "prod", "-n", "wbe"))
    assert (played.code, played.stdout) == (26, "")
    assert "Did you mean `web`?" in played.stderr


def test_the_account_is_held_to() -> None:
    played = history(world_with(2), "--expect-account", "999999999999")
    assert (played.code, played.stdout) == (26, "")


def test_codedeploys_releases_are_those_of_its_group() -> None:
    world = shipped("code-deploy")
    assert play(world, ("deploy", *WEB, "--image", f"{REPOSITORY}:2", "--no-preflight")).code == 0
    found = as_object(world)
    assert found["source"] == "codedeploy"
    newest = found["releases"][0]
    assert newest["revision"].endswith("web:2")
    assert [each["image"] for each in newest["images"]] == [f"{REPOSITORY}:2"]
    assert newest["duration_seconds"] > 0


def test_two_revisions_are_compared_as_a_plan_compares() -> None:
    world = world_with(2)
    played = history(world, "--diff", "1", "web:2")
    assert played.lines[:2] == ["web:1 → web:2 of web @ prod (us-east-1, 123456789012)", "  ~ container app"]
    assert f"image {REPOSITORY}:1 → {REPOSITORY}:2" in played.stdout
    found = as_object(world, "--diff", "1", "2")
    assert [each["member"] for each in found["differences"]] == ["image"]
    assert "nothing differs" in history(world, "--diff", "2", "2").stdout


def test_a_revision_that_is_not_there_is_named_with_those_that_are() -> None:
    played = history(world_with(2), "--diff", "1", "9")
    assert (played.code, played.stdout) == (26, "")
    assert "There is no revision `web:9`. The active revisions of `web` go from `web:1` to `web:2`." in played.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("-N", "0"), "`--number` must be"),
        (("-N", "many"), "`--number` must be"),
        (("--diff", "1"), "`--diff`"),
        (("--diff", "1", "2", "--failed"), "`--diff` compares two revisions"),
        (("--diff", "1", "2", "-N", "3"), "`--diff` compares two revisions"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_asked(words: tuple[str, ...], says: str) -> None:
    world = world_with()
    played = history(world, *words)
    assert (played.code, played.stdout, world.calls) == (64, "", ())
    assert says in played.stderr


@pytest.mark.parametrize("width", [40, 80])
def test_prose_stays_within_the_terminal(width: int) -> None:
    shown = history(world_with(2, 3), width=width).lines
    # The first line of a release is a row of a table, which no terminal wraps well.
    assert [line for line in shown if len(line) > width and not line.startswith((" ✔", " ✖"))] == []
