"""The question after Ctrl-C, without a person."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace

import pytest

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.session import question
from ecsdeploy.model.request import Answer
from tests.unit.cli.builders import surroundings


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int]]:
    """A pipe for a keyboard, and hardly any time."""
    monkeypatch.setattr(question, "SECONDS", 0.2)
    reader, writer = os.pipe()
    yield reader, writer
    os.close(reader)


def answered(reader: int) -> tuple[Answer, str]:
    shown = io.StringIO()
    keys = {"d": Answer.DETACH, "r": Answer.ROLLBACK, "c": Answer.CONTINUE}
    return question.answered(reader, keys, shown), shown.getvalue()


def test_f25_where_nobody_answers_it_detaches(keys: tuple[int, int]) -> None:
    answer, shown = answered(keys[0])
    assert answer is Answer.DETACH
    assert shown == "\rInterrupted. [d]etach (in  1 s), [r]oll back, or [c]ontinue?"
    os.close(keys[1])


@pytest.mark.parametrize(("typed", "answer"), [(b"c", Answer.CONTINUE), (b"?R", Answer.ROLLBACK), (b"", Answer.DETACH)])
def test_one_key_answers_and_others_are_passed_over(keys: tuple[int, int], typed: bytes, answer: Answer) -> None:
    os.write(keys[1], typed)
    os.close(keys[1])
    assert answered(keys[0])[0] is answer


def on_terminal() -> Environment:
    return replace(surroundings(), stdin_is_terminal=True, stderr_is_terminal=True)


def test_nobody_is_asked_without_a_terminal() -> None:
    assert question.question_of(surroundings(), nullcontext) is None
    assert question.question_of(on_terminal(), nullcontext) is None


def test_who_runs_in_the_background_is_not_stopped_by_a_question(keys: tuple[int, int]) -> None:
    """A pipe has no foreground: as little is this process in one."""
    with os.fdopen(os.dup(keys[0])) as stdin:
        ask = question.question_of(replace(on_terminal(), stdin=stdin), nullcontext)
        assert ask is not None
        assert ask() is Answer.DETACH
    os.close(keys[1])
