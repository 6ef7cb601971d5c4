"""`ecs-deploy history`: the releases of a service so far, or what differs between two revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import without_verdict
from ecsdeploy.errors import UsageError

if TYPE_CHECKING:
    from ecsdeploy.api import Connection
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.words.given import Given
    from ecsdeploy.model.history import Compared, History
    from ecsdeploy.render.stream import LineStream, Style

_DEFAULT, _MOST = 20, 1000
_OPTIONS = (
    *without_verdict(),
    Option(key="output", names=("--output",), metavar="lines|json", help="Lines of text, or one JSON object."),
    Option(key="number", is_of_one_run=True, names=("-N", "--number"), metavar="N", help="How many releases (20)."),
    Option(
        key="failed",
        is_of_one_run=True,
        names=("--failed",),
        help="Only those that failed, were stopped or rolled back.",
    ),
    Option(
        key="diff",
        is_setting=False,
        names=("--diff",),
        metavar="A B",
        many=True,
        takes=2,
        help="What differs between two revisions instead: numbers of the service's family, FAMILY:N, or ARNs.",
    ),
)
_HELP = """List the releases of a service, the newest first: when, its revision, the images' tags, who registered the
revision, how it ended, how long it took, and why ECS ended it. It marks the release that `rollback` would put back, and
those that a rollback left. It only reads. ECS remembers ninety days.

With --diff it shows what differs between two revisions; of what may be secret, only fingerprints.

\b
For example:
  ecs-deploy history -c prod -n web
  ecs-deploy history -c prod -n web -N 100 --failed
  ecs-deploy history -c prod -n web --diff 141 142
"""


def _history(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.session.look import look

    if not given.texts("diff"):
        return look(_Releases(given), given, environment)
    for key in ("number", "failed"):
        if given.has(key):
            raise UsageError(
                f"`--diff` compares two revisions, and {given.origin(key)} is about a list.", hint="Give one of them."
            )
    return look(_Difference(given), given, environment)


class _Releases:
    def __init__(self, given: Given) -> None:
        from ecsdeploy.cli.requests import check_names, service_ref
        from ecsdeploy.cli.words.values import whole_number
        from ecsdeploy.model.looking import HistoryRequest

        check_names(given)
        self.request = HistoryRequest(
            service=service_ref(given),
            most=whole_number(given, "number", minimum=1, maximum=_MOST) or _DEFAULT,
            only_failed=given.has("failed"),
            expect_account=given.text("expect_account"),
        )

    def read(self, connection: Connection) -> History:
        from ecsdeploy.api import looking

        return looking.history(connection, self.request)

    def exit_code(self, _history: History) -> int:
        return 0

    def json(self, history: History, _code: int) -> str:
        from ecsdeploy.render.objects import history_object

        return history_object(history)

    def show(self, history: History, stream: LineStream, style: Style) -> None:
        from ecsdeploy.render.history import show_history

        show_history(history, stream, style)


class _Difference:
    def __init__(self, given: Given) -> None:
        from ecsdeploy.cli.requests import check_names, service_ref
        from ecsdeploy.model.looking import DifferenceRequest

        check_names(given)
        old, new = given.texts("diff")
        self.request = DifferenceRequest(
            service=service_ref(given), old=old, new=new, expect_account=given.text("expect_account")
        )

    def read(self, connection: Connection) -> Compared:
        from ecsdeploy.api import looking

        return looking.compare(connection, self.request)

    def exit_code(self, _compared: Compared) -> int:
        return 0

    def json(self, compared: Compared, _code: int) -> str:
        from ecsdeploy.render.objects import compared_object

        return compared_object(compared)

    def show(self, compared: Compared, stream: LineStream, style: Style) -> None:
        from ecsdeploy.render.history import show_compared

        show_compared(compared, stream, style)


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_history)
