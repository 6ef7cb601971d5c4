"""`ecs-deploy logs`: what the containers of a service wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import without_verdict
from ecsdeploy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.words.given import Given
    from ecsdeploy.model.logs import LogLine
    from ecsdeploy.model.looking import LogsRequest

_OPTIONS = (
    *without_verdict(),
    Option(key="output", names=("--output",), metavar="lines|json", help="Lines of text, or one JSON object an event."),
    Option(
        key="follow",
        is_setting=False,
        names=("-f", "--follow"),
        help="Go on with what comes, until Ctrl-C.",
    ),
    Option(
        key="since",
        is_of_one_run=True,
        names=("--since",),
        metavar="TIME",
        help="From when on: 10m ago, or 2026-01-31T12:00:00Z (15m; with `--failed` or `--task` 1h).",
    ),
    Option(
        key="failed",
        is_of_one_run=True,
        names=("--failed",),
        help="Only tasks that have failed within the last hour, and of each the container that did.",
    ),
    Option(
        key="container", is_of_one_run=True, names=("--container",), metavar="NAME", help="Only this container (all)."
    ),
    Option(
        key="revision",
        is_of_one_run=True,
        names=("--revision",),
        metavar="N|FAMILY:N",
        help="Only tasks of this revision.",
    ),
    Option(
        key="deployment",
        is_of_one_run=True,
        names=("--deployment",),
        metavar="ID",
        help="Only tasks that this deployment started.",
    ),
    Option(
        key="task",
        is_of_one_run=True,
        names=("--task",),
        metavar="ID",
        help="Only this task; the first digits will do.",
    ),
    Option(
        key="grep", is_of_one_run=True, names=("--grep",), metavar="TEXT", help="Only events with this text in them."
    ),
)
_HELP = """Show what the containers of a service wrote to CloudWatch Logs, merged by time: those of the tasks that run,
and of those that have stopped within the last hour. Secrets are hidden. It only reads, and names the containers whose
logs go elsewhere. Ctrl-C ends -f with exit code 0.

\b
For example:
  ecs-deploy logs -c prod -n web -f
  ecs-deploy logs -c prod -n web --failed
  ecs-deploy logs -c prod -n web --since 1h --container app --grep ERROR
  ecs-deploy logs -c prod -n web --task 1f0c2b41 --output json
"""
_NARROWING = ("revision", "deployment", "task", "failed")


def _logs(given: Given, environment: Environment) -> int:
    from ecsdeploy.api import looking
    from ecsdeploy.cli.access import access
    from ecsdeploy.cli.session.streams import is_read
    from ecsdeploy.cli.session.tracing import connected, tracing
    from ecsdeploy.cli.showing import showing
    from ecsdeploy.model.asked import names_in
    from ecsdeploy.model.logs import LogLine
    from ecsdeploy.render.logs import mended

    request = _request(given)
    environment.secrets.spare(names_in(request))
    aimed, shown = access(given, environment), showing(given, environment)
    write = _writer(environment, shown.color, as_json=shown.output == "json")
    try:
        with tracing(shown, environment) as trace:
            for each in looking.logs(connected(aimed, environment, trace), request):
                if not isinstance(each, LogLine):
                    environment.tell(" ".join(filter(None, (each.text, each.hint))))
                elif is_read(environment.stdout):
                    write(mended(each, environment.secrets))
                else:
                    return 0
    except KeyboardInterrupt as signal:
        if not request.follow or type(signal) is not KeyboardInterrupt:
            raise
    return 0


def _request(given: Given) -> LogsRequest:
    from ecsdeploy.cli.requests import check_names, service_ref
    from ecsdeploy.model.looking import LogsRequest

    check_names(given)
    _check_narrowed(given)
    return LogsRequest(
        service=service_ref(given),
        follow=given.has("follow"),
        since=_since(given),
        only_failed=given.has("failed"),
        container=given.text("container"),
        revision=given.text("revision"),
        deployment=given.text("deployment"),
        task=given.text("task"),
        grep=given.text("grep"),
        expect_account=given.text("expect_account"),
    )


def _since(given: Given) -> datetime | timedelta:
    from datetime import timedelta

    from ecsdeploy.cli.words.values import moment

    may_have_stopped = given.has("failed") or given.has("task")
    return moment(given, "since") or timedelta(minutes=60 if may_have_stopped else 15)


def _check_narrowed(given: Given) -> None:
    """Raise a `UsageError` if two options choose tasks, or if we should follow tasks that have failed."""
    chosen = [key for key in _NARROWING if given.has(key)]
    if len(chosen) > 1:
        first, second = (given.origin(key) for key in chosen[:2])
        raise UsageError(f"{first} and {second} each choose tasks.", hint="Give one of them.")
    if given.has("failed") and given.has("follow"):
        raise UsageError(
            f"{given.origin('failed')} is about stopped tasks, {given.origin('follow')} about those that run.",
            hint="Give one of them.",
        )


def _writer(environment: Environment, color: str, *, as_json: bool) -> Callable[[LogLine], None]:
    from ecsdeploy.render.stream import LineStream

    stream = LineStream(environment.stdout)
    if as_json:
        from ecsdeploy.render.objects import log_object

        return lambda line: stream.line(log_object(line))
    from ecsdeploy.render.logs import LogLines

    return LogLines(stream, color=environment.wants_color(color, of_stdout=True)).show


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_logs)
