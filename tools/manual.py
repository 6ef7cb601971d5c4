"""Write the man pages, and the scripts by which shells complete our command line.

    python -m tools.manual build        build/man/man1/*.1 and build/completion/*

`click-man` makes the pages from the tables that the commands are made from: one of the flag form, one of each command.
They have the date of `SOURCE_DATE_EPOCH`, so that the same sources make the same files.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from pathlib import Path

import click
from click_man.core import write_man_pages

from ecsdeploy import __version__
from ecsdeploy.cli.click.completion import flag_form, script
from ecsdeploy.cli.click.group import Commands
from ecsdeploy.cli.commands import COMMANDS
from ecsdeploy.cli.exits import ExitCode, ScriptExit
from ecsdeploy.cli.script.help import ABOUT, USAGE

PROGRAM = "ecs-deploy"
SCRIPTS = {"bash": PROGRAM, "zsh": f"_{PROGRAM}", "fish": f"{PROGRAM}.fish"}
"""Each under the name by which its shell finds it in a folder of completions."""


def write(folder: Path) -> None:
    """All of them, under `man` and `completion` in the folder."""
    pages, completions = folder / "man" / "man1", folder / "completion"
    for each in (pages, completions):
        each.mkdir(parents=True, exist_ok=True)
    write_man_pages(PROGRAM, _program(), version=__version__, target_dir=str(pages))
    for page in pages.glob("*.1"):
        codes: Iterable[ExitCode | ScriptExit] = ScriptExit if page.stem == PROGRAM else ExitCode
        with page.open("a", encoding="utf-8") as file:
            file.writelines(_exit_status(codes))
    for shell, name in SCRIPTS.items():
        (completions / name).write_text(f"{script(shell, PROGRAM)}\n", encoding="utf-8")


def _exit_status(codes: Iterable[ExitCode | ScriptExit]) -> Iterator[str]:
    yield ".SH EXIT STATUS\n"
    yield from (f".TP\n\\fB{code.value}\\fP\n{_escaped(code.meaning)}\n" for code in codes)


def _program() -> click.Group:
    """The flag form, with the commands beneath it; the texts are roff's."""
    group, around = Commands(PROGRAM), click.Context(Commands(PROGRAM))
    found = {name: group.get_command(around, name) for name in COMMANDS}
    return click.Group(
        PROGRAM,
        commands={name: _page(each) for name, each in found.items() if each is not None},
        params=_options(flag_form().params),
        short_help=_escaped(ABOUT.partition(",")[0]),
        help=_laid_out(ABOUT),
        options_metavar=f"\n.br\n.B {PROGRAM}\n".join(USAGE),
        subcommand_metavar="",
    )


def _page(command: click.Command) -> click.Command:
    page = copy(command)
    page.short_help = _escaped(command.short_help or "")
    page.help = _laid_out(command.help or "")
    page.params = _options(command.get_params(click.Context(command, **command.context_settings)))
    return page


def _options(params: Iterable[click.Parameter]) -> list[click.Parameter]:
    made = [copy(each) for each in params]
    for each in made:
        if isinstance(each, click.Option):
            each.help = _escaped(each.help or "")
    return made


def _laid_out(text: str) -> str:
    """Paragraphs; what click does not fill (after `\\b`), roff does not fill either."""
    return "\n\n".join(_paragraph(each) for each in text.strip().split("\n\n"))


def _paragraph(text: str) -> str:
    marked, _, lines = text.partition("\b\n")
    return _escaped(text) if marked or not lines else f".nf\n{_escaped(lines)}\n.fi"


def _escaped(text: str) -> str:
    """As it is: to roff a backslash, a hyphen, and a dot or an apostrophe that begins a line are more than that."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").split("\n")
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in lines)


def main(argv: Sequence[str]) -> int:
    write(Path(argv[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
