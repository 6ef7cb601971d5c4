"""Decides which members of a release may begin now, whether it stops, and which of its members go back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from ecsdeploy.model.fleet import FleetRequest, OnMemberFailure, Stage, Standing
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.values import value

Standings = Mapping[str, Standing]
"""How each member stands, by its name."""

WORST_FIRST = (
    Status.ROLLBACK_FAILED,
    Status.UNKNOWN,
    Status.FAILED,
    Status.STOPPED,
    Status.TIMED_OUT,
    Status.SUPERSEDED,
    Status.ROLLED_BACK,
    Status.BUSY,
    Status.REFUSED,
    Status.INTERRUPTED,
    Status.SUCCEEDED,
    Status.DETACHED,
    Status.UNCHANGED,
)
"""Of several verdicts, the one that stands for all is the first of these that is among them."""


class Move(Enum):
    """What a release does next."""

    WAIT = auto()
    """Wait until a member is further."""
    REFUSE = auto()
    """Nothing has been written, and nothing is to be: a member was refused."""
    BEGIN = auto()
    """Let these members begin."""
    ASK = auto()
    """Ask whether the wave of these members may begin."""
    SOAK = auto()
    """A wave has succeeded: wait for its soak time."""
    TAKE_BACK = auto()
    """A member has failed: no other begins, and these go back."""
    STOP = auto()
    """A member has failed: no other begins."""
    DONE = auto()
    """All waves have succeeded."""


@value(frozen=True, slots=True, kw_only=True)
class Next:
    """What to do next, and to which members."""

    move: Move
    members: tuple[str, ...] = ()
    why: str = ""
    """The member that is the reason, or the wave."""


@value(frozen=True, slots=True, kw_only=True)
class Course:
    """How far a release is, beside its members."""

    soaked: int = 0
    """How many waves, from the first, have had their soak time."""
    approved: int = 0
    """How many waves, from the first, may begin as far as somebody's approval goes."""
    broken: str = ""
    """The wave that has failed, although its members succeeded, or that was not approved."""
    failed: tuple[str, ...] = ()
    """The members of a wave that has failed so."""


def next_move(request: FleetRequest, standings: Standings, course: Course) -> Next:
    """What the release does now."""
    if not all(each.is_planned for each in standings.values()):
        return Next(move=Move.WAIT)
    failed = next((name for name, each in standings.items() if each.has_failed), "")
    if failed and not request.are_independent:
        return _after(failed, request, standings)
    if course.broken:
        return _after(course.broken, request, standings, course.failed)
    for number, wave in enumerate(request.waves):
        if not all(standings[name].is_over for name in wave.members):
            if wave.asks and number >= course.approved:
                return Next(move=Move.ASK, members=wave.members)
            names = _may_begin(request, standings, wave.members)
            return Next(move=Move.BEGIN if names else Move.WAIT, members=names)
        is_last = number + 1 == len(request.waves)
        if number >= course.soaked and wave.soak_seconds and (wave.alarms or not is_last):
            return Next(move=Move.SOAK, members=wave.members)
    return Next(move=Move.DONE)


def worst_of(statuses: tuple[Status, ...], *, asked_back: bool = False, is_broken: bool = False) -> Status:
    """The status that stands for all of them; UNCHANGED for none.

    If the user asked for all to go back, and none is worse than that, it is INTERRUPTED. If a wave failed or was not
    approved (`is_broken`), and its release has gone on as it is, it is FAILED.
    """
    worst = min(statuses, key=WORST_FIRST.index, default=Status.UNCHANGED)
    rank, back = WORST_FIRST.index(worst), WORST_FIRST.index(Status.ROLLED_BACK)
    if asked_back and rank >= back:
        return Status.INTERRUPTED
    return Status.FAILED if is_broken and rank > back else worst


def touched(standings: Standings) -> tuple[str, ...]:
    """The members that can be taken back: those that have succeeded, and those under way that do not fail by now."""
    under_way = (name for name in _in(Stage.UNDER_WAY, standings) if not standings[name].fails)
    return (*under_way, *_in(Stage.GOOD, standings))


def _after(failed: str, request: FleetRequest, standings: Standings, also: tuple[str, ...] = ()) -> Next:
    """What follows a failure: of a member, or of a wave whose members (`also`) have succeeded all the same."""
    if all(each.stage in (Stage.READY, Stage.ENDED) and not each.has_begun for each in standings.values()):
        return Next(move=Move.REFUSE, members=_in(Stage.READY, standings), why=failed)
    if request.on_failure is OnMemberFailure.ROLLBACK:
        return Next(move=Move.TAKE_BACK, members=touched(standings), why=failed)
    if also and request.on_failure is OnMemberFailure.ROLLBACK_FAILED:
        good = _in(Stage.GOOD, standings)
        return Next(move=Move.TAKE_BACK, members=tuple(name for name in good if name in also), why=failed)
    return Next(move=Move.STOP, why=failed)


def _in(stage: Stage, standings: Standings) -> tuple[str, ...]:
    return tuple(name for name, each in standings.items() if each.stage is stage)


def _may_begin(request: FleetRequest, standings: Standings, wave: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the wave that are ready, whose forerunners have succeeded, and for which there is room."""
    first = standings.get(request.first)
    if first is not None and not (first.has_begun or first.is_over):
        return (request.first,) if first.stage is Stage.READY else ()
    under_way = len(_in(Stage.UNDER_WAY, standings))
    room = len(wave) if request.max_parallel is None else max(request.max_parallel - under_way, 0)
    by_name = request.by_name
    ready = (name for name in wave if standings[name].stage is Stage.READY)
    free = (name for name in ready if all(standings[each].is_over for each in by_name[name].after))
    return tuple(free)[:room]
