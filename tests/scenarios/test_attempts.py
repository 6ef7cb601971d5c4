"""A good release of which a part fails is never undone: big and small services, played whole."""

import pytest

from tests.cli.worlds import NEW, REPOSITORY, WEB, Played, a_world, behaves, later, play, running_images, service

UNDOES = ("deploy", *WEB, "--image", NEW, "--on-failure", "rollback", "--timeout", "20m", "--no-preflight")
FIXED = f"{REPOSITORY}:3"
WRITES = ("UpdateService", "StopServiceDeployment")


def released(desired: int, **behaviour: object) -> Played:
    """Without a breaker ECS waits as long as it takes, and half of the tasks are started at once."""
    half = {"minimum_healthy_percent": 100, "maximum_percent": 200}
    return play(a_world(service(desired=desired, deployment=half), behaves(NEW, **behaviour)), UNDOES)


@pytest.mark.parametrize(
    ("desired", "lost"), [(4, 2), (4, 3), (10, 3), (10, 7), (200, 3), (200, 120), (1000, 3)], ids=str
)
def test_t01_a_batch_of_which_some_die_is_not_undone(desired: int, lost: int) -> None:
    run = released(desired, run="exit", after=8, fails=lost)
    assert (run.code, run.result["status"]) == (0, "succeeded")
    assert running_images(run.world) == [NEW]
    assert [call.operation for call in run.world.calls if call.operation in WRITES] == ["UpdateService"]


def test_t01_a_late_replication_that_one_batch_meets_is_not_undone() -> None:
    reason = "unable to retrieve secret from asm: AccessDeniedException"
    for lost in (2, 4):
        run = released(4, pull="init-error", reason=reason, fails=lost)
        assert (run.result["status"], running_images(run.world)) == ("succeeded", [NEW])


@pytest.mark.parametrize("desired", [1, 2, 4, 10, 200])
def test_t01_a_crash_loop_is_undone_early_all_the_same(desired: int) -> None:
    run = released(desired, run="exit", after=4)
    assert run.result["status"] == "rolled_back"
    (doomed,) = (each for each in run.events if each["type"] == "doomed")
    assert doomed["doom"]["rule"] == "crash-loop"
    assert run.result["duration_seconds"] < 400


def test_t13_the_fix_of_a_crash_looping_release_is_released() -> None:
    world = a_world(service(), behaves(NEW, run="exit", after=4))
    broken = play(world, ("deploy", *WEB, "--image", NEW, "--no-preflight"))
    assert broken.result["status"] == "failed"
    mended = play(world, ("deploy", *WEB, "--image", FIXED, "--no-preflight"))
    assert (mended.code, mended.result["status"], running_images(world)) == (0, "succeeded", [FIXED])
    assert "cannot succeed any more, and is superseded by ours" in " ".join(mended.stderr.split())


def test_t11_a_service_that_is_scaled_to_zero_on_the_way_is_no_bare_success() -> None:
    target_group = {"health_interval": 10, "healthy_threshold": 2, "deregistration_delay": 30, "grace_period": 30}
    shape = service(desired=4, load_balancer=target_group)
    release = ("deploy", *WEB, "--image", NEW, "--timeout", "10m")
    run = play(a_world(shape, behaves(NEW, run="exit", after=5), later(30, "scale", desired=0)), release)
    assert (run.code, run.result["status"], run.result["cause"]["code"]) == (20, "failed", "E-CONTAINER-EXIT")
    assert "scaled to zero" in run.stderr
    good = play(a_world(shape, later(60, "scale", desired=0)), release)
    assert (good.code, good.result["status"]) == (0, "succeeded")
    assert "scaled to zero" in good.stderr
