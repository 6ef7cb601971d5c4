"""Every command and every option that a message, a hint or a screen names is one that we take."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

import ecsdeploy
from ecsdeploy import api
from ecsdeploy.cli.commands import COMMANDS
from ecsdeploy.cli.main import main
from ecsdeploy.cli.session.again import again
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import Refused
from ecsdeploy.model.access import Access, Secret
from ecsdeploy.model.judgement import Doom, Rule
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.render.commands import next_commands
from ecsdeploy.render.view import View
from tests.docs.test_claims import BY_COMMAND, FLAGS, HELP
from tests.render.builders import NEW, OUTCOME, PLANNED
from tests.unit.cli.builders import surroundings

SCREENS = Path(__file__).parents[1] / "render"
SOURCES = sorted(Path(ecsdeploy.__file__).parent.rglob("*.py"))
A_COMMAND = re.compile(rf"ecs-deploy (?:{'|'.join(COMMANDS)}) [^\n\"`]+")
QUOTED = re.compile(r"`([^`\n]+)`")
OF_OTHERS = {"--capabilities", "--query"}
TARGET = Access(
    profile="my ci",
    assume_role="arn:aws:iam::123456789012:role/deployer",
    external_id=Secret("hush"),
    endpoint_url="http://bob:hunter2@127.0.0.1:1",
)
VARIABLES = {
    "ECS_DEPLOY_EXTERNAL_ID": "hush",
    "ECS_DEPLOY_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_REGION": "us-east-1",
}
DOOM = Doom(code="E", what="It dies", rule=Rule.CRASH_LOOP, tasks=(), because="", link="")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Access]:
    """Whom a command line would have called: it is understood by then, and nothing is called."""
    found: list[Access] = []

    def connect(access: Access, **_given: object) -> api.Connection:
        found.append(access)
        raise Refused("Nothing is called here.")

    monkeypatch.setattr(api, "connect", connect)
    return found


def is_understood(command: str, asked: list[Access]) -> bool:
    before = len(asked)
    words = [
        re.sub(r"^\$\{?(\w+)(?::\?\})?$", lambda name: VARIABLES[name[1]], word) for word in shlex.split(command)[1:]
    ]
    code = main(words, surroundings(variables=VARIABLES))
    return code == 0 or len(asked) == before + 1


def printed() -> Iterator[str]:
    """The commands on the screens that are kept, each once; a live frame may cut them."""
    for path in sorted(SCREENS.glob("*/*.txt")):
        yield from (found for found in A_COMMAND.findall(path.read_text()) if "…" not in found)


def next_ones() -> Iterator[str]:
    view = View(planned=PLANNED, revision=NEW)
    changed = Given({"base": ("latest",), "desired_count": ("0",), "max": ("150",)})
    for status, told in product(Status, (again(TARGET, changed), again(TARGET, Given({"revision": ("web:7",)})))):
        for phase in Phase:
            for doom in (None, DOOM):
                outcome = replace(OUTCOME, verdict=Verdict(status=status, phase=phase, doom=doom))
                yield from (command for _, command in next_commands(view, outcome, told))


@pytest.mark.parametrize("command", [*dict.fromkeys((*printed(), *next_ones()))])
def test_m01_a_command_that_is_printed_is_one_that_we_take(command: str, asked: list[Access]) -> None:
    assert is_understood(command, asked), command


def test_m01_a_command_that_we_do_not_take_is_found_out(asked: list[Access]) -> None:
    assert not is_understood("ecs-deploy status -c prod -n web --nosuch", asked)
    assert not is_understood("ecs-deploy rollback -c prod", asked)
    assert len([*printed()]) > 50
    assert len([*next_ones()]) > 50


def _texts(tree: ast.AST) -> Iterator[str]:
    """The texts of a source but for its docstrings, `X` for what is filled in."""
    within = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else "X" for each in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented | within:
            yield node.value


def _told() -> Iterator[tuple[str, str]]:
    """What stands between backticks in the texts of our sources."""
    for path in SOURCES:
        for text in _texts(ast.parse(path.read_text(encoding="utf-8"))):
            yield from ((path.name, quoted) for quoted in QUOTED.findall(text))


def _options(words: Sequence[str]) -> set[str]:
    return {word.partition("=")[0].rstrip(".,") for word in words if re.match(r"--?[a-zA-Z]", word)}


OURS = FLAGS.union(*BY_COMMAND.values(), HELP)


@pytest.mark.parametrize(("source", "quoted"), [*dict.fromkeys(_told())])
def test_m01_what_a_message_tells_to_type_exists(source: str, quoted: str) -> None:
    """An option, an option with its value, or a command."""
    words = quoted.split() or [""]
    if words[0] == "ecs-deploy" and len(words) > 1:
        is_command = words[1] in COMMANDS
        assert is_command or words[1].isupper() or words[1].startswith("-"), (source, quoted)
        assert _options(words) <= ((BY_COMMAND[words[1]] if is_command else FLAGS) | HELP), (source, quoted)
    elif words[0].startswith("-"):
        assert _options(words) <= OURS | OF_OTHERS, (source, quoted)
