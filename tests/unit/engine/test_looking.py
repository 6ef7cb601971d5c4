"""Which streams are read for which tasks, which tasks are meant, and which entries of action logs warn of a service."""

import json
import tracemalloc
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from ecsdeploy.engine.logs.chosen import chosen
from ecsdeploy.engine.logs.reader import LogReader
from ecsdeploy.engine.logs.streams import streams_of
from ecsdeploy.engine.looking.actions import logged_actions
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.errors import NoSuchResource, UsageError
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.logs import LogEvent, LogSource
from ecsdeploy.model.looking import LogsRequest
from ecsdeploy.model.service import Task
from ecsdeploy.model.taskdef import TaskDefinition
from tests.unit.engine.world import ScriptedPlane
from tests.unit.rollout.builders import NOON, old, service_with

TASK = "arn:aws:ecs:us-east-1:123456789012:task/prod/"
WEB = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:"


def task(name: str, revision: int = 1) -> Task:
    return Task(arn=f"{TASK}{name}", task_definition=f"{WEB}{revision}", status="RUNNING", desired_status="RUNNING")


def awslogs(**options: str) -> Mapping[str, object]:
    named = {"awslogs-group": "/ecs/web", "awslogs-stream-prefix": "web"} | options
    return {"logDriver": "awslogs", "options": named}


def definition(*containers: Mapping[str, object], revision: int = 1) -> dict[str, TaskDefinition]:
    payload = {"taskDefinitionArn": f"{WEB}{revision}", "family": "web", "containerDefinitions": [*containers]}
    return {f"{WEB}{revision}": TaskDefinition(payload=payload)}


APP = {"name": "app", "logConfiguration": awslogs()}


def test_the_streams_of_a_container_are_read_together_and_one_alone_by_its_name() -> None:
    proxy = {"name": "proxy", "logConfiguration": awslogs(**{"awslogs-region": "eu-west-1"})}
    found = streams_of([task("a1"), task("b2")], definition(APP, proxy))
    assert set(found.sources) == {
        LogSource(group="/ecs/web", prefix="web/app/"),
        LogSource(group="/ecs/web", prefix="web/proxy/", region="eu-west-1"),
    }
    assert streams_of([task("a1")], definition(APP)).sources == (LogSource(group="/ecs/web", prefix="web/app/a1"),)


@pytest.mark.parametrize(
    ("configuration", "says"),
    [
        (None, "no log driver"),
        ({"logDriver": "splunk", "options": {"splunk-url": "https://example.com"}}, "driver splunk"),
        ({"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/web"}}, "no awslogs-stream-prefix"),
    ],
)
def test_what_goes_elsewhere_is_said_once_for_all_tasks(configuration: object, says: str) -> None:
    silent = {"name": "other"} | ({"logConfiguration": configuration} if configuration else {})
    found = streams_of([task("a1"), task("b2")], definition(APP, silent))
    assert len(found.elsewhere) == 1
    assert says in found.elsewhere[0]


def test_an_id_that_is_not_unique_is_refused_with_those_that_begin_so() -> None:
    service, tasks = ServiceRef(cluster="prod", name="web"), [task("a1"), task("a2"), task("b1")]
    asked = LogsRequest(service=service, task="a")
    with pytest.raises(UsageError, match="`a1`, `a2`"):
        chosen(tasks, definition(APP), asked, service_with(old()))
    assert chosen(tasks, definition(APP), LogsRequest(service=service, task="b"), service_with(old())) == (tasks[2],)
    with pytest.raises(NoSuchResource):
        chosen(tasks, definition(APP), LogsRequest(service=service, task="c"), service_with(old()))


@dataclass
class Logging(ScriptedPlane):
    """A plane whose cluster has action logs: these entries, one a second."""

    entries: tuple[str, ...] = ()

    def action_log_groups(self, cluster_arn: str) -> tuple[str, ...]:
        return ("/ecs/actions",) if self.entries else ()

    def log_page(self, source: LogSource, since: datetime, token: str = "") -> tuple[tuple[LogEvent, ...], str]:
        assert (source.group, source.prefix) == ("/ecs/actions", "")
        first = int(token or 0)
        page = [
            LogEvent(id=str(at), at=NOON + timedelta(seconds=at), stream="s", message=self.entries[at])
            for at in range(first, min(first + 2, len(self.entries)))
        ]
        return tuple(page), str(first + 2) if first + 2 < len(self.entries) else ""


def entry(level: str, about: str) -> str:
    return json.dumps({"logLevel": level, "somewhere": about})


def actions(*entries: str) -> list[str]:
    plane, service = Logging(entries=entries), service_with(old())
    return [each.text for each in logged_actions(plane, OptionalReads(clock=plane.clock), service, NOON)]


def test_only_what_warns_of_this_very_service_is_an_action() -> None:
    service = service_with(old())
    arn = f"{service.cluster_arn.replace(':cluster/', ':service/')}/{service.name}"
    wrong = [entry("ERROR", arn), entry("WARN", service.name)]
    others = [entry("INFO", arn), entry("ERROR", f"{arn}-2"), "no JSON", "[]", entry("ERROR", "another")]
    assert actions(*wrong, *others) == wrong
    assert actions() == []


def test_the_newest_actions_are_kept() -> None:
    name = service_with(old()).name
    entries = [json.dumps({"logLevel": "ERROR", "service": name, "number": number}) for number in range(8)]
    assert actions(*entries) == entries[-5:]


@dataclass
class Busy(ScriptedPlane):
    """A plane with a stream that has a hundred events a second."""

    pages: int = 10

    def log_page(self, source: LogSource, since: datetime, token: str = "") -> tuple[tuple[LogEvent, ...], str]:
        page, size = int(token or 0), 500
        page_of = range(page * size, (page + 1) * size)
        events = (
            LogEvent(id=f"{at:056}", at=NOON + timedelta(milliseconds=10 * at), stream="s", message="m")
            for at in page_of
        )
        return tuple(each for each in events if each.at >= since), str(page + 1) if page + 1 < self.pages else ""


def test_a_long_log_takes_no_more_memory_than_a_short_one() -> None:
    plane = Busy()
    reader = LogReader(plane, plane.clock, 1)
    source = LogSource(group="g", prefix="s")
    tracemalloc.start()
    try:
        assert sum(1 for _ in reader.poll([source], NOON)) == 5_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000
    assert [*reader.poll([source], NOON)] == []
