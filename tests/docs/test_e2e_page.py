"""The page about real containers shows a run of the cases that there are."""

import re

from e2e import cases, faults
from e2e.report import PAGE

ROW = re.compile(r"^\| ([^|]+) \| (?:[^|]*\|){8} (yes|no) \|$", re.MULTILINE)


def test_figures_are_of_every_case_and_all_hold() -> None:
    shown = dict(ROW.findall(PAGE.read_text("utf-8")))
    assert set(shown) == {each.name for each in (*cases.CONTROLS, *cases.CASES, *faults.CASES)}
    assert set(shown.values()) == {"yes"}


def test_plot_is_shown() -> None:
    assert "](e2e.svg)" in PAGE.read_text("utf-8")
    assert PAGE.with_suffix(".svg").exists()
