"""Plays a scenario with a program of others: a real process against the simulator's own server, all of it sped up.

Simulated time passes `SPEED` times as fast as the wall clock, and Debian's `faketime` speeds up the program's sleeps,
timeouts and clock alike. What a program computes is not sped up, so simulated time stands still until its first call:
starting an interpreter costs it nothing. Its verdict counts from the last answer that it got, or from when it began to
put the former revision back.
"""

import shlex
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bench.verdicts.entries import Entry
from ecsdeploy.model.text import clean
from ecsdeploy.sim import Scenario, World
from ecsdeploy.sim import environment as variables_of
from ecsdeploy.sim.pace import Pace
from ecsdeploy.sim.server import Server
from tests.others.subject import subject
from tests.truth.fates import starts, truth_of, watching
from tests.truth.scenario import budget_of, with_latency
from tools import peers

SPEED = 5.0
AT_ONCE = 6
_LONGEST = 3000.0
"""Simulated seconds that a program may take."""
_NOTE_CHARACTERS = 90
_KILLED = 124
_INSTALL = Path(__file__).parents[2] / "scripts" / "install-faketime"


class Missing(Exception):
    """What it takes to run programs of others is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A program of others: `command` has its words, several commands with `&&` between them, and placeholders.

    {cluster} {service}     where to deploy
    {container} {image}     what to deploy, into which container
    {revision}              the ARN of a revision with that image, registered beforehand
    """

    name: str
    command: str

    def commands(self, fill: Mapping[str, str]) -> Iterator[list[str]]:
        for separates, words in groupby(shlex.split(self.command), key="&&".__eq__):
            if not separates:
                yield [word.format_map(fill) for word in words]


AWS = Rival(
    name="aws",
    command="aws ecs update-service --cluster {cluster} --service {service} --task-definition {revision}"
    " && aws ecs wait services-stable --cluster {cluster} --services {service}",
)
FABFUEL = Rival(name="fabfuel", command="ecs deploy --rollback --image {container} {image} {cluster} {service}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where programs of others are run: the folder of their commands, and the library that speeds up their time."""

    commands: Path
    faketime: Path

    def variables(self, url: str, home: str) -> Mapping[str, str]:
        return {
            **variables_of(url),
            "PATH": f"{self.commands}:/usr/bin:/bin",
            "HOME": home,
            "LANG": "C.UTF-8",
            "AWS_EC2_METADATA_DISABLED": "true",
            "LD_PRELOAD": str(self.faketime),
            "FAKETIME": f"+0 x{SPEED:g}",
        }


def prepare() -> Stage:
    """Install what is missing."""
    if subprocess.run([_INSTALL], check=False).returncode:
        raise Missing("Debian's `faketime` could not be installed; install it, or use `--ours-only`.")
    found = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if found is None:
        raise Missing("There is no `libfaketime.so.1` under /usr/lib; use `--ours-only`.")
    return Stage(commands=peers.install(), faketime=found)


def play(rival: Rival, scenario: Scenario, knowable: float | None, stage: Stage) -> Entry:
    """One program in one scenario."""
    world = World(with_latency(scenario))
    fill = subject(world, registers="{revision}" in rival.command)
    code, said = _carry_out(world, list(rival.commands(fill)), stage)
    last = _verdict_call(world)
    told = world.calls[last].time if world.calls else world.start
    world.settle()
    truth = truth_of(world, told=told, budget=budget_of(scenario))
    right = truth.admits_light(green=code == 0)
    after = None if truth.began is None else told - truth.began
    return Entry(
        program=rival.name,
        scenario=scenario.name,
        truth=truth.fate,
        verdict=f"exit {code}",
        right=right,
        late=None if after is None or knowable is None else after - knowable,
        calls=watching(world.calls, last + 1),
        watched=after or 0.0,
        note="" if right else said,
    )


def _verdict_call(world: World) -> int:
    """The index of the call by which it had its verdict: the last, or the one before its way back."""
    began = starts(world)
    until = began[1] if len(began) > 1 else float("inf")
    return sum(call.time < until for call in world.calls) - 1


def _carry_out(world: World, commands: Sequence[Sequence[str]], stage: Stage) -> tuple[int, str]:
    """Run them one after the other, until one fails; its exit code, and the last that it said."""
    code, said = 0, ""
    with _serving(world) as (pace, url), tempfile.TemporaryDirectory() as home:
        for words in commands:
            pace.pause()
            code, said = _run(words, stage.variables(url, home), home)
            if code:
                break
        pace.pause()
    return code, said


@contextmanager
def _serving(world: World) -> Iterator[tuple[Pace, str]]:
    """The server of `ecs-deploy sim`; time, where it stands still, goes on with the first call."""
    pace = Pace(world, SPEED)
    server = Server(pace, ("127.0.0.1", 0), lambda _: pace.resume() if pace.paused else None)
    thread = threading.Thread(target=server.run_forever)
    thread.start()
    try:
        yield pace, server.url
    finally:
        server.close()
        thread.join()


def _run(words: Sequence[str], variables: Mapping[str, str], home: str) -> tuple[int, str]:
    with subprocess.Popen(
        words,
        env=variables,
        cwd=home,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            said, _ = process.communicate(timeout=_LONGEST / SPEED)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return _KILLED, f"still running after {_LONGEST:.0f} s"
    lines = [line for each in said.splitlines() if (line := each.strip(" ."))]
    return process.returncode, clean(lines[-1], _NOTE_CHARACTERS) if lines else ""
