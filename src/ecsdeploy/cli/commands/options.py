"""click's options, made from the one table, and what was typed of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import click

from ecsdeploy import __version__
from ecsdeploy.cli.commands.misread import misread, refuse_operands, refuse_script_options
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.given import Given
from ecsdeploy.cli.option import Option
from ecsdeploy.cli.settings import with_settings
from ecsdeploy.errors import UsageError

Action = Callable[[Given, Environment], int]


def command(
    name: str, options: Iterable[Option], help_text: str, action: Action, *, operands: str = ""
) -> click.Command:
    """A command of these options, and of words without one where `operands` says so (`scenarios` in what is given).

    `action` gets what was typed, completed from variables and file.
    """
    table = tuple(options)

    @click.pass_obj
    def callback(environment: Environment, /, **typed: object) -> Callable[[], int]:
        return lambda: _perform(action, _given(table, typed), table, environment)

    params: list[click.Parameter] = [_parameter(option) for option in table if option.key != "help"]
    if operands:
        params.append(click.Argument(["scenarios"], nargs=-1, metavar=operands))
    made = _Command(name, callback=callback, params=params, help=help_text, context_settings=_CONTEXT)
    made.table = table
    return made


class _Command(click.Command):
    """One of click's that tells in our sentences what it cannot read."""

    table: Sequence[Option] = ()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        name = str(self.name)
        if name == "deploy":
            refuse_script_options(args)
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            raise misread(error, name, self.table) from None
        refuse_operands(rest, name)
        return rest


# Operands too many would be told by click, in words that say nothing of the command.
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100, "allow_extra_args": True}


def _perform(action: Action, typed: Given, options: Sequence[Option], environment: Environment) -> int:
    if typed.has("version"):
        environment.show(__version__)
        return 0
    return action(with_settings(typed, options, environment), environment)


def _parameter(option: Option) -> click.Option:
    return click.Option(
        [*option.names, option.key],
        help=option.help,
        metavar=option.metavar or None,
        is_flag=option.is_switch,
        multiple=option.many or option.once,
        default=None,
    )


def _given(options: Sequence[Option], typed: Mapping[str, object]) -> Given:
    values = {key: texts for key, value in typed.items() if (texts := _texts(value))}
    for option in options:
        _refuse_several(option, values.get(option.key, ()))
    origins = {option.key: f"`{option.names[-1]}`" for option in options}
    return Given(values, origins)


def _refuse_several(option: Option, texts: Sequence[str]) -> None:
    if option.once and len(set(texts)) > 1:
        listed = ", ".join(f"`{each}`" for each in texts)
        raise UsageError(f"`{option.names[0]}` is given several times: {listed}.", hint="Run one command for each.")


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(str(each) for each in value)
    if value is True:
        return ("true",)
    return (value,) if isinstance(value, str) else ()
