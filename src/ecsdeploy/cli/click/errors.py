"""What cannot be read of a command's words, said in our own sentences."""

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
    """The same mistake as click found, of this command and its options."""
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
    """The answer to what is wrong here, and a command line of another program."""
    from ecsdeploy.cli.click.elsewhere import is_of_fabfuel

    return is_of_fabfuel(command, words)


def refuse_operands(words: Sequence[str], command: str, options: Iterable[Option], typed: Mapping[str, object]) -> None:
    """A command that takes options alone was given something else, perhaps a value without its option.

    Where a value was typed that is not to be shown, it may be the rest of that.
    """
    if words:
        names = "The cluster is named with `-c`, the service with `-n`."
        is_of_service = any(option.key == "service" for option in options)
        hides = any(option.secret and typed.get(option.key) for option in options)
        said = "There is one word too many" if hides else f"`{words[0]}` is one word too many"
        quotes = "A value with a blank needs quotes." if hides else ""
        hint = " ".join(filter(None, (quotes, names if is_of_service else "")))
        raise _wrong(f"{said}: `ecs-deploy {command}` takes options alone.", command, hint)


def refuse_script_options(words: Iterable[str]) -> None:
    """An option that the flag form alone has; click would take `-to 7` for `-t o` and a word too many."""
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
