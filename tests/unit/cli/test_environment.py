"""Streams that never break, and whether to colour."""

from __future__ import annotations

import io
import os
import sys
import termios
from dataclasses import replace
from pathlib import Path

import pytest

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.session.streams import is_read, unbreakable
from tests.unit.cli.builders import surroundings


def test_a_closed_pipe_takes_everything() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as pipe:  # noqa: PTH123 - a descriptor
        stream = unbreakable(pipe)
        for _ in range(3):
            stream.write("line\n" * 10_000)
            stream.flush()


def test_a_stream_whose_reader_has_gone_is_read_no_more() -> None:
    read, write = os.pipe()
    with os.fdopen(write, "w") as pipe:
        stream = unbreakable(pipe)
        stream.write("first\n")
        assert is_read(stream)
        os.close(read)
        stream.write("second\n")
        assert not is_read(stream)
    assert is_read(io.StringIO())


def test_a_full_disk_takes_everything() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "w") as full:  # noqa: PTH123
        stream = unbreakable(full)
        stream.write("line\n")
        stream.flush()


def test_a_stream_that_was_never_there_takes_everything() -> None:
    with unbreakable(None) as stream:
        stream.write("line\n")


def test_what_has_no_descriptor_stays_as_it_is() -> None:
    stream = io.StringIO()
    assert unbreakable(stream) is stream


def test_a_character_that_the_encoding_lacks_is_escaped(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="ascii") as file:
        stream = unbreakable(file)
        stream.write("→\n")
        stream.flush()
    assert (tmp_path / "out").read_text() == "\\u2192\n"


def test_the_process_s_own_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    around = Environment.of_process()
    assert around.stdout is sys.stdout
    assert not around.stdout_is_terminal


WIDTHS = [
    pytest.param({}, 40, id="the terminal's own"),
    pytest.param({"COLUMNS": "60"}, 60, id="COLUMNS"),
    pytest.param({"COLUMNS": "0"}, 40, id="no columns at all"),
    pytest.param({"COLUMNS": "wide"}, 40, id="no number"),
]


@pytest.mark.parametrize(("variables", "width"), WIDTHS)
def test_text_is_as_wide_as_the_terminal(
    variables: dict[str, str], width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 40))
    monkeypatch.delenv("COLUMNS", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with open(theirs, "w") as terminal:  # noqa: PTH123 - a descriptor
        monkeypatch.setattr(sys, "stderr", terminal)
        assert Environment.of_process().width == width
    os.close(ours)


def test_text_without_a_terminal_is_120_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert Environment.of_process().width == 120


COLORS = [
    pytest.param("always", {"NO_COLOR": "1"}, False, True, id="always"),
    pytest.param("never", {"FORCE_COLOR": "1"}, True, False, id="never"),
    pytest.param("auto", {}, True, True, id="terminal"),
    pytest.param("auto", {}, False, False, id="no terminal"),
    pytest.param("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False, id="NO_COLOR"),
    pytest.param("auto", {"NO_COLOR": ""}, True, True, id="empty NO_COLOR"),
    pytest.param("auto", {"FORCE_COLOR": "1"}, False, True, id="FORCE_COLOR"),
    pytest.param("auto", {"CLICOLOR_FORCE": "1"}, False, True, id="CLICOLOR_FORCE"),
    pytest.param("auto", {"CLICOLOR_FORCE": "0"}, False, False, id="CLICOLOR_FORCE=0"),
    pytest.param("auto", {"TERM": "dumb"}, True, False, id="dumb terminal"),
]


@pytest.mark.parametrize(("wish", "variables", "terminal", "colored"), COLORS)
def test_colour_follows_wish_variables_and_terminal(
    wish: str, variables: dict[str, str], terminal: bool, colored: bool
) -> None:
    around = Environment(
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        variables=variables,
        cwd=Path(),
        stderr_is_terminal=terminal,
        stdout_is_terminal=not terminal,
    )
    assert around.wants_color(wish) is colored


@pytest.mark.parametrize(("wish", "variables", "terminal", "colored"), COLORS)
def test_m11_what_goes_to_stdout_is_coloured_as_stdout_is(
    wish: str, variables: dict[str, str], terminal: bool, colored: bool
) -> None:
    around = replace(surroundings(), variables=variables, stdout_is_terminal=terminal, stderr_is_terminal=not terminal)
    assert around.wants_color(wish, of_stdout=True) is colored


def test_what_is_told_is_one_clean_line() -> None:
    around = surroundings()
    around.tell("a\x1b[31m\nb aws_secret_access_key=hunter2")
    assert isinstance(around.stderr, io.StringIO)
    assert around.stderr.getvalue() == "a b aws_secret_access_key=***\n"
