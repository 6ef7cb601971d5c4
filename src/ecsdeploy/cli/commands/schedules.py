"""`ecs-deploy schedules`: what starts tasks of a service's family, and at which revision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import without_verdict

if TYPE_CHECKING:
    from datetime import datetime

    from ecsdeploy.api import Connection
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.words.given import Given
    from ecsdeploy.engine.upkeep.schedules import SchedulesCommand
    from ecsdeploy.model.outcome import Place
    from ecsdeploy.model.timetables import Moved, Timetable
    from ecsdeploy.render.stream import LineStream, Style

_OPTIONS = (
    *without_verdict("dry_run"),
    Option(
        key="to_running",
        is_setting=False,
        names=("--to-running",),
        help="Move those that run in the service's cluster to the revision that it runs.",
    ),
    Option(key="yes", is_setting=False, names=("-y", "--yes"), help="Do it without a question."),
    Option(key="output", names=("--output",), metavar="lines|json", help="Lines of text, or JSON objects."),
)
_HELP = """List the EventBridge rules and the Scheduler's schedules that start tasks of the family that a service runs,
and at which revision. It only reads.

With --to-running it moves those that start tasks in the service's cluster to the revision that the service runs, after
a plan and a question; without a terminal it needs --yes. All else of them stays as it is.

\b
For example:
  ecs-deploy schedules -c prod -n web
  ecs-deploy schedules -c prod -n web --to-running --yes
"""


def _schedules(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.agreed import agreed

    return agreed(_Schedules(given), given, environment)


class _Schedules:
    def __init__(self, given: Given) -> None:
        from ecsdeploy.cli.requests import check_names, service_ref
        from ecsdeploy.model.timetables import SchedulesRequest

        check_names(given)
        self.request = SchedulesRequest(
            service=service_ref(given),
            to_running=given.has("to_running"),
            expect_account=given.text("expect_account"),
        )

    @property
    def asks(self) -> bool:
        return self.request.to_running

    @property
    def only_looks(self) -> bool:
        return not self.request.to_running

    @property
    def names(self) -> tuple[str, ...]:
        return (self.request.service.short_name, self.request.service.short_cluster)

    def plan(self, connection: Connection) -> Timetable:
        return self._command(connection).plan()

    def place(self, planned: Timetable) -> Place:
        return planned.place

    def question(self, planned: Timetable) -> str:
        from ecsdeploy.model.arn import revision_name

        number = len(planned.moves)
        return f"Move {number} of them to {revision_name(planned.revision)}?" if number else ""

    def steps(self, connection: Connection, planned: Timetable) -> Iterator[Moved]:
        return self._command(connection).move(planned)

    def _command(self, connection: Connection) -> SchedulesCommand:
        from ecsdeploy.api import looking
        from ecsdeploy.engine.upkeep.schedules import SchedulesCommand

        return SchedulesCommand(run=looking.between_releases(connection, self.request.service), request=self.request)

    def ended(self, _done: Moved) -> None:
        """Each start is a step, and none of them ends it."""

    def interrupted(self, done: int) -> str:
        return f"Interrupted after {done} of them; the others stay as they were."

    def show(self, planned: Timetable, stream: LineStream, style: Style) -> None:
        from ecsdeploy.render.schedules import show_timetable

        show_timetable(planned, stream, style, moves=self.request.to_running)

    def json(self, planned: Timetable) -> str:
        from ecsdeploy.render.schedules import timetable_object

        return timetable_object(planned)

    def step(self, done: Moved, planned: Timetable) -> str:
        from ecsdeploy.render.schedules import moved_line

        return moved_line(done, planned)

    def step_json(self, done: Moved, planned: Timetable, at: datetime) -> str:
        from ecsdeploy.render.schedules import moved_object

        return moved_object(done, planned, at)


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_schedules)
