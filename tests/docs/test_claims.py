"""What the pages claim about options and about the simulator is so."""

import re
import shlex
from pathlib import Path

import pytest

from ecsdeploy.cli.commands import COMMANDS
from ecsdeploy.cli.grammar import DEMO, OPTIONS, SHARED, SIM
from ecsdeploy.sim import ScenarioError, World, load_scenario, parse_scenario, timings
from ecsdeploy.sim.services import clusters, definitions, deployments, identity, logs, services, targets, tasks
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


REFUSED = (
    *(
        f"[[services]]\ncluster = 'b'\nname = 'b'\nimage = 'b:1'\ndeployment = {{ {member} }}\n"
        for member in (
            "strategy = 'BLUE_GREEN'",
            "bake_time_in_minutes = 1",
            "alarms = { enable = true }",
            "lifecycle_hooks = []",
            "canary_configuration = { canary_percent = 5 }",
            "linear_configuration = { step_percent = 5 }",
            "early_success_criteria = { percent = 50 }",
        )
    ),
    "[[services]]\ncluster = 'b'\nname = 'b'\nimage = 'b:1'\ncontroller = 'CODE_DEPLOY'\n",
    "[hooks.'arn']\nreturns = []\n",
    *(f"[[at]]\ntime = 1\ndo = '{do}'\n" for do in ("alarm", "ok", "capacity", "signal", "protect", "spot", "drain")),
    "[limits]\nthrottle = true\n",
    "[limits]\nread_lag = 1\n",
)


@pytest.mark.parametrize("part", REFUSED, ids=lambda part: part.strip().splitlines()[-1])
def test_what_is_listed_as_refused_is_refused_by_name(part: str) -> None:
    assert re.search(r"\w+", part.splitlines()[-1])
    with pytest.raises(ScenarioError, match="not simulated yet"):
        parse_scenario(AROUND + part)


def test_every_refused_word_is_listed() -> None:
    listed = _section("Scenario files").split("Refused by name", 1)[1]
    words = [re.findall(r"'(\w+)'|\{ (\w+) =|^(\w+) = ", part.splitlines()[-1]) for part in REFUSED]
    for part, found in zip(REFUSED, words, strict=True):
        names = {name for groups in found for name in groups if name} | {"hooks" if "hooks." in part else ""}
        assert any(f"`{name}" in listed or f"[{name}]" in listed for name in names if name), part


def test_the_world_begins_when_and_where_the_page_says() -> None:
    text = SIMULATOR.read_text(encoding="utf-8")
    assert World(load_scenario("good")).start == 1_767_268_800
    assert "2026-01-01 at 12:00 UTC" in text
    assert "account\n123456789012 and Region us-east-1" in text
