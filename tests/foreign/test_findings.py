"""What outsiders' worlds have found, as hand-written replies show it."""

from typing import Any

import pytest

from tests.foreign.bends import Misses, Mixes, Refuses, Window
from tests.foreign.course import Course, Fate, Shape
from tests.foreign.driving import release, run
from tests.foreign.endpoint import Bend, Endpoint
from tests.foreign.generated import Act, Case
from tests.truth.foreign import faults

WELL, CRASHES = Fate(), Fate(bad=100_000, life=4)
PLAIN = Shape(desired=2)


def world(fate: Fate, *bends: Bend, shape: Shape = PLAIN, back: Fate = WELL, **said: Any) -> Endpoint:
    return Endpoint(Course(shape, fate, back), bends=bends, **said)


def stopped(course: Course, count: int) -> None:
    """So many tasks of the first deployment stop, one after the other."""
    for task in course.history[0].live[:count]:
        course.stop(task, "Scaling activity initiated by (deployment)", "ServiceSchedulerInitiated")


@pytest.mark.parametrize(("desired", "bad"), [(10, 3), (200, 3), (1000, 3)])
@pytest.mark.parametrize("goes_back", [True, False])
def test_t01_a_few_tasks_of_a_batch_fail_and_the_rest_lives(desired: int, bad: int, *, goes_back: bool) -> None:
    case = Case(shape=Shape(desired=desired), fate=Fate(bad=bad, life=8), goes_back=goes_back)
    told = case.play()
    assert faults(case, told) == []
    assert told.status == "succeeded"
    assert len(told.world.made("UpdateService")) == 1


def test_t03_a_way_back_needs_no_record_of_service_deployments() -> None:
    unreadable = Refuses(where=Window(operations=("ListServiceDeployments", "DescribeServiceDeployments")))
    case = Case(shape=PLAIN, fate=CRASHES, goes_back=True, bends=(unreadable,))
    told = case.play()
    assert faults(case, told) == []
    assert told.status == "rolled_back"


def test_t04_a_way_back_under_way_at_the_deadline_has_not_failed() -> None:
    case = Case(shape=PLAIN, fate=CRASHES, back=Fate(starts=100_000), timeout=60, goes_back=True, records=False)
    told = case.play()
    assert faults(case, told) == []
    assert (told.code, told.status, told.result["rollback"]["status"]) == (22, "timed_out", "in_progress")


@pytest.mark.parametrize("fate", [WELL, CRASHES], ids=["well", "crashes"])
@pytest.mark.parametrize("spares", [0, 1])
def test_t05_the_primary_in_the_reply_to_an_update_may_be_of_others(fate: Fate, spares: int) -> None:
    mixed = Mixes(where=Window(operations=("UpdateService",), spares=spares, times=1))
    case = Case(shape=PLAIN, fate=fate, goes_back=True, bends=(mixed,))
    told = case.play()
    assert faults(case, told) == []
    assert told.status == ("succeeded" if fate is WELL else "rolled_back")


@pytest.mark.parametrize("times", [1, 2, 1000])
def test_t05_a_record_of_another_deployment_says_nothing_of_ours(times: int) -> None:
    mixed = Mixes(where=Window(operations=("DescribeServiceDeployments",), times=times))
    case = Case(shape=Shape(breaker=True, goes_back=True), fate=CRASHES, bends=(mixed,))
    told = case.play()
    assert faults(case, told) == []
    assert told.status == "rolled_back"


@pytest.mark.parametrize("spares", [1, 2, 4])
def test_t06_a_service_that_two_looks_miss_is_not_rolled_back(spares: int) -> None:
    missed = Misses(where=Window(operations=("DescribeServices",), spares=spares, times=2))
    case = Case(shape=PLAIN, goes_back=True, bends=(missed,))
    told = case.play()
    assert len(told.world.made("UpdateService")) == 1
    assert faults(case, told) == []
    assert told.status == "succeeded"


def test_t06_a_service_that_is_gone_for_good_is_not_written_to() -> None:
    gone = Misses(where=Window(operations=("DescribeServices",), spares=3))
    case = Case(shape=PLAIN, goes_back=True, bends=(gone,))
    told = case.play()
    assert len(told.world.made("UpdateService")) == 1
    assert told.status not in ("succeeded", "rolled_back", "rollback_failed")


CLASSIC = {"loadBalancers": [{"loadBalancerName": "web", "containerName": "fargate-app", "containerPort": 80}]}
LATTICE = {
    "vpcLatticeConfigurations": [
        {"roleArn": "arn:aws:iam::1:role/x", "targetGroupArn": "arn:aws:vpc-lattice:us-west-2:1:targetgroup/tg-1"}
    ]
}
UNCHECKED = pytest.mark.parametrize("members", [CLASSIC, LATTICE, {}], ids=["classic", "lattice", "none"])


@UNCHECKED
def test_t07_without_a_rollout_state_success_waits_for_the_steady_state(members: dict[str, object]) -> None:
    told = release(world(Fate(settles=30), members=members, rollout_states=False))
    assert told.status == "succeeded"
    assert told.world.course.when("completed", told.world.course.primary.number) is not None


@UNCHECKED
def test_t07_without_a_rollout_state_tasks_that_die_soon_are_no_success(members: dict[str, object]) -> None:
    one = world(Fate(bad=100_000, life=25), members=members, rollout_states=False)
    one.course.later(25, lambda: stopped(one.course, 2))
    assert release(one, "-t", "300").status in ("failed", "timed_out")


def test_t07_nobody_is_healthy_where_nobody_checks() -> None:
    told = release(world(WELL, rollout_states=False), output="lines")
    assert told.status == "succeeded"
    assert "2/2 healthy" not in told.stderr
    assert "2/2 running" in told.stderr


@pytest.mark.parametrize("later", [0.05, 1, 2.5])
def test_t08_ours_had_completed_before_another_one_began(later: float) -> None:
    # Its tasks run after 24.4 s, the old ones have gone 12 s later, and it is complete after 12 more.
    ended = Case().play().world.course.log[-1]
    case = Case(acts=(Act(at=ended.at - Course(PLAIN).now + later, what="deploy"),), records=False)
    told = case.play()
    assert faults(case, told) == []
    assert told.status == "succeeded"


BLIPS = [("AccessDeniedException", "not authorized to perform: ecs:DescribeServices"), ("ExpiredTokenException", "")]


@pytest.mark.parametrize("fate", [WELL, CRASHES], ids=["well", "crashes"])
@pytest.mark.parametrize(("code", "text"), BLIPS, ids=["denied", "expired"])
def test_t10_a_look_that_is_refused_once_ends_nothing(fate: Fate, code: str, text: str) -> None:
    blip = Refuses(where=Window(operations=("DescribeServices",), spares=3, times=1), code=code, text=text)
    case = Case(shape=PLAIN, fate=fate, goes_back=True, bends=(blip,))
    told = case.play()
    assert faults(case, told) == []
    assert told.status == ("succeeded" if fate is WELL else "rolled_back")


def test_t12_what_serves_is_counted() -> None:
    one = world(Fate(bad=2, life=100_000), shape=Shape(desired=10))
    one.course.later(40, lambda: stopped(one.course, 8))
    told = run(one, *_LINES, "-t", "120")
    assert told.status == "timed_out"
    assert "Production is on amazon-ecs-sample:1 (2 running)" not in " ".join(told.stderr.split())


_LINES = ("deploy", "-c", "MyCluster", "-n", "my-http-service", "-i", "registry.example.net/team/sample:blue")


def test_t12_unchanged_needs_tasks_that_run() -> None:
    one = world(WELL)
    stopped(one.course, 2)
    told = run(one, *_LINES[:-1], "registry.example.net/team/sample:1", "--skip-unchanged", "--no-preflight")
    assert told.status != "unchanged"


def test_t12_a_success_that_has_lost_tasks_says_so() -> None:
    oom = Fate(bad=2, life=30, exit_code=137, reason="OutOfMemoryError: Container killed due to memory usage")
    told = release(world(oom, shape=Shape(desired=4)))
    assert told.status == "succeeded"
    assert told.result["warnings"]


@pytest.mark.parametrize("share", [0.1, 0.2])
def test_t14_a_throttled_page_is_asked_for_again_and_not_the_whole_list(share: float) -> None:
    throttled = Refuses(where=Window(operations=("ListTasks", "DescribeTasks")), share=share)
    told = release(world(CRASHES, throttled, shape=Shape(desired=1000)), "-t", "300")
    assert told.status == "failed"
    assert told.result["cause"] is not None


def test_t14_a_stopped_task_is_described_once() -> None:
    one = world(CRASHES, shape=Shape(desired=300))
    told = release(one, "-t", "200", "--no-fail-fast")
    assert told.status == "timed_out"
    replies = [each.reply for each in one.made("DescribeTasks") if each.told]
    stopped = [task["taskArn"] for reply in replies for task in reply["tasks"] if task["lastStatus"] == "STOPPED"]
    again = len(stopped) - len(set(stopped))
    assert again <= len(set(stopped)) / 2, f"{again} of {len(stopped)} stopped tasks were described again"


SILENT = [
    Refuses(where=Window(), code="ServerException", text="Service Unavailable.", status=500),
    Refuses(where=Window()),
]


@pytest.mark.parametrize("silent", SILENT, ids=["500", "throttled"])
def test_t15_an_endpoint_that_never_answers_is_told_of_soon_and_refused(silent: Bend) -> None:
    told = run(world(WELL, silent), *_LINES, "--no-preflight", "-t", "120")
    assert (told.code, told.status, told.result["exit_code"]) == (26, "refused", 26)
    assert told.seconds <= 180
    assert told.world.applied() == []


def test_t09_a_release_that_was_rolled_back_is_not_gone_back_to() -> None:
    one = world(CRASHES, shape=Shape(desired=2, breaker=True, goes_back=True))
    assert release(one, "-t", "300").status == "rolled_back"
    told = run(one, "rollback", "-c", "MyCluster", "-n", "my-http-service", "--no-preflight")
    assert all(not str(each.request["taskDefinition"]).endswith(":2") for each in one.made("UpdateService")[1:])
    assert told.code == 26
