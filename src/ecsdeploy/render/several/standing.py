"""How a release of several services stands, as one frozen value: a pure fold over its records."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import IntEnum, auto

from ecsdeploy.model.events import Finished, Record
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.together import FleetFinished, FleetRecord, FleetSoaks, FleetTakenBack, FleetTurn
from ecsdeploy.model.values import replace, value
from ecsdeploy.render.block import GOOD
from ecsdeploy.render.view import View, fold


class Rank(IntEnum):
    """Who is shown first: what failed, then what is under way."""

    FAILED = auto()
    GOING_BACK = auto()
    UNDER_WAY = auto()
    READING = auto()
    WAITING = auto()
    GOOD = auto()
    OVER = auto()


@value(frozen=True, slots=True, kw_only=True)
class Row:
    """One service: what has happened to it, whether it may begin, and how it ended."""

    name: str
    view: View = View()
    may_begin: bool = False
    ended: Finished | None = None

    @property
    def rank(self) -> Rank:
        view = self.view
        if self.ended is not None:
            return self._ended(self.ended)
        if view.undoing or view.rolling_back:
            return Rank.GOING_BACK
        if view.verdict is not None:
            return Rank.GOOD if view.verdict.status in GOOD else Rank.FAILED
        if view.started or self.may_begin:
            return Rank.UNDER_WAY
        return Rank.WAITING if view.planned else Rank.READING

    @staticmethod
    def _ended(ended: Finished) -> Rank:
        status = ended.outcome.verdict.status
        if status.is_success:
            return Rank.GOOD
        begun = bool(ended.outcome.deployment_id)
        return Rank.OVER if status is Status.REFUSED and not begun and ended.error is None else Rank.FAILED

    @property
    def word(self) -> str:
        """Its state in a word or two."""
        if self.ended is not None:
            return self.ended.outcome.verdict.status.value.replace("_", " ")
        if self.rank is Rank.UNDER_WAY and self.view.started is None:
            return "beginning"
        return _WORDS[self.rank]


_WORDS = {
    Rank.FAILED: "failed",
    Rank.GOING_BACK: "rolling back",
    Rank.UNDER_WAY: "deploying",
    Rank.READING: "reading",
    Rank.WAITING: "waiting",
    Rank.GOOD: "succeeded",
    Rank.OVER: "not begun",
}


@value(frozen=True, slots=True, kw_only=True)
class Standings:
    """The whole release up to now."""

    began: datetime | None = None
    rows: dict[str, Row] = field(default_factory=dict)
    note: str = ""
    """What is told of the release itself, last."""
    is_over: bool = False


def folded(standings: Standings, record: FleetRecord) -> Standings:
    """How the release stands after one more record."""
    event = record.event
    rows, note = standings.rows, standings.note
    if isinstance(event, Record):
        rows = {**rows, record.member: _told(rows.get(record.member, Row(name=record.member)), event)}
    elif isinstance(event, FleetTurn):
        rows = {**rows, **{name: replace(rows.get(name, Row(name=name)), may_begin=True) for name in event.members}}
    elif isinstance(event, FleetSoaks):
        note = f"the next wave begins {event.seconds:.0f} s after this one"
    elif isinstance(event, FleetTakenBack):
        note = f"others go back, because {event.why} failed" if event.why else "all goes back, as asked"
    return replace(
        standings,
        began=standings.began or record.time,
        rows=rows,
        note=note,
        is_over=isinstance(event, FleetFinished),
    )


def _told(row: Row, record: Record) -> Row:
    ended = record.event if isinstance(record.event, Finished) else row.ended
    return replace(row, view=fold(row.view, record), ended=ended)
