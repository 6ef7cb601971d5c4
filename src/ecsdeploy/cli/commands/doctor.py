"""`ecs-deploy doctor`: what is wrong with a service, or would be."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command
from ecsdeploy.cli.exits import ExitCode
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import without_verdict
from ecsdeploy.errors import UsageError

if TYPE_CHECKING:
    from ecsdeploy.api import Connection
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.words.given import Given
    from ecsdeploy.model.checkup import Checkup
    from ecsdeploy.render.stream import LineStream, Style

_OPTIONS = (
    *without_verdict(),
    Option(key="output", names=("--output",), metavar="lines|json", help="A screen of text, or one JSON object."),
    Option(
        key="task",
        is_of_one_run=True,
        names=("--task",),
        metavar="ID",
        help="Why this task stopped; the first digits will do.",
    ),
    Option(
        key="since",
        is_of_one_run=True,
        names=("--since",),
        metavar="TIME",
        help="Only tasks that stopped since then: 10m ago (1h, as long as ECS remembers them).",
    ),
    Option(
        key="preflight",
        is_of_one_run=True,
        names=("--preflight",),
        help="What would go wrong: the checks of a deploy of the revision in use.",
    ),
)
_HELP = """Say what is wrong with a service now: the causes, the likeliest first, each with its proof, the log of the
container, and what to do. It finds them as `deploy` and `status` do, and only reads. Exit 0 if all is well, else 20.

With --task it is about one task. With --preflight it makes the checks that a deploy makes before it writes.

\b
For example:
  ecs-deploy doctor -c prod -n web
  ecs-deploy doctor -c prod -n web --task 1f0c2b41
  ecs-deploy doctor -c prod -n web --preflight --output json
"""
_HOUR = 3600.0


def _doctor(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.session.look import look

    return look(_Doctor(given), given, environment, exits=True)


class _Doctor:
    def __init__(self, given: Given) -> None:
        from ecsdeploy.cli.requests import check_names, service_ref
        from ecsdeploy.cli.words.values import duration
        from ecsdeploy.model.looking import DoctorRequest

        check_names(given)
        _check_subject(given)
        self.request = DoctorRequest(
            service=service_ref(given),
            task=given.text("task"),
            since=timedelta(seconds=duration(given, "since", _HOUR)),
            preflight=given.has("preflight"),
            expect_account=given.text("expect_account"),
        )

    def read(self, connection: Connection) -> Checkup:
        from ecsdeploy.api import looking

        return looking.doctor(connection, self.request)

    def exit_code(self, checkup: Checkup) -> int:
        return ExitCode.SUCCEEDED if checkup.is_well else ExitCode.FAILED

    def json(self, checkup: Checkup, code: int) -> str:
        from ecsdeploy.render.objects import doctor_object

        return doctor_object(checkup, code)

    def show(self, checkup: Checkup, stream: LineStream, style: Style) -> None:
        from ecsdeploy.render.doctor import show_checkup

        show_checkup(checkup, stream, style)


def _check_subject(given: Given) -> None:
    """A task is looked at whole, and a preflight looks at none."""
    for one, other in (("preflight", "task"), ("preflight", "since"), ("task", "since")):
        if given.has(one) and given.has(other):
            raise UsageError(f"{given.origin(one)} has no use for {given.origin(other)}.", hint="Give one of them.")


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_doctor)
