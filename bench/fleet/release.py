"""One release of so many services, by the command line, in this process; what it cost is written to stdout."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from bench.fleet import account
from bench.fleet.account import Account, Truth
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main

TASKS, EVERY, LATENCY_MS = 5, 25, 80
"""Tasks of a service; each so many-th service is faulty; milliseconds of a call."""
GOOD, FAULTY = "registry.example.com/team/app", "registry.example.com/team/bad"
_WORDS = ("--image", f"{GOOD}:2", "--image", f"{FAULTY}:2", "--timeout", "3h", "--output", "json")
_VARIABLES = {
    "AWS_ACCESS_KEY_ID": "AKIASIMULATOREXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "simulated",
    "AWS_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": "http://sim.invalid",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one release cost. `late` has the seconds from knowable to verdict of each service that ECS has judged."""

    services: int
    wrong: int
    calls: dict[str, int]
    throttled: int
    cpu_seconds: float
    virtual_seconds: float
    peak_kib: int
    late: list[float]


def play(services: int) -> Run:
    """Release them. Half a core's worth of imports and first uses is paid by a release of two before."""
    with account.opened(_scenario(services)) as opened, TemporaryDirectory() as folder:
        events = Path(folder, "events")
        began, spent = opened.monotonic(), process_time()
        _deploy(opened, services, events)
        spent, virtual = process_time() - spent, opened.monotonic() - began
        peak = _peak_kib()
        return _judged(services, opened.truth(), events, cpu=spent, virtual=virtual, peak=peak)


def _deploy(opened: Account, services: int, events: Path) -> None:
    named = ("-n", "s0000") if services == 1 else ("-n", "s*")
    with events.open("w", encoding="utf-8") as out:
        around = Environment(
            stdout=out,
            stderr=sys.stderr,
            variables=_VARIABLES,
            cwd=events.parent,
            transport=opened.transport,
            clock=opened,
        )
        main(("deploy", "-c", "prod", *named, *(_WORDS[:2] if services == 1 else _WORDS[:4]), *_WORDS[4:]), around)


def _judged(services: int, truth: Truth, events: Path, *, cpu: float, virtual: float, peak: int) -> Run:
    told = {each["service"]: each for each in _results(events)}
    right = sum((told[name]["status"] == "succeeded") is end.good and name in told for name, end in truth.ends.items())
    return Run(
        services=services,
        wrong=services - right,
        calls=dict(truth.calls),
        throttled=truth.throttled,
        cpu_seconds=cpu,
        virtual_seconds=virtual,
        peak_kib=peak,
        late=[round(float(str(told[name]["at"])) - end.at, 2) for name, end in truth.ends.items()],
    )


def _results(events: Path) -> Iterator[dict[str, object]]:
    """The result of each service, and when its verdict was told."""
    at = dict[str, float]()
    with events.open(encoding="utf-8") as lines:
        for each in map(json.loads, lines):
            if each["type"] == "concluded":
                at[each["service"]] = datetime.fromisoformat(each["time"]).timestamp()
            elif each["type"] == "result":
                yield {"service": each["service"], "status": each["status"], "at": at.get(each["service"], 0.0)}


def _scenario(services: int) -> str:
    head = 'schema = 1\nname = "fleet"\nsummary = "fleet"\nseed = 7\n'
    limits = f"[limits]\nthrottle = true\nlatency_ms = {LATENCY_MS}\n"
    crash = f'[images."{FAULTY}:2"]\nrun = "exit"\nexit_code = 1\nafter = 4\n'
    return "\n".join((head, limits, crash, *map(_service, range(services))))


def _service(number: int) -> str:
    image = FAULTY if number % EVERY == EVERY - 1 else GOOD
    return (
        f'[[services]]\ncluster = "prod"\nname = "s{number:04}"\ndesired = {TASKS}\nimage = "{image}:1"\n'
        'deployment = { circuit_breaker = "stop" }\n'
    )


def _peak_kib() -> int:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("services", type=int)
    parser.add_argument("--warm", action="store_true", help="release two services before, and do not count them")
    given = parser.parse_args()
    if given.warm:
        play(2)
    print(json.dumps(asdict(play(given.services))))
