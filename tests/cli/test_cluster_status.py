"""How the services of a cluster stand, asked through the command line of worlds with several of them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.sim import World
from tests.cli.worlds import OLD, Played, a_world, behaves, fault, limits, play, service, surroundings

API, BAD = "registry.example.com/team/api:1", "registry.example.com/team/api:2"
ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "reference" / "cluster-status.schema.json").read_text(encoding="utf-8"))
HELP = Path(__file__).parent / "help" / "status.txt"


def three(*parts: str, **members: object) -> World:
    """`web` and `worker` are steady, and `api` runs a release whose tasks fail."""
    world = a_world(
        service(),
        service(name="api", desired=4, image=API, **members),
        service(name="worker", image="registry.example.com/team/worker:1"),
        behaves(BAD, run="exit", after=4),
        *parts,
    )
    released = play(world, ("deploy", "-c", "prod", "-n", "api", "--image", BAD, "--detach", "--no-preflight"))
    assert released.code == 0
    return world


def many(number: int, *parts: str) -> World:
    return a_world(*(service(name=f"s{each:03}", desired=1, image=OLD) for each in range(number)), *parts)


def look(world: World, *words: str, cluster: str = "prod", width: int = 110) -> Played:
    before = len(world.calls)
    played = play(world, ("status", "-c", cluster, *words), replace(surroundings(), width=width))
    asked = {call.operation for call in world.calls[before:]}
    assert asked <= {"ListServices", "DescribeServices", "ListClusters"}
    return played


def as_object(world: World, *words: str) -> Mapping[str, Any]:
    (line,) = look(world, "--output", "json", *words).lines
    found: Mapping[str, Any] = json.loads(line)
    Draft202012Validator(SCHEMA).validate(found)
    return found


def conditions(found: Mapping[str, Any]) -> dict[str, str]:
    return {each["service"]: each["condition"] for each in found["services"]}


def test_m09_a_line_for_each_service_the_worst_first() -> None:
    world = three()
    world.clock.sleep(60)
    played = look(world)
    assert played.code == 0
    assert played.lines[0] == " ⚠ 3 services: 1 failing, 2 steady."
    assert [line.split(":")[0].split() for line in played.lines[2:5]] == [
        ["⚠", "api", "FAILING"],
        ["✔", "web", "STEADY"],
        ["✔", "worker", "STEADY"],
    ]
    assert "Next     ecs-deploy status -c prod -n api --region us-east-1" in played.stdout


@pytest.mark.parametrize(
    ("seconds", "members", "condition", "code", "reason"),
    [
        (5, {}, "deploying", 22, ""),
        (60, {}, "failing", 22, ""),
        (300, {"deployment": {"circuit_breaker": "stop"}}, "failed", 20, "ECS deployment circuit breaker: "),
        (70, {"deployment": {"circuit_breaker": "rollback"}}, "rolling_back", 22, "ECS deployment circuit breaker: "),
        (62, {"deployment": {"circuit_breaker": "rollback"}}, "rolling_back", 22, "ECS deployment circuit breaker: "),
        (900, {"deployment": {"circuit_breaker": "rollback"}}, "steady", 0, ""),
    ],
)
def test_m09_each_condition_and_the_exit_code_of_the_worst(
    seconds: float, members: dict[str, object], condition: str, code: int, reason: str
) -> None:
    world = three(**members)
    world.clock.sleep(seconds)
    found = as_object(world)
    assert conditions(found) == {"api": condition, "web": "steady", "worker": "steady"}
    told = next(each for each in found["services"] if each["service"] == "api")["reason"]
    assert told.startswith(reason)
    assert bool(told) is bool(reason)
    assert (found["exit_code"], look(world, "--exit-code").code) == (code, code)


def test_m09_two_hundred_services_cost_few_calls() -> None:
    world = many(200)
    assert len(as_object(world)["services"]) == 200
    assert len(world.calls) <= 45


def test_m09_a_cluster_that_does_not_exist_is_named_with_the_nearest() -> None:
    played = look(a_world(), cluster="prdo")
    assert (played.code, played.stdout) == (26, "")
    assert "The cluster `prdo` does not exist" in played.stderr
    assert "Did you mean `prod`?" in played.stderr


@pytest.mark.parametrize("operation", ["ListServices", "DescribeServices"])
def test_m09_a_missing_permission_says_what_to_allow(operation: str) -> None:
    played = look(a_world(service(), fault(operation=operation, error="AccessDeniedException", times=0)))
    assert (played.code, played.stdout) == (26, "")
    assert f'Allow it with the statement {{"Effect": "Allow", "Action": "ecs:{operation}"' in played.stderr


def test_m09_a_page_that_fails_could_not_be_asked_and_is_not_so() -> None:
    denied = fault(operation="DescribeServices", error="AccessDeniedException", times=1, after=1)
    played = look(many(30, denied), "--exit-code")
    assert played.code == 24
    assert played.lines[0] == " ? 30 services: 20 steady, 10 could not be asked."
    assert "UNKNOWN: it could not be asked: " in played.lines[2]
    found = as_object(many(30, denied))
    assert (len(found["services"]), len(found["unasked"][0]["services"]), found["exit_code"]) == (20, 10, 24)


def test_m09_a_list_that_is_cut_short_says_that_there_may_be_more() -> None:
    played = look(many(110, fault(operation="ListServices", error="AccessDeniedException", times=1, after=1)))
    assert played.lines[0].startswith(" ? 100 services: 100 steady; there may be more")
    assert "Unread" in played.stdout


def test_m09_a_cluster_without_services_says_so() -> None:
    world = a_world()
    world.region.clusters["prod"].services.clear()
    played = look(world, "--exit-code")
    assert (played.code, played.lines[0]) == (0, " ✔ There are no services in the cluster prod.")
    assert as_object(world)["services"] == []


def test_m09_progress_is_told_where_it_takes_longer_than_two_seconds() -> None:
    played = look(many(40, limits(latency_ms=900)))
    assert "20 of 40 services of `prod` are read ...\n" in played.stderr
    assert look(many(40)).stderr == ""


def test_m09_the_account_is_held_to() -> None:
    world = a_world()
    played = look(world, "--expect-account", "999999999999")
    assert (played.code, played.stdout, len(world.calls)) == (26, "", 1)


def test_m09_without_a_cluster_it_is_a_usage_error() -> None:
    played = play(a_world(), ("status",))
    assert (played.code, played.stderr) == (64, "No cluster is named. Name it with `-c`.\n")


def test_m09_the_help_is_as_reviewed() -> None:
    assert play(a_world(), ("status", "--help")).stdout == HELP.read_text(encoding="utf-8")
