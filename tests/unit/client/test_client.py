"""What a Python user gets back: verdicts, events and errors, without secrets, and how a run is left."""

from __future__ import annotations

import threading

import pytest

import ecsdeploy
from ecsdeploy import (
    Access,
    Client,
    DeployRequest,
    EcsDeployError,
    LogsRequest,
    NotSucceeded,
    OnInterrupt,
    Record,
    RollbackRequest,
    ServiceRef,
    SetImage,
    SetVariable,
    StatusRequest,
    WatchRequest,
    connect,
)
from ecsdeploy.cli.play.simulated import WorldClock
from ecsdeploy.engine.ports import Clock
from ecsdeploy.model.events import Finished, Started
from ecsdeploy.model.image import ImageRef
from ecsdeploy.model.oneoff import Gate
from ecsdeploy.sim import World
from tests.cli.worlds import NEW, a_world, behaves, service

WEB = ServiceRef(cluster="prod", name="web")
RELEASE = DeployRequest(service=WEB, edits=(SetImage(image=ImageRef.parse(NEW)),))
SECRET = "hunter2-6c1f9a"
CRASHES = behaves(NEW, run="exit", exit_code=1, after=4, logs=[f"password={SECRET} refused\x1b[31m"])
BREAKER = {"deployment": {"circuit_breaker": "rollback"}}


def client_of(world: World, clock: Clock | None = None) -> Client:
    access = Access(endpoint_url="http://sim.invalid", region="us-east-1")
    return connect(access, transport=world.transport, clock=clock or WorldClock(world.clock))


def test_every_name_that_the_package_exports_is_there() -> None:
    assert [name for name in ecsdeploy.__all__ if getattr(ecsdeploy, name, None) is None] == []


def test_a_release_that_succeeds_raises_nothing() -> None:
    world = a_world()
    outcome = client_of(world).deploy(RELEASE)
    outcome.raise_for_verdict()
    assert outcome.verdict.status == "succeeded"
    assert outcome.to_revision.endswith(":2")


def test_a_release_that_is_rolled_back_is_an_error_for_whoever_asks() -> None:
    outcome = client_of(a_world(service(**BREAKER), CRASHES)).deploy(RELEASE)
    with pytest.raises(NotSucceeded) as raised:
        outcome.raise_for_verdict()
    assert raised.value.outcome is outcome
    assert (outcome.verdict.status, raised.value.status) == ("rolled_back", "rolled_back")
    assert outcome.cause is not None
    assert outcome.cause.code == "E-CONTAINER-EXIT"


def test_what_comes_back_has_no_secrets_and_no_control_characters() -> None:
    client = client_of(a_world(service(**BREAKER), CRASHES))
    with client.start(RELEASE) as running:
        records = list(running)
    texts = repr((records, running.outcome, list(client.logs(LogsRequest(service=WEB)))))
    assert "refused" in texts
    assert SECRET not in texts
    assert "\\x1b" not in texts


def test_the_events_of_a_run_come_in_order_and_the_last_has_its_outcome() -> None:
    with client_of(a_world()).start(RELEASE) as running:
        records: list[Record] = list(running)
    assert [each.seq for each in records] == list(range(1, len(records) + 1))
    last = records[-1].event
    assert isinstance(last, Finished)
    assert last.outcome == running.outcome
    assert list(running) == []


def test_an_error_ends_a_run_and_is_raised_where_the_outcome_is_asked_for() -> None:
    nobody = DeployRequest(service=ServiceRef(cluster="prod", name="nobody"), edits=RELEASE.edits)
    client = client_of(a_world())
    with client.start(nobody) as running:
        assert isinstance(list(running)[-1].event, Finished)
    with pytest.raises(EcsDeployError, match="nobody"):
        _ = running.outcome
    with pytest.raises(EcsDeployError, match="nobody"):
        client.deploy(nobody)


class Held:
    """The world's time, which stands until `goes`."""

    def __init__(self, world: World) -> None:
        self._clock = world.clock
        self.waits = threading.Event()
        self.goes = threading.Event()

    def time(self) -> float:
        return self._clock.time()

    def sleep(self, seconds: float) -> None:
        self.waits.set()
        self.goes.wait(10)
        self._clock.sleep(seconds)


@pytest.mark.parametrize(("wish", "goes_back"), [(OnInterrupt.DETACH, False), (OnInterrupt.ROLLBACK, True)])
def test_leaving_a_run_does_what_its_request_says(wish: OnInterrupt, *, goes_back: bool) -> None:
    world = a_world(service())
    time = Held(world)
    request = DeployRequest(service=WEB, edits=RELEASE.edits, on_interrupt=wish)
    with client_of(world, WorldClock(time)).start(request) as running:
        next(each for each in running if isinstance(each.event, Started))
        time.waits.wait(10)
        threading.Timer(0.05, time.goes.set).start()
    outcome = running.outcome
    assert outcome.verdict.status == "interrupted"
    assert (outcome.rollback is not None) is goes_back


def test_the_other_runs_and_looks_have_a_method_each() -> None:
    client = client_of(a_world())
    assert client.endpoint == "http://sim.invalid"
    assert client.plan(RELEASE).has_changes
    client.deploy(RELEASE).raise_for_verdict()
    back = client.rollback(RollbackRequest(service=WEB))
    assert back.verdict.status == "succeeded"
    assert client.watch(WatchRequest(service=WEB)).deployment_id == back.deployment_id
    assert client.status(StatusRequest(service=WEB)).condition == "steady"


def test_a_release_is_rehearsed_as_the_command_rehearses_it_and_nothing_is_written() -> None:
    world = a_world(service(**BREAKER))
    found = client_of(world).rehearse(RELEASE, faults=("crash-loop", "target-unhealthy", "crash-loop"))
    good, failed = found.plays
    assert (good.status, good.lowest, good.serves) == ("succeeded", 2, "new")
    assert (failed.fault, failed.status, failed.serves) == ("crash-loop", "rolled_back", "old")
    assert [each.fault for each in found.skipped] == ["target-unhealthy"]
    assert {call.operation for call in world.calls if call.operation.startswith(("Update", "Register", "Run"))} == set()


def test_a_fault_that_does_not_exist_is_an_error_before_anything_is_read() -> None:
    world = a_world()
    with pytest.raises(EcsDeployError, match="There is no fault `crash-lop`") as raised:
        client_of(world).rehearse(RELEASE, faults=("crash-lop",))
    assert raised.value.hint == "Did you mean `crash-loop`?"
    assert world.calls == ()


def test_s01_what_an_edit_or_a_command_says_in_secret_is_shown_nowhere() -> None:
    crashes = behaves(
        NEW, run="exit", exit_code=1, after=4, logs=[f"no route with {SECRET}", "and none with Zq7-Rw2-Lm9x"]
    )
    request = DeployRequest(
        service=WEB,
        edits=(*RELEASE.edits, SetVariable(name="DB_PASSWORD", value=SECRET)),
        after=Gate(command=("check", "--password=Zq7-Rw2-Lm9x")),
    )
    running = client_of(a_world(service(**BREAKER), crashes)).start(request)
    told = [repr(record) for record in running]
    assert "no route with ***" in repr(running.outcome.cause)
    assert [each for each in (*told, repr(running.outcome)) if SECRET in each or "Zq7-Rw2" in each] == []
