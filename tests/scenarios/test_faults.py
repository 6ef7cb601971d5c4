"""Faults that take a whole deployment to show: what the user reads, and what was done to the service."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import inside
from ecsdeploy.engine.ports import Clock
from tests.cli.worlds import (
    NEW,
    OLD,
    WEB,
    Played,
    a_world,
    behaves,
    fault,
    later,
    limits,
    play,
    running_images,
    service,
    shipped,
    surroundings,
)

DEPLOY = ("deploy", *WEB, "--image", NEW)
WRITES = ("UpdateService", "StopServiceDeployment")


def writes_after(run: Played, seconds: float) -> list[str]:
    world = run.world
    return [call.operation for call in world.calls if call.time > world.start + seconds and call.operation in WRITES]


@pytest.mark.parametrize(
    "meanwhile",
    [later(40, "deploy", image=OLD), later(40, "force-new-deployment")],
    ids=["the old image is put back", "our revision is forced again"],
)
def test_f35_a_service_that_another_tool_puts_back_is_not_fought_over(meanwhile: str) -> None:
    """Terraform and CloudFormation apply their own definition with UpdateService, as a pipeline does."""
    world = a_world(service(deployment={"circuit_breaker": "rollback"}), meanwhile)
    run = play(world, (*DEPLOY, "--on-failure", "rollback"))
    assert (run.code, run.result["status"]) == (23, "superseded")
    assert writes_after(run, 30) == []


def test_f38_without_a_rollback_the_verdict_says_what_serves_and_how_to_go_back() -> None:
    crashes = behaves(NEW, run="exit", exit_code=3, after=2)
    run = play(a_world(service(deployment={"circuit_breaker": "stop"}), crashes), DEPLOY)
    assert (run.code, run.result["status"]) == (20, "failed")
    assert "Production is on web:1 (2 running)" in " ".join(run.stderr.split())
    assert "ecs-deploy rollback -c prod -n web --to web:1" in run.stderr
    assert len(run.requests("UpdateService")) == 1


SIDE = "registry.example.com/team/migrate:1"


def with_init(**app: object) -> str:
    init = {"name": "migrate", "image": SIDE, "essential": False}
    return service(containers=[init, {"name": "app", "image": OLD, **app}], deployment={"circuit_breaker": "stop"})


def test_f58_an_init_container_that_exits_0_is_no_failure() -> None:
    run = play(a_world(with_init(), behaves(SIDE, run="exit", exit_code=0, after=3)), DEPLOY)
    assert (run.code, run.result["status"], run.result["cause"]) == (0, "succeeded", None)


def test_f58_nor_is_it_the_cause_of_another_containers_failure() -> None:
    dies = behaves(NEW, run="exit", exit_code=7, after=6)
    run = play(a_world(with_init(), behaves(SIDE, run="exit", exit_code=0, after=3), dies), DEPLOY)
    assert (run.code, run.result["status"]) == (20, "failed")
    assert (run.result["cause"]["container"], run.result["cause"]["code"]) == ("app", "E-CONTAINER-EXIT")


def test_f62_a_tag_that_has_moved_is_deployed_again_and_resolved_by_ecs() -> None:
    """The definition is the same but for nothing, and ECS pulls what the tag means now."""
    run = play(shipped("latest-again"), (*WEB, "-i", "registry.example.com/team/web"))
    assert (run.code, run.world.tally.registered, run.world.tally.started) == (0, 1, 1)


def test_f62_a_digest_stays_what_it_is() -> None:
    pinned = f"{NEW}@sha256:{'5e' * 32}"
    run = play(a_world(), ("deploy", *WEB, "--image", pinned))
    assert run.result["images"] == {"app": pinned}
    assert running_images(run.world) == [pinned]


def test_f27_time_that_runs_out_without_a_signal_takes_nothing_back() -> None:
    """https://github.com/hashicorp/terraform-provider-aws/issues/49031: a wait's own timeout undid good deployments."""
    run = play(a_world(), (*DEPLOY, "--on-interrupt", "rollback", "-t", "30"))
    assert (run.code, run.result["status"]) == (22, "timed_out")
    assert writes_after(run, 0) == []
    assert running_images(run.world) == [NEW]


def test_f13_reads_that_lag_neither_end_nor_fail_the_wait() -> None:
    run = play(a_world(service(deployment={"circuit_breaker": "rollback"}), limits(read_lag=20)), DEPLOY)
    assert (run.code, run.result["status"]) == (0, "succeeded")
    assert run.result["duration_seconds"] > 40


def test_f01_f10_reads_that_fail_for_a_minute_change_nothing_but_the_pace() -> None:
    faults = [fault(operation="DescribeServices", error=each, after=2, times=3) for each in ("http-503", "Throttling")]
    run = play(a_world(service(), *faults), DEPLOY)
    assert (run.code, run.result["status"], run.result["warnings"]) == (0, "succeeded", [])


def described(tmp_path: Path, **members: object) -> str:
    """What `aws ecs describe-task-definition` prints of the running revision, changed a little."""
    world = a_world()
    definition = world.region.clusters["prod"].services["web"].definition
    shown = {"taskDefinition": {**definition.payload, "taskDefinitionArn": definition.arn, "revision": 1, **members}}
    (tmp_path / "described.json").write_text(json.dumps({**shown, "tags": []}))
    return "described.json"


def test_f65_a_file_as_described_and_as_registered_give_the_same_revision(tmp_path: Path) -> None:
    payload = a_world().region.clusters["prod"].services["web"].definition.payload
    (tmp_path / "input.json").write_text(json.dumps({**payload, "cpu": payload["cpu"], "taskRoleArn": None}))
    names = (described(tmp_path, status="ACTIVE", compatibilities=["FARGATE"], taskRoleArn=""), "input.json")
    runs = [play(a_world(), (*DEPLOY, "--base", name), surroundings(tmp_path)) for name in names]
    assert [run.code for run in runs] == [0, 0]
    assert runs[0].registered == runs[1].registered
    assert "taskRoleArn" not in runs[0].registered


def test_f65_a_file_that_is_too_large_is_explained_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "large.json").write_text(json.dumps({"family": "web", "cpu": "2" * 70_000}))
    run = play(a_world(), (*DEPLOY, "--base", "large.json"), surroundings(tmp_path))
    assert (run.code, run.world.calls) == (64, ())
    assert "`large.json` has 70025 bytes as compact JSON, and ECS takes 65536" in run.stderr


def counted(run: Played) -> list[tuple[int, int]]:
    return [(each["new"]["running"], each["new"]["desired"]) for each in run.events if each["type"] == "progress"]


def test_f49_f34_a_count_that_changes_in_mid_way_is_the_new_denominator() -> None:
    run = play(a_world(service(desired=2), later(45, "scale", desired=5)), DEPLOY)
    assert (run.code, run.result["status"]) == (0, "succeeded")
    of = [desired for _, desired in counted(run)]
    assert (set(of), of) == ({2, 5}, sorted(of))
    assert counted(run)[-1] == (5, 5)


def test_f51_old_tasks_that_are_protected_are_not_waited_for_when_health_is_enough() -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html"""
    world = a_world(service(desired=2), later(10, "protect", tasks=2))
    run = play(world, (*DEPLOY, "--wait-until", "healthy"))
    assert (run.code, run.result["status"]) == (0, "succeeded")
    old = world.region.clusters["prod"].services["web"].deployments[1]
    assert sum(task.wanted for task in old.tasks) == 2


def test_f52_that_there_is_no_room_is_told_soon_after_ecs_says_so() -> None:
    run = play(a_world(service(desired=2), limits(capacity_tasks=2)), (*DEPLOY, "-t", "120"))
    assert (run.code, run.result["status"]) == (22, "timed_out")
    told = next(each for each in run.events if each["type"] == "said" and "unable to place a task" in each["message"])
    assert at(told["time"]) - at(told["at"]) <= 10
    assert run.result["cause"]["code"] == "E-NO-CAPACITY"


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_f60_what_a_task_died_of_is_told_though_ecs_has_forgotten_the_task() -> None:
    """ECS shows stopped tasks for an hour; this wait ends 70 minutes after the only failure."""
    flaky = behaves(NEW, run="exit", exit_code=7, after=4, fails=1)
    world = a_world(service(desired=1), flaky, later(30, "capacity", tasks=1))
    run = play(world, (*DEPLOY, "-t", "75m"))
    assert (run.code, run.result["status"]) == (22, "timed_out")
    assert "E-CONTAINER-EXIT" in run.said


@dataclass(frozen=True)
class WrongClock:
    """The machine believes that it is five hours ago, and sets its clock in the middle of the run."""

    clock: Clock
    set_at: float

    def now(self) -> datetime:
        wrong = timedelta(hours=5 if self.monotonic() < self.set_at else 0)
        return self.clock.now() - wrong

    def monotonic(self) -> float:
        return self.clock.monotonic()

    def sleep(self, seconds: float) -> None:
        self.clock.sleep(seconds)


def test_f11_a_wrong_clock_changes_neither_the_time_given_nor_what_is_told() -> None:
    world, around = a_world(), surroundings()
    environment = inside(world, around)
    assert environment.clock is not None
    wrong = replace(environment, clock=WrongClock(environment.clock, world.start + 30))
    code = main((*DEPLOY, "-t", "300"), wrong)
    record = around.record
    assert isinstance(record, StringIO)
    events = [json.loads(line) for line in record.getvalue().splitlines()]
    assert (code, events[-1]["status"]) == (0, "succeeded")
    right = play(a_world(), (*DEPLOY, "-t", "300"))
    assert events[-1]["duration_seconds"] == right.result["duration_seconds"]
    assert [each["id"] for each in events if each["type"] == "said"] == [
        each["id"] for each in right.events if each["type"] == "said"
    ]
