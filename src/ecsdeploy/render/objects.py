"""The one JSON object that a command which looks, or which makes something once, shows; a line each for `logs`.

Every object is `{"v":1,"type":...,"time":...}` and the command's own members. Within `v` 1 members are only added.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from ecsdeploy.model.outcome import Place
from ecsdeploy.model.overview import Overview, ServiceCondition
from ecsdeploy.model.report import Report
from ecsdeploy.render.members import json_members, other_object, plain, utc

if TYPE_CHECKING:
    from ecsdeploy.model.checkup import Checkup
    from ecsdeploy.model.history import Compared, History, Release
    from ecsdeploy.model.logs import LogLine


def status_object(report: Report, exit_code: int) -> str:
    """The status of a service: one JSON object, with the members of `ecsdeploy.model.report.Report`.

    `condition` is steady, rolled_back, unsteady, deploying, failing, rolling_back, stuck, failed or going. `service`,
    `cluster`, `region` and `account` say where. `facts` is what DescribeServices says. `releases` says what each of the
    deployments brings, with the members of `other` in a result. `exit_code` is that of `--exit-code`.
    """
    members = json_members(report)
    facts, time = members.pop("service"), members.pop("at")
    del members["place"]
    head: dict[str, object] = {"v": 1, "type": "status", "time": time, "exit_code": exit_code}
    beside = {
        "facts": facts,
        "images": dict(report.images),
        "releases": [other_object(each) for each in report.releases],
    }
    shown = head | json_members(report.place) | members | beside
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
        "time": utc(overview.at),
        "exit_code": exit_code,
        "cluster": overview.cluster,
        "region": overview.region,
        "account": overview.account,
        "services": [_standing(each) for each in overview.services],
        "unasked": [json_members(each) for each in overview.unasked],
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
        "rollback": plain(history.way_back),
        "unread": list(history.unread),
    }
    return json.dumps(shown, separators=(",", ":"))


def compared_object(compared: Compared) -> str:
    """What differs between two revisions: one object of the type `differences`, of the same schema."""
    shown = {
        **_head("differences", compared.at, compared.place),
        "from_revision": compared.old,
        "to_revision": compared.new,
        "differences": plain(compared.differences),
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
        "task": json_members(task) if task else None,
        "causes": [json_members(each) for each in checkup.causes],
        "alarms": plain(report.alarms) if report else [],
        "targets": plain(report.targets) if report else [],
        "findings": plain(checkup.findings),
        "actions": plain(checkup.actions),
        "unread": list(checkup.unread),
    }
    return json.dumps(shown, separators=(",", ":"))


def log_object(line: LogLine) -> str:
    """One event of a container: an object of the type `log`; `docs/reference/logs.schema.json` is its schema."""
    about = {"task": line.task, "container": line.container, "message": line.message}
    return json.dumps({"v": 1, "type": "log", "time": utc(line.at), **about}, separators=(",", ":"))


def object_of(kind: str, at: datetime, place: Place, **members: object) -> str:
    """One object of a command: when and where, and its own members."""
    shown = _head(kind, at, place) | {name: plain(each) for name, each in members.items()}
    return json.dumps(shown, separators=(",", ":"))


def _head(kind: str, at: datetime, place: Place) -> dict[str, object]:
    return {"v": 1, "type": kind, "time": utc(at), **json_members(place)}


def _release(each: Release) -> dict[str, object]:
    past = each.past
    took = (past.finished_at - past.created_at).total_seconds() if past.finished_at and past.created_at else None
    return {
        "revision": past.revision,
        "deployment_id": past.deployment_id,
        "service_deployment_arn": past.arn,
        "status": past.status,
        "reason": past.reason,
        "created_at": plain(past.created_at),
        "finished_at": plain(past.finished_at),
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
        "deployments": [json_members(deployment) for deployment in service.deployments],
    }
