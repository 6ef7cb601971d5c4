"""What no simulator of ours would say, kind by kind: each run is held to all the rules, and to its right end."""

from dataclasses import replace

import pytest

from tests.foreign.bends import ENUMS, Breaks, Delays, Lags, Mangles, Misses, Mixes, Refuses, Window
from tests.foreign.course import Course, Fate, Shape
from tests.foreign.driving import NEW, RELEASE, WEB, Told, release, run
from tests.foreign.endpoint import Endpoint
from tests.foreign.external import External
from tests.foreign.fronts import FRONTS, called, of_deployment
from tests.foreign.generated import Act, Case
from tests.foreign.replies import Replies
from tests.foreign.shapes import HERE, PORT, Json, Names
from tests.truth.foreign import discreet, faults

WELL, CRASHES = Fate(), Fate(bad=100_000, life=4)
GOES_BACK = Shape(desired=2, breaker=True, goes_back=True)
LOOKS = Window(operations=("DescribeServices",), spares=1)
"""DescribeServices, but for the look before the write."""
ENDS = pytest.mark.parametrize(
    ("fate", "end"), [(WELL, "succeeded"), (CRASHES, "rolled_back")], ids=["well", "crashes"]
)


def held(case: Case) -> str:
    """Play the case, hold it to the rules, and give its status."""
    told = case.play()
    assert [*faults(case, told), *discreet(told)] == [], case
    return told.status


@ENDS
@pytest.mark.parametrize("records", [True, False])
@pytest.mark.parametrize("short", [True, False])
@pytest.mark.parametrize("home", [("aws", "us-west-2"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")])
def test_every_partition_and_both_forms_of_arns(
    fate: Fate, end: str, *, records: bool, short: bool, home: tuple[str, str]
) -> None:
    names = Names(partition=home[0], region=home[1], short=short)
    assert held(Case(shape=GOES_BACK, fate=fate, names=names, records=records)) == end


MEMBERS = ("id", "status", "createdAt", "updatedAt", "taskDefinition", "desiredCount", "runningCount", "pendingCount")
MORE = ("failedTasks", "rolloutState", "rolloutStateReason", "events", "message", "deployments", "serviceName")
EVEN = ("serviceArn", "clusterArn", "deploymentConfiguration", "deploymentController", "loadBalancers", "services")


@pytest.mark.parametrize("fate", [WELL, CRASHES], ids=["well", "crashes"])
@pytest.mark.parametrize("how", ["dropped", "null", "empty", "kind"])
@pytest.mark.parametrize("member", [*MEMBERS, *MORE, *EVEN])
def test_a_member_that_is_missing_or_not_what_it_must_be(fate: Fate, how: str, member: str) -> None:
    for share in (0.3, 1.0):
        mangled = Mangles(where=LOOKS, how=how, member=member, share=share)
        held(Case(shape=GOES_BACK, fate=fate, bends=(mangled,), timeout=200))


@pytest.mark.parametrize("fate", [WELL, CRASHES], ids=["well", "crashes"])
@pytest.mark.parametrize("operation", ["ListTasks", "DescribeTasks", "ListServiceDeployments"])
@pytest.mark.parametrize("how", ["dropped", "null", "empty", "kind"])
def test_members_of_tasks_and_of_records(fate: Fate, operation: str, how: str) -> None:
    for seed in range(8):
        mangled = Mangles(where=Window(operations=(operation,)), how=how, seed=seed, share=0.7)
        held(Case(shape=GOES_BACK, fate=fate, bends=(mangled,), timeout=200))


@pytest.mark.parametrize("fate", [WELL, CRASHES], ids=["well", "crashes"])
@pytest.mark.parametrize("member", sorted(ENUMS))
def test_a_new_word_in_any_enum(fate: Fate, member: str) -> None:
    new = Mangles(where=Window(operations=(), spares=4), how="word", member=member)
    held(Case(shape=GOES_BACK, fate=fate, bends=(new,), timeout=200))


@ENDS
@pytest.mark.parametrize("seconds", [3, 8, 20])
def test_stale_reads(fate: Fate, end: str, seconds: float) -> None:
    assert held(Case(shape=GOES_BACK, fate=fate, bends=(Lags(where=Window(), seconds=seconds),))) == end


@pytest.mark.parametrize("spares", range(8))
@pytest.mark.parametrize("fate", [WELL, CRASHES], ids=["well", "crashes"])
def test_a_reply_of_another_service(fate: Fate, spares: int) -> None:
    foreign = Mixes(where=Window(operations=("DescribeServices",), spares=spares, times=2))
    assert held(Case(shape=GOES_BACK, fate=fate, goes_back=True, bends=(foreign,))) in ("succeeded", "rolled_back")


BROKEN = ("reset", "half", "empty", "html", "list", "slow")


@ENDS
@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("operation", ["RegisterTaskDefinition", "UpdateService"])
@pytest.mark.parametrize("carried_out", [True, False])
def test_a_write_whose_reply_is_broken(fate: Fate, end: str, how: str, operation: str, *, carried_out: bool) -> None:
    lost = Breaks(where=Window(operations=(operation,), times=1), how=how, carried_out=carried_out)
    assert held(Case(shape=GOES_BACK, fate=fate, bends=(lost,))) == end


@ENDS
@pytest.mark.parametrize("how", BROKEN)
def test_reads_that_are_broken_now_and_then(fate: Fate, end: str, how: str) -> None:
    bends = tuple(Breaks(where=Window(spares=spares, times=1), how=how) for spares in (0, 4, 7, 11))
    assert held(Case(shape=GOES_BACK, fate=fate, bends=bends)) == end


@ENDS
def test_slow_replies(fate: Fate, end: str) -> None:
    assert held(Case(shape=GOES_BACK, fate=fate, bends=(Delays(where=Window(), seconds=8),), timeout=600)) == end


THROTTLED = Refuses(where=Window(), share=0.3)


@ENDS
def test_a_throttled_account(fate: Fate, end: str) -> None:
    assert held(Case(shape=GOES_BACK, fate=fate, bends=(THROTTLED,))) == end


@pytest.mark.parametrize("at", [0.15, 5, 30, 60, 200])
@pytest.mark.parametrize("what", ["deploy", "delete", "scale"])
@ENDS
def test_others_at_work(at: float, what: str, fate: Fate, end: str) -> None:
    held(Case(shape=GOES_BACK, fate=fate, goes_back=True, acts=(Act(at=at, what=what, desired=3),)))


@ENDS
@pytest.mark.parametrize("records", [True, False])
def test_a_daemon_service(fate: Fate, end: str, *, records: bool) -> None:
    daemon = replace(GOES_BACK, daemon=True)
    assert held(Case(shape=daemon, fate=fate, records=records)) == end


ILL = Fate(bad=100_000, ill=True, life=30, exit_code=143)
PLAIN = Shape(desired=2)
STATES = pytest.mark.parametrize("rollout_states", [True, False])


@STATES
@pytest.mark.parametrize("records", [True, False])
@pytest.mark.parametrize("front", ["", *FRONTS])
def test_whatever_stands_before_the_tasks(front: str, *, records: bool, rollout_states: bool) -> None:
    known = Case(front=front, records=records, rollout_states=rollout_states, goes_back=True, timeout=600)
    assert held(known) == "succeeded"
    assert held(replace(known, fate=CRASHES)) == "rolled_back"


class BehindGateway(Replies):
    """A gateway connector stands in the service revision alone, and so do the resources that ECS makes for it.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/gateway-connect-service.html and API_ServiceRevision
    """

    def on_DescribeServiceRevisions(self, asked: Json) -> Json:  # noqa: N802 - AWS's name
        told = super().on_DescribeServiceRevisions(asked)
        check = {"healthCheckProtocol": "HTTP", "healthCheckPath": "/", "matcher": {"httpCode": "200-299"}}
        connector = {"portName": PORT, "healthCheck": check, "filters": {"accessTypes": ["PUBLIC"]}}
        for each in told["serviceRevisions"]:
            each |= {"gatewayConnectors": [connector], "ecsManagedResources": {"ingressPaths": []}}
        return told


CONNECT = {
    "enabled": True,
    "namespace": "arn:aws:servicediscovery:us-west-2:123456789012:namespace/ns-0123456789abcdef",
    "services": [{"portName": PORT, "clientAliases": [{"port": 80, "dnsName": "web"}]}],
}
BEHIND = pytest.mark.parametrize(
    ("replies", "parts"),
    [
        pytest.param(Replies, of_deployment("lattice", HERE), id="VPC Lattice"),
        pytest.param(Replies, {"serviceConnectConfiguration": CONNECT}, id="Service Connect"),
        pytest.param(BehindGateway, {}, id="a gateway"),
    ],
)


@BEHIND
def test_a_service_that_is_connected_is_released(replies: type[Replies], parts: Json) -> None:
    world = Endpoint(Course(PLAIN), replies=replies, parts=parts)
    told = release(world)
    assert (told.status, told.result["warnings"]) == ("succeeded", [])
    assert [{*each.request} for each in world.made("UpdateService")] == [{"cluster", "service", "taskDefinition"}]


@BEHIND
def test_what_connects_a_service_is_never_sent_and_so_stays(replies: type[Replies], parts: Json) -> None:
    """Also not to go back. A list that is sent replaces what stands: API_UpdateService."""
    world = Endpoint(Course(PLAIN, CRASHES), replies=replies, parts=parts, records=replies is BehindGateway)
    told = release(world, "--on-failure", "rollback", "-t", "600")
    updates = told.world.made("UpdateService")
    assert (told.status, len(updates)) == ("rolled_back", 1 if replies is BehindGateway else 2), told.stderr
    assert {member for each in updates for member in each.request} == {"cluster", "service", "taskDefinition"}


def behind_lattice(*, shows: bool = True) -> Endpoint:
    course = Course(GOES_BACK, ILL)
    course.front = called("lattice", HERE)
    return Endpoint(course, parts=of_deployment("lattice", HERE), shows_targets=shows)


def test_what_vpc_lattice_finds_of_its_targets_is_proof() -> None:
    told = release(behind_lattice())
    cause = told.result["cause"]
    assert (told.status, cause["code"]) == ("rolled_back", "E-TARGET-UNHEALTHY"), told.stderr
    assert "health check: HTTP /health, expects 200, within 2 s, every 5 s, fails after 2 in a row" in cause["evidence"]
    assert not [each for each in told.result["warnings"] if "UNREADABLE" in each]


def test_an_unhealthy_target_of_vpc_lattice_is_named_by_doctor_and_status() -> None:
    world = behind_lattice()
    assert run(world, *RELEASE, "--detach").code == 0
    world.sleep(40)
    doctor, status = run(world, "doctor", *WEB), run(world, "status", *WEB)
    unwell = "80 unhealthy TargetFailedHealthChecks"
    assert (doctor.code, unwell in " ".join(status.stdout.split())) == (20, True), status.stdout
    assert "Targets tg-0123456789abcdef0" in " ".join(status.stdout.split())
    assert "of tg-0123456789abcdef0 is unhealthy: TargetFailedHealthChecks" in " ".join(doctor.stdout.split())


def test_targets_of_vpc_lattice_that_may_not_be_read_cost_a_note() -> None:
    status = run(behind_lattice(shows=False), "status", *WEB)
    assert (status.code, "vpc-lattice:ListTargets" in status.stdout) == (0, True), status.stdout
    told = release(behind_lattice(shows=False))
    assert (told.status, told.result["cause"]["code"]) == ("rolled_back", "E-TARGET-UNHEALTHY")
    assert [each for each in told.result["warnings"] if each.startswith("W-UNREADABLE-TARGETS")]


@STATES
@pytest.mark.parametrize("sees_targets", [True, False])
@pytest.mark.parametrize("front", FRONTS)
def test_tasks_that_fail_the_checks_of_what_stands_before_them(
    front: str, *, sees_targets: bool, rollout_states: bool
) -> None:
    ill = Case(front=front, fate=ILL, sees_targets=sees_targets, rollout_states=rollout_states, goes_back=True)
    assert held(replace(ill, timeout=600)) == "rolled_back"


@pytest.mark.parametrize("front", ["", *FRONTS])
@pytest.mark.parametrize("records", [True, False])
def test_a_service_of_an_external_controller_is_left_alone(front: str, *, records: bool) -> None:
    assert held(Case(external=True, front=front, records=records)) == "refused"


def test_a_service_of_an_external_controller_takes_no_definition() -> None:
    told = Case(external=True).play()
    assert told.code == 26
    assert "EXTERNAL" in told.stderr


def of_others(*words: str) -> Told:
    return run(Endpoint(Course(PLAIN), replies=External), words[0], *WEB, *words[1:])


def of_daemon(*words: str) -> Told:
    daemon = Course(replace(PLAIN, daemon=True))
    return run(Endpoint(daemon, members={"schedulingStrategy": "DAEMON"}), words[0], *WEB, *words[1:])


def test_each_task_set_of_others_has_its_own_share_of_the_count() -> None:
    told = of_others("scale", "--to", "3")
    assert (told.code, told.world.made("UpdateService")) == (26, [])
    assert "another program makes its task sets, and each runs its own share of the desired count." in told.stderr
    assert "`aws ecs update-service --cluster MyCluster --service my-http-service --desired-count 3`" in told.stderr


def test_exec_is_not_turned_on_where_ecs_does_not_take_it() -> None:
    told = of_others("exec", "--dry-run")
    assert (told.code, "--force-new-deployment" in told.stderr) == (26, False)
    assert "With the controller `EXTERNAL`, ECS takes that only when the service is created." in told.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("scale", "--to", "3"), 26, "is a DAEMON service: it runs a task on every instance"),
        (("plan", "-i", NEW, "--desired-count", "3"), 26, "ECS takes no desired count for it. Leave the desired count"),
        (("deploy", "-i", NEW, "--max", "200"), 26, "ECS takes no maximum above 100 % for it, and 200 % is asked for."),
        (("rehearse", "-i", NEW), 26, "Its scheduling strategy is DAEMON, which the simulator does not play."),
        (("deploy", "--force-new-deployment"), 0, "SUCCEEDED amazon-ecs-sample:1"),
        (("watch",), 0, "SUCCEEDED amazon-ecs-sample:1"),
        (("rollback", "--to", "1"), 0, "UNCHANGED amazon-ecs-sample:1"),
    ],
)
def test_of_a_daemon_service_it_is_said_what_it_does_not_take(words: tuple[str, ...], code: int, said: str) -> None:
    told = of_daemon(*words)
    assert (told.code, said in " ".join(told.said.split())) == (code, True), told.said
    assert code == 0 or told.world.made("UpdateService", "RegisterTaskDefinition") == []
    assert code == 0 or "Next" not in told.stderr


@pytest.mark.parametrize("command", ["rollback", "stop", "init --dry-run", f"plan -i {NEW}"])
def test_what_would_change_it_says_who_does(command: str) -> None:
    words = command.split()
    told = run(Endpoint(Course(PLAIN), replies=External), words[0], *WEB, *words[1:])
    assert told.code == 26
    said = " ".join(told.said.split())
    assert "has the deployment controller `EXTERNAL`: another program deploys it, with task sets" in said
    assert told.world.made("UpdateService", "RegisterTaskDefinition") == []


@pytest.mark.parametrize("command", ["status", "history", "watch", "logs"])
def test_what_looks_looks_at_it_all_the_same(command: str) -> None:
    assert run(Endpoint(Course(PLAIN), replies=External), command, *WEB).code == 0


def test_a_service_that_is_missed_for_one_look() -> None:
    missed = Misses(where=Window(operations=("DescribeServices",), spares=3, times=1))
    assert held(Case(shape=GOES_BACK, goes_back=True, bends=(missed,))) == "succeeded"
