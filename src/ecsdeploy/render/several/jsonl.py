"""JSON lines of a release of several services.

Each line is what the run of one service writes, with the release's id as `release`, numbered through: see
`render.jsonl`. The types `fleet_ready`, `fleet_turn`, `fleet_soaks` and `fleet_taken_back` are about the release. The
last line has the type `release_result`:

    status, exit_code   the worst of the services'
    services            [{name, service, cluster, status, exit_code, to_revision, deployment_id, error}], in the order
                        in which they were named; the result of each is a line of its own
    started_at, duration_seconds
"""

from __future__ import annotations

import json
from collections.abc import Callable

from ecsdeploy.model.events import Record
from ecsdeploy.model.fleet import FleetOutcome, MemberOutcome
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.together import FleetEvent, FleetFinished, FleetRecord
from ecsdeploy.render.jsonl import ExitCode, body_of, type_of
from ecsdeploy.render.members import json_members, utc
from ecsdeploy.render.stream import LineStream


class FleetJson:
    """Writes each record as one line of JSON."""

    def __init__(self, stream: LineStream, exit_code: ExitCode, of_status: Callable[[Status], int]) -> None:
        self._stream, self._exit_code, self._of_status = stream, exit_code, of_status

    def emit(self, record: FleetRecord) -> None:
        head = {"v": 1, "seq": record.seq, "time": utc(record.time), "release": record.release}
        self._stream.line(json.dumps(head | self._body(record.event), separators=(",", ":")))

    def _body(self, event: FleetEvent | Record) -> dict[str, object]:
        if isinstance(event, Record):
            return body_of(event, self._exit_code)
        if isinstance(event, FleetFinished):
            return release_result(event.outcome, self._of_status)
        return {"type": type_of(event), **json_members(event)}


def release_result(outcome: FleetOutcome, of_status: Callable[[Status], int]) -> dict[str, object]:
    """The last line of a release, without its number and its time."""
    return {
        "type": "release_result",
        "status": outcome.status.value,
        "exit_code": of_status(outcome.status),
        "services": [_member(each, of_status) for each in outcome.members],
        "started_at": utc(outcome.started_at),
        "duration_seconds": outcome.duration_seconds,
    }


def _member(ended: MemberOutcome, of_status: Callable[[Status], int]) -> dict[str, object]:
    place = ended.outcome.place if ended.outcome else None
    return {
        "name": ended.name,
        "service": place.service if place else "",
        "cluster": place.cluster if place else "",
        "status": ended.status.value,
        "exit_code": of_status(ended.status),
        "to_revision": ended.outcome.to_revision if ended.outcome else "",
        "deployment_id": ended.outcome.deployment_id if ended.outcome else "",
        "error": ended.error.message if ended.error else "",
    }
