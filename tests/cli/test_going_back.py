"""The way back of a release that failed: acted on before it is explained, and told as it was."""

from collections.abc import Mapping

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import (
    CRASHES,
    DEPLOY,
    NEW,
    OLD,
    REPOSITORY,
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
)

BREAKER = {"circuit_breaker": "rollback"}
BACK = ("-t", "600", "--on-failure", "rollback")
_WRITES = ("RegisterTaskDefinition", "UpdateService", "StopServiceDeployment")


def writes(world: World) -> list[str]:
    return [call.operation for call in world.calls if call.operation in _WRITES]


def crashing(*parts: str, **deployment: str) -> World:
    return a_world(service(desired=4, deployment=deployment), CRASHES, *parts)


def at_rest(ran: Played) -> list[str]:
    ran.world.on_signal = None
    ran.world.settle()
    return running_images(ran.world)


def way_back(ran: Played) -> tuple[str, str, str]:
    report: Mapping[str, str] = ran.result["rollback"]
    return report["by"], report["status"], report["to_revision"].rsplit("/", 1)[-1]


@pytest.mark.parametrize("second", [31, 33, 36])
@pytest.mark.parametrize(("signal", "code"), [("INT", 130), ("TERM", 143)])
def test_f26_a_signal_after_the_verdict_does_not_take_away_the_rollback_that_was_asked_for(
    signal: str, code: int, second: int
) -> None:
    ran = play(crashing(later(second, "signal", signal=signal)), (*DEPLOY, *BACK))
    assert (ran.code, ran.result["status"]) == (code, "interrupted")
    assert writes(ran.world) == [*_WRITES]
    assert "The rollback goes on at AWS." in ran.stderr
    assert at_rest(ran) == [OLD]


@pytest.mark.parametrize("second", range(30, 50, 2))
def test_f26_a_signal_before_the_rollback_is_sent_sends_it_at_once(second: int) -> None:
    """Every call takes two seconds: there are some between the verdict and the write."""
    ran = play(crashing(later(second, "signal", signal="TERM"), limits(latency_ms=2000)), (*DEPLOY, *BACK))
    assert at_rest(ran) == [OLD]
    assert (ran.result["status"], ran.code) == ("interrupted", 143)


def test_f26_the_flag_form_sends_its_rollback_too() -> None:
    ran = play(crashing(later(33, "signal", signal="TERM")), (*WEB, "-i", NEW, "-t", "600", "--enable-rollback"))
    assert writes(ran.world) == [*_WRITES]
    assert at_rest(ran) == [OLD]


def test_the_rollback_is_sent_before_its_cause_is_looked_for() -> None:
    """The container writes nothing: its log is looked for three times."""
    ran = play(crashing(), (*DEPLOY, *BACK))
    concluded, begun = (
        next(each for each in ran.events if each["type"] == kind) for kind in ("concluded", "rolling_back")
    )
    assert begun["time"] == concluded["time"]
    assert begun["seq"] == concluded["seq"] + 1
    assert ran.result["cause"]["code"] == "E-CONTAINER-EXIT"


@pytest.mark.parametrize("limit", range(44, 64, 2))
def test_f37_a_rollback_that_ecs_has_begun_meanwhile_is_followed_to_its_end(limit: int) -> None:
    options = ("-t", str(limit), "--no-fail-fast", "--on-failure", "rollback")
    ran = play(crashing(circuit_breaker="rollback"), (*DEPLOY, *options))
    assert (ran.code, ran.result["status"], running_images(ran.world)) == (21, "rolled_back", [OLD])
    ours = "StopServiceDeployment" in writes(ran.world)
    assert way_back(ran)[:2] == ("us" if ours else "ecs", "rolled_back")


WORSE = f"{REPOSITORY}:3"
"""Another release that fails: ours, after one of somebody else's."""
AFTER = ("deploy", *WEB, "--image", WORSE, "--if-busy", "supersede", *BACK)


def after_another(*parts: str, wait: float, **deployment: str) -> World:
    """Version 1 is good; somebody releases version 2, which is not."""
    world = crashing(behaves(WORSE, run="exit", exit_code=1, after=4), *parts, **deployment)
    play(world, (*DEPLOY, "--detach"))
    world.clock.sleep(wait)
    return world


@pytest.mark.parametrize(
    ("breaker", "wait"),
    [
        pytest.param("rollback", 15, id="another's release runs"),
        pytest.param("rollback", 60, id="ECS takes another's release back"),
        pytest.param("off", 300, id="another's release fails for ever"),
        pytest.param("stop", 120, id="another's release has failed"),
    ],
)
@pytest.mark.parametrize("stops", [True, False], ids=["stopped", "Stop is denied"])
def test_the_way_back_leads_to_what_was_good(breaker: str, wait: float, *, stops: bool) -> None:
    denied = fault(operation="StopServiceDeployment", error="AccessDeniedException", times=0)
    world = after_another(*(() if stops else (denied,)), wait=wait, circuit_breaker=breaker)
    ran = play(world, AFTER)
    assert (ran.code, way_back(ran)[1:], at_rest(ran)) == (21, ("rolled_back", "web:1"), [OLD])
    assert ran.result["from_revision"].endswith("/web:1")
    assert "Production is on web:1" in ran.stderr


def test_the_way_out_of_a_release_after_a_failed_one_is_the_good_one() -> None:
    world = after_another(wait=120, circuit_breaker="stop")
    ran = play(world, ("deploy", *WEB, "--image", WORSE, "--no-fail-fast"))
    assert ran.code == 20
    assert "rollback -c prod -n web --to web:1 " in ran.stderr


def test_a_good_path_reads_no_history() -> None:
    ran = play(a_world(), DEPLOY)
    made = [call.operation for call in ran.world.calls]
    assert not {"ListServiceDeployments", "DescribeServiceRevisions"}.intersection(made[: made.index("UpdateService")])


SLOW = behaves(NEW, run="healthy", pull_seconds=60)
NO_RECORDS = tuple(
    fault(operation=operation, error="AccessDeniedException", times=0)
    for operation in ("ListServiceDeployments", "DescribeServiceDeployments")
)


def interrupted(*faults: str) -> Played:
    """SIGINT comes while tasks start, and the rollback is asked for in a world with these faults."""
    steady = service(desired=4, deployment={"circuit_breaker": "rollback"})
    world = a_world(steady, SLOW, later(40, "signal", signal="INT"), *faults)
    return play(world, (*DEPLOY, "--on-interrupt", "rollback", "-t", "600"))


def test_f26_a_stop_that_was_throttled_is_sent_again_and_nothing_else() -> None:
    ran = interrupted(fault(operation="StopServiceDeployment", error="ThrottlingException", times=1))
    assert writes(ran.world) == [*_WRITES, "StopServiceDeployment"]
    assert (ran.code, "The rollback goes on at AWS." in ran.stderr) == (130, True)
    assert at_rest(ran) == [OLD]


@pytest.mark.parametrize("times", [1, 0], ids=["once", "for ever"])
def test_f05_a_stop_whose_reply_is_lost_is_no_reason_to_update(times: int) -> None:
    ran = interrupted(fault(operation="StopServiceDeployment", error="reset-after", times=times))
    assert writes(ran.world).count("UpdateService") == 1
    known = times == 1
    assert way_back(ran)[:2] == ("us", "interrupted" if known else "unknown")
    assert ("The rollback goes on at AWS." in ran.stderr) is known
    assert ("The deployment goes on at AWS, or is rolled back there." in ran.stderr) is not known
    assert at_rest(ran) == [OLD]


@pytest.mark.parametrize("lag", [0, 30], ids=["seen", "reads lag"])
def test_f06_a_rollback_whose_reply_is_lost_is_not_called_unsent(lag: int) -> None:
    lost = fault(operation="UpdateService", error="reset-after", after=1, times=0)
    ran = interrupted(*NO_RECORDS, lost, limits(read_lag=lag))
    assert writes(ran.world).count("UpdateService") == 2
    assert "could not be asked for" not in ran.stderr
    assert way_back(ran)[:2] == ("us", "unknown" if lag else "interrupted")
    assert ("W-ROLLBACK-LOST" in str(ran.result["warnings"])) is bool(lag)
    assert at_rest(ran) == [OLD]


def test_t09_a_rollback_names_its_way_and_a_second_one_does_not_undo_it() -> None:
    world = a_world(service(desired=4, deployment={"circuit_breaker": "rollback"}))
    assert play(world, DEPLOY).code == 0
    planned = play(world, ("rollback", *WEB, "--dry-run"))
    way = " ".join(planned.stdout.split())
    assert "web:2 → web:1 (released 20" in way
    assert f"image {OLD}); if that fails, back to web:2" in way
    assert play(world, ("rollback", *WEB)).code == 0
    again = play(world, ("rollback", *WEB))
    assert (again.code, running_images(world)) == (26, [OLD])
    assert "was not rolled back" in again.stderr
    same = play(world, ("rollback", *WEB, "--to", "1"))
    assert (same.code, same.result["status"], running_images(world)) == (0, "unchanged", [OLD])
    other = play(world, ("rollback", *WEB, "--to", "api:1"))
    assert (other.code, "is not known to have run `api:1`" in other.stderr) == (26, True)
