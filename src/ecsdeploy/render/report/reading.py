"""Reads the JSON lines of a run, and counts what it cannot read."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast, get_args

from ecsdeploy.errors import Bug, EcsDeployError
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import Event, Finished, Record
from ecsdeploy.model.outcome import Outcome
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.model.values import value
from ecsdeploy.render.clean import cleaned
from ecsdeploy.render.report.decoding import Unreadable, decoded

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_TYPES: Mapping[str, type] = {_CAPITAL.sub("_", each.__name__).lower(): each for each in get_args(Event)}
_RESULT = "result"


@value(frozen=True, slots=True, kw_only=True)
class Run:
    """What was read of a run. Without its end, it was cut off or killed, and nobody knows how it went on."""

    records: tuple[Record, ...]
    exit_code: int | None = None
    broken: int = 0
    """Lines that are no event as we know it."""
    unknown: tuple[tuple[str, int], ...] = ()
    """Types of events that this version does not know, and how often each came."""
    missing: int = 0
    """Lines that are not there, by their numbers."""
    others: int = 0
    """Earlier runs in the same lines."""

    @property
    def finished(self) -> Finished | None:
        last = self.records[-1].event if self.records else None
        return last if isinstance(last, Finished) else None


@value(slots=True, kw_only=True)
class _Draft:
    records: list[Record]
    unknown: Counter[str]
    exit_code: int | None = None
    broken: int = 0
    missing: int = 0
    seq: int = 0


def read(lines: Iterable[str]) -> Run:
    """The last run in these lines, with every text cleaned and without what looks like a secret."""
    drafts = [_Draft(records=[], unknown=Counter())]
    for text in filter(None, map(str.strip, lines)):
        line = _object(text)
        seq = line.get("seq") if line else None
        if line is None or type(seq) is not int:
            drafts[-1].broken += 1
            continue
        if seq <= drafts[-1].seq:
            drafts.append(_Draft(records=[], unknown=Counter()))
        _take(drafts[-1], seq, line)
    last = drafts[-1]
    return Run(
        records=tuple(last.records),
        exit_code=last.exit_code,
        broken=last.broken,
        unknown=tuple(sorted(last.unknown.items())),
        missing=last.missing,
        others=len(drafts) - 1,
    )


def _object(text: str) -> Mapping[str, object] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("v") == 1 else None


def _take(draft: _Draft, seq: int, line: Mapping[str, object]) -> None:
    draft.missing += seq - draft.seq - 1
    draft.seq = seq
    kind = str(line.get("type"))
    if kind != _RESULT and kind not in _TYPES:
        draft.unknown[Secrets().mend(kind, 60)] += 1
        return
    try:
        record = cleaned(_record(line), Secrets())
    except Unreadable:
        draft.broken += 1
        return
    draft.records.append(record)
    if isinstance(record.event, Finished):
        code = line.get("exit_code")
        draft.exit_code = code if type(code) is int else None


def _record(line: Mapping[str, object]) -> Record:
    kind = line.get("type")
    event = _finished(line) if kind == _RESULT else decoded(_TYPES[str(kind)], line)
    name, cluster = line.get("service"), line.get("cluster")
    known = isinstance(name, str) and isinstance(cluster, str) and name
    return Record(
        seq=cast("int", line["seq"]),
        time=cast("datetime", decoded(datetime, line.get("time"))),
        service=ServiceRef(cluster=str(cluster), name=str(name)) if known else None,
        event=cast("Event", event),
    )


def _finished(line: Mapping[str, object]) -> Finished:
    verdict = line.get("verdict", {"status": line.get("status")})
    members = {
        **line,
        "verdict": verdict,
        "place": {name: line.get(name, "") for name in ("cluster", "service", "region", "account")},
        "images": _pairs(line.get("images")),
        "causes": line.get("causes", [*filter(None, [line.get("cause")])]),
        "other": _other(line.get("other")),
    }
    outcome = cast("Outcome", decoded(Outcome, members))
    return Finished(outcome=outcome, error=None if outcome.verdict.lost else _error(line.get("error")))


def _pairs(given: object) -> object:
    return [[name, each] for name, each in given.items()] if isinstance(given, Mapping) else []


def _other(given: object) -> object:
    return {**given, "images": _pairs(given.get("images"))} if isinstance(given, Mapping) else None


def _error(given: object) -> EcsDeployError | None:
    if not isinstance(given, Mapping):
        return None
    kind = Bug if given.get("type") == Bug.__name__ else EcsDeployError
    return kind(str(given.get("message", "")), hint=str(given.get("hint", "")))
