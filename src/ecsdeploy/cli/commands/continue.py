# ruff: noqa: N999 - a command's module has the name of the command
"""`ecs-deploy continue`: answer the pause that holds a deployment up."""

from __future__ import annotations

from ecsdeploy.cli.commands.options import command as make_command
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.given import Given
from ecsdeploy.cli.tables import CONTINUE

_HELP = """Answer the lifecycle hook (targetType PAUSE) that a deployment waits at, and follow the deployment to its
verdict as `watch` does. With --rollback ECS takes it back, which ends with exit 21. Where no pause waits, nothing is
changed, and the exit code is 26.

\b
For example:
  ecs-deploy continue -c prod -n web
  ecs-deploy continue -c prod -n web --rollback
"""


def _continue(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.commanded import understand_continue
    from ecsdeploy.cli.run import run

    return run(understand_continue(given, environment), environment)


command = make_command("continue", CONTINUE, _HELP, _continue)
