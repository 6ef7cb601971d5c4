"""What the pages claim about options is so."""

import re
import shlex
from pathlib import Path

import pytest

from ecsdeploy.cli.commands import COMMANDS, load
from ecsdeploy.cli.options.table import OPTIONS
from tests.docs.examples import fences
from tests.docs.pages import name_of
from tests.docs.test_examples import PAGES

FLAGS = {name for option in OPTIONS for name in option.spellings}
BY_COMMAND = {command: {name for option in load(command).options for name in option.names} for command in COMMANDS}
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
            found.append(_split(text))
    return found


def _split(text: str) -> list[str]:
    """The words of a call as a shell splits them; a call inside the quotes of another leaves one of them open."""
    try:
        return shlex.split(text)
    except ValueError:
        return shlex.split(re.sub("[\"']", "", text))


@every_page
def test_options_in_examples_exist(page: Path) -> None:
    for words in _words(page):
        command = words[0] if words and words[0] in COMMANDS else ""
        known = (BY_COMMAND[command] if command else FLAGS) | HELP
        # What follows is of another program, or of the flag form, which `explain` reads.
        own = words[: words.index("--")] if "--" in words else words
        unknown = [word for word in own if word.startswith("-") and word.partition("=")[0] not in known]
        assert unknown == [], f"ecs-deploy {shlex.join(words)}"


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name != "coming-from"], ids=name_of)
def test_options_in_prose_exist(page: Path) -> None:
    known = FLAGS.union(*BY_COMMAND.values(), HELP, OF_OTHERS)
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert sorted(set(PROSE_OPTION.findall(prose)) - known) == []
