"""`demo --check`: plays scenarios and compares them with what they expect."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import ExitCode
from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import inside, make_world, open_scenario, played_words, titled
from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import replace
from ecsdeploy.sim import Expect, Line, Ran, Scenario, check

_RESULTS = ("result", "release_result")
_NOTHING = "nothing was checked: it has no `[expect]`"


def check_all(names: Sequence[str], environment: Environment) -> int:
    """Print each line, and return the exit code: 0 only if every line of every scenario held."""
    broken = 0
    for name in _files(names, environment):
        scenario = open_scenario(name, environment)
        lines = play_and_check(scenario, environment) if scenario.expect != Expect() else ()
        environment.show(titled(scenario.name, scenario))
        for told in map(_told, lines) if lines else (_NOTHING,):
            environment.show(f"  {told}")
        broken += sum(not line.held for line in lines) or not lines
    return ExitCode.UNEXPECTED if broken else ExitCode.SUCCEEDED


def play_and_check(scenario: Scenario, environment: Environment) -> tuple[Line, ...]:
    """Play it at full speed until the world is quiet, without showing anything, and return the checked lines."""
    words, world = played_words(scenario), make_world(scenario)
    stdout, stderr, record = io.StringIO(), io.StringIO(), io.StringIO()
    quiet = replace(environment, stdout=stdout, stderr=stderr, record=record, stderr_is_terminal=False, simulated=True)
    code = main(words, inside(world, quiet))
    world.on_signal = None
    world.settle()
    ran = Ran(exit_code=code, result=_result(record), stdout=stdout.getvalue(), stderr=stderr.getvalue())
    return check(world, ran)


def _result(record: io.StringIO) -> Mapping[str, object] | None:
    lines = record.getvalue().splitlines()
    last = json.loads(lines[-1]) if lines else {}
    return last if isinstance(last, dict) and last.get("type") in _RESULTS else None


def _files(names: Sequence[str], environment: Environment) -> Iterator[str]:
    """Each name or file, and each `.toml` file in a folder."""
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
    word = "held   " if line.held else "broken "
    if line.name.endswith(("_has", "_lacks")):
        return f"{word} {line.name}: `{line.expected}` {line.got}"
    return f"{word} {line.name}: {line.got if line.held else f'expected {line.expected}, got {line.got}'}"
