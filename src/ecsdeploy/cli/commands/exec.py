"""`ecs-deploy exec`: a shell or a command in a container of a service that runs, or a port of it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command, Operands
from ecsdeploy.cli.options.option import Group, Option
from ecsdeploy.cli.options.table import without_verdict
from ecsdeploy.errors import UsageError

if TYPE_CHECKING:
    from ecsdeploy.api import Connection
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.programs.session_plugin import SessionPlugin
    from ecsdeploy.cli.words.given import Given
    from ecsdeploy.engine.upkeep.execute import ExecCommand
    from ecsdeploy.model.execution import ExecRequest, Forward, Picked

_OPTIONS = (
    *without_verdict(),
    Option(
        key="task",
        is_of_one_run=True,
        group=Group.SUBJECT,
        names=("--task",),
        metavar="ID",
        help="This task; the first digits will do (a task of the newest deployment, a healthy one first).",
    ),
    Option(
        key="container",
        is_of_one_run=True,
        group=Group.SUBJECT,
        names=("--container",),
        metavar="NAME",
        help="This container (the only one, else the only essential one).",
    ),
    Option(
        key="forward",
        is_of_one_run=True,
        group=Group.SUBJECT,
        names=("--forward",),
        metavar="[LOCAL:]REMOTE",
        help="Run nothing: forward a port of the container to this machine; LOCAL:HOST:PORT for one of another host.",
    ),
    Option(
        key="dry_run",
        group=Group.SUBJECT,
        names=("--dry-run",),
        help="Only say which task and container it would be.",
    ),
    Option(
        key="output",
        names=("--output",),
        metavar="lines|json",
        help="Where the command runs: a line on stderr, or one JSON object on stdout before the session.",
    ),
)
_HELP = """Open a shell in a container of a service that runs, or run a command there, by ECS Exec. WORDS are the
command (/bin/sh); no shell reads them. The task must have been started with `enableExecuteCommand`, and this machine
needs AWS's session-manager-plugin. Keys such as Ctrl-C go to the session. The exit code is the plugin's: 0 once the
session has ended, whatever became of the command. With --forward, Ctrl-C ends the session, and the exit code is 0.

\b
For example:
  ecs-deploy exec -c prod -n web
  ecs-deploy exec -c prod -n web --container app -- ./manage.py check
  ecs-deploy exec -c prod -n web --forward 8080:80
  ecs-deploy exec -c prod -n web --dry-run --output json
"""
_SHELL = ("/bin/sh",)
_INTERRUPTED = 130
"""The exit code of a program that Ctrl-C ended."""


def _exec(given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.access import access
    from ecsdeploy.cli.programs.session_plugin import find_plugin
    from ecsdeploy.cli.session.look import drawn_once
    from ecsdeploy.cli.session.tracing import connected, tracing
    from ecsdeploy.cli.showing import showing
    from ecsdeploy.model.asked import names_in
    from ecsdeploy.model.secrets import secrets_of_words

    request = _request(given, environment)
    environment.secrets.spare((*names_in(request), request.container))
    environment.secrets.learn(secrets_of_words(request.command))
    aimed, shown = access(given, environment), showing(drawn_once(given), environment)
    plugin = None if given.has("dry_run") else find_plugin(environment.variables)
    if plugin and request.forward:
        from ecsdeploy.cli.programs.ports import with_local_port

        request = dataclasses.replace(request, forward=with_local_port(request.forward))
    with tracing(shown, environment) as trace:
        command = _command(connected(aimed, environment, trace), request)
        picked = command.pick()
        _tell(picked, environment, as_json=shown.output == "json")
        if plugin is None:
            return 0
        return _join(plugin, command, picked, aimed.profile, on_terminal=environment.stdin_is_terminal)


def _request(given: Given, environment: Environment) -> ExecRequest:
    from ecsdeploy.cli.requests import check_names, service_ref
    from ecsdeploy.model.execution import ExecRequest

    check_names(given)
    words = given.texts("operands")
    forward = _forward(given, words)
    if not (words or forward or given.has("dry_run") or environment.stdin_is_terminal):
        raise UsageError(
            "A shell needs a terminal, and stdin is none.",
            hint="Name a command after `--`: it gets no input without a terminal. No session was opened.",
        )
    return ExecRequest(
        service=service_ref(given),
        command=words or (() if forward else _SHELL),
        forward=forward,
        task=given.text("task"),
        container=given.text("container"),
        expect_account=given.text("expect_account"),
    )


def _forward(given: Given, words: tuple[str, ...]) -> Forward | None:
    if not given.has("forward"):
        return None
    from ecsdeploy.cli.programs.ports import forward_of

    if words:
        raise UsageError(
            "`--forward` runs nothing in the container, so no command goes with it.",
            hint="Leave out the words after `--`, or `--forward`. No session was opened.",
        )
    return forward_of(given.text("forward"))


def _command(connection: Connection, request: ExecRequest) -> ExecCommand:
    from ecsdeploy.api import looking
    from ecsdeploy.engine.upkeep.execute import ExecCommand

    return ExecCommand(run=looking.between_releases(connection, request.service), request=request)


def _join(plugin: SessionPlugin, command: ExecCommand, picked: Picked, profile: str, *, on_terminal: bool) -> int:
    """Open the session, and join it until it ends; returns the exit code of the plugin.

    An interrupt is how a person ends the forwarding of a port: all went well.
    """
    from ecsdeploy.cli.session.signals import Underway, number_of

    try:
        code = plugin.join(command.open(picked), profile, on_terminal=on_terminal)
    except KeyboardInterrupt as interrupt:
        if picked.forward and not number_of(interrupt):
            return 0
        raise Underway from interrupt
    return 0 if picked.forward and code == _INTERRUPTED else code


def _tell(picked: Picked, environment: Environment, *, as_json: bool) -> None:
    """Say where the command runs, before it does."""
    from ecsdeploy.render.clean import cleaned
    from ecsdeploy.render.execution import picked_line, picked_object
    from ecsdeploy.render.stream import LineStream

    clean = cleaned(picked, environment.secrets)
    if as_json:
        LineStream(environment.stdout).line(picked_object(clean))
    else:
        LineStream(environment.stderr).line(picked_line(clean))


COMMAND = Command(
    options=_OPTIONS, help=_HELP, perform=_exec, operands=Operands("[-- WORDS...]", tuple, after_dashes=True)
)
