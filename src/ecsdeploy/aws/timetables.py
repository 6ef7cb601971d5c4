"""What starts tasks at set times or on events: EventBridge's rules, and EventBridge Scheduler's schedules."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from ecsdeploy.aws.absence import needed_objects
from ecsdeploy.aws.reading import JsonObject, nested, pages, text, texts
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import Refused
from ecsdeploy.model.arn import split_revision
from ecsdeploy.model.timetables import Start, StartKind

MOST_CALLS = 300
"""We make so many calls at most to look through all rules and schedules, and give up where more are needed."""
RUN_TASK = ":aws-sdk:ecs:runTask"
_SUBJECT = "what starts tasks at set times"


def starts(session: Session, clusters: Sequence[str], family: str) -> tuple[Start, ...]:
    """What starts tasks of the family, at whichever revision; `clusters` are the ARNs of all of the account.

    Raises `Refused` where there is too much to look through.
    """
    asker = _Asker(session)
    found = (*asker.by_rules(clusters), *asker.by_schedules())
    return tuple(each for each in found if split_revision(each.revision)[0] == family)


class _Asker:
    """Makes the calls; raises `Refused` where more than `MOST_CALLS` are needed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._calls = 0

    def by_rules(self, clusters: Sequence[str]) -> Iterator[Start]:
        """A rule that starts tasks has their cluster as its target, on whichever bus.

        https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRuleNamesByTarget.html
        """
        for bus in (text(each, "Name") for each in self._pages("events:ListEventBuses", {}, "EventBuses")):
            on = {"EventBusName": bus}
            names = (self._rule_names({**on, "TargetArn": cluster}) for cluster in clusters)
            for name in dict.fromkeys(name for each in names for name in each):
                for target in self._pages("events:ListTargetsByRule", {**on, "Rule": name}, "Targets"):
                    yield Start(
                        kind=StartKind.RULE,
                        name=name,
                        group=bus,
                        target=text(target, "Id"),
                        cluster=text(target, "Arn"),
                        revision=text(nested(target, "EcsParameters"), "TaskDefinitionArn"),
                    )

    def by_schedules(self) -> Iterator[Start]:
        """The list says only what a schedule calls: a cluster, or ECS's RunTask. Its revision needs another call.

        https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html
        """
        for each in self._pages("scheduler:ListSchedules", {}, "Schedules"):
            name, target = text(each, "Name"), text(nested(each, "Target"), "Arn")
            if target.endswith(RUN_TASK) or target.split(":")[2:3] == ["ecs"]:
                group = text(each, "GroupName", "default")
                found = nested(self._call("scheduler:GetSchedule", {"Name": name, "GroupName": group}), "Target")
                yield Start(
                    kind=StartKind.SCHEDULE,
                    name=name,
                    group=group,
                    cluster=_cluster(found),
                    revision=definition_of(found),
                )

    def _rule_names(self, asked: JsonObject) -> Iterator[str]:
        for page in self._replies("events:ListRuleNamesByTarget", asked):
            yield from texts(page, "RuleNames")

    def _pages(self, operation: str, asked: JsonObject, member: str) -> Iterator[JsonObject]:
        for page in self._replies(operation, asked):
            yield from needed_objects(page, member)

    def _replies(self, operation: str, asked: JsonObject) -> Iterator[JsonObject]:
        def ask(token: str) -> JsonObject:
            return self._call(operation, {**asked, "NextToken": token} if token else asked)

        return pages(ask, _SUBJECT, most=MOST_CALLS, member="NextToken")

    def _call(self, operation: str, asked: JsonObject) -> JsonObject:
        self._calls += 1
        if self._calls > MOST_CALLS:
            raise Refused(f"more than {MOST_CALLS} calls would be needed to look at all rules and schedules")
        service, _, name = operation.partition(":")
        return self._session.call(service, name, asked, subject=_SUBJECT)


def definition_of(target: JsonObject) -> str:
    """The task definition of a templated target, or of the JSON that RunTask is called with; empty without one.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
    """
    return text(nested(target, "EcsParameters"), "TaskDefinitionArn") or text(input_of(target), "TaskDefinition")


def _cluster(target: JsonObject) -> str:
    """The ARN or name of the cluster that a schedule starts tasks in."""
    arn = text(target, "Arn")
    return text(input_of(target), "Cluster", "default") if arn.endswith(RUN_TASK) else arn


def input_of(target: JsonObject) -> JsonObject:
    """The JSON that a universal target sends; empty if it is none."""
    try:
        given = json.loads(text(target, "Input") or "{}")
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}
