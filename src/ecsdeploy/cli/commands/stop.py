"""`ecs-deploy stop`: stop the deployment that is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command, released
from ecsdeploy.cli.options.several import of_several
from ecsdeploy.cli.options.table import on_a_service

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.requests import Invocation
    from ecsdeploy.cli.words.given import Given

_HELP = """Tell ECS to stop the deployment that is under way and to roll it back, and follow the rollback to its end:
exit 21 once the old version serves again. If nothing is under way, nothing changes.

\b
For example:
  ecs-deploy stop -c prod -n web
"""


def _understand(given: Given, environment: Environment) -> Invocation:
    from ecsdeploy.cli import requests
    from ecsdeploy.model.request import RollbackRequest

    requests.check_names(given)
    request = RollbackRequest(
        service=requests.service_ref(given),
        only_running=True,
        budget=requests.budget(given),
        expect_account=given.text("expect_account"),
    )
    return requests.invocation(given, environment, request)


COMMAND = Command(options=of_several(on_a_service()), help=_HELP, perform=released(_understand))
