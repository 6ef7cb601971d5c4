"""`ecs-deploy rollback`: back to the last release known to be good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command, released
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.several import of_several
from ecsdeploy.cli.options.table import on_a_service

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.requests import Invocation
    from ecsdeploy.cli.words.given import Given

_OPTIONS = (
    *of_several(on_a_service("dry_run", "no_preflight")),
    Option(
        key="to",
        is_of_one_run=True,
        names=("--to",),
        metavar="REVISION|N",
        help="The revision to go back to (the newest one released with success before that still exists).",
    ),
)
_HELP = """Point the service at the newest revision that was released with success before the present one and still
exists, and follow that until ECS has completed it. If a deployment is under way, stop it with ROLLBACK instead.

\b
For example:
  ecs-deploy rollback -c prod -n web
  ecs-deploy rollback -c prod -n web --to 141 --dry-run
"""


def _understand(given: Given, environment: Environment) -> Invocation:
    from ecsdeploy.cli import requests
    from ecsdeploy.model.request import RollbackRequest
    from ecsdeploy.model.values import replace

    requests.check_names(given)
    request = RollbackRequest(
        service=requests.service_ref(given),
        to=given.text("to"),
        budget=requests.budget(given),
        preflight=not given.has("no_preflight"),
        expect_account=given.text("expect_account"),
    )
    return replace(requests.invocation(given, environment, request), dry_run=given.has("dry_run"))


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=released(_understand))
