"""The program of AWS's own Action, run under node against the simulator; what it did is recorded in `official.json`.

The program is not the project's, and is not in its repository. Who has a copy (its `index.js`, beside the packages of
npm that it needs) records anew with `python -m tests.action.official FOLDER [CASE...]`.

Recorded: version 2 of the Action before it had `keep-null-value-keys`, `max-retries` and `task-definition-arn`;
node 20, `@aws-sdk/client-ecs` 3.1164.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from ecsdeploy.sim import World
from ecsdeploy.sim import environment as variables_of
from ecsdeploy.sim.pace import Pace
from ecsdeploy.sim.server import Server
from tests.action.cases import CASES, Case
from tests.action.steps import written_outputs
from tests.cli.worlds import Json

RECORDED = Path(__file__).with_name("official.json")
_SPEED = 4.0
_LONGEST = 300
_WRITES = ("RegisterTaskDefinition", "RunTask", "UpdateService", "CreateDeployment")


@dataclass(frozen=True)
class Recorded:
    """How one case ended, and what was written on the way."""

    exit_code: int
    outputs: Mapping[str, str]
    writes: tuple[tuple[str, Json], ...]
    """Each operation and its request, without the members that are null or empty."""
    said: str


def recorded() -> Mapping[str, Recorded]:
    """By the name of the case."""
    whole = json.loads(RECORDED.read_text(encoding="utf-8"))
    return {
        name: Recorded(each["exit_code"], each["outputs"], tuple(map(tuple, each["writes"])), each["said"])
        for name, each in whole.items()
    }


def writes(world: World) -> tuple[tuple[str, Json], ...]:
    """What reached ECS and changed something, in order; a token differs in each run."""
    calls = (call for call in world.calls if call.operation in _WRITES)
    return tuple((call.operation, _told({**call.request, "clientToken": None})) for call in calls)


def _told(request: Json) -> Json:
    nothing: tuple[object, ...] = (None, [], {}, {"containerOverrides": []}, False)
    return {name: value for name, value in request.items() if value not in nothing}


def play(program: Path, case: Case) -> Recorded:
    """One case, in simulated time that passes several times as fast as the program's own."""
    world = case.world()
    with tempfile.TemporaryDirectory() as folder, _serving(world) as url:
        case.write(Path(folder))
        output = Path(folder) / "output"
        output.touch()
        ran = subprocess.run(
            ["node", str(program / "index.js")],
            env={
                **variables_of(url),
                **{f"INPUT_{name.upper()}": text for name, text in case.inputs.items()},
                "PATH": "/usr/local/bin:/usr/bin:/bin",
                "GITHUB_WORKSPACE": folder,
                "GITHUB_OUTPUT": str(output),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST,
        )
        outputs = written_outputs(output.read_text(encoding="utf-8"))
    errors = [line for line in ran.stdout.splitlines() if line.startswith(("::error", "::warning"))]
    return Recorded(ran.returncode, outputs, writes(world), "\n".join(errors))


@contextmanager
def _serving(world: World) -> Iterator[str]:
    server = Server(Pace(world, _SPEED), ("127.0.0.1", 0), None)
    thread = threading.Thread(target=server.run_forever)
    thread.start()
    try:
        yield server.url
    finally:
        server.close()
        thread.join()


if __name__ == "__main__":
    program, *names = sys.argv[1:]
    found = json.loads(RECORDED.read_text(encoding="utf-8")) if names else {}
    found |= {name: asdict(play(Path(program), CASES[name])) for name in names or CASES}
    RECORDED.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
