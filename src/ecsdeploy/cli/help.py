"""The flag form's help, made from the table of options without any library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ecsdeploy.cli.commands import COMMANDS
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import groups

_COLUMN = 34
_WIDTH = 100
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
"""In the form of click's helps, where `\\b` begins lines that are not filled."""
_TAIL = """\
`ecs-deploy COMMAND --help` says more about a command. Without credentials of their own, the usual
ones of AWS are used: the environment, a profile, a role.
"""


def flag_help() -> str:
    """The whole help, without a trailing newline."""
    return "\n".join([*_head(), *_commands(COMMANDS), *_options(), _TAIL]).rstrip()


def _head() -> Iterator[str]:
    for label, usage in zip(("Usage:", "", ""), USAGE, strict=True):
        yield f"{label:<6} ecs-deploy {usage}"
    yield ""
    yield ABOUT.replace("\b\n", "")


def _commands(commands: Mapping[str, str]) -> Iterator[str]:
    yield "Commands:"
    yield from (line for name, summary in commands.items() for line in _row(name, summary))
    yield ""


def _options() -> Iterator[str]:
    for group, options in groups():
        yield f"{group}:"
        yield from (line for option in options for line in _row(_names(option), option.script_help or option.help))
        yield ""


def _names(option: Option) -> str:
    return ", ".join(option.spellings) + (f" {option.metavar}" if option.metavar else "")


def _row(left: str, right: str) -> Iterator[str]:
    """`left` in its column and `right` beside it, wrapped; a wide `left` has a line of its own."""
    lines = _wrap(right, _WIDTH - _COLUMN)
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
