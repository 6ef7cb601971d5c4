"""What the documents point at exists: tests that prove a promise, commands to type, pages to read next."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, markdown_files, name_of

NAMED_TEST = re.compile(r"\btests/[\w./-]*\w/?")
NAMED_TARGET = re.compile(r"`make ([a-z]+)\b")
LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)

every_page = pytest.mark.parametrize("page", markdown_files(), ids=name_of)


@every_page
def test_named_tests_exist(page: Path) -> None:
    named = set(NAMED_TEST.findall(page.read_text(encoding="utf-8")))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


@every_page
def test_named_make_targets_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(NAMED_TARGET.findall(page.read_text(encoding="utf-8")))
    assert sorted(name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)) == []


@every_page
def test_relative_links_lead_somewhere(page: Path) -> None:
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    assert [link for link in LINK.findall(prose) if not (page.parent / link).exists()] == []


def test_readme_is_short_enough_to_be_read() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120
