"""The help of the flag form, made from the table of options without any library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ecsdeploy.cli.commands import COMMANDS
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import groups

_COLUMN = 34
_NARROWEST = 60
HELP_WIDTH = 100
"""The columns that the help fits into, except for words that cannot be broken."""
USAGE = (
    "-c CLUSTER -n SERVICE -i IMAGE [options]",
    "-d FAMILY -i IMAGE [options]",
    "COMMAND [options]",
)
"""What may follow the program's name."""
ABOUT = """\
Register a new revision of a task definition with another image, point an ECS service at it,
watch that very deployment, and say truthfully how it ended.

\b
For example:
  ecs-deploy -c prod -n web -i registry.example.com/team/web:2 --enable-rollback -t 600
  ecs-deploy demo --scenario crash-loop
"""
"""In the form of click's helps, where `\\b` begins lines that are not wrapped."""
_TAIL = """\
`ecs-deploy COMMAND --help` says more about a command. Without credentials of their own, the usual
ones of AWS are used: the environment, a profile, a role.
"""


def flag_help(width: int = HELP_WIDTH) -> str:
    """The whole help within `width` columns, from 60 to 100, without a trailing newline."""
    fitting = min(max(width, _NARROWEST), HELP_WIDTH)
    parts = (_head(fitting), _commands(COMMANDS, fitting), _options(fitting), _wrap(_TAIL, fitting))
    return "\n".join(line for part in parts for line in part)


def _head(width: int) -> Iterator[str]:
    for label, usage in zip(("Usage:", "", ""), USAGE, strict=True):
        yield f"{label:<6} ecs-deploy {usage}"
    yield ""
    what, _, examples = ABOUT.partition("\b\n")
    yield from (*_wrap(what, width), "", examples)


def _commands(commands: Mapping[str, str], width: int) -> Iterator[str]:
    yield "Commands:"
    yield from (line for name, summary in commands.items() for line in _entry(name, summary, width))
    yield ""


def _options(width: int) -> Iterator[str]:
    for group, options in groups():
        yield f"{group}:"
        yield from (line for each in options for line in _entry(_names(each), each.script_help or each.help, width))
        yield ""


def _names(option: Option) -> str:
    return ", ".join(option.spellings) + (f" {option.metavar}" if option.metavar else "")


def _entry(left: str, right: str, width: int) -> Iterator[str]:
    """`left` in its column, and `right` wrapped beside it. A wide `left` has a line of its own."""
    lines = _wrap(right, width - _COLUMN)
    if len(left) + 4 > _COLUMN:
        yield f"  {left}"
    else:
        yield f"  {left}".ljust(_COLUMN) + lines.pop(0)
    yield from (" " * _COLUMN + line for line in lines)


def _wrap(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".lstrip()
    return lines
