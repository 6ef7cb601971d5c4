"""The examples of `Release from Python` run one after the other, and print what stands beside them."""

import re
from pathlib import Path

import pytest

from tests.cli.servers import served
from tests.docs.examples import fences
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "how-to" / "release-from-python.md"
PRINTED = re.compile(r"^\s*print\(.*\)  # (.+)$", re.MULTILINE)


def test_every_example_prints_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = "".join(fence.text for fence in fences(PAGE) if fence.language == "python")
    with served(tmp_path, speed=200) as simulator:
        for name, value in simulator.exports.items():
            monkeypatch.setenv(name, value)
        exec(compile(program, str(PAGE), "exec"), {"__name__": "example"})  # noqa: S102 - our own page
    assert capsys.readouterr().out.splitlines() == PRINTED.findall(program)
    assert len(PRINTED.findall(program)) == 12
