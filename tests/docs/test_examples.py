"""What the pages tell to type works, and prints what they show."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.play.checking import play_and_check
from ecsdeploy.sim import parse_scenario
from tests.docs.examples import MANIFEST, SETTINGS, Fence, examples, fences, is_as_shown
from tests.docs.pages import ROOT, name_of
from tests.docs.terminal import Terminal

PAGES = (
    *sorted((ROOT / "docs" / "tutorial").glob("*.md")),
    *sorted((ROOT / "docs" / "how-to").rglob("*.md")),
    ROOT / "docs" / "reference" / "simulator.md",
)
# What a part of a scenario is tried with.
AROUND = """
schema = 1
[[services]]
cluster = "prod"
name = "checkout"
image = "registry.example.com/team/checkout:1"
load_balancer = {}
"""

every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    opened = Terminal(tmp_path, monkeypatch)
    yield opened
    opened.close()


@every_page
def test_every_example_prints_what_the_page_shows(page: Path, terminal: Terminal) -> None:
    text = page.read_text(encoding="utf-8")
    for program, use in (("jq", "| jq"), ("curl", "curl -sS")):
        if use in text and shutil.which(program) is None:
            pytest.skip(f"this page uses {program}")
    for fence in fences(page):
        if fence.language == "toml":
            _write(fence, terminal.cwd)
        if fence.language in ("sh", "console"):
            _type(fence, page, terminal)


def _type(fence: Fence, page: Path, terminal: Terminal) -> None:
    """Each command in turn. Lines that look like commands are output where the command before them printed them."""
    pending = list(examples(fence))
    while pending:
        example = pending.pop(0)
        printed = terminal.run(example.command)
        shown = example.shown
        while pending and f"$ {pending[0].command}" in printed.splitlines():
            echoed = pending.pop(0)
            shown = (*shown, f"$ {echoed.command}", *echoed.shown)
        place = f"{name_of(page)}, line {fence.line}: `{example.command}` printed\n{printed}"
        if shown:
            assert is_as_shown(shown, printed, any_time=terminal.is_served), place
        if fence.language == "sh":
            assert terminal.code == 0, place


def _write(fence: Fence, folder: Path) -> None:
    """What begins with its file's name is there for the commands that follow."""
    first = fence.text.splitlines()[0]
    if first.startswith("# ") and first.endswith(".toml"):
        (folder / first.removeprefix("# ")).write_text(fence.text, encoding="utf-8")


@every_page
def test_every_scenario_holds_what_it_expects(page: Path, tmp_path: Path) -> None:
    around = Environment.of_process()
    for fence in fences(page):
        if fence.language != "toml" or fence.text.startswith((SETTINGS, MANIFEST)):
            continue
        is_whole = "[[services]]" in fence.text
        scenario = parse_scenario(fence.text if is_whole else AROUND + fence.text, source=name_of(page))
        if is_whole:
            lines = play_and_check(scenario, around)
            assert lines
            assert [line for line in lines if not line.held] == []


@pytest.mark.parametrize(
    ("shown", "printed", "is_shown"),
    [
        pytest.param(("a", "b"), "a\nb\n", True, id="the very lines"),
        pytest.param(("a",), "a\nb\n", False, id="a line too many"),
        pytest.param(("a", "..."), "a\nb\nc\n", True, id="lines left out"),
        pytest.param(("...", "c"), "a\nb\n", False, id="a line that never comes"),
        pytest.param(("a ... z",), "a b c z\n", True, id="text left out"),
        pytest.param(("12:00:00 a",), "23:59:59 a\n", True, id="another time"),
        pytest.param(("a.c",), "abc\n", False, id="a dot is a dot"),
    ],
)
def test_output_is_compared_line_by_line(shown: tuple[str, ...], printed: str, *, is_shown: bool) -> None:
    assert is_as_shown(shown, printed, any_time=True) is is_shown
