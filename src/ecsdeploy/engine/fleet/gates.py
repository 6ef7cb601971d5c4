"""What stands between two waves of a release: the time in which alarms are watched, and somebody's approval."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Protocol

from ecsdeploy.engine.atpause.ports import Approval
from ecsdeploy.engine.fleet.hub import Hub, Strand
from ecsdeploy.engine.fleet.stream import FleetStream
from ecsdeploy.engine.ports import Clock
from ecsdeploy.errors import EcsDeployError, TakenBack
from ecsdeploy.model.fleet import Wave
from ecsdeploy.model.together import FleetAsks, FleetBroken, FleetSoaks
from ecsdeploy.model.values import replace, value
from ecsdeploy.release.order import Course

LOOK_SECONDS = 30.0
"""How long after a look at the alarms the next one follows."""
ANSWER_SECONDS = 1.0
"""How long we wait for a key before we look whether a signal has come."""


class AlarmStates(Protocol):
    """The states of the alarms of a wave by their names, as far as they exist. May raise an `EcsDeployError`."""

    def __call__(self, wave: Wave, /) -> Mapping[str, str]: ...


@value(frozen=True, slots=True, kw_only=True)
class Gates:
    """How the alarms of a wave are read, and who approves one; None if nobody can."""

    alarms: AlarmStates
    approval: Approval | None = None


class Between:
    """Waits before or after a wave, in a strand of its own, and keeps how far the release is by that."""

    def __init__(self, hub: Hub, stream: FleetStream, gates: Gates, change: Callable[[], None]) -> None:
        self._hub, self._stream, self._gates, self._change = hub, stream, gates, change
        self._strand: Strand | None = None
        self.course: Course = Course()

    def wait(self, where: tuple[int, Wave], *, asks: bool) -> None:
        """Have somebody approve the wave, or wait for its soak time; once, however often this is called meanwhile."""
        if self._strand is None:
            self._strand = self._hub.spawn(partial(self._run, where, self._ask if asks else self._soak))

    def leave(self) -> None:
        """Wait no longer: no wave begins any more."""
        if self._strand is not None:
            self._hub.reach(self._strand, TakenBack(""))

    def _run(self, where: tuple[int, Wave], work: Callable[[int, Wave], None]) -> None:
        with suppress(KeyboardInterrupt):
            work(*where)
        self._strand = None
        self._change()

    def _soak(self, number: int, wave: Wave) -> None:
        self._stream.tell(FleetSoaks(wave=wave.name, seconds=wave.soak_seconds))
        why = soaked(wave, self._gates, self._hub)
        self.course = replace(self.course, soaked=number + 1)
        if why:
            self._break(wave, why, wave.members)

    def _ask(self, number: int, wave: Wave) -> None:
        self._stream.tell(FleetAsks(wave=wave.name))
        if approved(self._gates, self._hub):
            self.course = replace(self.course, approved=number + 1)
        else:
            self._break(wave, "it was not approved")

    def _break(self, wave: Wave, why: str, failed: tuple[str, ...] = ()) -> None:
        self._stream.tell(FleetBroken(wave=wave.name, why=why))
        self.course = replace(self.course, broken=f"wave {wave.name}", failed=failed)


def soaked(wave: Wave, gates: Gates, clock: Clock) -> str:
    """Wait for the soak time of the wave. Returns why it has failed, or an empty text.

    An alarm that cannot be read at the end of that time counts as a failure: nobody knows that all is well.
    """
    until, unread = clock.monotonic() + wave.soak_seconds, ""
    while True:
        left = until - clock.monotonic()
        if wave.alarms:
            loud, unread = _looked(wave, gates)
            if loud or left <= 0:
                return loud or unread
        if left <= 0:
            return ""
        clock.sleep(min(left, LOOK_SECONDS) if wave.alarms else left)


def _looked(wave: Wave, gates: Gates) -> tuple[str, str]:
    """Which alarm is in ALARM, and what could not be read."""
    try:
        states = gates.alarms(wave)
    except EcsDeployError as error:
        return "", f"its alarms could not be read: {error.message.rstrip('.')}"
    loud = next((name for name in wave.alarms if states.get(name) == "ALARM"), "")
    missing = next((name for name in wave.alarms if name not in states), "")
    return f"the alarm `{loud}` is in ALARM" if loud else "", f"there is no alarm `{missing}`" if missing else ""


def approved(gates: Gates, clock: Clock) -> bool:
    """Whether somebody approves. A signal that comes meanwhile is raised by the clock."""
    while gates.approval is not None:
        answer = gates.approval(ANSWER_SECONDS)
        if answer is not None:
            return answer
        clock.sleep(0.1)
    return False
