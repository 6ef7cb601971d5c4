"""The group of all commands for click, which loads a command when it is called."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import click

from ecsdeploy.cli.click.command import as_click
from ecsdeploy.cli.commands import COMMANDS, load
from ecsdeploy.cli.environment import Environment


class Commands(click.Group):
    """Finds a command by its name, in the module of that name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click names it
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return as_click(cmd_name, load(cmd_name)) if cmd_name in COMMANDS else None


def invoke(words: Sequence[str], environment: Environment) -> int:
    """Carry out a command line and return its exit code; raise a `UsageError` if it cannot be read."""
    name, *rest = [*filter(None, words[:1]), *words[1:]]
    if name not in COMMANDS:
        from ecsdeploy.cli.click.elsewhere import no_command

        raise no_command(name, rest)
    group = Commands("ecs-deploy")
    try:
        # click prints help to `sys.stdout`.
        with contextlib.redirect_stdout(environment.stdout):
            ready = group.main([name, *rest], prog_name="ecs-deploy", standalone_mode=False, obj=environment)
    except click.Abort:
        raise KeyboardInterrupt from None
    # We call it outside of click, which would handle interrupts and closed pipes itself.
    return int(ready()) if callable(ready) else 0
