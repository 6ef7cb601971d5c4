"""The commands as tools of an agent: what is offered, what they take, and what they answer."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.cli.agents.tools import TOOLS, Answer, Tool, carry_out, offered
from ecsdeploy.cli.commands import COMMANDS
from ecsdeploy.cli.play.simulated import WorldClock, inside
from ecsdeploy.sim import World
from tests.cli.worlds import NEW, a_world, behaves, service
from tests.unit.cli.builders import ran, surroundings

BY_NAME = {tool.command: tool for tool in TOOLS}
WEB = {"cluster": "prod", "service": "web"}
LOOKS = {"status", "history", "doctor", "watch", "plan", "rehearse"}


def called(world: World, name: str, **arguments: object) -> Answer:
    return carry_out(BY_NAME[name], WEB | arguments, inside(world, surroundings()))


def lines(answer: Answer) -> list[Mapping[str, object]]:
    assert not answer.is_error, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def written(world: World) -> set[str]:
    return {
        call.operation for call in world.calls if not call.operation.startswith(("Describe", "List", "Get", "Batch"))
    }


def test_only_what_reads_is_offered_unless_writing_is_allowed() -> None:
    assert {tool.command for tool in offered(writing=False)} == LOOKS
    assert {tool.command for tool in offered(writing=True)} == LOOKS | {"deploy", "rollback", "stop"}


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.command)
def test_every_argument_is_an_option_of_the_command_and_none_names_a_file(tool: Tool) -> None:
    assert {option.key for option in tool.options} == set(tool.keys)
    assert not any(option.takes_file for option in tool.options)
    assert tool.command in COMMANDS
    Draft202012Validator.check_schema(tool.schema)


@pytest.mark.parametrize("name", sorted(LOOKS - {"plan", "rehearse"}))
def test_a_tool_that_looks_answers_one_object_and_writes_nothing(name: str) -> None:
    world = a_world()
    (found,) = [each for each in lines(called(world, name)) if each["type"] != "planned"]
    assert found["v"] == 1
    assert written(world) == set()


def test_a_plan_and_its_result_are_answered_and_nothing_is_written() -> None:
    world = a_world()
    found = lines(called(world, "plan", image=[NEW]))
    assert [each["type"] for each in found] == ["planned", "result"]
    assert written(world) == set()


def test_a_rehearsal_is_answered_and_nothing_is_written() -> None:
    world = a_world()
    (found,) = lines(called(world, "rehearse", image=[NEW], fault=["crash-loop"]))
    assert (found["type"], found["exit_code"]) == ("rehearsal", 0)
    assert written(world) == set()


def test_a_release_that_fails_is_an_answer_with_its_exit_code() -> None:
    world = a_world(service(deployment={"circuit_breaker": "rollback"}), behaves(NEW, run="exit", after=4))
    *_, result = lines(called(world, "deploy", image=[NEW]))
    assert (result["type"], result["status"], result["exit_code"]) == ("result", "rolled_back", 21)


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        pytest.param("status", {"cluster": "nowhere"}, "nowhere", id="a cluster that is not there"),
        pytest.param("status", {"cluster": ""}, "needs its argument `cluster`", id="no cluster"),
        pytest.param("history", {"numbr": "3"}, "Did you mean `number`?", id="an unknown argument"),
        pytest.param("history", {"failed": "yes"}, "`failed` must be true or false", id="a switch with a text"),
        pytest.param("history", {"number": 3}, "`number` must be a text", id="a number for a text"),
        pytest.param("plan", {"image": [1]}, "`image` must be a list of texts", id="a list of something else"),
        pytest.param("status", {"cluster": "--help"}, "--help", id="a value that looks like an option"),
    ],
)
def test_bad_arguments_get_a_sentence(name: str, arguments: dict[str, object], sentence: str) -> None:
    world = a_world()
    answer = called(world, name, **arguments)
    assert answer.is_error
    assert sentence in answer.text
    assert written(world) == set()


def test_a_call_that_is_left_ends_and_its_deployment_goes_on() -> None:
    world, leaving = a_world(), threading.Event()
    leaving.set()
    around = replace(inside(world, surroundings()), clock=WorldClock(world.clock))
    *_, result = lines(carry_out(BY_NAME["deploy"], WEB | {"image": [NEW]}, around, leaving))
    assert result["status"] == "interrupted"
    assert "UpdateService" in written(world)


def test_without_its_extra_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anyio", None)
    monkeypatch.delitem(sys.modules, "ecsdeploy.cli.agents.server", raising=False)
    done = ran(("mcp",))
    assert (done.code, done.stdout) == (64, "")
    assert done.stderr == (
        "`mcp` needs the extra `mcp` of ecsdeploy, which is not installed."
        " docs/how-to/install.md says how to install it.\n"
    )
