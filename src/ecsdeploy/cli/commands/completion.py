"""`ecs-deploy completion`: the script that has a shell complete our command lines."""

from __future__ import annotations

from ecsdeploy.cli.commands.command import Command, Operands
from ecsdeploy.cli.environment import SHELLS, Environment
from ecsdeploy.cli.exits import ExitCode
from ecsdeploy.cli.options.around import VERSION
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.values import listing
from ecsdeploy.errors import UsageError

_HELP = """Print the script with which bash, zsh or fish complete commands, options and their values, also those of the
flag form. Completion never calls AWS.

\b
In ~/.bashrc:                       eval "$(ecs-deploy completion bash)"
In ~/.zshrc, after compinit:        eval "$(ecs-deploy completion zsh)"
In ~/.config/fish/config.fish:      ecs-deploy completion fish | source
"""


def _completion(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.click.completion import script

    shells = given.texts("operands")
    if len(shells) != 1 or shells[0] not in SHELLS:
        raise UsageError(f"`ecs-deploy completion` needs one shell: {listing(SHELLS)}.")
    environment.show(script(shells[0], environment.argv0))
    return ExitCode.SUCCEEDED


COMMAND = Command(options=(VERSION,), help=_HELP, perform=_completion, operands=Operands("SHELL", lambda: SHELLS))
