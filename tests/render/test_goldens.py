"""What is kept of a screen that is not kept whole still shows each change of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.render.goldens import Goldens, named

HEAD, FIRST, SECOND, NEXT = "12:00 deploy web\n", "12:01 one of two\n", "12:01 two of two\n", "   Next  look\n"
WHOLE = HEAD + FIRST + SECOND + NEXT


def kept(text: str) -> str:
    def drawn(screen: str) -> Callable[[], str]:
        return lambda: screen

    draw = {"whole": drawn(WHOLE), "other": drawn(text)}
    return Goldens(folder=Path(), draw=draw, whole=("whole",)).kept("other")


def test_a_line_of_a_whole_screen_is_named_by_its_beginning() -> None:
    assert kept(HEAD + "12:05 its own\n" + NEXT) == "⋮12:00\n12:05 its own\n⋮   Next\n"


def test_lines_that_begin_alike_are_told_apart() -> None:
    assert kept(FIRST) == "⋮12:01 one\n"
    assert kept(SECOND) == "⋮12:01 two\n"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(HEAD + SECOND + NEXT, id="another line of it"),
        pytest.param(HEAD + FIRST, id="one line fewer"),
        pytest.param(HEAD + NEXT + FIRST, id="another order"),
        pytest.param(HEAD + FIRST + NEXT.lstrip(), id="another indentation"),
        pytest.param(HEAD + FIRST.replace("two", "three") + NEXT, id="another end"),
        pytest.param(HEAD + FIRST + FIRST + NEXT, id="twice"),
    ],
)
def test_whatever_differs_is_kept_differently(other: str) -> None:
    assert kept(other) != kept(HEAD + FIRST + NEXT)


def test_no_two_lines_have_one_name() -> None:
    names = named(["a b c\n", "a b d\n", "  a b c\n", "a\n", "\n", "--- stderr\n"])
    assert names == {"  a b c\n": "  a"}, "the others would be named by all of what they say"


def test_json_is_kept_one_member_a_line() -> None:
    assert kept('{"v":1,"images":{"app":"é"}}\n') == '{\n "v": 1,\n "images": {\n  "app": "é"\n }\n}\n'
