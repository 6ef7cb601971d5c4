"""The tables of a run."""

import csv
from pathlib import Path

import pytest

from e2e import report
from e2e.load import NO_LISTENER
from tests.unit.e2e.played import answered, played, refused

RUN = (
    played(*answered("v1", 0.1, 0.2, 2.1), *answered("v2", 2.2, 3.9)),
    played(*answered("v1", 0.1), refused(0.2), name="crash loop", excused=[NO_LISTENER]),
)


def test_case_is_a_row_of_figures() -> None:
    assert report.row(RUN[0]) == ("good release", "0", "3.0", "5", "1.2", "0", "0", "v1 3, v2 2", "", "yes")


def test_failures_as_in_the_control_are_counted_apart() -> None:
    by_name = dict(zip(report.CASES, report.row(RUN[1]), strict=True))
    assert (by_name["Failed"], by_name["As the control"]) == ("1", "1")
    assert played(refused(0.2)).unexcused


def test_figures_name_what_failed_and_why() -> None:
    assert f"| crash loop | 1 | {NO_LISTENER} |" in report.figures(RUN, 12.0)
    assert "No request failed." in report.figures(RUN[:1], 12.0)


def test_report_shows_the_versions_over_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report.write(tmp_path, RUN, 12.0)
    shown = (tmp_path / "report.md").read_text("utf-8")
    assert "| good release | 0 | 2 | 0 | v1 2 |\n| good release | 2 | 3 | 0 | v1 1, v2 2 |\n" in shown
    assert "2 of 2 cases hold" in capsys.readouterr().out


def test_every_request_is_kept(tmp_path: Path) -> None:
    report.write(tmp_path, RUN, 12.0)
    with (tmp_path / "answers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7
    assert [each["status"] for each in rows if each["case"] == "crash loop"] == ["200", "502"]


def test_what_is_wrong_stands_below_its_case(capsys: pytest.CaptureFixture[str]) -> None:
    report.tell(played(*answered("v1", 0.1), wrong="exit code 0, not 1"))
    said = capsys.readouterr().out
    assert said.startswith("FAILED good release: 1 requests, 0 a second, 0 failed; v1 1 in 3.0 s\n")
    assert said.endswith("       exit code 0, not 1\n")


def test_docs_take_the_figures_and_keep_the_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "e2e.md"
    page.write_text("Before.\n<!-- figures -->\nof another run\n<!-- end of figures -->\nAfter.\n", encoding="utf-8")
    monkeypatch.setattr(report, "PAGE", page)
    report.write(tmp_path, RUN, 12.0)
    report.publish(tmp_path)
    shown = page.read_text("utf-8")
    assert shown.startswith("Before.\n<!-- figures -->\n\n2 cases in 12 seconds on ")
    assert shown.endswith("\n\n<!-- end of figures -->\nAfter.\n")
    assert "of another run" not in shown
    assert (tmp_path / "e2e.svg").exists()


def test_case_that_lost_requests_alone_may_be_played_again() -> None:
    assert played(refused(0.2), wrong="1 requests failed").only_lost
    assert not played(refused(0.2), excused=[NO_LISTENER], wrong="exit code 0, not 1").only_lost
    assert not played(*answered("v1", 0.1)).only_lost
