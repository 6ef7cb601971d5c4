"""Long lists of tasks: read on where they were cut short, each stopped task once, and never too fast."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from ecsdeploy.aws.control_plane import AwsControlPlane
from ecsdeploy.aws.session import open_session
from ecsdeploy.engine.patience import Patience
from ecsdeploy.errors import AwsError, AwsRefused, Throttled, Unfinished
from ecsdeploy.model.access import Access
from ecsdeploy.model.service import Task
from tests.clock import StoppedClock
from tests.unit.aws.answers import ARN, WEB, Http, Refusal, aws, plane_on

OURS = "ecs-svc/1"


@dataclass
class Crowd:
    """ECS with so many tasks of ours; each `throttle_every`th call is refused for its rate."""

    count: int
    throttle_every: int = 0
    status: str = "STOPPED"
    clock: StoppedClock = field(default_factory=StoppedClock)
    calls: list[tuple[float, str, dict[str, object]]] = field(default_factory=list)

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Http:
        operation, asked = headers["X-Amz-Target"].rpartition(".")[2], json.loads(body)
        self.calls.append((self.clock.monotonic(), operation, asked))
        if self.throttle_every and len(self.calls) % self.throttle_every == 0:
            return 400, {}, json.dumps({"__type": "ThrottlingException", "message": "Rate exceeded"}).encode()
        answer = self._page(asked) if operation == "ListTasks" else {"tasks": [self._task(n) for n in asked["tasks"]]}
        return 200, {}, json.dumps(answer).encode()

    def _page(self, asked: dict[str, str]) -> dict[str, object]:
        start = int(asked.get("nextToken", 0))
        end = min(start + 100, self.count)
        more = {"nextToken": str(end)} if end < self.count else {}
        return {"taskArns": [f"{ARN}task/prod/{number}" for number in range(start, end)], **more}

    def _task(self, arn: str) -> dict[str, object]:
        return {"taskArn": arn, "startedBy": OURS, "lastStatus": self.status}

    @property
    def plane(self) -> AwsControlPlane:
        return AwsControlPlane(open_session(Access(), transport=self), self.clock.monotonic)

    def made(self, operation: str) -> int:
        return sum(each == operation for _, each, _ in self.calls)

    def most_in_a_second(self) -> int:
        times = [at for at, _, _ in self.calls]
        return max(sum(at <= each < at + 1 for each in times) for at in times)


def stopped(plane: AwsControlPlane) -> tuple[Task, ...]:
    return plane.tasks_started_by(WEB, OURS, stopped=True)


def patiently(crowd: Crowd, plane: AwsControlPlane, seconds: float = 60) -> tuple[Task, ...]:
    patience = Patience(clock=crowd.clock, seconds=seconds, start=crowd.clock.monotonic())
    return patience.read(lambda: stopped(plane))


def test_t14_a_throttled_page_is_where_the_list_goes_on() -> None:
    transport = aws(
        ListTasks=[
            {"taskArns": ["a"], "nextToken": "2"},
            Refusal(code="ThrottlingException", message="Rate exceeded"),
            {"taskArns": ["b"]},
        ],
        DescribeTasks={"tasks": [{"taskArn": "a", "startedBy": OURS}, {"taskArn": "b", "startedBy": OURS}]},
    )
    plane = plane_on(transport)
    with pytest.raises(Unfinished, match="tasks in cluster `prod` could not all be read yet"):
        stopped(plane)
    assert [each.arn for each in stopped(plane)] == ["a", "b"]
    tokens = [each.body.get("nextToken") for each in transport.sent if each.operation == "ListTasks"]
    assert tokens == [None, "2", "2"]


def test_t14_a_throttled_first_page_is_a_throttle() -> None:
    transport = aws(ListTasks=Refusal(code="ThrottlingException", message="Rate exceeded"))
    with pytest.raises(Throttled) as raised:
        stopped(plane_on(transport))
    assert not isinstance(raised.value, Unfinished)


def test_t14_a_token_that_is_no_longer_good_has_the_list_begin_anew() -> None:
    slow = Refusal(code="ThrottlingException", message="Rate exceeded")
    page = {"taskArns": ["a"], "nextToken": "2"}
    expired = Refusal(code="InvalidParameterException", message="Invalid token")
    transport = aws(
        ListTasks=[page, slow, expired, {"taskArns": ["a"]}],
        DescribeTasks={"tasks": [{"taskArn": "a", "startedBy": OURS}]},
    )
    plane = plane_on(transport)
    with pytest.raises(Unfinished):
        stopped(plane)
    with pytest.raises(AwsRefused):
        stopped(plane)
    assert [each.arn for each in stopped(plane)] == ["a"]
    assert "nextToken" not in transport.sent[-2].body


def test_t14_a_thousand_tasks_are_read_though_a_fifth_of_the_calls_is_throttled() -> None:
    crowd = Crowd(1000, throttle_every=5)
    assert len(patiently(crowd, crowd.plane)) == 1000
    assert len(crowd.calls) == 24


def test_t14_a_stopped_task_is_described_once() -> None:
    crowd = Crowd(300)
    plane = crowd.plane
    patiently(crowd, plane)
    crowd.count = 301
    assert len(patiently(crowd, plane)) == 301
    assert crowd.made("DescribeTasks") == 4
    assert len(crowd.calls[-1][2]["tasks"]) == 1  # type: ignore[arg-type]


def test_t14_a_task_that_is_about_to_stop_is_described_again() -> None:
    crowd = Crowd(1, status="DEPROVISIONING")
    plane = crowd.plane
    stopped(plane)
    stopped(plane)
    assert crowd.made("DescribeTasks") == 2


def test_t14_five_thousand_tasks_take_at_most_twenty_calls_a_second() -> None:
    crowd = Crowd(5000)
    plane = crowd.plane
    for _ in range(3):
        assert len(patiently(crowd, plane)) == 5000
    assert crowd.most_in_a_second() <= 20
    assert crowd.made("DescribeTasks") == 50


def test_t14_no_look_waits_for_five_thousand_tasks() -> None:
    crowd = Crowd(5000)
    plane, began = crowd.plane, crowd.clock.monotonic()
    with pytest.raises(Unfinished):
        patiently(crowd, plane, seconds=3)
    assert crowd.clock.monotonic() - began <= 3


def test_t14_a_read_that_was_left_for_a_minute_begins_anew() -> None:
    crowd = Crowd(5000)
    plane = crowd.plane
    with pytest.raises(Unfinished):
        stopped(plane)
    crowd.clock.sleep(61)
    with pytest.raises(Unfinished):
        stopped(plane)
    assert ["nextToken" in asked for _, _, asked in crowd.calls].count(False) == 2


def test_t18_a_list_that_repeats_its_token_is_not_whole_and_begins_anew() -> None:
    transport = aws(
        ListTasks=[{"taskArns": [], "nextToken": "2"}, {"taskArns": [], "nextToken": "2"}, {"taskArns": ["a"]}],
        DescribeTasks={"tasks": [{"taskArn": "a", "startedBy": OURS}]},
    )
    plane = plane_on(transport)
    with pytest.raises(AwsError, match="names the same page twice"):
        stopped(plane)
    assert [each.arn for each in stopped(plane)] == ["a"]
    assert [each.body.get("nextToken") for each in transport.sent[:3]] == [None, "2", None]


def test_t14_until_when_a_crowd_is_protected_is_not_read() -> None:
    crowd = Crowd(1001, status="RUNNING")
    plane = crowd.plane
    patience = Patience(clock=crowd.clock, seconds=5, start=crowd.clock.monotonic())
    with pytest.raises(Unfinished, match="protection of 1001 tasks"):
        patience.read(lambda: plane.protected_until(WEB, "ecs-svc/2"))
    assert crowd.made("GetTaskProtection") == 0
