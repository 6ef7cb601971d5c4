"""`ecs-deploy deploy`: release to a service in the new grammar."""

from __future__ import annotations

from ecsdeploy.cli.commands.options import command as make_command
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.given import Given
from ecsdeploy.cli.options.table import SHARED

_HELP = """Register a new revision with another image, point the service at it, watch that very deployment, and
exit by its verdict.

Every option is also read from ECS_DEPLOY_<NAME> (ECS_DEPLOY_WAIT_UNTIL) and from the nearest ecs-deploy.toml
(wait-until = "healthy"); what is typed wins.

\b
For example:
  ecs-deploy deploy -c prod -n web --image registry.example.com/team/web:2 --on-failure rollback
"""


def _deploy(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.commanded import understand
    from ecsdeploy.cli.run import run

    return run(understand(given, environment), environment)


command = make_command("deploy", SHARED, _HELP, _deploy)
