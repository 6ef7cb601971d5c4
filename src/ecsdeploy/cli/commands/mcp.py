"""`ecs-deploy mcp`: the commands that look, and if asked those that write, as tools of an agent."""

from __future__ import annotations

from ecsdeploy.cli.commands.command import Command
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import ExitCode
from ecsdeploy.cli.options.around import AROUND
from ecsdeploy.cli.options.option import Group, Option
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import replace

_AWS = tuple(option for option in AROUND if option.group is Group.AWS and option.names)
_OPTIONS = (
    *_AWS,
    Option(
        key="allow_write",
        is_setting=False,
        names=("--allow-write",),
        help="Also offer the tools that change services: deploy, rollback, stop.",
    ),
    *(option for option in AROUND if option.key in {"version", "help"}),
)
_HELP = """Serve status, history, doctor, watch, plan and rehearse as tools of an agent, over the Model Context Protocol
(stdio). They only read. Each has the options of its command, and answers its JSON. The options of `mcp` hold
for every call, and an agent cannot change them.

\b
For example:
  ecs-deploy mcp --region eu-west-1 --expect-account 111122223333
  ecs-deploy mcp --profile staging --allow-write
"""


def _mcp(given: Given, environment: Environment) -> int:
    try:
        from ecsdeploy.cli.agents.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"mcp", "mcp_types", "anyio"}:
            raise
        raise UsageError(
            "`mcp` needs the extra `mcp` of ecsdeploy, which is not installed.",
            hint="docs/how-to/install.md says how to install it.",
        ) from None
    held = {option.variable: given.text(option.key) for option in _AWS if given.has(option.key)}
    serve(replace(environment, variables={**environment.variables, **held}), writing=given.has("allow_write"))
    return ExitCode.SUCCEEDED


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_mcp)
