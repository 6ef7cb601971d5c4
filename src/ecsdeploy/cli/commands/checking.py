"""`demo --check`: scenarios held against what they expect."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ecsdeploy.cli.commands.simulated import inside, open_scenario
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import ExitCode
from ecsdeploy.cli.main import main
from ecsdeploy.errors import UsageError
from ecsdeploy.sim import Line, Ran, Scenario, World, check


def check_all(names: Sequence[str], environment: Environment) -> int:
    """0 only if every line of every scenario held."""
    broken = 0
    for name in _files(names, environment):
        scenario = open_scenario(name, environment)
        lines = play_and_check(scenario, environment)
        environment.show(f"{scenario.name}: {scenario.summary}")
        for line in lines:
            environment.show(f"  {_told(line)}")
        broken += sum(not line.held for line in lines)
    return ExitCode.UNEXPECTED if broken else ExitCode.SUCCEEDED


def play_and_check(scenario: Scenario, environment: Environment) -> tuple[Line, ...]:
    """Play it unpaced until the world is quiet; what it says goes nowhere."""
    world, stdout, stderr, record = World(scenario), io.StringIO(), io.StringIO(), io.StringIO()
    quiet = replace(environment, stdout=stdout, stderr=stderr, record=record, stderr_is_terminal=False)
    code = main(scenario.deploy_args, inside(world, quiet))
    world.settle()
    ran = Ran(exit_code=code, result=_result(record), stdout=stdout.getvalue(), stderr=stderr.getvalue())
    return check(world, ran)


def _result(record: io.StringIO) -> Mapping[str, object] | None:
    lines = record.getvalue().splitlines()
    last = json.loads(lines[-1]) if lines else {}
    return last if isinstance(last, dict) and last.get("type") == "result" else None


def _files(names: Sequence[str], environment: Environment) -> Iterator[str]:
    """Each name or file, and each file of a folder."""
    for name in names:
        folder = environment.cwd / name
        if not folder.is_dir():
            yield name
            continue
        files = sorted(folder.glob("*.toml"))
        if not files:
            raise UsageError(f"The folder `{name}` holds no scenario.", hint="A scenario is a `.toml` file.")
        yield from map(str, files)


def _told(line: Line) -> str:
    if line.held:
        return f"held    {line.name}: {line.got}"
    return f"broken  {line.name}: expected {line.expected}, got {line.got}"
