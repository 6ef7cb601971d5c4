"""`ecs-deploy mcp`, driven by the protocol's own client over stdio, against a simulator that is served."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.servers import Served, served
from tests.cli.terminals import COMMAND

anyio = pytest.importorskip("anyio")
mcp = pytest.importorskip("mcp")
stdio = pytest.importorskip("mcp.client.stdio")

WEB = {"cluster": "prod", "service": "web"}
IMAGE = "registry.example.com/team/web:2"
LOOKS = {"status", "history", "doctor", "watch", "plan", "rehearse"}


@pytest.fixture
def simulator(tmp_path: Path) -> Any:
    with served(tmp_path, speed=200) as found:
        yield found


def asked(simulator: Served, *calls: tuple[str, Mapping[str, Any]], options: tuple[str, ...] = ()) -> Any:
    """The tools that are offered, and what the calls of them were answered."""

    async def run() -> Any:
        program, *words = (*COMMAND, "mcp", *options)
        parameters = stdio.StdioServerParameters(command=program, args=list(words), env=dict(simulator.exports))
        async with stdio.stdio_client(parameters) as (read, write), mcp.ClientSession(read, write) as session:
            await session.initialize()
            tools = (await session.list_tools()).tools
            return tools, [await session.call_tool(name, dict(arguments)) for name, arguments in calls]

    return anyio.run(run)


def test_what_only_reads_is_offered_and_answers_json(simulator: Served) -> None:
    calls = [(name, WEB) for name in ("status", "history", "doctor")]
    tools, answers = asked(simulator, *calls, ("plan", WEB | {"image": [IMAGE]}), ("deploy", WEB | {"image": [IMAGE]}))
    assert {tool.name for tool in tools} == LOOKS
    assert all(tool.annotations.read_only_hint for tool in tools)
    *found, refused = answers
    assert [each.is_error for each in found] == [False] * 4
    assert [json.loads(each.content[0].text.splitlines()[-1])["v"] for each in found] == [1] * 4
    assert refused.is_error
    assert "--allow-write" in refused.content[0].text
    assert simulator.calls("UpdateService") == simulator.calls("RegisterTaskDefinition") == 0


def test_with_allow_write_a_release_is_made_watched_and_taken_back(simulator: Served) -> None:
    tools, answers = asked(
        simulator,
        ("deploy", WEB | {"image": [IMAGE]}),
        ("watch", WEB),
        ("rollback", WEB),
        options=("--allow-write",),
    )
    assert {tool.name for tool in tools} == LOOKS | {"deploy", "rollback", "stop"}
    results = [json.loads(each.content[0].text.splitlines()[-1]) for each in answers]
    assert [(each["type"], each["status"]) for each in results] == [("result", "succeeded")] * 3


def test_the_options_of_the_server_hold_for_every_call(simulator: Served) -> None:
    _, (answer,) = asked(simulator, ("status", WEB), options=("--expect-account", "999999999999"))
    assert answer.is_error
    assert "999999999999" in answer.content[0].text
