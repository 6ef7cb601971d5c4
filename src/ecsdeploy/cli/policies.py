"""Joins the statements of the published IAM policies into the policy of chosen commands.

`policies.json` beside this file has the statements of `docs/reference/iam.md`, by the heading of their section.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

Statement = dict[str, Any]
Part = tuple[str, ...]
"""The heading of a section and the `Sid`s of statements in it; without `Sid`s, all of them."""

_CHECKS: Part = ("Check before the first write",)
_CAUSES: Part = ("Say why it failed",)
_RUNS: Part = ("Run a one-off task (`--run-task`, `--before`, `--after`)",)
_STOPS: Part = ("Stop, continue, roll back",)
_TAGS: Part = ("Tag revisions",)
_WATCH: Part = (
    "Watch somebody else's deploy",
    *("ReadTheService", "ReadItsDeployments", "ReadRevisions", "ReadItsTasks", "ReadTheLastLogLines", "ReadItsTargets"),
)
_BY_ECS = ("ReadAndUpdateTheService", "FollowTheDeployment")
"""What a service that CodeDeploy deploys does without."""
_LEAST = ("ReadTheService", "ReadRevisions")

_GATE: tuple[Part, ...] = (_RUNS, ("Logs", "ReadTheLogs"), (*_CAUSES, "ListTasks", "ReadTasks"))

NEEDS: Mapping[str, tuple[Part, ...]] = {
    "deploy": (("Deploy",), _CHECKS, _CAUSES, _STOPS, _TAGS),
    "plan": (("Doctor", *_LEAST), _CHECKS, (*_TAGS, "ReadTagsOfRevisions")),
    "apply": (("Deploy",), _CHECKS, _CAUSES, _STOPS, _TAGS, ("Watch alarms between waves",)),
    "lock": (("Lock what runs",),),
    "rehearse": (("Rehearse",), _CHECKS, (*_TAGS, "ReadTagsOfRevisions")),
    "status": (("Status",), ("Deploy", "ReadRevisions"), (*_CAUSES, "ReadTheLastLogLines", "ReadTheTargetsHealth")),
    "cluster-status": (("Status of a cluster",),),
    "history": (("History",),),
    "logs": (("Logs",),),
    "doctor": (("Doctor",), _CHECKS),
    "watch": (_WATCH, _CHECKS),
    "rollback": (("Deploy", *_BY_ECS, "ReadRevisions", "PassTheRolesOfTheTask"), _STOPS, _CHECKS, _CAUSES),
    "stop": (_WATCH, _STOPS, _CHECKS),
    "continue": (_WATCH, _STOPS, _CHECKS),
    "create": (("Create a service",), ("Deploy",), _CHECKS, _CAUSES),
    "scale": (("Scale",),),
    "schedules": (("Schedules",),),
    "prune": (("Prune old revisions (`--max-definitions`)",), ("History",)),
    "run": (
        ("Run one-off tasks",),
        ("Deploy", "RegisterRevisions", "FindARevisionWhoseReplyWasLost"),
        (*_CAUSES, "ReadTheLastLogLines"),
    ),
    "init": (("Start from a live service",),),
    "exec": (("Run a command in a container",),),
    "before": _GATE,
    "after": _GATE,
    "smoke": (("Decide at a pause (`--smoke`, `--approve`)",),),
    "run-task": (
        _RUNS,
        ("Deploy", "RegisterRevisions", "FindARevisionWhoseReplyWasLost", "ReadRevisions", "PassTheRolesOfTheTask"),
        (*_CAUSES, "ListTasks", "ReadTasks", "ReadTheLastLogLines"),
    ),
    "codedeploy": (("Deploy through CodeDeploy",),),
    "codedeploy-read": (
        ("Watch somebody else's deploy", "ReadTheGroupAndItsDeployments", "FollowTheDeployment", "ReadTheAppSpec"),
    ),
    "express": (("Deploy through Express mode",),),
    "lattice": (("Read the targets of VPC Lattice",),),
    "assume-role": (("Assume a role (`-a`, `--assume-role`)",),),
}
"""What each command and each feature needs, by the name that `--for` takes."""
_PLACE = re.compile(r"\b[A-Z][A-Z_]{2,}\b")


def policy(names: Iterable[str], known: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """One policy for all of these names, which must be in `NEEDS`, and the places in it that are left to fill in.

    `known` fills places such as `CLUSTER`. Statements about the same resources are one.
    """
    joined: dict[str, Statement] = {}
    for statement in _statements(tuple(names)):
        own = {key: value for key, value in statement.items() if key not in {"Sid", "Action"}}
        at = json.dumps(own, sort_keys=True)
        before = joined.setdefault(at, {"Sid": statement["Sid"], **own, "Action": []})
        before["Action"] = [*dict.fromkeys((*before["Action"], *_listed(statement["Action"])))]
    text = json.dumps({"Version": "2012-10-17", "Statement": [*_renamed(joined.values())]})
    filled = _PLACE.sub(lambda place: known.get(place[0], place[0]), text)
    made: dict[str, Any] = json.loads(filled.replace('"arn:aws:', f'"arn:{known.get("PARTITION", "aws")}:'))
    return made, sorted({*_PLACE.findall(text)}.difference(known))


def _statements(names: tuple[str, ...]) -> Iterator[Statement]:
    published: dict[str, list[Statement]] = json.loads(
        resources.files("ecsdeploy.cli").joinpath("policies.json").read_text(encoding="utf-8")
    )
    for heading, *sids in (part for name in names for part in NEEDS[name]):
        for statement in published[heading]:
            sid = statement["Sid"]
            left_out = "codedeploy" in names and heading == "Deploy" and sid in _BY_ECS
            if (not sids or sid in sids) and not left_out:
                yield statement


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _renamed(statements: Iterable[Statement]) -> Iterator[Statement]:
    """With ids that differ, as IAM wants them, and in the order in which people read."""
    taken: set[str] = set()
    for statement in statements:
        sid = next(name for name in _names(statement["Sid"]) if name not in taken)
        taken.add(sid)
        yield {"Sid": sid, "Effect": statement["Effect"], "Action": statement["Action"]} | {
            key: value for key, value in statement.items() if key in {"Resource", "Condition"}
        }


def _names(sid: str) -> Iterator[str]:
    yield sid
    yield from (f"{sid}{number}" for number in range(2, 100))
