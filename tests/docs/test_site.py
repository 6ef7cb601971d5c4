"""The site: every page has a place in it, and a link that leads nowhere is found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, anchors, markdown_files, name_of
from tools.links import main, wrong

DOCS = ROOT / "docs"
FOLDERS = {"tutorial", "how-to", "reference", "explanation"}
HOME = '<a href="a.html">a</a> <a href="b/">b</a>'
PAGES = {"index.html": HOME, "a.html": '<h1 id="x">A</h1>', "b/index.html": '<img src="../p.svg">', "p.svg": ""}

WRONG = [
    pytest.param({}, [], id="nothing"),
    pytest.param({"a.html": '<a href="#x">.</a><p id="x">'}, [], id="an anchor of the page itself"),
    pytest.param({"b/index.html": '<a href="../a.html#x">.</a>'}, [], id="an anchor of another page"),
    pytest.param({"404.html": '<a href="/a.html#x">.</a>'}, [], id="from the root"),
    pytest.param({"a.html": '<a href="https://aws.amazon.com/">.</a>'}, [], id="to elsewhere"),
    pytest.param({"a.html": '<a href="gone.html">.</a>'}, ["`a.html` links to `gone.html`"], id="no page"),
    pytest.param({"b/index.html": '<a href="../a.html#y">.</a>'}, ["links to `../a.html#y`"], id="no anchor"),
    pytest.param({"a.html": '<img src="q.svg">'}, ["`a.html` links to `q.svg`"], id="no picture"),
    pytest.param({"c.html": ""}, ["`c.html` is in no navigation"], id="a page left out"),
    pytest.param({"a.html": '<script src="https://example.com/x.js">'}, ["loads `https:"], id="a script of others"),
]


def site(folder: Path, pages: Mapping[str, str]) -> Path:
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("changed", "said"), WRONG)
def test_what_is_wrong_is_named(
    changed: Mapping[str, str], said: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built = site(tmp_path, PAGES | dict(changed))
    found = [*wrong(built)]
    assert len(found) == len(said), found
    assert all(part in text for part, text in zip(said, found, strict=True))
    assert main([str(built)]) == (1 if said else 0)
    assert capsys.readouterr().out.splitlines() == found


def test_an_empty_folder_is_no_site(tmp_path: Path) -> None:
    assert "no `index.html`" in next(wrong(tmp_path))


def test_every_page_lies_where_the_navigation_finds_it() -> None:
    """`docs/.nav.yml` names the folders, and takes whatever is in them."""
    named = set(re.findall(r"^ +- [^:\n]+: ([\w-]+)$", (DOCS / ".nav.yml").read_text(encoding="utf-8"), re.MULTILINE))
    assert named == FOLDERS
    found = {path.relative_to(DOCS).parts[0] for path in DOCS.rglob("*.md")}
    assert found == FOLDERS | {"index.md"}


@pytest.mark.parametrize("page", markdown_files(), ids=name_of)
def test_anchors_in_links_are_there(page: Path) -> None:
    links = re.findall(r"\]\((?![a-z]+:)([^)#\s]*)#([^)\s]+)\)", page.read_text(encoding="utf-8"))
    wrong_ones = [f"{path}#{name}" for path, name in links if name not in anchors(page.parent / path if path else page)]
    assert wrong_ones == []
