"""`--skip-unchanged`: what runs well is left alone, what is under way is followed, what has failed is tried again."""

from tests.cli.worlds import CRASHES, NEW, OLD, WEB, Played, a_world, behaves, play, running_images, service

STOPS = service(desired=4, deployment={"circuit_breaker": "stop"})
DEPLOY = ("deploy", *WEB, "--image", NEW, "--no-fail-fast", "-t", "600")
AGAIN = (*DEPLOY, "--skip-unchanged")


def started(ran: Played) -> list[str]:
    return [each["deployment_id"] for each in ran.events if each["type"] == "started"]


def test_f63_a_release_that_has_failed_is_not_what_runs_already() -> None:
    world = a_world(STOPS, CRASHES)
    first = play(world, DEPLOY)
    again = play(world, AGAIN)
    assert (first.code, again.code, again.result["status"]) == (20, 20, "failed")
    assert len(again.requests("UpdateService")) == 2
    assert started(again) != started(first)


def test_f63_a_release_that_has_failed_succeeds_once_its_cause_is_gone() -> None:
    world = a_world(STOPS, behaves(NEW, run="exit", exit_code=1, after=4, fails=8))
    ends = [play(world, AGAIN).result["status"] for _ in range(4)]
    assert ends == sorted(ends, key=("failed", "succeeded", "unchanged").index)
    assert {"failed", "succeeded", "unchanged"} == {*ends}
    assert running_images(world) == [NEW]


def test_f63_what_ecs_went_back_to_runs_already_and_what_it_took_back_does_not() -> None:
    world = a_world(service(desired=4, deployment={"circuit_breaker": "rollback"}), CRASHES)
    assert play(world, DEPLOY).code == 21
    same = play(world, ("deploy", *WEB, "--image", OLD, "--skip-unchanged"))
    assert (same.code, same.result["status"]) == (0, "unchanged")
    assert play(world, AGAIN).code == 21
    assert len(play(world, ("status", *WEB)).requests("UpdateService")) == 2


def test_f24_a_deployment_that_is_only_followed_is_not_taken_back() -> None:
    world = a_world(service(desired=4, deployment={"circuit_breaker": "off"}), CRASHES)
    play(world, (*DEPLOY, "--detach"))
    world.clock.sleep(10)
    ran = play(world, ("deploy", *WEB, "--image", NEW, "--skip-unchanged", "--on-failure", "rollback"))
    assert (ran.code, ran.result["status"], ran.result["rollback"]) == (20, "failed", None)
    assert ran.requests("StopServiceDeployment") == []
    assert [each.split()[0] for each in ran.result["warnings"]][-2:] == ["W-ATTACHED", "W-NOT-OURS"]


THIRD = OLD.replace(":1", ":3")
WAITS = ("deploy", *WEB, "--image", OLD, "--if-busy", "wait", "-t", "900")


def waited(*options: str) -> Played:
    """Somebody's release is waited for that ends by going back."""
    world = a_world(
        service(desired=4, deployment={"circuit_breaker": "rollback"}), behaves(THIRD, run="exit", exit_code=1, after=4)
    )
    play(world, ("deploy", *WEB, "--image", THIRD, "--detach"))
    world.clock.sleep(10)
    return play(world, (*WAITS[:-2], *options, *WAITS[-2:]))


def test_f63_what_a_wait_led_to_may_be_what_was_wanted() -> None:
    ran = waited("--skip-unchanged")
    assert (ran.code, ran.result["status"]) == (0, "unchanged")
    assert len(ran.requests("UpdateService")) == 1
    assert len(ran.requests("RegisterTaskDefinition")) == 1


def test_f36_a_plan_that_a_wait_changed_is_told_again() -> None:
    planned = [each for each in waited().events if each["type"] == "planned"]
    assert [each["base"].rsplit("/", 1)[-1] for each in planned] == ["web:2", "web:1"]


def test_f63_a_count_that_is_asked_for_is_a_change() -> None:
    world = a_world(service(desired=4))
    ran = play(world, ("deploy", *WEB, "--image", OLD, "--skip-unchanged", "--desired-count", "2"))
    assert (ran.code, ran.result["status"]) == (0, "succeeded")
    assert [each["desiredCount"] for each in ran.requests("UpdateService")] == [2]
    same = play(world, ("deploy", *WEB, "--image", OLD, "--skip-unchanged", "--desired-count", "2"))
    assert (same.code, same.result["status"]) == (0, "unchanged")
