"""`ecs-deploy sim`: a simulated ECS on loopback, for any tool that speaks to AWS."""

from __future__ import annotations

import shlex
import socket
import time
from datetime import UTC, datetime

from ecsdeploy.cli.commands.command import Command
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import ExitCode
from ecsdeploy.cli.options.around import VERSION
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.values import whole_number
from ecsdeploy.errors import EcsDeployError, UsageError

DEFAULT_HOST, DEFAULT_PORT, DEFAULT_SCENARIO = "127.0.0.1", 4599, "good"
_PATIENCE, _INTERVAL = 10.0, 0.1
_LAST_PORT, _FASTEST = 65535, 1e6
_FIRST_YEAR, _LAST_YEAR = 2000, 2999
_OPTIONS = (
    Option(key="scenario", names=("--scenario",), metavar="FILE|NAME", help="The world to serve (good)."),
    Option(key="host", names=("--host",), metavar="ADDRESS", help="A loopback address (127.0.0.1)."),
    Option(
        key="listen",
        names=("--listen",),
        metavar="ADDRESS",
        is_setting=False,
        help="An address beyond loopback, as 0.0.0.0 in a container: whoever reaches it can use the simulator.",
    ),
    Option(key="port", names=("--port",), metavar="PORT", help="The port to listen on (4599)."),
    Option(key="speed", names=("--speed",), metavar="N", help="Simulated seconds in a second (1)."),
    Option(key="start", names=("--start",), metavar="TIME", help="When its time begins, as 2026-01-01T12:00Z (now)."),
    Option(key="seed", names=("--seed",), metavar="N", help="The seed of ids and chance (the scenario's)."),
    Option(
        key="print_env",
        is_setting=False,
        names=("--print-env",),
        help="Print what to `eval` for a simulator on that port.",
    ),
    Option(key="verbose", names=("-v", "--verbose"), help="Print one line for each API call."),
    VERSION,
)
_HELP = """Serve a simulated ECS on this machine, for the AWS CLI, boto3 and every tool built on them.

\b
For example:
  ecs-deploy sim --port 4599 --speed 60 &
  eval "$(ecs-deploy sim --print-env --port 4599)"
  aws ecs describe-services --cluster prod --services web
"""


def _sim(given: Given, environment: Environment) -> int:
    host = _host(given)
    port = whole_number(given, "port") if given.has("port") else DEFAULT_PORT
    if port is None or port > _LAST_PORT:
        raise UsageError(f"{given.origin('port')} must be a port up to {_LAST_PORT}.")
    if given.has("print_env"):
        return _print_env(host, port, environment)
    return _serve(host, port, given, environment)


def _host(given: Given) -> str:
    if given.has("host") and given.has("listen"):
        raise UsageError("`--host` is on loopback, and `--listen` beyond it.", hint="Give one of them.")
    return given.text("host") or given.text("listen") or DEFAULT_HOST


def _serve(host: str, port: int, given: Given, environment: Environment) -> int:
    from ecsdeploy.cli.play.simulated import make_world, open_scenario, titled
    from ecsdeploy.sim import Scenario, SimError, World, serve

    scenario, seed = open_scenario(given.text("scenario") or DEFAULT_SCENARIO, environment), whole_number(given, "seed")
    world = make_world(scenario, seed=seed, start=_start(given))
    on_call = environment.tell if given.has("verbose") else None

    def begin(scenario: Scenario) -> World:
        """Make the world anew, as the command line says; it begins now if that gives no time."""
        return World(scenario, seed=seed, start=_start(given).timestamp())

    try:
        server = serve(
            world,
            host=host,
            port=port,
            speed=_speed(given),
            on_call=on_call,
            begin=begin,
            beyond_loopback=given.has("listen"),
        )
    except SimError as error:
        raise UsageError(str(error)) from None
    try:
        environment.tell(f"{titled(f'Simulating {scenario.name}', scenario).rstrip('.')}. Ctrl-C stops.")
        environment.tell(f"To look at it: {server.url}/")
        if given.has("listen"):
            environment.tell(f"Warning: whoever reaches {host} port {server.port} can use and change this simulator.")
        environment.show(_exports(server.url))
        server.run_forever()
    except KeyboardInterrupt:
        environment.tell("The simulator has stopped.")
    finally:
        server.close()
    return ExitCode.SUCCEEDED


def _print_env(host: str, port: int, environment: Environment) -> int:
    end = time.monotonic() + _PATIENCE
    while not _answers(host, port):
        if time.monotonic() > end:
            raise EcsDeployError(f"No simulator answers on {host}:{port}.", hint="Start `ecs-deploy sim` first.")
        time.sleep(_INTERVAL)
    environment.show(_exports(f"http://{host}:{port}"))
    return ExitCode.SUCCEEDED


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def _exports(url: str) -> str:
    from ecsdeploy.sim import environment as variables_of

    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables_of(url).items())


def _start(given: Given) -> datetime:
    """When the world begins: by default now, because other tools ask for what happened in the last hour."""
    text = given.text("start")
    if not text:
        return datetime.now(UTC)
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        start = datetime.min  # noqa: DTZ901 - refused below
    if not _FIRST_YEAR <= start.year <= _LAST_YEAR:
        raise UsageError(f"{given.origin('start')} must be a time such as 2026-01-01T12:00Z, not `{text}`.")
    return start if start.tzinfo else start.replace(tzinfo=UTC)


def _speed(given: Given) -> float:
    text = given.text("speed") or "1"
    try:
        speed = float(text)
    except ValueError:
        speed = 0
    if not 0 < speed < _FASTEST:
        raise UsageError(f"{given.origin('speed')} must be a number above 0, not `{text}`.")
    return speed


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_sim)
