"""Tasks that protect themselves from being scaled in.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
"""

from ecsdeploy.sim import World
from tests.unit.sim.builders import call, deploy, described, events, the_service, update, world

UNABLE = "was unable to scale in. Reason: The number of protected tasks are more than the desired count of tasks"


def _protect(w: World, count: int, *, on: bool = True, minutes: int = 10) -> list[str]:
    arns = sorted(t.arn for t in the_service(w).tasks if t.wanted)[:count]
    setting = {"expiresInMinutes": minutes} if on else {}
    call(w, "UpdateTaskProtection", cluster="prod", tasks=arns, protectionEnabled=on, **setting)
    return arns


def _running(w: World) -> set[str]:
    return {task.arn for task in the_service(w).tasks if task.wanted}


def test_a_smaller_desired_count_leaves_protected_tasks() -> None:
    w = world("desired = 4")
    protected = set(_protect(w, 2))
    update(w, desiredCount=2)
    w.clock.sleep(60)
    assert _running(w) == protected
    assert not any(UNABLE in text for _, text in events(w))


def test_more_protected_tasks_than_desired_are_an_event_and_stay() -> None:
    w = world("desired = 4")
    protected = set(_protect(w, 3))
    update(w, desiredCount=1)
    w.clock.sleep(60)
    assert _running(w) == protected
    (text,) = [text for _, text in events(w) if UNABLE in text]
    assert text.startswith(f"was unable to reach steady state because task set ({the_service(w).primary.id})")


def test_a_deployment_waits_for_protected_tasks_of_the_former_one() -> None:
    w = world("desired = 2")
    protected = set(_protect(w, 1, minutes=30))
    deployment = deploy(w)
    w.clock.sleep(600)
    assert deployment.rollout_state == "IN_PROGRESS"
    assert protected < _running(w)
    assert len(_running(w)) == 3
    assert any(UNABLE in text for _, text in events(w))
    w.clock.sleep(1300)
    assert deployment.rollout_state == "COMPLETED"


def test_taking_the_protection_away_lets_the_deployment_end() -> None:
    w = world("desired = 2")
    (arn,) = _protect(w, 1, minutes=2000)
    deployment = deploy(w)
    w.clock.sleep(300)
    call(w, "UpdateTaskProtection", cluster="prod", tasks=[arn], protectionEnabled=False)
    w.clock.sleep(120)
    assert deployment.rollout_state == "COMPLETED"


def test_protection_ends_by_itself_and_is_renewed_from_now() -> None:
    w = world("desired = 1")
    (arn,) = _protect(w, 1, minutes=10)
    w.clock.sleep(300)
    _protect(w, 1, minutes=10)
    w.clock.sleep(400)
    (shown,) = call(w, "GetTaskProtection", cluster="prod", tasks=[arn])["protectedTasks"]
    assert shown == {"taskArn": arn, "protectionEnabled": True, "expirationDate": w.clock.time() + 200}
    w.clock.sleep(200)
    assert call(w, "GetTaskProtection", cluster="prod", tasks=[arn])["protectedTasks"] == [
        {"taskArn": arn, "protectionEnabled": False}
    ]


def test_protection_does_not_save_a_task_from_a_stop_by_hand() -> None:
    w = world("desired = 1")
    (arn,) = _protect(w, 1)
    call(w, "StopTask", cluster="prod", task=arn)
    w.clock.sleep(60)
    assert arn not in _running(w)
    assert len(_running(w)) == 1


def test_a_scenario_s_tasks_protect_themselves_for_two_hours() -> None:
    w = world("desired = 3", '[[at]]\ntime = 1\ndo = "protect"\ntasks = 2')
    deployment = deploy(w)
    w.clock.sleep(3600)
    assert deployment.rollout_state == "IN_PROGRESS"
    assert described(w)["runningCount"] == 5
    w.settle()
    assert deployment.rollout_state == "COMPLETED"
    assert w.clock.time() - w.start >= 7200


def test_protecting_what_a_deployment_waits_for_is_refused() -> None:
    w = world("desired = 2")
    _protect(w, 1, minutes=60)
    old = sorted(_running(w))
    deploy(w)
    w.clock.sleep(300)
    left = [arn for arn in old if arn in _running(w)]
    reply = call(w, "UpdateTaskProtection", cluster="prod", tasks=left, protectionEnabled=True)
    assert [failure["reason"] for failure in reply["failures"]] == ["DEPLOYMENT_BLOCKED"]
