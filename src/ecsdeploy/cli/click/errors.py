"""Errors in the words of a command, in our own sentences."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

import click

from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import by_name
from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean

_HELP = ("-h", "--help")


def misread(error: click.UsageError, command: str, options: Iterable[Option]) -> UsageError:
    """Our error for what click found wrong in the words of this command."""
    names = {name: option for option in options for name in option.names}
    match error:
        case click.NoSuchOption(option_name=name):
            from ecsdeploy.cli.click.elsewhere import option_hint

            hint = option_hint(name, names) or did_you_mean(name, (*names, *_HELP))
            return _wrong(f"`{name}` is not an option of `ecs-deploy {command}`.", command, hint)
        case click.BadOptionUsage(option_name=name) if name in names and not names[name].is_switch:
            return _wrong(f"`{name}` needs a value: {names[name].metavar}.", command, names[name].help)
        case click.BadOptionUsage(option_name=name):
            return _wrong(f"`{name}` is a switch and takes no value.", command, f"Write `{name}` alone.")
        case _:
            return _wrong(f"{error.format_message().rstrip('.')}.", command)


def of_another_program(command: str, words: Sequence[str]) -> UsageError | None:
    """The error that says what to type, if the words are a command line of another program; otherwise None."""
    from ecsdeploy.cli.click.elsewhere import is_of_fabfuel

    return is_of_fabfuel(command, words)


def refuse_operands(words: Sequence[str], command: str, options: Iterable[Option], typed: Mapping[str, object]) -> None:
    """Raise a `UsageError` if a command that takes only options got other words.

    If a secret option was given, the message does not show the word: it may be the rest of the secret.
    """
    if words:
        names = "The cluster is named with `-c`, the service with `-n`."
        is_of_service = any(option.key == "service" for option in options)
        hides = any(option.secret and typed.get(option.key) for option in options)
        said = "There is one word too many" if hides else f"`{words[0]}` is one word too many"
        quotes = "A value with a blank needs quotes." if hides else ""
        hint = " ".join(filter(None, (quotes, names if is_of_service else "")))
        raise _wrong(f"{said}: `ecs-deploy {command}` takes only options.", command, hint)


def check_dashes(words: Sequence[str], operands: Sequence[str], command: str) -> None:
    """Raise a `UsageError` for a word that is no option and stands before `--`, and for no word after it.

    `-- $COMMAND` of a variable that is not set must not run something else. No message repeats a word.
    """
    after = words[words.index("--") + 1 :] if "--" in words else ()
    if len(after) != len(operands):
        raise _wrong("There is a word too many before `--`.", command, "The words of the command stand after `--`.")
    if "--" in words and not (after and after[0].strip()):
        raise _wrong("No command stands after `--`.", command, "Name one, or leave `--` out.")


def refuse_script_options(words: Iterable[str]) -> None:
    """Raise a `UsageError` for an option of the flag form. Click would read `-to 7` as `-t o` and a word `7`."""
    known, rest = by_name(), deque(words)
    while rest:
        name, attached, _ = rest.popleft().partition("=")
        option = known.get(name)
        if option is None:
            continue
        if name in option.script:
            raise UsageError(
                f"`{name}` is an option of the flag form, not of `ecs-deploy deploy`.", hint=option.instead
            )
        if rest and not (option.is_switch or attached):
            rest.popleft()


def _wrong(message: str, command: str, hint: str = "") -> UsageError:
    return UsageError(message, hint=" ".join(filter(None, (hint, f"See `ecs-deploy {command} --help`."))))
