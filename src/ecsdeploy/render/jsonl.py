"""JSON lines: one object for each event, the last one the result.

Every line is `{"v":1,"seq":n,"time":"2026-11-22T12:03:19.000Z","type":...,...}`, in ASCII, flushed as it is
written. `service` and `cluster` say which service it is about, as the user named it; they are absent where
no service is deployed, and empty in the result. Within `v` 1 members are only added.

`type` is the name of a class of `ecsdeploy.model.events.Event` in snake case (`planned`, `registered`, `started`,
`progress`, `monitored`, `task_running`, `said`, `paused`, `continued`, `doomed`, `reconsidered`, `delayed`,
`rolling_back`, `lost_contact`, `found_contact`, `task_started`, `task_status`, `task_said`, `task_stopping`,
`task_finished`, `smoke_started`, `smoke_said`, `smoke_awaited`, `smoke_ended`,
`pruned`, `spared`, `warned`, `concluded`) and the other members are that class's: nested values are
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
    verdict           {status, reason, serving, serves, by, phase, limit_seconds, doom, lost}; `serving` is the revision
                      that serves now, and `serves` has all whose tasks run, if there are several
    causes            all of them, the first one too; here `log` has the lines of the log, and `evidence` the reasons
    task_arn, task_exit_code                of a one-off task that failed, or empty and null
    as_asked          true if it was rolled back because the user asked for just that
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
from datetime import datetime

from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.events import Finished, Record
from ecsdeploy.model.outcome import Cause, Outcome
from ecsdeploy.render.members import json_members, other_object, plain, utc
from ecsdeploy.render.stream import LineStream

ExitCode = Callable[[Outcome, EcsDeployError | None], int]
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


class JsonLines:
    """Writes each record as one line of JSON."""

    def __init__(self, stream: LineStream, exit_code: ExitCode) -> None:
        self._stream = stream
        self._exit_code = exit_code

    def emit(self, record: Record) -> None:
        envelope: dict[str, object] = {"v": 1, "seq": record.seq, "time": utc(record.time)}
        self._stream.line(json.dumps(envelope | body_of(record, self._exit_code), separators=(",", ":")))


def body_of(record: Record, exit_code: ExitCode) -> dict[str, object]:
    """What a record says, without its number and its time."""
    event = record.event
    if isinstance(event, Finished):
        return _result(event, exit_code(event.outcome, event.error))
    about = {"service": record.service.name, "cluster": record.service.cluster} if record.service else {}
    return {"type": type_of(event), **about, **json_members(event)}


def type_of(event: object) -> str:
    """The `type` of an event: the name of its class in snake case."""
    return _CAPITAL.sub("_", type(event).__name__).lower()


def result_object(finished: Finished, at: datetime, exit_code: int) -> str:
    """The result of a run that has ended: the last of its JSON lines, without a number."""
    head = {"v": 1, "time": utc(at)}
    return json.dumps(head | _result(finished, exit_code), separators=(",", ":"))


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
        "rollback": plain(outcome.rollback),
        "other": other_object(outcome.other) if outcome.other else None,
        "started_at": utc(outcome.started_at),
        "duration_seconds": round(outcome.duration_seconds, 3),
        "warnings": list(outcome.warnings),
        "verdict": json_members(outcome.verdict),
        "causes": [json_members(each) for each in outcome.causes],
        "task_arn": outcome.task_arn,
        "task_exit_code": outcome.task_exit_code,
        "as_asked": outcome.as_asked,
        **_obstacle(finished),
    }


def _obstacle(finished: Finished) -> dict[str, object]:
    """The member `error`: what ended the run, or why we could no longer ask AWS. Without either, no member."""
    verdict = finished.outcome.verdict
    if finished.error is not None:
        return {"error": _error(finished.error)}
    return {"error": {"type": verdict.lost, "message": verdict.reason, "hint": ""}} if verdict.lost else {}


def _cause(cause: Cause) -> dict[str, object]:
    members = json_members(cause)
    del members["log"]
    return members | {"evidence": [*cause.evidence, *cause.log]}


def _error(error: EcsDeployError) -> dict[str, str]:
    return {"type": type(error).__name__, "message": error.message, "hint": error.hint}
