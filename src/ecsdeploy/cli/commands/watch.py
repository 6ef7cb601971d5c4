"""`ecs-deploy watch`: follow a deployment that is under way."""

from __future__ import annotations

from ecsdeploy.cli.commands.options import command as make_command
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.given import Given
from ecsdeploy.cli.tables import WATCH

_HELP = """Follow a deployment that another process, or a colleague, began, and exit by its verdict as `deploy` would.
After `terraform apply`, `cdk deploy` or `aws ecs update-service`, name its revision; one that has ended is told too.
Nothing is written; Ctrl-C leaves the deployment alone.

\b
For example:
  ecs-deploy watch -c prod -n web
  ecs-deploy watch -c prod -n web --revision web:142
  ecs-deploy watch -c prod -n web --since 10m --wait-for-start 5m
  ecs-deploy watch -c prod -n web --deployment ecs-svc/8123456789012345678 --timeout 30m
"""


def _watch(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.commanded import understand_watch
    from ecsdeploy.cli.run import run

    return run(understand_watch(given, environment), environment)


command = make_command("watch", WATCH, _HELP, _watch)
