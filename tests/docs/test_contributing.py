"""The page for contributors names files, folders and functions that are there."""

import re

import pytest

from tests.docs.pages import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
HOUSE = ROOT / "src" / "ecsdeploy"
_PATH = re.compile(r"(?<![\w./-])((?:[a-z_]+/)+(?:[a-z_]+\.py)?|[a-z_]+\.py)(?![\w./])")
_IN_FILE = re.compile(r"([a-z_/]+\.py)[ |]+(\w+):")
_BUILT = {"dist/"}
_EVENTS = re.compile(r"-{4} ([A-Z]\w+(?:, [A-Z]\w+)*)$", re.MULTILINE)


def _exists(path: str) -> bool:
    """Below the root or the package; a file without its folder stands in a folder that its paragraph names."""
    return any((folder / path).exists() for folder in (ROOT, HOUSE, HOUSE / "cli")) or (
        "/" not in path and any(HOUSE.rglob(path))
    )


@pytest.mark.parametrize("path", sorted({*_PATH.findall(PAGE)} - _BUILT))
def test_a_path_on_the_page_is_there(path: str) -> None:
    assert _exists(path)


@pytest.mark.parametrize(("path", "name"), _IN_FILE.findall(PAGE))
def test_a_file_of_the_drawing_has_what_is_named_beside_it(path: str, name: str) -> None:
    text = (HOUSE / path).read_text(encoding="utf-8")
    assert re.search(rf"^(?:def|class) {name}\b", text, re.MULTILINE)


@pytest.mark.parametrize("name", [each for line in _EVENTS.findall(PAGE) for each in line.split(", ")])
def test_an_event_of_the_drawing_is_one(name: str) -> None:
    texts = (HOUSE / "model" / file for file in ("events.py", "planned.py"))
    assert any(f"class {name}:" in text.read_text(encoding="utf-8") for text in texts)


def test_the_drawing_is_looked_at() -> None:
    assert len(_IN_FILE.findall(PAGE)) >= 6
    assert len(_EVENTS.findall(PAGE)) >= 5
    assert not _exists("engine/nowhere.py")
