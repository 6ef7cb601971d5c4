"""The commands as click sees them, each loaded when it is called."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import click

from ecsdeploy.cli.click.command import as_click
from ecsdeploy.cli.commands import COMMANDS, load
from ecsdeploy.cli.environment import Environment


class Commands(click.Group):
    """Finds a command's module by its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click names it
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return as_click(cmd_name, load(cmd_name)) if cmd_name in COMMANDS else None


def invoke(words: Sequence[str], environment: Environment) -> int:
    """Carry out a command; what click finds wrong is a usage error like any other."""
    name, *rest = [*filter(None, words[:1]), *words[1:]]
    if name not in COMMANDS:
        from ecsdeploy.cli.click.elsewhere import no_command

        raise no_command(name, rest)
    group = Commands("ecs-deploy")
    try:
        # click prints help to the process's own streams.
        with contextlib.redirect_stdout(environment.stdout):
            ready = group.main([name, *rest], prog_name="ecs-deploy", standalone_mode=False, obj=environment)
    except click.Abort:
        raise KeyboardInterrupt from None
    # Outside of click, which would take interrupts and closed pipes into its own hands.
    return int(ready()) if callable(ready) else 0
