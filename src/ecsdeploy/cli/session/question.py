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
    from ecsdeploy.engine.atpause.ports import Approval, Machine
    from ecsdeploy.engine.ports import Question
    from ecsdeploy.model.request import Answer

SECONDS = 10
Aside = Callable[[], AbstractContextManager[None]]


def question_of(environment: Environment, aside: Aside, *, of_task: bool = False) -> Question | None:
    """The question for the engine; None if nobody can answer: no terminal, or one without single keys."""
    stdin = environment.stdin
    if stdin is None or not environment.can_ask or sys.platform == "win32":
        return None
    return lambda: _ask(stdin, environment, aside, of_task=of_task)


def _ask(stdin: TextIO, environment: Environment, aside: Aside, *, of_task: bool) -> Answer:
    from ecsdeploy.model.request import Answer

    undo = {"s": Answer.STOP} if of_task else {"r": Answer.ROLLBACK}
    keys = {"d": Answer.DETACH, **undo, "c": Answer.CONTINUE}
    answer = Answer.DETACH
    if _is_ours(stdin.fileno()):
        # A terminal that has gone away raises an `OSError`.
        with aside(), contextlib.suppress(OSError), _key_by_key(stdin.fileno()):
            answer = answered(stdin.fileno(), keys, environment.stderr)
            _say(environment.stderr, f" {answer}\n")
    return answer


def answered(terminal: int, keys: dict[str, Answer], stderr: TextIO) -> Answer:
    """The answer of the first of `keys` that is pressed; `DETACH` after ten seconds, or if input ends."""
    from ecsdeploy.model.request import Answer
    from ecsdeploy.render.words import question

    until = time.monotonic() + SECONDS
    while (left := until - time.monotonic()) > 0:
        # We round up, so that the last second shown is 1.
        _say(stderr, f"\r{question(int(left) + 1, keys.values())}")
        # Wait to the end of this second, and then show the next.
        if select.select([terminal], [], [], left % 1 or 1)[0]:
            key = os.read(terminal, 1).decode("ascii", "replace").lower()
            if key in keys:
                return keys[key]
            if not key:
                break
    return Answer.DETACH


def machine_of(environment: Environment, aside: Aside, *, asks: bool) -> Machine:
    """This machine, for a gate at a pause: it runs programs, and with `asks` asks whoever is at the terminal."""
    from ecsdeploy.engine.atpause.program import LocalMachine

    approval = approval_of(environment, aside) if asks else None
    return LocalMachine(variables=environment.variables, cwd=environment.cwd, approval=approval)


def approval_of(environment: Environment, aside: Aside, no: str = "roll back") -> Approval | None:
    """The question whether a release may go on, or else what `no` says; None if nobody can answer it."""
    stdin = environment.stdin
    if stdin is None or not environment.can_ask or sys.platform == "win32":
        return None
    return lambda seconds: _approved(stdin, environment, aside, seconds, no)


def _approved(stdin: TextIO, environment: Environment, aside: Aside, seconds: float, no: str) -> bool | None:
    """The answer of a key within so many seconds; without one, the line is wiped, as the question comes again.

    None at once if nobody can answer now: we run in the background, or the terminal has gone away.
    """
    if not _is_ours(stdin.fileno()):
        return None
    approved = None
    with aside(), contextlib.suppress(OSError), _key_by_key(stdin.fileno(), drops=False):
        _say(environment.stderr, f"\r[a]pprove and go on, or [{no[0]}]{no[1:]}?")
        approved = _key_of(stdin.fileno(), {"a": True, no[0]: False}, time.monotonic() + seconds)
        said = {True: " approve\n", False: f" {no}\n", None: "\r\x1b[K"}[approved]
        _say(environment.stderr, said)
    return approved


def _key_of(terminal: int, keys: dict[str, bool], until: float) -> bool | None:
    """What the first of `keys` that is pressed stands for; None without one, or if input ends."""
    while (left := until - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            key = os.read(terminal, 1).decode("ascii", "replace").lower()
            if key in keys:
                return keys[key]
            if not key:
                break
    return None


def _say(stream: TextIO, text: str) -> None:
    stream.write(text)
    stream.flush()


def _is_ours(terminal: int) -> bool:
    """Whether we run in the foreground. A process in the background would be stopped by reading from the terminal."""
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False


@contextmanager
def _key_by_key(terminal: int, *, drops: bool = True) -> Iterator[None]:
    """Read keys without Return and without echo. With `drops`, we drop keys that were typed before the question."""
    import termios
    import tty

    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal, termios.TCSAFLUSH if drops else termios.TCSADRAIN)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
