"""`ecs-deploy status`: one screen of truth about a service, or about all those of a cluster."""

from __future__ import annotations

from ecsdeploy.cli.commands.options import command as make_command
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.given import Given
from ecsdeploy.cli.tables import STATUS

_HELP = """Show how a service stands now: steady, deploying, failing, rolling back, failed or stuck; its deployments,
targets, alarms, limits of scaling, last events and last releases. It only reads, and what may not be read costs a line.

Without -n: a line for each service of the cluster, the worst first. What could not be asked is named.

With --exit-code: 0 steady, 21 steady after a rollback, 22 under way or short of tasks, 20 failed or stuck; of a cluster
that of the worst service, or 24 where one could not be asked and the others are steady.

\b
For example:
  ecs-deploy status -c prod -n web
  ecs-deploy status -c prod -n web --exit-code --output json
  ecs-deploy status -c prod
"""


def _status(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.looking import show_status

    return show_status(given, environment)


command = make_command("status", STATUS, _HELP, _status)
