"""Makes a command for click from its table of options, and takes what was typed from click."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import click
from click.shell_completion import CompletionItem

from ecsdeploy import __version__
from ecsdeploy.cli.click.errors import (
    check_dashes,
    misread,
    of_another_program,
    refuse_operands,
    refuse_script_options,
)
from ecsdeploy.cli.commands import COMMANDS
from ecsdeploy.cli.commands.command import Command, Operands
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.options.option import Group, Option
from ecsdeploy.cli.session.job import typed_value
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.settings import with_settings
from ecsdeploy.cli.words.values import listing
from ecsdeploy.errors import UsageError

_REPORT = "junit"
_MAY_BE_EMPTY = ("env_name",)
"""An empty environment is none, also where a variable names one."""
_HEADINGS = 4
"""A command with fewer kinds of options has them in one list."""


def as_click(name: str, command: Command) -> click.Command:
    """The command as click reads it. Its callback returns a function, which `invoke` calls outside of click."""

    @click.pass_obj
    def callback(environment: Environment, /, **typed: object) -> Callable[[], int]:
        return lambda: _perform(name, command, _given(command.options, typed), environment)

    params = parameters(option for option in command.options if option.key != "help")
    if command.operands:
        params.append(_argument(command.operands))
    made = _Command(name, callback=callback, params=params, help=command.help, context_settings=_CONTEXT)
    made.short_help, made.table = COMMANDS[name], command.options
    made.after_dashes = command.operands is not None and command.operands.after_dashes
    return made


def _argument(operands: Operands) -> click.Argument:
    offer = partial(_offer, operands.known, operands.files)
    return click.Argument(["operands"], nargs=-1, metavar=operands.metavar, shell_complete=offer)


class _Command(click.Command):
    """A command of click's that reports errors in our own sentences."""

    table: Sequence[Option] = ()
    after_dashes = False
    """Whether its operands stand after `--`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if ctx.resilient_parsing:
            # A line that is being completed is not finished, so it is not wrong.
            return super().parse_args(ctx, args)
        name, words = str(self.name), (*args,)
        _expect_report(ctx.find_object(Environment), self.table, words)
        try:
            return self._read(ctx, args, name)
        except UsageError as error:
            raise of_another_program(name, words) or error from None

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under the headings of their groups, if they have several."""
        group_of = {option.key: option.group for option in self.table}
        if len({*group_of.values()}) < _HEADINGS:
            super().format_options(ctx, formatter)
            return
        for group in Group:
            params = (param for param in self.get_params(ctx) if group_of.get(param.name or "", Group.OUTPUT) is group)
            rows = [row for param in params if (row := param.get_help_record(ctx))]
            if rows:
                with formatter.section(group):
                    formatter.write_dl(rows)

    def _read(self, ctx: click.Context, args: list[str], name: str) -> list[str]:
        if name == "deploy":
            refuse_script_options(args)
        words = (*args,)
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            raise misread(error, name, self.table) from None
        refuse_operands(rest, name, self.table, ctx.params)
        if self.after_dashes:
            check_dashes(words, ctx.params.get("operands") or (), name)
        return rest


# We allow extra operands here and refuse them ourselves: click's message does not name the command.
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100, "allow_extra_args": True}


def _perform(name: str, command: Command, typed: Given, environment: Environment) -> int:
    if typed.has("version"):
        environment.show(__version__)
        return 0
    given = with_settings(typed, command.options, environment)
    environment.job.report = given.text(_REPORT)
    if environment.tape:
        environment.tape.begin(name, given)
    return command.perform(given, environment)


def _expect_report(environment: Environment | None, table: Sequence[Option], words: Sequence[str]) -> None:
    """Note the file of `--junit` before the words are read: it also gets what is wrong with them."""
    for option in table:
        if environment and option.key == _REPORT:
            asked = typed_value(words, option.names[0])
            environment.job.report = asked or environment.variables.get(option.variable, "")


def parameters(options: Iterable[Option], *, flag_form: bool = False) -> list[click.Parameter]:
    """The options for click, with the names and helps of one grammar."""
    return [_parameter(each, each.spellings if flag_form else each.names, flag_form=flag_form) for each in options]


def _parameter(option: Option, names: Iterable[str], *, flag_form: bool) -> click.Option:
    return click.Option(
        [*names, option.key],
        help=(flag_form and option.script_help) or option.help,
        metavar=option.metavar or None,
        **({"is_flag": False, "flag_value": option.bare} if option.bare else {"is_flag": option.is_switch}),
        multiple=not option.is_switch and option.takes == 1,
        nargs=option.takes,
        default=None,
        shell_complete=partial(_offer, lambda: option.words, option.takes_file),
    )


def _offer(
    known: Callable[[], Iterable[str]], files: bool, _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """The known words that begin like this, and files if the option takes one. We never ask AWS."""
    found = [CompletionItem(incomplete, type="file")] if files else []
    return [*found, *(CompletionItem(each) for each in known() if each.startswith(incomplete))]


def _given(options: Sequence[Option], typed: Mapping[str, object]) -> Given:
    values = {key: texts for key, value in typed.items() if (texts := _texts(value))}
    values |= {each.key: _one(each, values[each.key]) for each in options if each.key in values and not each.many}
    origins = {option.key: f"`{option.names[-1]}`" for option in options}
    return Given(values, origins)


def _one(option: Option, texts: Sequence[str]) -> tuple[str, ...]:
    """The one value of an option that takes one. An empty one is a variable of the caller's that was not set."""
    if "" in texts and option.key not in _MAY_BE_EMPTY:
        raise UsageError(f"`{option.names[0]}` has an empty value.", hint="Give it one, or leave the option out.")
    several = tuple(dict.fromkeys(filter(None, texts)))
    if len(several) > 1:
        which = ", with different values" if option.secret else f": {listing(several)}"
        raise UsageError(f"`{option.names[0]}` is given several times{which}.", hint="Give it once.")
    return several or ("",)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(str(each) for each in value)
    if value is True:
        return ("true",)
    return (value,) if isinstance(value, str) else ()
