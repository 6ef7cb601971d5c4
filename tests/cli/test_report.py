"""`--report FILE` and `report RUN.jsonl`: one page about a run, made of its JSON lines alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.worlds import CRASHES, DEPLOY, NEW, Played, a_world, behaves, play, service, shipped, surroundings

no_full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")


def _played(folder: Path, *parts: str, words: tuple[str, ...], report: str = "run.html") -> Played:
    return play(a_world(*parts), (*words, "--report", report), surroundings(folder))


def _reported(folder: Path, lines: str) -> str:
    (folder / "run.jsonl").write_text(lines, encoding="utf-8")
    played = play(a_world(), ("report", "run.jsonl", "-o", "again.html"), surroundings(folder))
    assert played.code == 0, played.stderr
    return (folder / "again.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("parts", [(), (service(), CRASHES)])
def test_the_page_of_the_lines_is_that_of_the_run(parts: tuple[str, ...], tmp_path: Path) -> None:
    played = _played(tmp_path, *parts, words=(*DEPLOY, "--on-failure", "rollback", "--output", "json"))
    page = (tmp_path / "run.html").read_text(encoding="utf-8")
    assert _reported(tmp_path, played.stdout) == page
    assert f"<dd>{played.code}</dd>" in page


def test_a_run_that_was_cut_off_has_no_known_end(tmp_path: Path) -> None:
    played = _played(tmp_path, words=(*DEPLOY, "--output", "json"))
    *events, result = played.lines
    for lines in (events, [*events, result[: len(result) // 2]]):
        page = _reported(tmp_path, "\n".join(lines))
        assert "How this run ended is unknown" in page
        assert '<body class="is-wait">' in page
        assert "Succeeded" not in page


def test_what_is_not_known_is_left_out_and_said(tmp_path: Path) -> None:
    played = _played(tmp_path, words=(*DEPLOY, "--output", "json"))
    first, second, third, *rest = played.lines
    page = _reported(tmp_path, "\n".join([first, second.replace('"registered"', '"<i>new"'), third[:9], *rest]))
    assert "1 event of the type <code>&lt;i&gt;new</code>" in page
    assert "because it could not be read: 1 line." in page


def test_what_others_wrote_is_text_alone(tmp_path: Path) -> None:
    hostile = "</pre><script>alert(1)</script>\x1b[31m \u202e token=ghp_0123456789abcdefghijABCDEFGHIJ012345"
    ends = behaves(NEW, run="exit", after=4, logs=[hostile, "::error::x", "{{ 7*7 }}"])
    _played(tmp_path, service(), ends, words=(*DEPLOY, "--on-failure", "rollback"))
    page = (tmp_path / "run.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7*7 }}" in page
    for bad in ("<script", "\x1b", "\u202e", "ghp_0123", "http:", "https:", " style=", "javascript:"):
        assert bad not in page


@no_full_disk
def test_a_page_that_cannot_be_written_is_exit_1_after_the_verdict(tmp_path: Path) -> None:
    played = _played(tmp_path, words=DEPLOY, report="/dev/full")
    assert played.code == 1
    assert "The report of `--report`, `/dev/full`, cannot be written" in played.stderr


@pytest.mark.parametrize("report", ["/", "no/dir.html"])
def test_a_page_that_can_be_nowhere_is_refused_before_the_run(report: str, tmp_path: Path) -> None:
    played = _played(tmp_path, words=DEPLOY, report=report)
    assert (played.code, played.world.calls) == (64, ())
    assert f"The report of `--report`, `{report}`, cannot be written" in played.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("report",), "No run is named."),
        (("report", "no.jsonl"), "The file `no.jsonl` cannot be read: No such file or directory."),
        (("report", "empty.jsonl"), "The file `empty.jsonl` has no JSON lines of a run."),
        (("report", "empty.jsonl", "b"), "Name one file"),
    ],
)
def test_what_is_no_run_is_said(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text('{"v":1}\nnot json\n')
    played = play(a_world(), words, surroundings(tmp_path))
    assert played.code == 64
    assert said in played.stderr


def test_of_many_tasks_few_are_named_and_the_page_stays_small(tmp_path: Path) -> None:
    assert _played(tmp_path, service(desired=20), CRASHES, words=(*DEPLOY, "--on-failure", "rollback")).code == 21
    page = (tmp_path / "run.html").read_text(encoding="utf-8")
    assert page.count("(task ") < 50
    assert "and others" in page
    assert "at least 20 (100 %) and at most 40 (200 %)" in page
    assert len(page) < 100_000


def test_a_page_of_a_task_has_no_drawing_of_a_service(tmp_path: Path) -> None:
    played = play(
        a_world(service(), behaves(NEW, run="exit", after=20, logs=["migrated <b>"])),
        ("run", "-c", "prod", "--like-service", "web", "--image", NEW, "--report", "run.html", "--", "./migrate"),
        surroundings(tmp_path),
    )
    assert played.code == 0, played.stderr
    page = (tmp_path / "run.html").read_text(encoding="utf-8")
    assert "<svg" not in page
    assert "has exited 0" in page


def test_a_pause_lasts_until_the_release_goes_on(tmp_path: Path) -> None:
    play(shipped("linear-pauses"), (*DEPLOY, "--timeout", "30m", "--report", "run.html"), surroundings(tmp_path))
    page = (tmp_path / "run.html").read_text(encoding="utf-8")
    assert re.findall(r"<title>production_traffic_shift, (\w+)</title>", page.lower()) == ["2m00s", "2m20s"] * 2
