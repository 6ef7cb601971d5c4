"""The question after Ctrl-C: one key, and ten seconds to press it."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, TextIO

from ecsdeploy.cli.environment import Environment

if TYPE_CHECKING:
    from ecsdeploy.engine.ports import Question
    from ecsdeploy.model.request import Answer

SECONDS = 10
Aside = Callable[[], AbstractContextManager[None]]


def question_of(environment: Environment, aside: Aside) -> Question | None:
    """None where nobody can be asked: no terminal, or one that gives whole lines only."""
    stdin = environment.stdin
    if stdin is None or not environment.can_ask or sys.platform == "win32":
        return None
    return lambda: _ask(stdin, environment, aside)


def _ask(stdin: TextIO, environment: Environment, aside: Aside) -> Answer:
    from ecsdeploy.model.request import Answer

    keys = {"d": Answer.DETACH, "r": Answer.ROLLBACK, "c": Answer.CONTINUE}
    answer = Answer.DETACH
    if _is_ours(stdin.fileno()):
        # A terminal that went away answers nothing.
        with aside(), contextlib.suppress(OSError), _key_by_key(stdin.fileno()):
            answer = answered(stdin.fileno(), keys, environment.stderr)
            _say(environment.stderr, f" {answer}\n")
    return answer


def answered(terminal: int, keys: dict[str, Answer], stderr: TextIO) -> Answer:
    from ecsdeploy.model.request import Answer
    from ecsdeploy.render.words import question

    until = time.monotonic() + SECONDS
    while (left := until - time.monotonic()) > 0:
        # A part of a second counts as one: the last second shown is the last one there is.
        _say(stderr, f"\r{question(int(left) + 1)}")
        # The pause between two looks ends with the second.
        if select.select([terminal], [], [], left % 1 or 1)[0]:
            key = os.read(terminal, 1).decode("ascii", "replace").lower()
            if key in keys:
                return keys[key]
            if not key:
                break
    return Answer.DETACH


def _say(stream: TextIO, text: str) -> None:
    stream.write(text)
    stream.flush()


def _is_ours(terminal: int) -> bool:
    """A process in the background is stopped when it reads from its terminal."""
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False


@contextmanager
def _key_by_key(terminal: int) -> Iterator[None]:
    """Keys without Return and without their echo; those typed before the question are no answer to it."""
    import termios
    import tty

    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal, termios.TCSAFLUSH)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
