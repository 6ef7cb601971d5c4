"""A release of several services that has ended, as one value: what a CI job and a chat are told is made from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime

from ecsdeploy.model.events import Record
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.together import FleetFinished, FleetRecord
from ecsdeploy.model.values import value
from ecsdeploy.render.annotation import annotation, error_command
from ecsdeploy.render.block import glyph_of
from ecsdeploy.render.ended import AtEnd, Ended
from ecsdeploy.render.jsonl import ExitCode
from ecsdeploy.render.labelled import laid_out
from ecsdeploy.render.members import utc
from ecsdeploy.render.several.jsonl import release_result
from ecsdeploy.render.several.lines import is_victim
from ecsdeploy.render.stepsummary import code, fenced, plain
from ecsdeploy.render.stream import Style
from ecsdeploy.render.words import count

_BYTES = 400_000
"""GitHub takes 1 MiB for a step."""
_REPORT_BYTES = 60_000
"""GitHub takes 1 MiB of outputs of a job; Linux takes 128 KiB in a variable."""


@value(frozen=True, slots=True, kw_only=True)
class EndedMember:
    """How one service ended: `ended` has the whole story, and is None if its run never began to tell one."""

    name: str
    status: Status
    exit_code: int
    ended: Ended | None
    error: str = ""

    @property
    def is_good(self) -> bool:
        return self.status.is_success

    @property
    def why(self) -> str:
        """What stood in the way, in a line; empty after a success."""
        if self.is_good:
            return ""
        return (self.ended.why if self.ended else "") or self.error

    @property
    def is_victim(self) -> bool:
        """Whether nothing is known to be wrong with it: it went back, or never began, because of another one."""
        return self.ended is not None and is_victim(self.ended.finished)


@value(frozen=True, slots=True, kw_only=True)
class EndedFleet:
    """How the release ended, with its services in the order in which they were named."""

    release: str
    status: Status
    exit_code: int
    at: datetime
    seconds: float
    members: tuple[EndedMember, ...]
    result: str
    """The JSON object of `release_result`."""

    @property
    def failed(self) -> tuple[EndedMember, ...]:
        """Those that did not succeed; first those that are the reason for the others."""
        return tuple(sorted((each for each in self.members if not each.is_good), key=lambda each: each.is_victim))

    @property
    def title(self) -> str:
        """`ecs-deploy: 3 services`."""
        return f"ecs-deploy: {count(len(self.members), 'service')}"

    @property
    def verdict(self) -> str:
        """One sentence about all of them."""
        good = len(self.members) - len(self.failed)
        if not self.failed:
            return f"All {len(self.members)} services: {self.status}."
        first = self.failed[0]
        why = f": {first.why}" if first.why else ""
        return (
            f"{self.status.upper()}. {good} of {len(self.members)} services stay released. {first.name}{why}".rstrip()
        )


class AtFleetEnd:
    """A renderer that calls each of `tellers` in turn, once, when the release has ended."""

    def __init__(
        self,
        style: Style,
        exit_code: ExitCode,
        of_status: Callable[[Status], int],
        *tellers: Callable[[EndedFleet], None],
    ) -> None:
        self._style, self._exit_code, self._of_status, self._tellers = style, exit_code, of_status, tellers
        self._ended: dict[str, Ended] = {}
        self._at_end: dict[str, AtEnd] = {}

    def emit(self, record: FleetRecord) -> None:
        event = record.event
        if isinstance(event, Record):
            self._of(record.member).emit(event)
        elif isinstance(event, FleetFinished):
            fleet = self._fleet(record, event)
            for teller in self._tellers:
                teller(fleet)

    def _of(self, name: str) -> AtEnd:
        if name not in self._at_end:
            self._at_end[name] = AtEnd(self._style, self._exit_code, lambda ended: self._ended.update({name: ended}))
        return self._at_end[name]

    def _fleet(self, record: FleetRecord, finished: FleetFinished) -> EndedFleet:
        outcome = finished.outcome
        members = tuple(
            EndedMember(
                name=each.name,
                status=each.status,
                exit_code=self._of_status(each.status),
                ended=self._ended.get(each.name),
                error=each.error.message if each.error else "",
            )
            for each in outcome.members
        )
        head = {"v": 1, "time": utc(record.time), "release": record.release}
        return EndedFleet(
            release=record.release,
            status=outcome.status,
            exit_code=self._of_status(outcome.status),
            at=record.time,
            seconds=outcome.duration_seconds,
            members=members,
            result=json.dumps(head | release_result(outcome, self._of_status), separators=(",", ":")),
        )


def error_commands(fleet: EndedFleet) -> Iterator[str]:
    """A runner's `error` command for each service that failed, the reasons for others first."""
    for each in fleet.failed:
        line = annotation(each.ended) if each.ended else ""
        yield line or error_command(f"ecs-deploy: {each.name}", each.why or each.status.value)


def summary(fleet: EndedFleet, most: int = _BYTES) -> str:
    """The summary of a step, in Markdown: one table, and the stories of those that failed, folded."""
    return "".join(f"{line}\n" for line in _summary(fleet, most))


def _summary(fleet: EndedFleet, most: int) -> Iterator[str]:
    yield from ("", f"### {plain(fleet.title)}", "", plain(fleet.verdict), "")
    yield from ("| | Service | Verdict | Image | Why |", "|---|---|---|---|---|")
    ordered = (*fleet.failed, *(each for each in fleet.members if each.is_good))
    yield from (_row(each) for each in ordered)
    told = [each for each in fleet.failed if each.ended is not None and not each.is_victim]
    for each in told:
        story = tuple(laid_out(each.ended.story, each.ended.style)) if each.ended else ()
        folded = (*fenced(story, most // len(told)),)
        yield from ("", f"<details><summary>{plain(each.name)}</summary>", *folded, "", "</details>")


def _row(member: EndedMember) -> str:
    ended = member.ended
    glyph = "✔" if member.is_good else glyph_of(ended.outcome) if ended else "✖"
    images = ", ".join(code(image) for _, image in ended.outcome.images) if ended else ""
    return f"| {glyph} | {plain(member.name)} | {member.status} | {images} | {plain(member.why)} |".replace("\n", " ")


def outputs(fleet: EndedFleet) -> tuple[tuple[str, str], ...]:
    """The outputs of a step, with the names that those of one service have, and `services`, which is JSON."""
    first = fleet.failed[0] if fleet.failed else None
    cause = first.ended.outcome.cause if first and first.ended else None
    services = [
        {"name": each.name, "verdict": each.status.value, "exit-code": each.exit_code} for each in fleet.members
    ]
    return (
        ("verdict", fleet.status.value),
        ("exit-code", str(int(fleet.exit_code))),
        ("cause-code", cause.code if cause else ""),
        ("cause", first.why if first else ""),
        ("services", json.dumps(services)),
        ("report", summary(fleet, _REPORT_BYTES // 2).strip("\n")),
    )


def text_of(fleet: EndedFleet) -> str:
    """The verdict and a line for each service that failed, for a message."""
    return "\n".join((fleet.verdict, *(f"{each.name}: {each.status} {each.why}".rstrip() for each in fleet.failed)))
