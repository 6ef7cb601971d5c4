"""The commands that `SKILL.md` gives to an agent succeed, and the tools of `mcp` are those that its page lists."""

import re
from pathlib import Path

import pytest

from ecsdeploy.cli.agents.tools import TOOLS
from ecsdeploy.cli.exits import ExitCode
from tests.docs.examples import examples, fences
from tests.docs.pages import ROOT
from tests.docs.terminal import Terminal

SKILL = ROOT / "skills" / "ecs-deploy" / "SKILL.md"
PAGE = ROOT / "docs" / "how-to" / "let-an-agent-look.md"
SERVED = ("ecs-deploy sim --port 4599 --speed 60 &", 'eval "$(ecs-deploy sim --print-env --port 4599)"')


def test_every_command_of_the_skill_succeeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = [each.command for fence in fences(SKILL) if fence.language == "sh" for each in examples(fence)]
    assert len(commands) == 9
    terminal = Terminal(tmp_path, monkeypatch)
    try:
        for command in (*SERVED, *commands):
            printed = terminal.run(command)
            assert terminal.code == 0, f"{command}\n{printed}"
    finally:
        terminal.close()


def test_the_skill_begins_as_agents_expect_it() -> None:
    """https://agentskills.io/specification"""
    head = SKILL.read_text(encoding="utf-8").split("---\n")[1]
    members = dict(line.split(": ", 1) for line in head.splitlines())
    assert members["name"] == SKILL.parent.name
    assert 0 < len(members["description"]) <= 1024


def test_the_exit_codes_of_the_skill_are_ours() -> None:
    named = re.findall(r"(?:verdict: |, )(\d+) (?:is )?\w", SKILL.read_text(encoding="utf-8"))
    assert {int(each) for each in named} >= {0, 20, 21, 22, 26}
    assert {int(each) for each in named} <= {int(each) for each in ExitCode}


def test_the_page_lists_the_tools() -> None:
    rows = re.findall(r"^\| (`.*?) \| (always|with `--allow-write`) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {name: when == "always" for names, when in rows for name in re.findall(r"`(\w+)`", names)}
    assert listed == {tool.command: not tool.writes for tool in TOOLS}
