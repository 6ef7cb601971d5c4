"""JSON lines: one object for each event, the last one the result.

Every line is `{"v":1,"seq":n,"time":"2026-11-22T12:03:19.000Z","type":...,...}`, in ASCII, flushed as it is
written. `service` and `cluster` say which service it is about, as the user named it; they are absent where
no service is deployed, and empty in the result. Within `v` 1 members are only added.

`type` is the name of a class of `ecsdeploy.model.events.Event` in snake case (`planned`, `registered`, `started`,
`progress`, `monitored`, `task_running`, `said`, `paused`, `continued`, `doomed`, `reconsidered`, `delayed`,
`rolling_back`, `lost_contact`, `found_contact`, `task_started`, `task_status`, `task_said`, `task_stopping`,
`task_finished`, `pruned`, `spared`, `warned`, `concluded`) and the other members are that class's: nested values are
objects, tuples arrays, times UTC with `Z`, durations seconds. From these lines the events can be made again. An
object with a `code` (of a cause, a check, a warning) also has `docs`, where our documentation explains it:
`docs/reference/causes.md#e-container-exit`.

The last line has the type `result`:

    status            succeeded failed stopped rolled_back timed_out superseded unknown rollback_failed
                      refused busy interrupted unchanged detached
    exit_code         of this process; in the commands it follows from `status`, but for 1 and 64 (`error` says why, or
                      a report is lost) and the 2 of `plan --exit-code`
    service, cluster, region, account
    from_revision, to_revision              ARNs, or empty
    deployment_id, service_deployment_arn   of the deployment that this run started, or empty
    images            {container: reference}
    cause             null, or the first one:
                      {code, docs, summary, container, evidence, remedy, tasks, of, log_group, log_stream,
                       log_note};
                      `evidence` has reasons of ECS and lines of the log, word for word; the cause shows in
                      `tasks` of `of` tasks
    rollback          null, or {by, to_revision, status, deployment_id, reason, running, desired}; its `status` is
                      `in_progress` if it goes on at AWS: `running` of `desired` tasks are on the old revision
    other             null, or the deployment that superseded ours or is in its way:
                      {deployment_id, revision, images, registered_by}
    started_at, duration_seconds
    warnings          texts, each a code and what it is about
    error             only if an error ended the run: {type, message, hint}. `type` says what was wrong:
                      UsageError, ImageError, Refused, NoSuchResource, Lossy, CredentialsError (credentials or Region
                      are missing, wrong or expired), AccessDenied, AwsRefused, Unreachable (no connection), Throttled,
                      ReplyLost (no usable answer), Bug (a bug in ecs-deploy)

Texts are cleaned (`ecsdeploy.model.text`), and `***` stands for secrets (`ecsdeploy.model.secrets`). No event has the
value of a variable: in the `differences` of `planned`, a fingerprint (`#a31f`) stands for a value that may hold a
secret, and tells it from another one. With `--show-values` the plan has the values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.codes import read_at
from ecsdeploy.model.events import Finished, Record
from ecsdeploy.model.outcome import Cause, Other, Outcome, Place
from ecsdeploy.model.overview import Overview, ServiceCondition
from ecsdeploy.model.report import Report
from ecsdeploy.model.values import is_value, members_of
from ecsdeploy.render.stream import LineStream

if TYPE_CHECKING:
    from ecsdeploy.model.checkup import Checkup
    from ecsdeploy.model.history import Compared, History, Release
    from ecsdeploy.model.logs import LogLine

ExitCode = Callable[[Outcome, EcsDeployError | None], int]
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


class JsonLines:
    """Writes each record as one line of JSON."""

    def __init__(self, stream: LineStream, exit_code: ExitCode) -> None:
        self._stream = stream
        self._exit_code = exit_code

    def emit(self, record: Record) -> None:
        envelope: dict[str, object] = {"v": 1, "seq": record.seq, "time": _utc(record.time)}
        self._stream.line(json.dumps(envelope | self._body(record), separators=(",", ":")))

    def _body(self, record: Record) -> dict[str, object]:
        event = record.event
        if isinstance(event, Finished):
            return _result(event, self._exit_code(event.outcome, event.error))
        about = {"service": record.service.name, "cluster": record.service.cluster} if record.service else {}
        return {"type": _CAPITAL.sub("_", type(event).__name__).lower(), **about, **_members(event)}


def status_object(report: Report, exit_code: int) -> str:
    """The status of a service: one JSON object, with the members of `ecsdeploy.model.report.Report`.

    `condition` is steady, rolled_back, unsteady, deploying, failing, rolling_back, stuck, failed or going. `service`,
    `cluster`, `region` and `account` say where. `facts` is what DescribeServices says. `releases` says what each of the
    deployments brings, with the members of `other` in a result. `exit_code` is that of `--exit-code`.
    """
    members = _members(report)
    facts, time = members.pop("service"), members.pop("at")
    del members["place"]
    head: dict[str, object] = {"v": 1, "type": "status", "time": time, "exit_code": exit_code}
    beside = {"facts": facts, "images": dict(report.images), "releases": [_other(each) for each in report.releases]}
    shown = head | _members(report.place) | members | beside
    return json.dumps(shown, separators=(",", ":"))


def overview_object(overview: Overview, exit_code: int) -> str:
    """The status of a cluster's services: one JSON object of the type `cluster_status`.

    `services` has the condition, counts and deployments of each service, the worst first, and ECS's `reason` if the
    service is not well. `unasked` has the services of the list that we could not read, with why. `unlisted` says why
    the list is incomplete, or is "". The schema is `docs/reference/cluster-status.schema.json`.
    """
    shown = {
        "v": 1,
        "type": "cluster_status",
        "time": _utc(overview.at),
        "exit_code": exit_code,
        "cluster": overview.cluster,
        "region": overview.region,
        "account": overview.account,
        "services": [_standing(each) for each in overview.services],
        "unasked": [_members(each) for each in overview.unasked],
        "unlisted": overview.unlisted,
    }
    return json.dumps(shown, separators=(",", ":"))


def history_object(history: History) -> str:
    """The releases of a service: one object of the type `history` (`docs/reference/history.schema.json`)."""
    shown = {
        **_head("history", history.at, history.place),
        "source": history.source.value,
        "only_failed": history.only_failed,
        "releases": [_release(each) for each in history.releases],
        "more": history.more,
        "rollback": _plain(history.way_back),
        "unread": list(history.unread),
    }
    return json.dumps(shown, separators=(",", ":"))


def compared_object(compared: Compared) -> str:
    """What differs between two revisions: one object of the type `differences`, of the same schema."""
    shown = {
        **_head("differences", compared.at, compared.place),
        "from_revision": compared.old,
        "to_revision": compared.new,
        "differences": _plain(compared.differences),
    }
    return json.dumps(shown, separators=(",", ":"))


def doctor_object(checkup: Checkup, exit_code: int) -> str:
    """What is wrong: one object of the type `doctor`; `docs/reference/doctor.schema.json` is its schema."""
    report, task = checkup.report, checkup.task
    shown = {
        **_head("doctor", checkup.at, checkup.place),
        "exit_code": exit_code,
        "subject": checkup.subject.value,
        "is_well": checkup.is_well,
        "condition": report.condition.value if report else None,
        "task": _members(task) if task else None,
        "causes": [_members(each) for each in checkup.causes],
        "alarms": _plain(report.alarms) if report else [],
        "targets": _plain(report.targets) if report else [],
        "findings": _plain(checkup.findings),
        "actions": _plain(checkup.actions),
        "unread": list(checkup.unread),
    }
    return json.dumps(shown, separators=(",", ":"))


def log_object(line: LogLine) -> str:
    """One event of a container: an object of the type `log`; `docs/reference/logs.schema.json` is its schema."""
    about = {"task": line.task, "container": line.container, "message": line.message}
    return json.dumps({"v": 1, "type": "log", "time": _utc(line.at), **about}, separators=(",", ":"))


def object_of(kind: str, at: datetime, place: Place, **members: object) -> str:
    """One object of a command: when and where, and its own members."""
    shown = _head(kind, at, place) | {name: _plain(each) for name, each in members.items()}
    return json.dumps(shown, separators=(",", ":"))


def _head(kind: str, at: datetime, place: Place) -> dict[str, object]:
    return {"v": 1, "type": kind, "time": _utc(at), **_members(place)}


def _release(each: Release) -> dict[str, object]:
    past = each.past
    took = (past.finished_at - past.created_at).total_seconds() if past.finished_at and past.created_at else None
    return {
        "revision": past.revision,
        "deployment_id": past.deployment_id,
        "service_deployment_arn": past.arn,
        "status": past.status,
        "reason": past.reason,
        "created_at": _plain(past.created_at),
        "finished_at": _plain(past.finished_at),
        "duration_seconds": took,
        "images": [{"container": name, "image": image, "digest": digest} for name, image, digest in past.images],
        "registered_by": each.by,
        "is_undone": each.is_undone,
        "is_way_back": each.is_way_back,
    }


def _standing(each: ServiceCondition) -> dict[str, object]:
    service = each.service
    return {
        "service": service.name,
        "condition": each.condition.value,
        "reason": each.reason,
        "status": service.status,
        "revision": service.task_definition,
        "desired": service.desired,
        "running": service.running,
        "pending": service.pending,
        "deployments": [_members(deployment) for deployment in service.deployments],
    }


def _result(finished: Finished, exit_code: int) -> dict[str, object]:
    outcome = finished.outcome
    return {
        "type": "result",
        "status": outcome.verdict.status.value,
        "exit_code": exit_code,
        "service": outcome.place.service,
        "cluster": outcome.place.cluster,
        "region": outcome.place.region,
        "account": outcome.place.account,
        "from_revision": outcome.from_revision,
        "to_revision": outcome.to_revision,
        "deployment_id": outcome.deployment_id,
        "service_deployment_arn": outcome.service_deployment_arn,
        "images": dict(outcome.images),
        "cause": _cause(outcome.cause) if outcome.cause else None,
        "rollback": _plain(outcome.rollback),
        "other": _other(outcome.other) if outcome.other else None,
        "started_at": _utc(outcome.started_at),
        "duration_seconds": round(outcome.duration_seconds, 3),
        "warnings": list(outcome.warnings),
        **_obstacle(finished),
    }


def _obstacle(finished: Finished) -> dict[str, object]:
    """The member `error`: what ended the run, or why we could no longer ask AWS. Without either, no member."""
    verdict = finished.outcome.verdict
    if finished.error is not None:
        return {"error": _error(finished.error)}
    return {"error": {"type": verdict.lost, "message": verdict.reason, "hint": ""}} if verdict.lost else {}


def _other(other: Other) -> dict[str, object]:
    return _members(other) | {"images": dict(other.images)}


def _cause(cause: Cause) -> dict[str, object]:
    members = _members(cause)
    del members["log"]
    return members | {"evidence": [*cause.evidence, *cause.log]}


def _error(error: EcsDeployError) -> dict[str, str]:
    return {"type": type(error).__name__, "message": error.message, "hint": error.hint}


def _members(value: object) -> dict[str, object]:
    if not is_value(value):
        return {}
    members = {name: _plain(each) for name, each in members_of(value).items()}
    page = read_at(str(members.get("code", "")))
    return members | {"docs": page} if page else members


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return _members(value) if is_value(value) else value


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
