"""Look at services, revisions and logs, and make the runs of what is done between releases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ecsdeploy.api import Connection, run_of
from ecsdeploy.engine.run import Run
from ecsdeploy.model.arn import ServiceRef

if TYPE_CHECKING:
    from ecsdeploy.engine.looking.overview import Listener
    from ecsdeploy.model.checkup import Checkup
    from ecsdeploy.model.events import Record
    from ecsdeploy.model.history import Compared, History
    from ecsdeploy.model.logs import LogLine, LogNotice
    from ecsdeploy.model.looking import DifferenceRequest, DoctorRequest, HistoryRequest, LogsRequest, StatusRequest
    from ecsdeploy.model.overview import Overview
    from ecsdeploy.model.report import Report
    from ecsdeploy.model.request import OverviewRequest

_LOOK_SECONDS = 20.0
"""We repeat failed reads of one look for so long at most, all of them together."""


def status(connection: Connection, request: StatusRequest) -> Report:
    """Read how the service stands; writes nothing. What may not be read is named in the report's `unread`."""
    from ecsdeploy.engine.looking.status import StatusReads

    return StatusReads(connection.plane, connection.clock, request).report()


def overview(connection: Connection, request: OverviewRequest, listener: Listener) -> Overview:
    """Read how all services of a cluster stand; writes nothing. What could not be asked is named in it.

    `listener` is told of the progress of what takes longer than two seconds.
    """
    from ecsdeploy.engine.looking.overview import OverviewReads

    return OverviewReads(connection.plane, connection.clock, request, listener).overview()


def history(connection: Connection, request: HistoryRequest) -> History:
    """Read the newest releases of a service; writes nothing. What could not be read is named in it."""
    from ecsdeploy.engine.looking.history import HistoryReads

    return HistoryReads(_looking(connection, request.service), request).history()


def doctor(connection: Connection, request: DoctorRequest) -> Checkup:
    """Read what is wrong with a service, or would be; writes nothing. What could not be read is named in it."""
    from ecsdeploy.engine.looking.doctor import DoctorReads

    return DoctorReads(_looking(connection, request.service), request).checkup()


def logs(connection: Connection, request: LogsRequest) -> Iterator[LogLine | LogNotice]:
    """What the containers of a service wrote, by time, each as it is read; with `follow` it never ends by itself.

    The texts are the containers' own: not cleaned, and with the secrets that are in them.
    """
    from ecsdeploy.engine.looking.logs import LogReads

    return LogReads(_looking(connection, request.service), request).lines()


def between_releases(connection: Connection, service: ServiceRef | None) -> Run:
    """The run of a command of `ecsdeploy.engine.upkeep`, which plans first, and yields each step once it is done."""
    return _looking(connection, service)


def compare(connection: Connection, request: DifferenceRequest) -> Compared:
    """Read two revisions, and say what differs, without values that may be secret; writes nothing."""
    from ecsdeploy.engine.looking.history import compare as compared

    return compared(_looking(connection, request.service), request)


class _Nobody:
    """A sink for runs that tell nothing on the way."""

    def emit(self, record: Record) -> None:
        """Drop it."""


def _looking(connection: Connection, service: ServiceRef | None) -> Run:
    """A run that only reads, whose reads are asked again for as long as `status` asks."""
    return run_of(connection, service, _LOOK_SECONDS, _Nobody())
