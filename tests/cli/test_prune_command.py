"""The command `prune`: a plan first, then what nobody needs goes, in virtual time."""

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.sim import World
from tests.cli.worlds import WEB, Played, a_world, fault, play, service, surroundings
from tests.unit.sim.builders import call

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "prune.schema.json").read_text("utf-8"))
HISTORY = [f"registry.example.com/team/web:{number}" for number in range(4)]


def a_family(*parts: str) -> World:
    """The service runs web:5, after four releases."""
    return a_world(service(history=HISTORY), *parts)


def deregistered(played: Played) -> list[str]:
    return [str(each["taskDefinition"]).rsplit("/", 1)[-1] for each in played.requests("DeregisterTaskDefinition")]


def objects(played: Played) -> list[Mapping[str, Any]]:
    found = [json.loads(line) for line in played.lines]
    for each in found:
        Draft202012Validator(SCHEMA).validate(each)
    return found


def answered(world: World, words: str) -> Played:
    around = replace(surroundings(), stdin=io.StringIO(words), stdin_is_terminal=True, stderr_is_terminal=True)
    return play(world, ("prune", *WEB, "--keep", "1"), around)


def test_a_dry_run_says_what_would_go_and_what_stays_for_whom() -> None:
    played = play(a_family(), ("prune", *WEB, "--keep", "1", "--dry-run"))
    assert (played.code, deregistered(played)) == (0, [])
    assert played.lines == [
        " web (us-east-1, 123456789012): 5 ACTIVE revisions, the newest stays.",
        "   Go    web:1, web:2, web:3",
        "   Stay  web:4: `rollback` of `web`",
    ]
    assert played.stderr == "Nothing was changed.\n"


def test_what_nobody_needs_goes_the_oldest_first_and_slowly() -> None:
    world = a_family()
    began = world.clock.time()
    played = play(world, ("prune", *WEB, "--keep", "1", "--yes"))
    assert (played.code, deregistered(played)) == (0, ["web:1", "web:2", "web:3"])
    assert played.lines[-3:] == ["deregistered web:1", "deregistered web:2", "deregistered web:3"]
    assert world.clock.time() - began >= 4


def test_a_family_is_pruned_by_its_name_alone() -> None:
    played = play(a_family(), ("prune", "--family", "web", "--keep", "2", "--yes"))
    assert (played.code, deregistered(played)) == (0, ["web:1", "web:2", "web:3"])


def test_t18_what_another_cluster_runs_is_spared() -> None:
    world = a_family(service(cluster="staging", image="registry.example.com/team/web:9"))
    call(world, "UpdateService", cluster="staging", service="web", taskDefinition="web:2")
    played = play(world, ("prune", *WEB, "--keep", "1", "--yes"))
    assert "web:2" not in deregistered(played)
    assert "web:2: service `web` of `staging`" in played.stdout


def test_t18_what_cannot_be_asked_means_that_nothing_goes() -> None:
    world = a_family(fault(operation="ListClusters", error="AccessDeniedException", times=0))
    played = play(world, ("prune", *WEB, "--keep", "1", "--yes"))
    assert (played.code, deregistered(played), played.stdout) == (26, [], "")
    assert "ecs:ListClusters" in played.stderr


def test_a_lost_reply_is_not_told_as_nothing_changed() -> None:
    world = a_family(fault(operation="DeregisterTaskDefinition", error="reset-after", after=1, times=0))
    played = play(world, ("prune", *WEB, "--keep", "1", "--yes", "--output", "json"))
    assert (played.code, objects(played)[-1]["status"], objects(played)[-1]["steps"]) == (24, "unknown", 1)
    assert "It is not known whether this was carried out." in played.stderr


def test_t18_what_rollback_would_take_stays_if_it_may_not_be_read() -> None:
    world = a_family(fault(operation="DescribeTaskDefinition", error="AccessDeniedException", times=0))
    played = play(world, ("prune", *WEB, "--keep", "1", "--yes"))
    assert (played.code, deregistered(played), played.stdout) == (26, [], "")
    assert "ecs:DescribeTaskDefinition" in played.stderr


def test_json_has_the_plan_each_step_and_the_result() -> None:
    found = objects(play(a_family(), ("prune", *WEB, "--keep", "3", "--yes", "--output", "json")))
    assert [each["type"] for each in found] == ["prune_plan", "pruned", "pruned", "result"]
    assert (found[-1]["status"], found[-1]["exit_code"], found[-1]["steps"]) == ("succeeded", 0, 2)
    dry = objects(play(a_family(), ("prune", *WEB, "--dry-run", "--output", "json")))
    assert [each["type"] for each in dry] == ["prune_plan", "result"]
    assert (dry[-1]["status"], dry[0]["free"]) == ("unchanged", [])


@pytest.mark.parametrize(
    ("words", "code", "gone"), [("y\n", 0, 3), ("YES\n", 0, 3), ("\n", 26, 0), ("n\n", 26, 0), ("", 26, 0)]
)
def test_a_terminal_is_asked_first(words: str, code: int, gone: int) -> None:
    played = answered(a_family(), words)
    assert (played.code, len(deregistered(played))) == (code, gone)
    assert "Deregister 3 revisions of web? [y/N] " in played.stderr


def test_what_fails_in_the_middle_is_no_success_and_no_refusal() -> None:
    world = a_family(fault(operation="DeregisterTaskDefinition", error="AccessDeniedException", after=1, times=0))
    played = play(world, ("prune", *WEB, "--keep", "1", "--yes", "--output", "json"))
    assert (played.code, objects(played)[-1]["status"]) == (20, "failed")
    assert objects(played)[-1]["steps"] == 1


def test_a_revision_that_somebody_has_begun_to_use_stays() -> None:
    world = a_family()

    class Busy(io.StringIO):
        def readline(self, *_: int) -> str:  # type: ignore[override]
            call(world, "UpdateService", cluster="prod", service="web", taskDefinition="web:2")
            return "y\n"

    around = replace(surroundings(), stdin=Busy(), stdin_is_terminal=True, stderr_is_terminal=True)
    played = play(world, ("prune", "--family", "web", "--keep", "1"), around)
    assert (played.code, deregistered(played)) == (0, ["web:1", "web:3", "web:4"])
    assert "kept web:2: service `web` of `prod`" in played.stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((*WEB,), 64, "Nobody can be asked whether to go on"),
        ((*WEB, "--keep", "0", "--yes"), 64, "`--keep` must be a whole number"),
        ((*WEB, "--family", "web", "--yes"), 64, "`--family` and `-n` each name a family."),
        (("--yes",), 64, "No service is named."),
        (("--family", "nosuch", "--yes"), 26, "The family `nosuch` has no ACTIVE revision."),
        (("-c", "prod", "-n", "wbe", "--yes"), 26, "Did you mean `web`?"),
        ((*WEB, "--expect-account", "999999999999", "--yes"), 26, "999999999999"),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(words: tuple[str, ...], code: int, says: str) -> None:
    played = play(a_family(), ("prune", *words))
    assert (played.code, played.stdout, deregistered(played)) == (code, "", [])
    assert says in played.stderr
