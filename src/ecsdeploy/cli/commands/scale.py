"""`ecs-deploy scale`: change how many tasks a service runs, and wait until it is so."""

from __future__ import annotations

import re
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
    from ecsdeploy.engine.upkeep.scale import ScaleCommand
    from ecsdeploy.model.outcome import Place, Status
    from ecsdeploy.model.scaling import ScaleStep, Scaling
    from ecsdeploy.render.stream import LineStream, Style

_OPTIONS = (
    Option(
        key="count",
        is_setting=False,
        group=Group.SUBJECT,
        names=("--to",),
        metavar="N|+N|-N",
        help="How many tasks, or how many more or fewer than now.",
    ),
    Option(
        key="adjust_limits",
        is_setting=False,
        names=("--adjust-limits",),
        help="If auto scaling's limits do not allow that, move the one that is in the way.",
    ),
    *without_verdict("timeout", "dry_run", "detach"),
    Option(key="output", names=("--output",), metavar="lines|json", help="Lines of text, or JSON objects."),
)
_COUNT = re.compile(r"[+-]?\d{1,9}", re.ASCII)
_HELP = """Change how many tasks a service runs, without a release, and wait until it runs them: with health checks,
until they pass. A count outside the limits of Application Auto Scaling is refused, because it would be undone. If a
deployment is under way, nothing changes, and the exit code is 27.

\b
For example:
  ecs-deploy scale -c prod -n web --to 6
  ecs-deploy scale -c prod -n web --to +2 --adjust-limits
"""


def _scale(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.agreed import agreed

    return agreed(_Scaling(given), given, environment)


class _Scaling:
    asks = False
    only_looks = False

    def __init__(self, given: Given) -> None:
        from ecsdeploy.cli.requests import budget, check_names, service_ref
        from ecsdeploy.model.scaling import ScaleRequest

        check_names(given)
        text = given.text("count")
        if not text:
            raise UsageError("No count is named.", hint="Name it with `--to N`, `--to +N` or `--to -N`.")
        if not _COUNT.fullmatch(text):
            raise UsageError(f"`--to` must be a number of tasks, not `{text}`.", hint="Write it as `6`, `+2` or `-2`.")
        self.request = ScaleRequest(
            service=service_ref(given),
            count=int(text),
            relative=not text[0].isdigit(),
            adjust_limits=given.has("adjust_limits"),
            detach=given.has("detach"),
            seconds=budget(given).seconds,
            expect_account=given.text("expect_account"),
        )

    @property
    def names(self) -> tuple[str, ...]:
        return (self.request.service.short_name, self.request.service.short_cluster)

    def plan(self, connection: Connection) -> Scaling:
        return self._command(connection).plan()

    def place(self, planned: Scaling) -> Place:
        return planned.place

    def question(self, planned: Scaling) -> str:
        return "" if planned.is_so else f"Run {planned.wanted} tasks?"

    def steps(self, connection: Connection, planned: Scaling) -> Iterator[ScaleStep]:
        return self._command(connection).scale(planned)

    def _command(self, connection: Connection) -> ScaleCommand:
        from ecsdeploy.api import looking
        from ecsdeploy.engine.upkeep.scale import ScaleCommand

        return ScaleCommand(run=looking.between_releases(connection, self.request.service), request=self.request)

    def ended(self, done: ScaleStep) -> Status | None:
        return done.status

    def interrupted(self, _done: int) -> str:
        return "Interrupted: what was sent goes on at AWS; look at the service with `ecs-deploy status`."

    def show(self, planned: Scaling, stream: LineStream, style: Style) -> None:
        from ecsdeploy.render.scaling import show_scaling

        show_scaling(planned, stream, style)

    def json(self, planned: Scaling) -> str:
        from ecsdeploy.render.scaling import scaling_object

        return scaling_object(planned)

    def step(self, done: ScaleStep, planned: Scaling) -> str:
        from ecsdeploy.render.scaling import step_line

        return step_line(done, planned)

    def step_json(self, done: ScaleStep, planned: Scaling, at: datetime) -> str:
        from ecsdeploy.render.scaling import step_object

        return step_object(done, planned, at)


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_scale)
