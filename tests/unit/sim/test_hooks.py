"""Lifecycle hooks: what functions answer, what pauses wait for, and what both are told."""

from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.unit.sim.builders import Refused, call, deploy, seconds, the_service, world
from tests.unit.sim.strategies import (
    SMOKE,
    answers,
    at_stage,
    course,
    history,
    lambda_hook,
    pause,
    record,
    running,
    service,
    stages,
    until,
    weights,
)

BLUE_GREEN = 'strategy = "BLUE_GREEN", bake_time_in_minutes = 1'
LINEAR = 'strategy = "LINEAR", linear_configuration = { step_percent = 50.0, step_bake_time_in_minutes = 1 }'
PREFIX = "Service deployment rolled back because"


def _world(hooks: str, more: str = "", strategy: str = BLUE_GREEN) -> World:
    return world(service(f"{strategy}, {hooks}"), more)


def _hooks(w: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = record(w).get("lifecycleHookDetails", [])
    return found


def _continue(w: World, hook: str, **members: Any) -> dict[str, Any]:
    arn = record(w)["serviceDeploymentArn"]
    return call(w, "ContinueServiceDeployment", serviceDeploymentArn=arn, hookId=hook, **members)


def test_a_function_that_is_not_listed_succeeds() -> None:
    w = _world(lambda_hook("POST_SCALE_UP"))
    deploy(w)
    w.settle()
    assert record(w)["status"] == "SUCCESSFUL"
    assert [(h["targetType"], h["targetArn"], h["status"]) for h in _hooks(w)] == [("AWS_LAMBDA", SMOKE, "SUCCEEDED")]


def test_a_function_that_is_in_progress_is_asked_again_after_thirty_seconds() -> None:
    w = _world(lambda_hook("POST_SCALE_UP"), answers("IN_PROGRESS", "IN_PROGRESS", "SUCCEEDED"))
    deploy(w)
    until(w, at_stage("POST_SCALE_UP"))
    began = seconds(w)
    until(w, at_stage("TEST_TRAFFIC_SHIFT"))
    assert seconds(w) - began == pytest.approx(63)
    assert len(w.region.hook_calls) == 3


def test_the_last_answer_repeats() -> None:
    w = _world(lambda_hook("PRE_SCALE_UP", "POST_SCALE_UP"), answers("SUCCEEDED", "FAILED"))
    deploy(w)
    w.settle()
    assert [h["status"] for h in _hooks(w)] == ["SUCCEEDED", "FAILED"]


def test_a_failed_hook_names_stage_and_target_and_rolls_back() -> None:
    w = _world(lambda_hook("POST_TEST_TRAFFIC_SHIFT"), answers("FAILED"))
    old, new = the_service(w).primary, deploy(w)
    w.settle()
    why = "POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. Lifecycle hook target"
    assert record(w)["statusReason"] == f"{PREFIX} {why} {SMOKE} returned FAILED status."
    assert (record(w)["status"], the_service(w).primary) == ("ROLLBACK_SUCCESSFUL", old)
    assert new.rollout_state == "FAILED"


def test_an_answer_without_a_status_cannot_be_parsed() -> None:
    w = _world(lambda_hook("PRE_SCALE_UP"), answers(""))
    deploy(w)
    w.settle()
    why = "PRE_SCALE_UP lifecycle hook(s) failed. ECS was unable to parse the response from"
    assert record(w)["statusReason"] == f"{PREFIX} {why} {SMOKE} due to HookStatus must not be null"


def test_a_function_that_never_ends_fails_its_stage_after_a_day() -> None:
    w = _world(lambda_hook("POST_SCALE_UP"), answers("IN_PROGRESS"))
    deploy(w)
    w.settle()
    assert "POST_SCALE_UP lifecycle stage exceeded the limit of 24 hours" in record(w)["statusReason"]
    assert 24 * 3600 < seconds(w) < 25 * 3600


def test_a_function_may_have_a_timeout_of_its_own() -> None:
    hook = lambda_hook("POST_SCALE_UP").replace("}]", ", timeout_configuration = { timeout_in_minutes = 2 } }]")
    w = _world(hook, answers("IN_PROGRESS"))
    deploy(w)
    w.settle()
    assert record(w)["statusReason"] == f"{PREFIX} POST_SCALE_UP lifecycle hook timed out."
    assert _hooks(w)[0]["status"] == "TIMED_OUT"


def test_hooks_run_again_at_every_step_under_another_id() -> None:
    w = _world(lambda_hook("PRE_PRODUCTION_TRAFFIC_SHIFT"), strategy=LINEAR)
    deploy(w)
    w.settle()
    assert len({h["hookId"] for h in _hooks(w)}) == 2
    shares = [list(c["executionDetails"]["productionTrafficWeights"].values()) for c in w.region.hook_calls]
    assert shares == [[100.0, 0.0], [50.0, 50.0]]


def test_a_function_is_told_the_weights_that_the_stage_leads_to() -> None:
    w = _world(lambda_hook("TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"))
    new = deploy(w)
    w.settle()
    test, production = (call["executionDetails"] for call in w.region.hook_calls)
    green = new.revision.arn
    assert (test["testTrafficWeights"][green], test["productionTrafficWeights"][green]) == (100.0, 0.0)
    assert production["productionTrafficWeights"][green] == 100.0
    assert test["targetServiceRevisionArn"] == green


def test_details_of_a_hook_reach_the_function_as_they_are() -> None:
    hook = lambda_hook("PRE_SCALE_UP").replace("}]", ", hook_details = { my_key = 1 } }]")
    w = _world(hook)
    deploy(w)
    w.settle()
    assert w.region.hook_calls[0]["hookDetails"] == {"my_key": 1}


def test_a_rollback_runs_the_hooks_of_the_shifts_again_with_weights_reversed() -> None:
    w = _world(lambda_hook("TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"))
    new = deploy(w)
    until(w, at_stage("BAKE_TIME"))
    call(w, "StopServiceDeployment", serviceDeploymentArn=record(w)["serviceDeploymentArn"])
    w.settle()
    back = [(c["lifecycleStage"], c["executionDetails"]) for c in w.region.hook_calls[2:]]
    assert [stage for stage, _ in back] == ["PRODUCTION_TRAFFIC_SHIFT", "TEST_TRAFFIC_SHIFT"]
    assert back[0][1]["productionTrafficWeights"][new.revision.arn] == 0.0
    assert back[1][1]["testTrafficWeights"][new.revision.arn] == 0.0
    assert record(w)["status"] == "ROLLBACK_SUCCESSFUL"


def test_a_hook_that_fails_in_a_rollback_does_not_hold_it_up() -> None:
    w = _world(lambda_hook("PRODUCTION_TRAFFIC_SHIFT"), answers("SUCCEEDED", "FAILED"))
    deploy(w)
    until(w, at_stage("BAKE_TIME"))
    call(w, "StopServiceDeployment", serviceDeploymentArn=record(w)["serviceDeploymentArn"])
    w.settle()
    assert record(w)["status"] == "ROLLBACK_SUCCESSFUL"


def test_hooks_of_one_stage_run_in_parallel_and_one_vote_against_is_enough() -> None:
    both = f"{pause('POST_SCALE_UP')[:-1]}, {lambda_hook('POST_SCALE_UP').split('[', 1)[1]}"
    w = _world(both, answers("FAILED"))
    deploy(w)
    until(w, at_stage("POST_SCALE_UP"))
    assert [h["status"] for h in _hooks(w)] == ["AWAITING_ACTION", "IN_PROGRESS"]
    began = seconds(w)
    until(w, lambda w: record(w)["status"] == "ROLLBACK_IN_PROGRESS")
    assert seconds(w) - began < 5
    assert [h["status"] for h in _hooks(w)] == ["FAILED"]


def test_a_pause_waits_until_it_is_continued() -> None:
    w = _world(pause("POST_TEST_TRAFFIC_SHIFT", minutes=60))
    deploy(w)
    until(w, at_stage("POST_TEST_TRAFFIC_SHIFT"))
    (hook,) = _hooks(w)
    assert hook["hookId"].startswith("ecs-pause-")
    assert len(hook["hookId"]) == len("ecs-pause-") + 43
    assert (hook["targetType"], hook["status"], hook["timeoutAction"]) == ("PAUSE", "AWAITING_ACTION", "ROLLBACK")
    assert hook["expiresAt"] - w.clock.time() == 3600
    w.clock.sleep(600)
    assert course(w).stage == "POST_TEST_TRAFFIC_SHIFT"
    assert _continue(w, hook["hookId"]) == {"serviceDeploymentArn": record(w)["serviceDeploymentArn"]}
    w.settle()
    assert (record(w)["status"], _hooks(w)[0]["status"]) == ("SUCCESSFUL", "SUCCEEDED")


def test_a_pause_may_be_answered_with_a_rollback() -> None:
    w = _world(pause("PRE_PRODUCTION_TRAFFIC_SHIFT"))
    deploy(w)
    until(w, at_stage("PRE_PRODUCTION_TRAFFIC_SHIFT"))
    _continue(w, _hooks(w)[0]["hookId"], action="ROLLBACK")
    w.settle()
    assert (record(w)["status"], _hooks(w)[0]["status"]) == ("ROLLBACK_SUCCESSFUL", "FAILED")


@pytest.mark.parametrize(("action", "status"), [("CONTINUE", "SUCCESSFUL"), ("ROLLBACK", "ROLLBACK_SUCCESSFUL")])
def test_a_pause_that_nobody_answers_does_what_its_timeout_says(action: str, status: str) -> None:
    w = _world(pause("POST_SCALE_UP", action=action))
    deploy(w)
    w.settle()
    assert (record(w)["status"], _hooks(w)[0]["status"]) == (status, "TIMED_OUT")
    reason = f"{PREFIX} POST_SCALE_UP pause hook timed out."
    assert record(w).get("statusReason") == (reason if action == "ROLLBACK" else None)


def test_a_pause_has_a_day_unless_configured_and_its_stage_has_as_much_more() -> None:
    w = _world('lifecycle_hooks = [{ target_type = "PAUSE", lifecycle_stages = ["POST_SCALE_UP"] }]')
    deploy(w)
    w.settle()
    assert record(w)["statusReason"] == f"{PREFIX} POST_SCALE_UP pause hook timed out."
    assert 24 * 3600 < seconds(w) < 25 * 3600


def test_a_pause_may_be_longer_than_a_stage() -> None:
    w = _world(pause("POST_SCALE_UP", minutes=3 * 24 * 60, action="CONTINUE"))
    deploy(w)
    w.settle(limit=4 * 24 * 3600)
    assert record(w)["status"] == "SUCCESSFUL"


def test_every_step_of_a_shift_pauses_anew() -> None:
    w = _world(pause("PRE_PRODUCTION_TRAFFIC_SHIFT"), strategy=LINEAR)
    deploy(w)
    for weight in (0.0, 50.0):
        until(w, lambda w: _hooks(w) != [] and _hooks(w)[-1]["status"] == "AWAITING_ACTION")
        assert weights(w)[1] == weight
        _continue(w, _hooks(w)[-1]["hookId"])
    w.settle()
    assert record(w)["status"] == "SUCCESSFUL"


@pytest.mark.parametrize(
    ("hook", "text"),
    [
        ("pause-1", "Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}"),
        ("ecs-pause-1", "Provided hookId is either completed, unavailable, or not associated with the given Resource"),
    ],
)
def test_an_answer_to_no_pause_is_refused(hook: str, text: str) -> None:
    w = _world(pause("POST_SCALE_UP"))
    deploy(w)
    until(w, at_stage("POST_SCALE_UP"))
    with pytest.raises(Refused) as refused:
        _continue(w, hook)
    assert text in refused.value.message


def test_a_pause_is_answered_once_and_only_while_the_deployment_is_in_progress() -> None:
    w = _world(pause("POST_SCALE_UP"))
    deploy(w)
    until(w, at_stage("POST_SCALE_UP"))
    hook = _hooks(w)[0]["hookId"]
    _continue(w, hook)
    with pytest.raises(Refused, match="Provided hookId is either completed"):
        _continue(w, hook)
    w.settle()
    with pytest.raises(Refused, match="not allowed for service deployment in terminal states"):
        _continue(w, hook)
    with pytest.raises(Refused, match="ServiceDeploymentNotFoundException: The service deployment does not exist"):
        call(w, "ContinueServiceDeployment", serviceDeploymentArn="arn:x", hookId=hook)


def test_a_new_deployment_makes_open_pauses_void() -> None:
    w = _world(pause("POST_SCALE_UP"))
    deploy(w)
    until(w, at_stage("POST_SCALE_UP"))
    hook = _hooks(w)[0]["hookId"]
    arn = record(w)["serviceDeploymentArn"]
    deploy(w, "3")
    with pytest.raises(Refused, match="Provided hookId is either completed"):
        call(w, "ContinueServiceDeployment", serviceDeploymentArn=arn, hookId=hook)
    assert "lifecycleHookDetails" not in record(w, age=1)


def test_a_hook_at_reconcile_runs_only_where_the_service_is_reconciled() -> None:
    w = _world(lambda_hook("RECONCILE_SERVICE"))
    deploy(w)
    until(w, at_stage("POST_SCALE_UP"))
    assert w.region.hook_calls == []
    deploy(w, "3")
    w.settle()
    assert [c["lifecycleStage"] for c in w.region.hook_calls] == ["RECONCILE_SERVICE"]


def test_a_failed_hook_before_scale_up_starts_nothing() -> None:
    w = _world(lambda_hook("PRE_SCALE_UP"), answers("FAILED"))
    new = deploy(w)
    assert stages(w) == ["PRE_SCALE_UP", "CLEAN_UP"]
    assert new.launches == 0


def test_a_hook_that_objects_during_a_shift_takes_the_first_step_back() -> None:
    w = _world(lambda_hook("PRODUCTION_TRAFFIC_SHIFT"), answers("SUCCEEDED", "FAILED", "SUCCEEDED"), strategy=LINEAR)
    old = the_service(w).primary
    deploy(w)
    assert [production for _, _, production in history(w)][-1] == 0.0
    assert (record(w)["status"], running(old)) == ("ROLLBACK_SUCCESSFUL", 2)
