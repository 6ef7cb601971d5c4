"""Takes the words of the command line to an exit code; nothing else ends the process or prints an error."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import takewhile
from typing import TYPE_CHECKING, NoReturn

from ecsdeploy.cli.leftout import leave_out_unused
from ecsdeploy.model.values import replace

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.exits import Form
    from ecsdeploy.errors import EcsDeployError


def entry() -> NoReturn:
    """The console script `ecs-deploy`. It ends the process."""
    # Nearly all objects live to the end, and collecting garbage among them takes a quarter of a deploy's CPU time.
    gc.set_threshold(100_000)
    leave_out_unused()
    code = main()
    deafen()
    _end(code)


def _end(code: int) -> NoReturn:
    """End the process at once. All is written and closed; Python's own cleaning up takes 4 % of a deploy's CPU time."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def deafen() -> None:
    """Ignore signals from here on: the exit code is known, and a signal while the process ends must not change it."""
    import signal

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def main(argv: Sequence[str] | None = None, environment: Environment | None = None) -> int:
    """Carry out one command line and return its exit code; no exception leaves it.

    `argv` are the words after the program's name; by default, those of this process.
    """
    words = _as_options(tuple(sys.argv[1:] if argv is None else argv))
    if environment is None and words[:1] == ("--version",):
        return _version()
    from ecsdeploy.cli.session.job import Job

    try:
        around = replace(environment or _of_process(), argv=words, job=Job())
        return _with_output(_recorded(words, around), around)
    except KeyboardInterrupt:
        # It came too early: nothing can write a message yet.
        return 130


def _as_options(words: tuple[str, ...]) -> tuple[str, ...]:
    """`help`, `help COMMAND` and `version` as the options of these names; other words unchanged."""
    if words[:1] == ("help",):
        return (*words[1:], "--help")
    return ("--version",) if words == ("version",) else words


def _version() -> int:
    """Print the version before anything is loaded: pipelines ask for it often."""
    from ecsdeploy import __version__

    try:
        sys.stdout.write(f"{__version__}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        return 1
    except OSError as error:
        sys.stderr.write(f"The output is not complete, it could not be written: {error.strerror}.\n")
        return 1
    return 0


def _of_process() -> Environment:
    from ecsdeploy.cli.environment import Environment

    environment = Environment.of_process()
    environment.signals.listen()
    return environment


def _recorded(words: Sequence[str], environment: Environment) -> int:
    # What stands after `--` is a command for a container, or flags to explain.
    if not any(word.startswith("--record") for word in takewhile(lambda word: word != "--", words)):
        return _answer(words, environment)
    from ecsdeploy.cli.record.recording import recorded

    return recorded(words, environment, _answer)


def _answer(words: Sequence[str], environment: Environment) -> int:
    from ecsdeploy.cli.exits import ExitCode, Form, of_error
    from ecsdeploy.cli.session.job import secret_addresses
    from ecsdeploy.cli.words.given import first_word
    from ecsdeploy.errors import EcsDeployError
    from ecsdeploy.model.secrets import secrets_of_variables

    environment.secrets.expect(lambda: secrets_of_variables(environment.variables))
    environment.secrets.conceal(secret_addresses(words, environment.variables))
    form = Form.COMMANDS if first_word(words) else Form.FLAGS
    try:
        return _dispatch(words, form, environment)
    except EcsDeployError as error:
        code, sentence = of_error(error, form), _say(error, environment, json=_wants_json(words))
    except KeyboardInterrupt as interrupt:
        code, sentence = _interrupted(interrupt, environment)
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets a sentence
        code, sentence = ExitCode.UNEXPECTED, _unexpected(error, environment)
    from ecsdeploy.cli.session.afterwards import tell_error

    tell_error(environment, code, sentence)
    return code


def _with_output(code: int, environment: Environment) -> int:
    """The same exit code, unless the output of a success could not be written."""
    from ecsdeploy.cli.exits import unless_lost

    return unless_lost(code, lost=environment.tells_loss())


def _dispatch(words: Sequence[str], form: Form, environment: Environment) -> int:
    from ecsdeploy.cli.environment import COMPLETE

    # A shell asks without words. If there are words, a variable that was left set must not stop a release.
    if not words and (asked := environment.variables.get(COMPLETE)):
        from ecsdeploy.cli.click.completion import answer

        return answer(asked, environment)
    if form.value == "commands":
        from ecsdeploy.cli.click.group import invoke

        return invoke(words, environment)
    from ecsdeploy.cli.script.form import invoke_flags

    return invoke_flags(words, environment)


def _wants_json(words: Sequence[str]) -> bool:
    from itertools import pairwise

    return "--output=json" in words or ("--output", "json") in pairwise(words)


def _say(error: EcsDeployError, environment: Environment, *, json: bool) -> str:
    """Write an error: the script's text to stdout, as the script does; our sentence, the hint and AWS's text to stderr.

    With `json`, all goes to stderr. Returns our sentence with its hint, or else the first line of the script's text.
    """
    from ecsdeploy.cli.exits import ScriptError
    from ecsdeploy.errors import AwsError

    said = error.said if isinstance(error, ScriptError) else ""
    if said:
        (environment.tell if json else environment.show)(said)
    sentence = " ".join(filter(None, (error.message, error.hint)))
    if sentence and not error.is_told:
        environment.tell(sentence)
    if isinstance(error, AwsError) and error.raw not in sentence:
        environment.tell(error.raw)
    return sentence or said.partition("\n")[0]


def _interrupted(interrupt: KeyboardInterrupt, environment: Environment) -> tuple[int, str]:
    from ecsdeploy.cli.exits import of_signal
    from ecsdeploy.cli.session.signals import Underway, number_of

    sentence = "Interrupted: nothing was changed."
    if isinstance(interrupt, Underway):
        sentence = "Interrupted: what was started goes on at AWS; look at the service before you deploy again."
    environment.tell(sentence)
    return of_signal(number_of(interrupt.__cause__ or interrupt) or environment.signals.number), sentence


def _unexpected(error: Exception, environment: Environment) -> str:
    said = f": {text}" if (text := str(error).rstrip(".")) else ""
    sentence = f"Unexpected error, a bug in ecs-deploy: `{type(error).__name__}`{said}."
    environment.tell(sentence)
    environment.tell("`-v` or `--debug-file PATH` shows where it happened; please report it with that.")
    return sentence
