"""Completion of the command line in a shell, by click: the script that a shell loads, and the answers it asks us for.

https://click.palletsprojects.com/en/stable/shell-completion/
"""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from ecsdeploy.cli.click.command import parameters
from ecsdeploy.cli.click.group import Commands
from ecsdeploy.cli.environment import COMPLETE, SHELLS, Environment
from ecsdeploy.cli.options.table import OPTIONS
from ecsdeploy.cli.words.given import first_word
from ecsdeploy.cli.words.values import listing
from ecsdeploy.errors import EcsDeployError, UsageError


def answer(asked: str, environment: Environment) -> int:
    """Answer a shell and return the exit code: `bash_source` prints the script, `bash_complete` the completions."""
    shell, _, what = asked.partition("_")
    if shell not in SHELLS or what not in {"source", "complete"}:
        raise UsageError(
            f"`{COMPLETE}` is `{asked}`, which no shell would set.",
            hint=f"Unset it. `ecs-deploy completion SHELL` prints the script that sets it for {listing(SHELLS)}.",
        )
    made = script if what == "source" else _completions
    environment.show(made(shell, environment.argv0))
    return 0


def script(shell: str, program: str) -> str:
    """The script with which a shell completes the words of `program`."""
    return _asker(shell, program).source().rstrip("\n")


def flag_form() -> click.Command:
    """The flag form as a command of click's, for completion and the man page only: `read_flags` reads its words."""
    return click.Command("ecs-deploy", params=parameters(OPTIONS, flag_form=True), add_help_option=False)


def _completions(shell: str, program: str) -> str:
    asker = _asker(shell, program)
    try:
        words, incomplete = asker.get_completion_args()
    except (KeyError, ValueError):
        raise EcsDeployError(
            "`COMP_WORDS` and `COMP_CWORD` do not say which word to complete.",
            hint=f"They are set by the script of `ecs-deploy completion {shell}`.",
        ) from None
    if not first_word((*words, incomplete)) and (words or incomplete):
        asker.cli = flag_form()
    return "\n".join(asker.format_completion(each) for each in asker.get_completions(words, incomplete))


def _asker(shell: str, program: str) -> ShellComplete:
    asker = get_completion_class(shell)
    assert asker is not None  # noqa: S101 - click has those of `SHELLS`
    return asker(Commands("ecs-deploy"), {}, program, COMPLETE)
