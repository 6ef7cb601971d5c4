"""Colour as documented, in every command: by the stream that a text goes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.cli.worlds import NEW, RELEASE, WEB, Played, a_world, play, surroundings

TO_STDOUT = (("status", *WEB), ("plan", *WEB, "--image", NEW), (*RELEASE, "--dry-run"))
TO_STDERR = (("deploy", *WEB, "--image", NEW), ("watch", *WEB), RELEASE)
PAINTED = "\x1b["


def colored(words: tuple[str, ...], variables: Mapping[str, str], *, out: bool = False, err: bool = False) -> Played:
    around = replace(surroundings(), variables=variables, stdout_is_terminal=out, stderr_is_terminal=err)
    if err:
        around = replace(around, variables={**variables, "CI": "1"})
    return play(a_world(), words, around)


@pytest.mark.parametrize("words", TO_STDOUT, ids=lambda words: words[0])
def test_m11_what_is_on_stdout_has_the_colours_of_stdout(words: tuple[str, ...]) -> None:
    assert PAINTED in colored(words, {}, out=True).stdout
    assert PAINTED not in colored(words, {}, err=True).stdout
    assert PAINTED in colored(words, {"FORCE_COLOR": "1"}).stdout
    assert PAINTED not in colored(words, {"NO_COLOR": "1"}, out=True, err=True).stdout
    assert PAINTED in colored((*words, "--color", "always"), {"NO_COLOR": "1"}).stdout
    assert PAINTED not in colored((*words, "--color", "never"), {"CLICOLOR_FORCE": "1"}, out=True).stdout


@pytest.mark.parametrize("words", TO_STDERR, ids=lambda words: words[0])
def test_m11_what_is_on_stderr_has_the_colours_of_stderr(words: tuple[str, ...]) -> None:
    for played in (colored(words, {}, err=True), colored(words, {"FORCE_COLOR": "1"})):
        assert PAINTED in played.stderr
        assert PAINTED not in played.stdout
    assert PAINTED not in colored(words, {}, out=True).said
    assert PAINTED not in colored(words, {"NO_COLOR": "1"}, out=True, err=True).said
