"""What a command does that RunTask gives to a container.

We have no image, so we understand a few shell commands.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from ecsdeploy.sim.ground.behaviour import JOB, Behaviour

_SHELLS = ("sh", "bash", "ash", "dash")
_ENDS = (";", "&&")


def spoken(command: Sequence[str]) -> str:
    """A command as one text: the argument of `sh -c`, or the words."""
    return command[2] if _is_shell(command) else " ".join(command)


def read(command: Sequence[str]) -> Behaviour:
    """The behaviour of a command: `true`, `false`, `exit N`, `sleep N`, `echo TEXT`, alone or one after another in a
    shell.

    Any other command is a job that works for a minute and exits 0.
    """
    after, code, lines = 0.0, 0, list[str]()
    try:
        for end, words in _steps(command):
            if end == "&&" and code:
                continue
            match words:
                case ["true" | ":"]:
                    code = 0
                case ["false"]:
                    code = 1
                case ["sleep", seconds]:
                    after, code = after + float(seconds), 0
                case ["echo", *text]:
                    lines.append(" ".join(text))
                    code = 0
                case ["exit", number]:
                    code = int(number) % 256
                    break
                case _:
                    return JOB
    except ValueError:
        return JOB
    return Behaviour(run="exit", exit_code=code, after=after, logs=tuple(lines))


def _is_shell(command: Sequence[str]) -> bool:
    if len(command) != len(("sh", "-c", "TEXT")):
        return False
    shell, option, _ = command
    return shell.rpartition("/")[2] in _SHELLS and option.startswith("-") and option.endswith("c")


def _steps(command: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each command of a shell text, with the operator before it: `;`, `&&`, or nothing for the first."""
    if not _is_shell(command):
        yield "", list(command)
        return
    lexer = shlex.shlex(spoken(command), posix=True, punctuation_chars=";&|<>()")
    lexer.whitespace_split = True
    end, words = "", list[str]()
    for token in lexer:
        if token in _ENDS:
            yield end, words
            end, words = token, []
        else:
            words.append(token)
    if words:
        yield end, words
