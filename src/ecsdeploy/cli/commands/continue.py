# ruff: noqa: N999 - a command's module has the name of the command
"""`ecs-deploy continue`: answer the pause that holds a deployment up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command, released
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import on_a_service

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.requests import Invocation
    from ecsdeploy.cli.words.given import Given

_OPTIONS = (
    *on_a_service("detach"),
    Option(key="hook", is_of_one_run=True, names=("--hook",), metavar="ID", help="Which pause, if several wait."),
    Option(
        key="rollback", is_setting=False, names=("--rollback",), help="Tell ECS to roll the deployment back instead."
    ),
)
_HELP = """Answer the lifecycle hook (targetType PAUSE) that a deployment waits at, and follow the deployment to its
verdict as `watch` does. With --rollback ECS rolls it back, which ends with exit 21. If no pause waits, nothing
changes, and the exit code is 26.

\b
For example:
  ecs-deploy continue -c prod -n web
  ecs-deploy continue -c prod -n web --rollback
"""


def _understand(given: Given, environment: Environment) -> Invocation:
    from ecsdeploy.cli import requests
    from ecsdeploy.model.request import ContinueRequest

    requests.check_names(given)
    request = ContinueRequest(
        service=requests.service_ref(given),
        hook=given.text("hook"),
        rollback=given.has("rollback"),
        expect_account=given.text("expect_account"),
        budget=requests.budget(given),
        wait_until=requests.wait_until(given),
    )
    return requests.invocation(given, environment, request)


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=released(_understand))
