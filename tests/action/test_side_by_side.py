"""The page that shows AWS's own Action beside ours says what was recorded of the one, and what the other does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.action.cases import CASES
from tests.action.official import recorded, writes
from tests.action.steps import step
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "explanation" / "beside-aws-action.md"
THEIRS = ("task-definition-arn", "codedeploy-deployment-id", "run-task-arn")


def row(name: str, folder: Path) -> str:
    """A case: what was written, and how either ended with which outputs."""
    CASES[name].write(folder)
    done, theirs = step(CASES[name].world(), folder, CASES[name].inputs), recorded()[name]
    ours = (f"exit {done.code}", f"`{done.outputs['verdict']}`", *(f"`{code}`" for code in _codes(done.outputs)))
    cells = (
        name,
        _written([operation for operation, _ in theirs.writes]),
        _ended((f"exit {theirs.exit_code}",), theirs.outputs),
        _written([operation for operation, _ in writes(done.played.world)]),
        _ended(ours, done.outputs),
    )
    return f"| {' | '.join(cells)} |"


def _codes(outputs: object) -> list[str]:
    assert isinstance(outputs, dict)
    return [outputs["cause-code"]] if "cause-code" in outputs else []


def _written(operations: list[str]) -> str:
    return "<br>".join(operations) or "nothing"


def _ended(how: tuple[str, ...], outputs: object) -> str:
    assert isinstance(outputs, dict)
    return "<br>".join((", ".join(how), *(f"`{name}`" for name in THEIRS if name in outputs)))


@pytest.mark.parametrize("name", CASES)
def test_a_row_is_what_happened(name: str, tmp_path: Path) -> None:
    assert row(name, tmp_path) in PAGE.read_text(encoding="utf-8").splitlines()
