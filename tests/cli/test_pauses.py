"""A deployment that waits for somebody: answered, taken back, left alone, asked about too late."""

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import NEW, OLD, WEB, Json, Played, a_world, fault, play, running_images, service, shipped

PAUSES = {"target_type": "PAUSE", "lifecycle_stages": ["PRE_SCALE_UP"]}
UNTIL_IT_WAITS = 130.0


def begun(world: World) -> World:
    """A release that another process began and left, some time ago."""
    assert play(world, ("deploy", *WEB, "--image", NEW, "--detach")).code == 0
    world.clock.sleep(UNTIL_IT_WAITS)
    return world


def paused() -> World:
    """A blue/green deployment that waits before production traffic moves."""
    return begun(shipped("blue-green-pause-continue"))


def twice_paused(*parts: str) -> World:
    deployment = {"strategy": "BLUE_GREEN", "bake_time_in_minutes": 1, "lifecycle_hooks": [PAUSES, PAUSES]}
    return begun(a_world(service(deployment=deployment), *parts))


def go_on(world: World, *words: str) -> Played:
    return play(world, ("continue", *WEB, "--timeout", "30m", *words))


def answers(played: Played) -> list[Json]:
    return played.requests("ContinueServiceDeployment")


def test_f45_a_pause_is_continued_and_the_deployment_followed_to_its_verdict() -> None:
    played = go_on(paused())
    (answer,) = answers(played)
    assert (played.code, answer["action"], played.result["status"]) == (0, "CONTINUE", "succeeded")
    assert running_images(played.world) == [NEW]
    assert [each["stage"] for each in played.events if each["type"] == "continued"] == ["POST_TEST_TRAFFIC_SHIFT"]
    assert played.requests("UpdateService")[1:] == []


def test_f45_a_paused_deployment_is_taken_back() -> None:
    played = go_on(paused(), "--rollback")
    assert (played.code, answers(played)[0]["action"], played.result["status"]) == (21, "ROLLBACK", "rolled_back")
    assert played.result["cause"]["code"] == "E-PAUSE-REFUSED"
    assert running_images(played.world) == [OLD]


def test_a_continued_deployment_may_be_left() -> None:
    played = go_on(paused(), "--detach")
    assert (played.code, played.result["status"], len(answers(played))) == (0, "detached", 1)
    assert "ecs-deploy watch -c prod -n web --deployment ecs-svc/" in played.stderr


def test_where_no_pause_waits_nothing_is_changed() -> None:
    world = begun(shipped("blue-green"))
    played = go_on(world)
    assert (played.code, played.result["status"], answers(played)) == (26, "refused", [])
    assert "No pause of `web` waits to be continued: its deployment ecs-svc/" in played.stderr
    assert " is IN_PROGRESS at " in played.stderr


def test_a_service_at_rest_has_nothing_to_continue() -> None:
    played = go_on(a_world())
    assert (played.code, answers(played)) == (26, [])


@pytest.mark.parametrize("hook", ["--hook=ecs-pause-other", "--hook=ecs-pause-"], ids=["another", "a part"])
def test_a_pause_that_does_not_wait_is_not_answered(hook: str) -> None:
    played = go_on(paused(), hook)
    assert (played.code, answers(played)) == (26, [])
    assert "Name one with `--hook`: `ecs-pause-" in played.stderr


def test_where_two_pauses_wait_one_has_to_be_named() -> None:
    world = twice_paused()
    refused = go_on(world)
    assert (refused.code, answers(refused)) == (26, [])
    assert "2 pauses of `web` wait to be continued." in refused.stderr
    first, second = (word.strip("`,.") for word in refused.stderr.split() if word.startswith("`ecs-pause-"))
    assert go_on(world, "--hook", first, "--detach").code == 0
    assert go_on(world, "--hook", second).result["status"] == "succeeded"
    assert running_images(world) == [NEW]


@pytest.mark.parametrize("kind", ["reset-after", "ServerException"])
def test_f04_an_answer_whose_reply_is_lost_is_given_once(kind: str) -> None:
    world = twice_paused(fault(operation="ContinueServiceDeployment", error=kind))
    hook = next(word.strip("`,.") for word in go_on(world).stderr.split() if word.startswith("`ecs-pause-"))
    played = go_on(world, "--hook", hook, "--detach")
    assert (played.code, played.result["status"]) == (0, "detached")
    assert len(answers(played)) == 2


def test_an_answer_that_is_denied_is_a_refusal() -> None:
    world = twice_paused(fault(operation="ContinueServiceDeployment", error="AccessDeniedException"))
    hook = next(word.strip("`,.") for word in go_on(world).stderr.split() if word.startswith("`ecs-pause-"))
    played = go_on(world, "--hook", hook)
    assert (played.code, played.result["status"]) == (26, "refused")
    assert "ecs:ContinueServiceDeployment" in played.stderr


def test_stop_takes_a_paused_deployment_back() -> None:
    world = paused()
    assert play(world, ("stop", *WEB)).code == 21
    assert running_images(world) == [OLD]


def test_stopping_an_idle_service_says_what_runs_and_what_to_do() -> None:
    played = play(a_world(), ("stop", *WEB))
    assert (played.code, played.requests("StopServiceDeployment")) == (26, [])
    assert "No deployment of `web` is under way that could be stopped." in played.stderr
    assert "`ecs-deploy rollback` puts a finished release back." in played.stderr
