"""`ecs-deploy status`: one screen of truth about a service."""

from ecsdeploy.cli.commands.options import command as make_command
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.given import Given
from ecsdeploy.cli.tables import STATUS

_HELP = """Show how a service stands now: steady, deploying, rolling back, failed or stuck; its deployments, targets,
alarms, limits of scaling, last events and last releases. It only reads, and what may not be read costs a line.

With --exit-code: 0 steady, 21 steady after a rollback, 22 under way or short of tasks, 20 failed or stuck.

\b
For example:
  ecs-deploy status -c prod -n web
  ecs-deploy status -c prod -n web --exit-code --output json
"""


def _status(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.looking import show_status

    return show_status(given, environment)


command = make_command("status", STATUS, _HELP, _status)
