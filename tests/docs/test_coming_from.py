"""Each row of the pages for those who come from another tool: what is typed here runs, and ends as the row says.

A table whose second column is headed `Here` is such a table. Its commands of ours, and those of the AWS CLI that the
simulator answers, are typed in their order in a world of their own; each succeeds unless `(exit N)` follows it.
"""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.test_exec import Plugin
from tests.docs.pages import ROOT, name_of
from tests.docs.terminal import Terminal

HOW_TO = ROOT / "docs" / "how-to"
FOLDER = HOW_TO / "coming-from"
PAGES = (*sorted({*FOLDER.glob("*.md")} - {FOLDER / "index.md"}), HOW_TO / "replace-the-bash-script.md")
CELLS = re.compile(r"(?<!\\)\|")
COMMAND = re.compile(r"`((?:ecs-deploy|aws ecs (?:describe|update)-\S+) [^`]+)`(?: \(exit (\d+)\))?")
WORLDS = re.compile(r"<!-- worlds: ([\w -]+) -->")
NOT_HERE = "Not here"
IMAGE = "registry.example.com/team/web:2"
USAGE = 64
ONE_OFF = """
schema = 1
name = "one-off"
summary = "a task of the image ends by itself"
seed = 1
[[services]]
cluster = "prod"
name = "web"
desired = 1
image = "registry.example.com/team/web:1"
[images."registry.example.com/team/web:2"]
run = "exit"
exit_code = 0
after = 5
"""
"""The world of the rows that wait for a task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is typed elsewhere, and here, in which worlds."""

    page: Path
    theirs: str
    ours: str
    worlds: tuple[str, ...] = ("good",)

    @property
    def commands(self) -> tuple[tuple[str, int], ...]:
        """Each with its exit code."""
        return tuple((line, int(code or 0)) for line, code in COMMAND.findall(self.ours))

    def __str__(self) -> str:
        return f"{self.page.stem}: {self.theirs}"


def rows(page: Path) -> Iterator[Row]:
    text = page.read_text(encoding="utf-8")
    worlds = WORLDS.search(text)
    is_read = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in CELLS.split(line)[1:-1]]
        if not cells:
            is_read = False
        elif cells[1].startswith("Here"):
            is_read = True
        elif is_read and not cells[0].startswith("---"):
            yield Row(page=page, theirs=cells[0], ours=cells[1], worlds=(*worlds[1].split(),) if worlds else ("good",))


ROWS = tuple(row for page in PAGES for row in rows(page))
PLAYED = [pytest.param(row, world, id=f"{row} ({world})") for row in ROWS for world in row.worlds]
OF_FABFUEL = [row for row in ROWS if row.theirs.startswith("`ecs ")]


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    opened = Terminal(tmp_path, monkeypatch)
    yield opened
    opened.close()


@pytest.mark.parametrize(("row", "world"), PLAYED)
def test_what_is_typed_here_ends_as_the_row_says(row: Row, world: str, terminal: Terminal) -> None:
    if "--wait-for-success" in row.ours or "ecs-deploy run" in row.ours:
        world = "one-off.toml"
        (terminal.cwd / world).write_text(ONE_OFF, encoding="utf-8")
    terminal.run(f"ecs-deploy sim --port 4599 --speed 60 --scenario {world} &")
    terminal.run('eval "$(ecs-deploy sim --print-env --port 4599)"')
    terminal.run("aws ecs describe-task-definition --task-definition web > definition.json")
    _write_volumes(terminal.cwd)
    if "ecs-deploy exec" in row.ours:
        terminal.run("aws ecs update-service --cluster prod --service web --enable-execute-command")
        terminal.run("ecs-deploy deploy -c prod -n web --force-new-deployment")
        terminal.patch.setenv("PATH", str(Plugin(terminal.cwd).folder), prepend=":")
    for command, code in row.commands:
        printed = terminal.run(command)
        assert terminal.code == code, f"`{command}` printed\n{printed}"


def _write_volumes(folder: Path) -> None:
    """The definition with a volume that is configured at launch, and how it is."""
    definition = json.loads((folder / "definition.json").read_text(encoding="utf-8"))["taskDefinition"]
    volumes = {"volumes": [{"name": "data", "configuredAtLaunch": True}]}
    (folder / "volume.json").write_text(json.dumps(definition | volumes), encoding="utf-8")
    managed = {"roleArn": "arn:aws:iam::123456789012:role/ecsInfrastructureRole", "sizeInGiB": 20}
    (folder / "volumes.json").write_text(json.dumps([{"name": "data", "managedEBSVolume": managed}]), encoding="utf-8")


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_row_without_a_command_of_ours_says_so(row: Row) -> None:
    is_ours = any(command.startswith("ecs-deploy") for command, _ in row.commands)
    assert is_ours or NOT_HERE in _whole(row), row.ours


def _whole(row: Row) -> str:
    return next(line for line in row.page.read_text(encoding="utf-8").splitlines() if f"| {row.theirs} |" in line)


@pytest.mark.parametrize("row", OF_FABFUEL, ids=str)
def test_fabfuels_line_typed_here_is_answered_as_the_page_says(row: Row, terminal: Terminal) -> None:
    theirs = row.theirs.strip("`")
    answered = terminal.run(f"ecs-deploy {theirs}")
    assert terminal.code == USAGE
    ours = [command for command, _ in row.commands if command.startswith("ecs-deploy")][:1]
    for command in ours:
        assert _words(command) in _words(_filled(answered)), answered


def _filled(answered: str) -> str:
    """With the page's own words for those in capitals."""
    words = {
        "IMAGE": IMAGE,
        "NAME=VALUE": "app:LEVEL=debug",
        "NAME=REF": "app:KEY=/web/key",
        "CONTAINER=WORDS": '"app=serve --port 80"',
        "ROLE": "arn:aws:iam::123456789012:role/task",
        "UNITS": "256",
        "MIB": "512",
        "CONTAINER": "app",
    }
    for blank, word in words.items():
        answered = answered.replace(blank, word)
    return answered


def _words(text: str) -> str:
    """Without the container of an image, which an answer cannot know."""
    return text.replace(f"app={IMAGE}", IMAGE)


def test_every_page_has_rows_and_the_answers_are_tried() -> None:
    assert {row.page for row in ROWS} == {*PAGES}, [name_of(page) for page in PAGES]
    assert len(OF_FABFUEL) > 20
    assert all(shlex.split(command) for row in ROWS for command, _ in row.commands)


@pytest.mark.parametrize("row", [row for row in ROWS if row.theirs.startswith("`ecs-deploy ")], ids=str)
def test_the_bash_scripts_line_goes_on_working(row: Row, terminal: Terminal) -> None:
    terminal.run("ecs-deploy sim --port 4599 --speed 60 --scenario good &")
    terminal.run('eval "$(ecs-deploy sim --print-env --port 4599)"')
    printed = terminal.run(row.theirs.strip("`"))
    assert terminal.code == 0, printed
