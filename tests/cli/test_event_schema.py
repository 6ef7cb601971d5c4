"""The published schemas of a run's JSON lines, a service's status and a plan's file hold what is written, no more."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.model.events import Event
from ecsdeploy.model.together import FleetEvent
from ecsdeploy.render.objects import status_object
from tests.cli.test_apply import applied
from tests.cli.test_create import FILES, NAMES, create, folder
from tests.cli.test_pauses import paused
from tests.cli.test_several import ALL, APP, BACK, three
from tests.cli.worlds import DEPLOY, NEW, WEB, a_world, behaves, play, service, shipped
from tests.render.builders import Story
from tests.render.builders import play as played
from tests.render.status_stories import STATUS_STORIES
from tests.render.stories import STORIES
from tests.render.task_stories import TASK_STORIES
from tests.unit.cli.builders import ran
from tools.event_schema import snake

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
TOLD = STORIES | TASK_STORIES
__all__ = ["folder"]


def _closed(name: str) -> Draft202012Validator:
    """The published schema, which here also refuses a member that it does not name."""
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    for key, each in schema["$defs"].items():
        if "properties" in each and not key.startswith("event_"):
            each["additionalProperties"] = False
    target = schema["properties"]["planned"] if name == "plan" else schema
    target["unevaluatedProperties"] = False
    return Draft202012Validator(schema)


EVENTS, STATUS = _closed("events"), _closed("status")


def _wrong(lines: Sequence[str]) -> list[str]:
    """What the schema has against these lines."""
    return [f"{error.json_path}: {error.message}" for line in lines for error in EVENTS.iter_errors(json.loads(line))]


def _types() -> set[str]:
    branches = (each for key, each in EVENTS.schema["$defs"].items() if key.startswith("event_"))
    return {each["properties"]["type"]["const"] for each in branches}


def test_every_event_of_the_model_is_in_the_schema() -> None:
    last = {"finished": "result", "fleet_finished": "release_result"}
    names = {snake(kind.__name__) for kind in (*get_args(Event), *get_args(FleetEvent))}
    assert _types() == {last.get(name, name) for name in names}


@pytest.mark.parametrize("story", TOLD.values(), ids=TOLD)
def test_the_lines_of_a_story_are_valid(story: Story) -> None:
    assert _wrong(played(Story(timeline=story.timeline, output="json")).stdout.splitlines()) == []


@pytest.mark.parametrize(
    ("world", "words"),
    [
        pytest.param("good-with-load-balancer", DEPLOY, id="deploy"),
        pytest.param("crash-loop", DEPLOY, id="deploy that fails"),
        pytest.param("linear-pauses", (*DEPLOY, "--timeout", "60"), id="deploy that pauses"),
        pytest.param("expired-credentials", DEPLOY, id="error"),
        pytest.param("denied-reads", ("plan", *WEB, "--image", NEW), id="plan"),
        pytest.param("good", ("rollback", *WEB), id="rollback"),
        pytest.param("stop-deployment", ("watch", *WEB), id="watch"),
        pytest.param("good", ("stop", *WEB), id="stop of nothing"),
        pytest.param("good", ("run", "-c", "prod", "--like-service", "web", "--", "true"), id="run"),
    ],
)
def test_the_lines_of_a_run_are_valid(world: str, words: tuple[str, ...]) -> None:
    lines = play(shipped(world), (words[0], "--output", "json", *words[1:])).stdout.splitlines()
    assert json.loads(lines[-1])["type"] == "result"
    assert _wrong(lines) == []


def test_the_lines_of_a_new_service_are_valid(folder: Path) -> None:
    for names, code in ((NAMES, 0), (WEB, 26)):
        created = create(folder, a_world(), "--output", "json", *names, *FILES, "--image", NEW)
        assert (created.code, json.loads(created.lines[-1])["type"]) == (code, "result")
        assert _wrong(created.lines) == []


@pytest.mark.parametrize("words", [("continue",), ("continue", "--rollback"), ("watch",)], ids=" ".join)
def test_the_lines_about_a_pause_are_valid(words: tuple[str, ...]) -> None:
    lines = play(paused(), (*words, *WEB, "--timeout", "30m", "--output", "json")).lines
    assert {"continue": "continued", "watch": "paused"}[words[0]] in {json.loads(line)["type"] for line in lines}
    assert _wrong(lines) == []


@pytest.mark.parametrize("scenario", ["good", "crash-loop", "blue-green"])
def test_the_lines_of_a_demo_are_valid(scenario: str) -> None:
    lines = ran(("demo", "--output", "json", "--scenario", scenario)).stdout.splitlines()
    assert json.loads(lines[-1])["type"] == "result"
    assert _wrong(lines) == []


@pytest.mark.parametrize("crashes", [False, True], ids=["succeed", "go back"])
def test_the_lines_of_several_services_are_valid(crashes: bool) -> None:
    broken = (behaves("team/app:2", run="exit", exit_code=1, after=4),) if crashes else ()
    lines = play(three(*broken), ("deploy", *ALL, *APP, *BACK, "--output", "json")).lines
    last = json.loads(lines[-1])
    assert (last["type"], last["status"]) == ("release_result", "rolled_back" if crashes else "succeeded")
    assert _wrong(lines) == []


def test_the_lines_of_a_manifest_are_valid() -> None:
    played, _ = applied(three())
    assert (played.code, _wrong(played.lines)) == (0, [])


@pytest.mark.parametrize("story", STATUS_STORIES)
def test_the_status_of_a_service_is_valid(story: str) -> None:
    found = json.loads(status_object(STATUS_STORIES[story], 22))
    assert [each.message for each in STATUS.iter_errors(found)] == []


@pytest.mark.parametrize("scenario", ["good-with-load-balancer", "crash-loop", "alarm-rollback", "code-deploy"])
def test_so_is_what_the_command_prints(scenario: str) -> None:
    there = shipped(scenario)
    play(there, (*DEPLOY, "--no-preflight"))
    found = json.loads(play(there, ("status", *WEB, "--output", "json")).stdout)
    assert [each.message for each in STATUS.iter_errors(found)] == []
    wrong: tuple[dict[str, object], ...] = ({"condition": "fine"}, {"facts": {}}, {"unheard": 1})
    for broken in wrong:
        assert not STATUS.is_valid(found | broken)


@pytest.mark.parametrize(
    ("member", "changed"),
    [("type", "unheard"), ("seq", "1"), ("time", "today"), ("deployment_id", 7), ("unheard", True)],
)
def test_what_is_no_event_is_not_valid(member: str, changed: object) -> None:
    started = next(line for line in played(STORIES["success-json"]).stdout.splitlines() if '"started"' in line)
    assert _wrong([started]) == []
    assert _wrong([json.dumps(json.loads(started) | {member: changed})]) != []


def test_the_file_of_a_plan_is_valid(tmp_path: Path) -> None:
    words = ("plan", *WEB, "--image", NEW, "--env", "LEVEL=info", "--out", str(tmp_path / "plan.json"))
    run = play(a_world(service()), words)
    content = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert (run.code, [*_closed("plan").iter_errors(content)]) == (0, [])
    other: tuple[dict[str, object], ...] = ({"key": "short"}, {"marks": {}}, {"planned": {"type": "planned"}}, {"v": 2})
    for broken in other:
        assert not _closed("plan").is_valid(content | broken)
