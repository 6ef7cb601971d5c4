"""`ecs-deploy prune`: deregister old revisions that nobody needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command
from ecsdeploy.cli.options.option import Group, Option
from ecsdeploy.cli.options.table import without_verdict
from ecsdeploy.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from ecsdeploy.api import Connection
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.words.given import Given
    from ecsdeploy.engine.upkeep.prune import PruneCommand
    from ecsdeploy.model.outcome import Place
    from ecsdeploy.model.pruning import Dropped, Pruning
    from ecsdeploy.render.stream import LineStream, Style

_KEEP = 10
_OPTIONS = (
    Option(
        key="family",
        is_of_one_run=True,
        group=Group.SUBJECT,
        names=("--family",),
        metavar="NAME",
        help="The family of task definitions, instead of that of a service.",
    ),
    *without_verdict("dry_run"),
    Option(key="keep", names=("--keep",), metavar="N", help=f"How many of the newest revisions stay ({_KEEP})."),
    Option(key="yes", is_setting=False, names=("-y", "--yes"), help="Do it without a question."),
    Option(key="output", names=("--output",), metavar="lines|json", help="Lines of text, or JSON objects."),
)
_HELP = """Deregister old revisions of a task definition: of a family, or of the one that a service runs. The newest
stay, and those that somebody needs: a service or task of any cluster, an EventBridge rule, a schedule, and with -c and
-n what `rollback` would put back. If one of them cannot be asked, nothing is deregistered.

It shows the plan, and asks. Without a terminal it needs --yes. A revision every two seconds goes, because ECS limits
the rate for the whole account.

\b
For example:
  ecs-deploy prune -c prod -n web --dry-run
  ecs-deploy prune --family web --keep 20 --yes
"""


def _prune(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.agreed import agreed

    return agreed(_Pruning(given), given, environment)


class _Pruning:
    asks = True
    only_looks = False

    def __init__(self, given: Given) -> None:
        from ecsdeploy.cli.requests import check_names, service_ref
        from ecsdeploy.cli.words.values import whole_number
        from ecsdeploy.model.pruning import PruneRequest

        of_family = given.has("family")
        # A settings file may name a service for every run.
        if of_family and given.has("service") and given.origin("service").startswith("`-"):
            raise UsageError("`--family` and `-n` each name a family.", hint="Give one of them.")
        if not of_family:
            check_names(given)
        self.request = PruneRequest(
            family=given.text("family"),
            service=None if of_family else service_ref(given),
            keep=whole_number(given, "keep", minimum=1) or _KEEP,
            expect_account=given.text("expect_account"),
        )

    @property
    def names(self) -> tuple[str, ...]:
        ref = self.request.service
        return (self.request.family, *((ref.short_name, ref.short_cluster) if ref else ()))

    def plan(self, connection: Connection) -> Pruning:
        return self._command(connection).plan()

    def place(self, planned: Pruning) -> Place:
        return planned.place

    def question(self, planned: Pruning) -> str:
        from ecsdeploy.render.words import count

        number = len(planned.free)
        return f"Deregister {count(number, 'revision')} of {planned.family}?" if number else ""

    def steps(self, connection: Connection, planned: Pruning) -> Iterator[Dropped]:
        return self._command(connection).deregister(planned)

    def _command(self, connection: Connection) -> PruneCommand:
        from ecsdeploy.api import looking
        from ecsdeploy.engine.upkeep.prune import PruneCommand

        return PruneCommand(run=looking.between_releases(connection, self.request.service), request=self.request)

    def ended(self, _done: Dropped) -> None:
        """Each revision is a step, and none of them ends it."""

    def interrupted(self, done: int) -> str:
        return f"Interrupted after {done} revisions; the others stay."

    def show(self, planned: Pruning, stream: LineStream, style: Style) -> None:
        from ecsdeploy.render.pruning import show_pruning

        show_pruning(planned, stream, style)

    def json(self, planned: Pruning) -> str:
        from ecsdeploy.render.pruning import pruning_object

        return pruning_object(planned)

    def step(self, done: Dropped, _planned: Pruning) -> str:
        from ecsdeploy.render.pruning import dropped_line

        return dropped_line(done)

    def step_json(self, done: Dropped, planned: Pruning, at: datetime) -> str:
        from ecsdeploy.render.pruning import dropped_object

        return dropped_object(done, planned, at)


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_prune)
