"""What the live region costs while a rollout is watched: the share of a core that its frames take."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.results import Figure
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import Counts, Event, Progress, Record, Said, Started
from ecsdeploy.render.live.screen import Screen
from ecsdeploy.render.stream import Style
from ecsdeploy.render.terminal import Size, Terminal

SHARE_OF_A_CORE = 2
SECONDS, AN_AGE = 12.0, 3.0
DESIRED = 100
WEB = ServiceRef(cluster="prod", name="web")
STARTED = Started(deployment_id="ecs-svc/8123456789012345678", revision="web:142", desired=DESIRED, breaker=True)


def measure(_runs: int) -> Sequence[Figure]:
    """The pace of a rollout is a look every few seconds; no change comes oftener than there are frames."""
    return (
        Figure(
            name="live region, a change every 3 s",
            value=_share(every=AN_AGE),
            unit="%",
            at_most=SHARE_OF_A_CORE,
        ),
        Figure(
            name="live region, a change in each frame (4 a second)",
            value=_share(every=0.2),
            unit="%",
            at_most=SHARE_OF_A_CORE,
        ),
    )


def _share(every: float) -> float:
    """CPU over time, once everything is loaded, of the whole process: it does nothing else."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        terminal = Terminal(size=lambda: Size(columns=120, rows=40), now=lambda: datetime.now(UTC))
        screen = Screen(nowhere, Style(color=True, width=120), terminal)
        _tell(screen, 0, STARTED)
        time.sleep(1)
        began, spent = time.monotonic(), time.process_time()
        for number in range(1, int(SECONDS / every) + 1):
            for event in _changes(number):
                _tell(screen, number, event)
            time.sleep(every)
        share = 100 * (time.process_time() - spent) / (time.monotonic() - began)
        screen.close()
    return share


def _tell(screen: Screen, number: int, event: Event) -> None:
    screen.emit(Record(seq=number, time=datetime.now(UTC), service=WEB, event=event))


def _changes(number: int) -> tuple[Event, ...]:
    running = number % DESIRED
    counts = Counts(desired=DESIRED, running=running, pending=4)
    told = Said(id=str(number), at=datetime.now(UTC), message=f"(service web) registered {number} targets in web-tg")
    return Progress(new=counts, old=Counts(running=DESIRED - running), elapsed=number), told
