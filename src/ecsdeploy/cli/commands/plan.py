"""`ecs-deploy plan`: what a deploy would change, with its checks."""

from __future__ import annotations

from ecsdeploy.cli.commands.options import command as make_command
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.given import Given
from ecsdeploy.cli.tables import PLAN

_HELP = """Show exactly what `deploy` with the same options would change, and what its checks find. Nothing is written.

\b
For example:
  ecs-deploy plan -c prod -n web --image registry.example.com/team/web:2
  ecs-deploy plan -c prod -n web --tag 2026-11-22 --exit-code
"""


def _plan(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.commanded import understand_plan
    from ecsdeploy.cli.run import run

    return run(understand_plan(given, environment), environment)


command = make_command("plan", PLAN, _HELP, _plan)
