"""`plan`: exactly what would change from what runs, nothing that may be secret, and nothing written."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import NEW, OLD, WEB, Played, a_world, play, service, shipped, surroundings

WRITES = ("RegisterTaskDefinition", "UpdateService", "StopServiceDeployment")
SECRET = "hunter2-and-more"


def definition(**members: object) -> Mapping[str, Any]:
    """What is registered for the service `web`, with other members of its container."""
    return {
        "family": "web",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "executionRoleArn": "arn:aws:iam::123456789012:role/ecsTaskExecutionRole",
        "containerDefinitions": [{"name": "app", "image": OLD, **members}],
    }


def released(tmp_path: Path, **members: object) -> World:
    """A world in which the service runs this definition."""
    world = a_world(service())
    done = play(world, ("deploy", *WEB, "--base", file(tmp_path, definition(**members))), surroundings(tmp_path))
    assert done.code == 0, done.stderr
    return world


def file(folder: Path, content: Mapping[str, Any]) -> str:
    (folder / "base.json").write_text(json.dumps(content), encoding="utf-8")
    return "base.json"


def plan(world: World, folder: Path, *words: str, command: str = "plan") -> Played:
    before = len(world.calls)
    played = play(world, (command, *WEB, *words), replace(surroundings(folder)))
    assert not {call.operation for call in world.calls[before:]} & {*WRITES}
    return played


def variables(**values: str) -> list[Mapping[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def test_differences_are_shown_masked(tmp_path: Path) -> None:
    world = released(tmp_path, environment=variables(LEVEL="info", TOKEN=SECRET), command=["run", f"--key={SECRET}"])
    changed = definition(environment=variables(LEVEL="debug"), command=["run", "--key=other"], cpu=128)
    played = plan(world, tmp_path, "--base", file(tmp_path, changed), "--image", f"app={NEW}", "-D", "3")
    shown = played.stdout.splitlines()
    assert f"    ~ image {OLD} → {NEW}" in shown
    assert any(line.startswith("    ~ environment LEVEL changed (#") for line in shown)
    assert any(line.startswith("    - environment TOKEN removed (it was #") and "⚠" in line for line in shown)
    assert any(line.startswith("    ~ command changed (#") for line in shown)
    assert "    + cpu added (128)" in shown
    assert "    ~ desiredCount 2 → 3" in shown
    assert "  = task unchanged" in shown
    assert SECRET not in played.said + json.dumps(played.events)
    assert "info" not in played.stdout


def test_values_are_shown_where_that_is_asked_for(tmp_path: Path) -> None:
    world = released(tmp_path, environment=variables(LEVEL="info"))
    base = file(tmp_path, definition(environment=variables(LEVEL="debug")))
    assert "    ~ environment LEVEL info → debug" in plan(world, tmp_path, "--base", base, "--show-values").lines


def test_a_json_plan_has_the_differences(tmp_path: Path) -> None:
    world = released(tmp_path, environment=variables(TOKEN=SECRET))
    played = plan(world, tmp_path, "--base", file(tmp_path, definition()), "--output", "json", "--exit-code")
    planned = json.loads(played.lines[0])
    (difference,) = planned["differences"]
    assert difference.pop("before").startswith("#")
    assert difference == {"member": "environment", "how": "removed", "container": "app", "name": "TOKEN", "after": ""}
    assert (planned["compared"].rpartition("/")[2], planned["containers"], played.code) == ("web:2", ["app"], 2)
    assert SECRET not in played.said


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--image", f"app={NEW}"), 2),
        (("--image", f"app={OLD}"), 0),
        (("--image", f"app={OLD}", "-D", "5"), 2),
        (("--image", f"app={OLD}", "-D", "2"), 0),
        (("--base", "latest"), 0),
        (("--force-new-deployment",), 0),
    ],
)
def test_exit_code_2_is_for_what_differs_from_what_runs(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    assert plan(released(tmp_path), tmp_path, *words, "--exit-code").code == code


def test_a_base_that_does_not_run_is_compared_with_what_does(tmp_path: Path) -> None:
    world = released(tmp_path)
    waiting = ("deploy", *WEB, "--image", f"app={NEW}", "--wait-until", "registered")
    assert play(world, waiting, surroundings(tmp_path)).code == 0
    played = plan(world, tmp_path, "--base", "latest", "--exit-code")
    assert (played.code, played.lines[1:3]) == (2, ["  base     web:3", "  runs     web:2"])
    assert f"    ~ image {OLD} → {NEW}" in played.lines


def test_a_rollback_shows_what_it_would_bring_back(tmp_path: Path) -> None:
    world = released(tmp_path)
    assert play(world, ("deploy", *WEB, "--image", f"app={NEW}"), surroundings(tmp_path)).code == 0
    played = plan(world, tmp_path, "--to", "2", "--dry-run", command="rollback")
    assert f"    ~ image {NEW} → {OLD}" in played.lines
    assert any(line.startswith("1 container changed, 0 warnings. Rollback target: web:3. ") for line in played.lines)


@pytest.mark.parametrize(("image", "code"), [(NEW, 2), (OLD, 0)])
def test_t15_the_result_of_a_plan_has_the_exit_code_of_the_process(image: str, code: int) -> None:
    played = play(a_world(), ("plan", *WEB, "-i", image, "--exit-code", "--output", "json"))
    result = json.loads(played.stdout.splitlines()[-1])
    assert (played.code, result["exit_code"], result["status"]) == (code, code, "unchanged")


def sent_appspec(world: World) -> Mapping[str, Any]:
    (request,) = [call.request for call in world.calls if call.operation == "CreateDeployment"]
    found: Mapping[str, Any] = json.loads(request["revision"]["appSpecContent"]["content"])
    return found


@pytest.mark.parametrize("command", [("plan", *WEB, "--image", NEW), (*WEB, "-i", NEW, "--dry-run")])
def test_p08_the_plan_shows_the_appspec_that_is_sent(command: tuple[str, ...]) -> None:
    world = shipped("code-deploy")
    planned = play(world, (*command, "--output", "json")).events[0]
    lines = play(world, command).stdout.splitlines()
    shown = "\n".join(planned["appspec"])
    assert "  appspec  {" in lines
    assert [line for line in planned["appspec"][1:] if f"           {line}" not in lines] == []
    released = play(world, ("deploy", *WEB, "--image", NEW))
    assert released.code == 0
    assert json.loads(shown.replace("<the new revision>", released.result["to_revision"])) == sent_appspec(world)


def test_p08_a_service_that_ecs_deploys_has_no_appspec() -> None:
    played = play(a_world(), ("plan", *WEB, "--image", NEW))
    assert played.events[0]["appspec"] == []
    assert "appspec" not in played.stdout
