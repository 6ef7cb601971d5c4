"""`ecs-deploy stop`: stop the deployment that is under way."""

from __future__ import annotations

from ecsdeploy.cli.commands.options import command as make_command
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.given import Given
from ecsdeploy.cli.tables import STOP

_HELP = """Ask ECS to stop the deployment that is under way and to roll it back, and follow that to its end: exit 21
once the old version serves again. Where nothing is under way, nothing is changed.

\b
For example:
  ecs-deploy stop -c prod -n web
"""


def _stop(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.commanded import understand_stop
    from ecsdeploy.cli.run import run

    return run(understand_stop(given, environment), environment)


command = make_command("stop", STOP, _HELP, _stop)
