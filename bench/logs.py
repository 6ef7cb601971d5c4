"""What it costs to follow a log of a hundred lines a second, beside a program that only reads the same replies."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from bench.deployment import environment
from bench.endpoint import CLUSTER, SERVICE, Json, World, serving
from bench.results import Figure

PER_SECOND, CORE_PERCENT = 100, 3
SHORT, LONG = 4.0, 16.0
"""Seconds for which it is followed: what the longer run takes more is what following costs."""
OURS = (
    sys.executable,
    "-I",
    str(Path(sys.executable).with_name("ecs-deploy")),
    "logs",
    "-c",
    CLUSTER,
    "-n",
    SERVICE,
    "-f",
)
GROUP, PREFIX = "/ecs/web", "web"
_MESSAGE = '{"level":"info","msg":"GET /api/v1/items/%d","status":200,"latency_ms":%d,"remote":"10.0.0.%d"}'
_READER = """
import json, sys, time, urllib.request
url, seen = sys.argv[1], set()
while True:
    asked = json.dumps({"startTime": int((time.time() - 7) * 1000)}).encode()
    head = {"x-amz-target": "Logs_20140328.FilterLogEvents"}
    with urllib.request.urlopen(urllib.request.Request(url, asked, head)) as reply:
        for each in json.load(reply)["events"]:
            if each["eventId"] not in seen:
                seen.add(each["eventId"])
                print(each["message"])
    time.sleep(2)
"""


class Writing(World):
    """Its container writes so many lines a second of real time."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.time()

    def answer(self, operation: str, request: Json) -> Json | None:
        reply = super().answer(operation, request) if operation != "FilterLogEvents" else None
        match operation:
            case "FilterLogEvents":
                return {"events": [*self._events(request["startTime"] / 1000)], "searchedLogStreams": []}
            case "DescribeTaskDefinition" if reply:
                (container,) = reply["taskDefinition"]["containerDefinitions"]
                options = {"awslogs-group": GROUP, "awslogs-stream-prefix": PREFIX}
                container["logConfiguration"] = {"logDriver": "awslogs", "options": options}
        return reply

    def _events(self, since: float) -> Iterator[Json]:
        first, last = ((at - self._began) * PER_SECOND for at in (max(since, self._began), time.time()))
        for number in range(int(first), int(last)):
            yield {
                "eventId": f"{number:056d}",
                "logStreamName": f"{PREFIX}/app/{self.revision:032x}",
                "timestamp": int((self._began + number / PER_SECOND) * 1000),
                "message": _MESSAGE % (number, number % 97, number % 255),
            }


def measure(runs: int) -> Sequence[Figure]:
    reader = (sys.executable, "-I", "-c", _READER)
    # A first run is not counted: it writes byte code.
    _cpu(OURS, 1, with_url=False)
    shares = [(_share(OURS), _share(reader, with_url=True)) for _ in range(max(1, runs // 5))]
    ours, bare = (100 * median(each) for each in zip(*shares, strict=True))
    return (
        Figure(name="`logs -f` at 100 lines a second, of a core", value=ours, unit="%", at_most=CORE_PERCENT),
        Figure(name="who only reads the same replies, of a core", value=bare, unit="%"),
    )


def _share(argv: Sequence[str], *, with_url: bool = False) -> float:
    """CPU seconds a second."""
    short, long = (_cpu(argv, seconds, with_url=with_url) for seconds in (SHORT, LONG))
    return (long - short) / (LONG - SHORT)


def _cpu(argv: Sequence[str], seconds: float, *, with_url: bool) -> float:
    """Follow for so long, then Ctrl-C."""
    with tempfile.TemporaryDirectory() as home, serving(Writing()) as url, Path(home, "out").open("wb") as out:
        words = (*argv, url) if with_url else argv
        child = subprocess.Popen(words, env=environment(url, Path(home)), stdout=out, stderr=out)
        time.sleep(seconds)
        child.send_signal(signal.SIGINT)
        _, _, usage = os.wait4(child.pid, 0)
        child.returncode = 0
    return usage.ru_utime + usage.ru_stime
