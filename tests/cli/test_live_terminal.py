"""The live region in a real pseudo-terminal, of a real process."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.cli.terminals import terminal
from tests.cli.worlds import surroundings
from tests.unit.cli.builders import ran

BASH = Path("/bin/bash")
SLOWLY = ("--pace", "3")
QUICKLY = ("--pace", "20")
"""It rolls for seconds of real time, and a picture is drawn four times in one of them."""


def test_a_demo_on_a_terminal_is_drawn_and_ends_with_what_stays() -> None:
    with terminal("demo", *QUICKLY) as tty:
        tty.waits_for(" ◌ rolling ")
        assert tty.hides_cursor
        assert tty.ends() == 0
        assert "✔ SUCCEEDED web:3 4/4 running in 1m2" in tty.shown
        assert "rolling" not in tty.shown
        assert not tty.hides_cursor


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["SIGTERM", "SIGHUP"])
def test_the_cursor_comes_back_after_a_signal(number: int, code: int) -> None:
    with terminal("demo", *SLOWLY) as tty:
        tty.waits_for("4 starting")
        tty.send(number)
        assert tty.ends() == code
        assert "INTERRUPTED." in tty.shown
        assert " ◌ rolling" not in tty.shown
        assert not tty.hides_cursor


@pytest.mark.skipif(not BASH.exists(), reason="no shell with jobs")
def test_the_cursor_comes_back_while_the_job_is_stopped_and_the_region_when_it_goes_on() -> None:
    shell = (str(BASH), "-c", 'set -m; "$@"; echo "back in the shell"; fg >/dev/null', "bash")
    with terminal("demo", *SLOWLY, shell=shell) as tty:
        tty.waits_for("4 starting")
        tty.type("\x1a")
        tty.waits_for("back in the shell")
        before, _, _ = tty.written.partition(b"back in the shell")
        assert before.rindex(b"\x1b[?25h") > before.rindex(b"\x1b[?25l")
        tty.waits_for("rolling")
        assert tty.hides_cursor
        tty.type("\x03")
        tty.waits_for("[c]ontinue?")
        tty.type("d")
        assert tty.ends() == 130
        assert not tty.hides_cursor


def test_the_cursor_comes_back_after_a_mistake_of_ours(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import ecsdeploy.engine.follow.poller as poller\n"
        "def broken(*_):\n    import time; time.sleep(1); raise ZeroDivisionError\n"
        "poller.Watcher.follow = broken\n"
    )
    path = os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", "")))
    with terminal("demo", *SLOWLY, variables={"PYTHONPATH": path}) as tty:
        tty.waits_for("rolling")
        tty.ends()
        assert "OUTCOME UNKNOWN" in tty.shown
        assert not tty.hides_cursor


def test_a_terminal_that_changes_its_size_is_drawn_for_its_new_one() -> None:
    with terminal("demo", *SLOWLY) as tty:
        tty.waits_for("4 starting")
        tty.resize(50, 40)
        tty.waits_for(f"\n {'─' * 40}")
        assert tty.shown.count("Ctrl-C:") == 1
        assert tty.shown.count("rolling") == 1
        tty.resize(120, 40)
        tty.waits_for(f"\n {'─' * 90}")
        assert tty.shown.count("rolling") == 1


@pytest.mark.parametrize(
    ("variables", "words"),
    [({"TERM": "dumb"}, ()), ({}, ("--output", "lines")), ({}, ("-v",))],
    ids=["dumb", "asked for", "beside the log"],
)
def test_lines_where_nothing_can_be_drawn(variables: dict[str, str], words: tuple[str, ...]) -> None:
    with terminal("demo", "--pace", "1000", *words, variables=variables) as tty:
        assert tty.ends() == 0
        assert b"\x1b[?25l" not in tty.written
        assert b"\x1b[J" not in tty.written


def test_without_utf_8_and_without_colour_it_is_drawn_all_the_same() -> None:
    variables = {"NO_COLOR": "1", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    with terminal("demo", *QUICKLY, variables=variables) as tty:
        tty.waits_for(" o rolling ")
        tty.ends()
        assert tty.written.isascii()
        assert b"m" not in {part[-1:] for part in tty.written.split(b"\x1b")[1:]}


def test_live_without_a_terminal_is_an_error_that_names_lines() -> None:
    for words in (("deploy", "-c", "prod", "-n", "web", "--image", "web:2"), ("demo",)):
        found = ran((*words, "--output", "live"), surroundings())
        assert (found.code, found.stdout) == (64, "")
        assert found.stderr == "`--output live` needs a terminal, and stderr is not one. Use `--output lines`.\n"
