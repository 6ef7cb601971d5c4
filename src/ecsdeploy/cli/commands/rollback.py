"""`ecs-deploy rollback`: back to the last release known to be good."""

from __future__ import annotations

from ecsdeploy.cli.commands.options import command as make_command
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.given import Given
from ecsdeploy.cli.tables import ROLLBACK

_HELP = """Put the service back on the newest revision that was released with success before the present one and still
exists, and follow that until ECS has completed it. A deployment that is under way is stopped with ROLLBACK instead.

\b
For example:
  ecs-deploy rollback -c prod -n web
  ecs-deploy rollback -c prod -n web --to 141 --dry-run
"""


def _rollback(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.commanded import understand_rollback
    from ecsdeploy.cli.run import run

    return run(understand_rollback(given, environment), environment)


command = make_command("rollback", ROLLBACK, _HELP, _rollback)
