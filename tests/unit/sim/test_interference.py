"""Faults at the API, and what others do meanwhile."""

import pytest

from ecsdeploy.sim import World
from tests.unit.sim.builders import Refused, call, deploy, described, register, seconds, the_service, update, world


def _fault(lines: str, operation: str = "ListTasks") -> str:
    return f'[[api]]\noperation = "{operation}"\n{lines}\n'


def _list(w: World) -> str:
    try:
        call(w, "ListTasks", cluster="prod")
    except Refused as refused:
        return refused.code
    except ConnectionResetError:
        return "reset"
    return "ok"


@pytest.mark.parametrize(
    ("fault", "answers"),
    [
        ('error = "ThrottlingException"', ["ThrottlingException", "ok"]),
        (
            'error = "ThrottlingException"\ntimes = 2\nafter = 1',
            ["ok", "ThrottlingException", "ThrottlingException", "ok"],
        ),
        ('error = "AccessDeniedException"\ntimes = 0', ["AccessDeniedException"] * 5),
        ('error = "http-500"', ["ServerException", "ok"]),
        ('error = "http-503"', ["ServiceUnavailableException", "ok"]),
        ('error = "reset"', ["reset", "ok"]),
    ],
    ids=["once-by-default", "after-one-twice", "for-ever", "http-500", "http-503", "reset"],
)
def test_a_fault_hits_the_calls_it_names(fault: str, answers: list[str]) -> None:
    w = world("desired = 1", _fault(fault))
    assert [_list(w) for _ in answers] == answers
    assert [record.error for record in w.calls] == [None if answer == "ok" else answer for answer in answers]


def test_of_two_faults_of_one_operation_each_counts_every_call() -> None:
    first = _fault('error = "http-500"\ntimes = 1')
    second = _fault('error = "http-503"\ntimes = 1\nafter = 1')
    w = world("desired = 1", first + second)
    assert [_list(w) for _ in range(3)] == ["ServerException", "ServiceUnavailableException", "ok"]


def test_other_operations_are_left_alone() -> None:
    w = world("desired = 1", _fault('error = "http-500"\ntimes = 0', operation="StopTask"))
    assert _list(w) == "ok"


def test_a_window_counts_from_the_first_call_that_changes_a_service() -> None:
    w = world("desired = 1", _fault('error = "http-500"\nfrom = 10\nuntil = 20'))
    w.clock.sleep(15)
    assert _list(w) == "ok"
    update(w, forceNewDeployment=True)
    w.clock.sleep(15)
    assert _list(w) == _list(w) == "ServerException"
    w.clock.sleep(10)
    assert _list(w) == "ok"


def test_reset_applies_nothing_and_reset_after_everything() -> None:
    for fault, applied in (("reset", 1), ("reset-after", 2)):
        w = world("desired = 1", _fault(f'error = "{fault}"', operation="RegisterTaskDefinition"))
        with pytest.raises(ConnectionResetError):
            register(w)
        assert len(w.region.families["web"].revisions) == applied
        assert w.tally.registered == applied - 1


def test_a_delay_and_the_latency_move_the_virtual_clock() -> None:
    w = world("desired = 1", _fault('error = "delay"\ndelay = 5') + "[limits]\nlatency_ms = 250")
    assert _list(w) == "ok"
    assert seconds(w) == 5.25
    assert _list(w) == "ok"
    assert seconds(w) == 5.5


def test_a_throttle_reads_like_one_of_aws() -> None:
    w = world("desired = 1", _fault('error = "ThrottlingException"'))
    with pytest.raises(Refused) as refused:
        call(w, "ListTasks", cluster="prod")
    assert refused.value.message == "Rate exceeded"


def test_another_pipeline_deploys_after_the_first_change_of_ours() -> None:
    w = world("desired = 1", '[[at]]\ntime = 30\ndo = "deploy"\nimage = "registry.example.com/team/web:3"')
    w.clock.sleep(100)
    assert len(the_service(w).history) == 1
    ours = deploy(w)
    w.clock.sleep(30)
    assert the_service(w).primary is not ours
    w.settle()
    assert the_service(w).definition.containers[0]["image"].endswith(":3")
    assert (w.tally.registered, w.tally.started) == (1, 1)


def test_somebody_scales_forces_stops_and_deletes() -> None:
    w = world(
        "desired = 1",
        '[[at]]\ntime = 1\ndo = "scale"\ndesired = 3\n'
        '[[at]]\ntime = 2\ndo = "force-new-deployment"\n'
        '[[at]]\ntime = 3\ndo = "stop-deployment"\n'
        '[[at]]\ntime = 400\ndo = "delete-service"\n'
        '[[at]]\ntime = 500\ndo = "scale"\ndesired = 5\n',
    )
    deploy(w)
    w.clock.sleep(1)
    assert described(w)["desiredCount"] == 3
    w.clock.sleep(1)
    assert len(the_service(w).history) == 3
    w.clock.sleep(1)
    assert the_service(w).history[-1].status == "ROLLBACK_REQUESTED"
    w.settle()
    assert described(w)["status"] == "INACTIVE"
    assert described(w)["desiredCount"] == 0


def test_keys_that_expire_are_refused_while_newer_ones_work() -> None:
    w = world("desired = 1", '[[at]]\ntime = 10\ndo = "expire-credentials"')
    deploy(w)
    w.clock.sleep(10)
    with pytest.raises(Refused, match="ExpiredTokenException: The security token included in the request is expired"):
        described(w)
    newer = {"X-Amz-Target": "AmazonEC2ContainerServiceV20141113.ListClusters"}
    newer["Authorization"] = "AWS4-HMAC-SHA256 Credential=AKIANEWER/20260101/us-east-1/ecs/aws4_request"
    assert w.transport("POST", "http://sim/", newer, b"{}")[0] == 200


def test_a_world_is_not_quiet_while_somebody_is_still_to_act() -> None:
    w = world("desired = 1", '[[at]]\ntime = 3000\ndo = "deploy"\nimage = "registry.example.com/team/web:3"')
    deploy(w)
    w.settle()
    assert seconds(w) > 3000
    assert the_service(w).definition.number == 3
