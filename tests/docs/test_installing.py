"""Nobody is told to install a name of ours, which somebody else could register: only files that they have."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, markdown_files, name_of

INSTALL = re.compile(r"(?:pip|pipx|uv tool|uv pip) install(?: +-\S+)* +([^\s`]+)")
OURS = re.compile(r"ecs-?deploy|path/")
A_FILE = re.compile(r"""["']?(\./|dist/|\$\(echo dist/)""")
PLACES = (*markdown_files(), *sorted((ROOT / "src").rglob("*.py")))


@pytest.mark.parametrize("place", PLACES, ids=name_of)
def test_only_files_of_ours_are_installed(place: Path) -> None:
    told = INSTALL.findall(place.read_text(encoding="utf-8"))
    assert [each for each in told if OURS.search(each) and not A_FILE.match(each)] == []
