"""Gives a rule's target or a schedule another revision, and leaves everything else of it as AWS has it.

Both APIs replace the whole: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html and
https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
"""

from __future__ import annotations

import json

from ecsdeploy.aws.absence import needed_objects
from ecsdeploy.aws.reading import JsonObject, nested, number, objects, pages, text
from ecsdeploy.aws.session import Session
from ecsdeploy.aws.timetables import RUN_TASK, definition_of, input_of
from ecsdeploy.errors import AwsRefused
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.timetables import Start, StartKind

_OF_THE_ANSWER = frozenset({"Arn", "CreationDate", "LastModificationDate", "ResponseMetadata"})
"""What GetSchedule tells of a schedule, and UpdateSchedule does not take."""


def move(session: Session, start: Start, revision: str) -> bool:
    """Move it to the revision (an ARN). False, with nothing written, if it is no longer as `start` says."""
    if start.kind is StartKind.RULE:
        return _move_target(session, start, revision)
    return _move_schedule(session, start, revision)


def _move_target(session: Session, start: Start, revision: str) -> bool:
    of = {"Rule": start.name, "EventBusName": start.group}

    def ask(token: str) -> JsonObject:
        asked = {**of, "NextToken": token} if token else of
        return session.call("events", "ListTargetsByRule", asked, subject=start.who)

    listed = pages(ask, start.who, most=100, member="NextToken")
    targets = (each for page in listed for each in needed_objects(page, "Targets"))
    found = next((each for each in targets if text(each, "Id") == start.target), None)
    if found is None or definition_of(found) != start.revision:
        return found is not None and _is_there(found, revision)
    asked = {**of, "Targets": [{**found, "EcsParameters": _parameters(found, revision)}]}
    reply = session.call("events", "PutTargets", asked, subject=start.who)
    for failed in objects(reply, "FailedEntries") if number(reply, "FailedEntryCount") else ():
        raise AwsRefused(
            f"EventBridge refused the target `{start.target}` of {start.who}: {text(failed, 'ErrorMessage')}",
            code=text(failed, "ErrorCode"),
        )
    return True


def _move_schedule(session: Session, start: Start, revision: str) -> bool:
    asked = {"Name": start.name, "GroupName": start.group}
    found = session.call("scheduler", "GetSchedule", asked, subject=start.who)
    target = nested(found, "Target")
    if definition_of(target) != start.revision:
        return _is_there(target, revision)
    kept = {name: member for name, member in found.items() if name not in _OF_THE_ANSWER}
    session.call("scheduler", "UpdateSchedule", {**kept, "Target": _with_revision(target, revision)}, subject=start.who)
    return True


def _is_there(target: JsonObject, revision: str) -> bool:
    """Whether it was moved already: the reply to an earlier request of ours may have been lost."""
    return revision_name(definition_of(target)) == revision_name(revision)


def _with_revision(target: JsonObject, revision: str) -> JsonObject:
    """A templated target names an ARN; the JSON of a universal one names it in the form that stands there."""
    if not text(target, "Arn").endswith(RUN_TASK):
        return {**target, "EcsParameters": _parameters(target, revision)}
    given = input_of(target)
    named = revision if text(given, "TaskDefinition").startswith("arn:") else revision_name(revision)
    return {**target, "Input": json.dumps({**given, "TaskDefinition": named}, ensure_ascii=False)}


def _parameters(target: JsonObject, revision: str) -> JsonObject:
    return {**nested(target, "EcsParameters"), "TaskDefinitionArn": revision}
