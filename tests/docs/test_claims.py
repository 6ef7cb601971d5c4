"""What the pages claim about options and about the simulator is so."""

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest

from ecsdeploy.cli.commands import COMMANDS
from ecsdeploy.cli.grammar import DEMO, OPTIONS, SHARED, SIM
from ecsdeploy.sim import ScenarioError, World, load_scenario, parse_scenario, timings
from ecsdeploy.sim.scenario import read
from ecsdeploy.sim.services import clusters, definitions, deployments, identity, logs, services, targets, tasks
from ecsdeploy.sim.switches import Switches
from tests.docs.examples import fences
from tests.docs.pages import ROOT, name_of
from tests.docs.test_examples import AROUND, PAGES

SIMULATOR = ROOT / "docs" / "reference" / "simulator.md"
FLAGS = {name for option in OPTIONS for name in option.spellings}
BY_COMMAND = {
    "deploy": {name for option in SHARED for name in option.names},
    "demo": {name for option in DEMO for name in option.names},
    "sim": {name for option in SIM for name in option.names},
}
HELP = {"-h", "--help"}
PROSE_OPTION = re.compile(r"`(--?[a-zA-Z][\w-]*)")
OF_OTHERS = {"--query"}

every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


def _words(page: Path) -> list[list[str]]:
    """Every line of every block that calls us, also of those that are not run."""
    found = []
    for fence in fences(page):
        joined = re.sub(r"\\\n|(?<=[^\n])\n +(?=-)(?!- )", " ", fence.text).replace("`", "")
        for call in re.findall(r"(?:^|[\s\"(])ecs-deploy ((?!:)[^\n|&)]*)", joined, re.MULTILINE):
            text = re.sub(r"\[|\]|#.*", " ", call.split(" > ")[0])
            found.append(shlex.split(text.replace('"', "").replace("'", "")))
    return found


@every_page
def test_options_in_examples_exist(page: Path) -> None:
    for words in _words(page):
        command = words[0] if words and words[0] in COMMANDS else ""
        known = (BY_COMMAND[command] if command else FLAGS) | HELP
        unknown = [word for word in words if word.startswith("-") and word.partition("=")[0] not in known]
        assert unknown == [], f"ecs-deploy {shlex.join(words)}"


@every_page
def test_options_in_prose_exist(page: Path) -> None:
    known = FLAGS.union(*BY_COMMAND.values(), HELP, OF_OTHERS)
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert sorted(set(PROSE_OPTION.findall(prose)) - known) == []


def _section(title: str) -> str:
    return SIMULATOR.read_text(encoding="utf-8").split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_the_listed_operations_are_those_that_are_answered() -> None:
    rows = re.findall(r"^\| (?:ECS|CloudWatch|Elastic|STS).*$", _section("What is modelled"), re.MULTILINE)
    listed = set(re.findall(r"`([A-Z]\w+)`", "\n".join(rows)))
    modules = (clusters, definitions, deployments, logs, services, targets, tasks)
    assert identity.caller_identity()
    assert listed == {name for module in modules for name in module.OPERATIONS} | {"GetCallerIdentity"}


def test_the_listed_timings_are_those_in_use() -> None:
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| ([\d.]+) \|", _section("Timings"), re.MULTILINE)
    in_use = {name: value for name, value in vars(timings).items() if name.isupper() and isinstance(value, float)}
    assert {name: float(seconds) for name, seconds in rows} == in_use
    assert ", ".join(f"{gap:g}" for gap in timings.START_FAILURE_GAPS) in _section("Timings")


def _refused() -> list[tuple[str, str]]:
    """Each row of the table, word by word: where it stands, and the word that is refused there."""
    table = _section("Scenario files").split("Refused by name", 1)[1]
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", table, re.MULTILINE)
    return [(where, word) for where, words in rows for word in (_CODE.findall(words) or [""]) if word != "ROLLING"]


def _part(where: str, word: str) -> str:
    """A scenario with that word in that place."""
    service = "[[services]]\ncluster = 'b'\nname = 'b'\nimage = 'b:1'\n"
    match where:
        case "deployment":
            return f"{service}deployment = {{ {word} = {_VALUES.get(word, '{ percent = 5 }')} }}\n"
        case "[[services]]":
            return f"{service}{word}\n"
        case "[[at]]":
            return f"[[at]]\ntime = 1\ndo = '{word}'\n"
        case _:
            return "[hooks.'arn']\nreturns = []\n"


_CODE = re.compile(r"`([^`]+)`")
_VALUES = {
    "strategy": "'BLUE_GREEN'",
    "bake_time_in_minutes": "1",
    "alarms": "{ enable = true }",
    "lifecycle_hooks": "[]",
}


@pytest.mark.parametrize(("where", "word"), _refused())
def test_what_is_listed_as_refused_is_refused_by_name(where: str, word: str) -> None:
    with pytest.raises(ScenarioError, match="not simulated yet"):
        parse_scenario(AROUND + _part(where, word))


def test_every_action_is_listed_as_simulated_or_refused() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \| \w+ .* \|.*\|$", _section("Scenario files"), re.MULTILINE)
    refused = [word for where, word in _refused() if where == "[[at]]"]
    # The tables of the reader are its own business, but for this page.
    assert refused == list(vars(read)["_ACTIONS_TO_COME"])
    assert set(vars(read)["_ACTIONS"]) <= set(listed)


def test_every_switch_is_listed() -> None:
    rows = re.findall(r"^\| [^|]+ \| `(\w+)` \|", _section("Open points"), re.MULTILINE)
    assert sorted(rows) == sorted(field.name for field in fields(Switches))


def test_the_world_begins_when_and_where_the_page_says() -> None:
    text = SIMULATOR.read_text(encoding="utf-8")
    assert World(load_scenario("good")).start == 1_767_268_800
    assert "2026-01-01 at 12:00 UTC" in text
    assert "account\n123456789012 and Region us-east-1" in text
