"""What the smoke test and the approval decide at the pause after test traffic, and what is done about it."""

import os
from dataclasses import replace
from typing import Any

import pytest

from ecsdeploy.engine.atpause.keeper import machine_of, refuse_another_s, refuse_unusable_gate
from ecsdeploy.engine.atpause.program import LocalMachine
from ecsdeploy.errors import AwsRefused, EcsDeployError, Refused, ReplyLost
from ecsdeploy.model.balancer import ListenerRoute
from ecsdeploy.model.events import Continued, SmokeAwaited, SmokeEnded, SmokeSaid, SmokeStarted
from ecsdeploy.model.outcome import Cause, Phase, Status, Verdict
from ecsdeploy.model.pausegate import AFTER_TEST, PauseGate
from ecsdeploy.model.request import DeployRequest, Sizing
from ecsdeploy.model.settings import Balanced, ServiceSettings
from ecsdeploy.rollout.observation import Standing
from tests.unit.engine.gatekeeping import (
    APPROVE,
    BOTH,
    FAILS,
    HOOK,
    NOT_WAITING,
    PASSES,
    QUIET,
    SMOKE,
    SUCCEEDED,
    Said,
    gated,
    paused,
)
from tests.unit.engine.neighbours import Neighbours
from tests.unit.engine.world import ALWAYS
from tests.unit.plan.builders import WEB
from tests.unit.rollout.builders import NEW, OUR_ID, SERVICE_DEPLOYMENT_ARN, deployed


def answered(rollback: bool) -> list[tuple[str, str, bool]]:
    return [(SERVICE_DEPLOYMENT_ARN, "h-1", rollback)]


def test_a_smoke_test_that_succeeds_lets_the_deployment_go_on() -> None:
    there = paused(SMOKE, QUIET, (("ready",), None), (("fine",), 0))
    assert there.keeper.is_busy
    there.keeper.wait(60)
    assert there.plane.answers == answered(rollback=False)
    assert there.told.events[1:] == [
        SmokeStarted(program="./smoke"),
        SmokeSaid(message="ready"),
        SmokeSaid(message="fine"),
        SmokeEnded(exit_code=0),
        Continued(hook="h-1", stage=AFTER_TEST),
    ]
    assert there.machine.variables == {
        "ECS_DEPLOY_TEST_URL": "",
        "ECS_DEPLOY_REVISION": NEW,
        "ECS_DEPLOY_SERVICE": "web",
        "ECS_DEPLOY_CLUSTER": "prod",
        "ECS_DEPLOY_DEPLOYMENT": OUR_ID,
    }
    # It looks once a second, and no longer than it has to.
    assert there.plane.clock.seconds == 1002
    assert (there.keeper.is_busy, there.end()) == (False, SUCCEEDED)


class Routed(Neighbours):
    def test_route(self, rule: str) -> ListenerRoute:
        return ListenerRoute(protocol="HTTPS", port=443, dns_name=rule)


def test_it_is_told_the_address_of_the_test_traffic() -> None:
    there = gated(SMOKE)
    there.plane.surroundings = Routed()
    balanced = Balanced(container="app", port=80, test_listener="test.example.com")
    there.keeper.service = replace(there.plane.now, settings=ServiceSettings(balanced=(balanced,)))
    there.look(HOOK)
    assert there.told.of(SmokeStarted) == [SmokeStarted(program="./smoke", url="https://test.example.com/")]
    assert there.machine.variables["ECS_DEPLOY_TEST_URL"] == "https://test.example.com/"


def test_a_look_lasts_as_long_as_it_is_asked_to_and_the_program_goes_on() -> None:
    there = paused(replace(SMOKE, smoke_seconds=100))
    there.keeper.wait(2.5)
    assert (there.plane.clock.seconds, there.keeper.is_busy) == (1002.5, True)
    there.machine.program.takes = 0.4
    there.keeper.wait(2)
    assert (there.plane.clock.seconds, there.keeper.is_busy) == (1004.5, True)


@pytest.mark.parametrize(
    ("gate", "says", "missing", "why", "log"),
    [
        (SMOKE, [((*map(str, range(12)),), None), (("last",), 3)], "", "it exited with 3", (*"3456789", "10", "11")),
        (SMOKE, [], "", "it took longer than 5 s", ()),
        (SMOKE, [], "./smoke", "it could not be started: No such file or directory", ()),
        (BOTH, [FAILS], "", "it exited with 3", ()),
    ],
)
def test_a_smoke_test_that_fails_takes_the_deployment_back(
    gate: PauseGate, says: list[Said], missing: str, why: str, log: tuple[str, ...]
) -> None:
    there = paused(gate, *says, missing=missing)
    there.keeper.wait(60)
    assert (there.plane.answers, there.plane.made("stop_deployment")) == (answered(rollback=True), 0)
    (ended,) = there.told.of(SmokeEnded)
    assert (ended.why or f"it exited with {ended.exit_code}") == why
    assert there.told.events[-1] == Continued(hook="h-1", stage=AFTER_TEST, rollback=True)
    assert there.keeper.run.progress.causes == (
        Cause(
            code="E-SMOKE-FAILED",
            summary=f"the smoke test `./smoke` failed: {why}",
            log=(*log, "last") if log else (),
            remedy="See what the smoke test wrote; correct the release, or the test.",
        ),
    )
    assert there.machine.program.has_been_ended is why.startswith("it took")
    assert there.plane.clock.seconds == 1000 + (5 if why.startswith("it took") else len(says) and len(says) - 1)
    assert not there.keeper.is_busy


@pytest.mark.parametrize(("gate", "says"), [(APPROVE, []), (BOTH, [PASSES])], ids=["alone", "after the smoke test"])
@pytest.mark.parametrize("approved", [True, False])
def test_whoever_is_asked_decides(gate: PauseGate, says: list[Said], *, approved: bool) -> None:
    there = paused(gate, *says, approvals=(None, approved))
    there.keeper.wait(60)
    assert there.keeper.is_busy
    assert there.plane.clock.seconds == 1060
    there.keeper.wait(60)
    assert there.plane.answers == answered(rollback=not approved)
    assert there.keeper.is_busy is False
    assert there.plane.clock.seconds == 1060


@pytest.mark.parametrize("asks", [True, False], ids=["a terminal", "nobody"])
def test_the_time_of_a_question_counts_once(*, asks: bool) -> None:
    there = paused(APPROVE)
    there.machine.approval = there.plane.clock.sleep if asks else None
    there.keeper.wait(60)
    assert (there.keeper.is_busy, there.plane.clock.seconds) == (True, 1060)


@pytest.mark.parametrize(
    "members", [{"awaiting": ()}, {"stage": "PRE_SCALE_UP"}], ids=["no pause waits", "a pause elsewhere"]
)
def test_only_the_pause_after_test_traffic_is_attended_to(members: dict[str, Any]) -> None:
    there = gated(SMOKE)
    assert there.look(HOOK, **members) is None
    assert there.unseen() is None
    assert (there.keeper.is_busy, there.told.events) == (False, [])


def test_a_second_pause_is_somebody_else_s() -> None:
    there = paused(SMOKE, PASSES)
    there.keeper.wait(60)
    there.look(replace(HOOK, id="h-2"))
    assert (len(there.told.of(SmokeStarted)), there.warned) == (1, [("W-NO-TEST-TRAFFIC", "web")])


OVER = ("W-PAUSE-OVER", "h-1", "CONTINUE")


@pytest.mark.parametrize(("gate", "says", "stops"), [(SMOKE, [PASSES], 0), (SMOKE, [FAILS], 1), (BOTH, [PASSES], 0)])
def test_a_smoke_test_goes_on_when_its_pause_is_over(gate: PauseGate, says: list[Said], stops: int) -> None:
    there = paused(gate, *says)
    there.look(stage="")  # A look that does not see the stage sees no end of it.
    assert OVER not in there.warned
    there.look()
    there.look()
    assert there.warned[1:] == [OVER]
    there.keeper.wait(60)
    assert (there.plane.answers, there.plane.made("stop_deployment")) == ([], stops)
    assert not there.keeper.is_busy


def test_a_smoke_test_ends_with_a_deployment_that_is_rolled_back() -> None:
    there = paused(SMOKE)
    there.look(HOOK, standing=Standing.ROLLING_BACK)
    assert there.keeper.is_busy
    there.look(standing=Standing.ROLLING_BACK)
    assert there.machine.program.has_been_ended
    assert there.told.events[-1] == SmokeEnded(why="the deployment is rolled back")
    there.keeper.close()
    assert len(there.told.of(SmokeEnded)) == 1


def test_it_ends_with_the_run() -> None:
    there = paused(SMOKE)
    there.keeper.close()
    assert there.told.events[-1] == SmokeEnded(why="the run ended before it")
    asked = paused(APPROVE)
    asked.keeper.close()
    assert (asked.keeper.is_busy, asked.told.of(SmokeEnded)) == (False, [])


def test_a_success_waits_for_the_smoke_test_and_counts_once_it_has_passed() -> None:
    there = paused(SMOKE, QUIET, PASSES)
    there.look()
    assert there.end() == SUCCEEDED
    assert there.plane.answers == []


@pytest.mark.parametrize("seconds", [0, 29, 30])
def test_a_success_after_ecs_was_told_to_roll_back_never_counts(seconds: float) -> None:
    there = paused(SMOKE, FAILS)
    there.keeper.wait(60)
    there.plane.clock.sleep(seconds)
    ended = there.end()
    assert (ended and ended.status) == (Status.FAILED if seconds == 30 else None)
    assert ended is None or "ECS was told to roll back, and has not begun to" in ended.reason


def test_it_is_told_twice_a_minute_that_a_success_waits_for_the_smoke_test() -> None:
    there = paused(replace(SMOKE, smoke_seconds=900), *[QUIET] * 131, PASSES)
    there.keeper.wait(10)
    there.look()
    assert there.end() == SUCCEEDED
    assert [each.seconds for each in there.told.of(SmokeAwaited)] == [40, 70, 100, 130]


def test_a_failure_is_told_as_it_is() -> None:
    failed = Verdict(status=Status.FAILED, reason="tasks fail")
    assert paused(SMOKE).end(failed) == failed


@pytest.mark.parametrize(
    ("gate", "says", "begun", "reason"),
    [
        (SMOKE, [], False, "The pause after test traffic was over before `--smoke` could begin."),
        (APPROVE, [], False, "The pause after test traffic was over before `--approve` could begin."),
        (APPROVE, [], True, "The pause h-1 ended before `--approve` was answered."),
        (BOTH, [PASSES], True, "The pause h-1 ended before `--approve` was answered."),
    ],
)
def test_a_success_that_nothing_has_let_pass_is_unknown(
    gate: PauseGate, says: list[Said], begun: bool, reason: str
) -> None:
    there = gated(gate, *says)
    if begun:
        there.look(HOOK)
        there.look()
    assert there.end(replace(SUCCEEDED, phase=Phase.WAITING)) == Verdict(
        status=Status.UNKNOWN, reason=reason, phase=Phase.GATE, serving=NEW
    )


def test_a_refused_answer_to_a_pause_that_waits_no_longer_is_no_answer() -> None:
    there = paused(SMOKE, FAILS)
    there.plane.fail("continue_deployment", NOT_WAITING)
    there.plane.deployed = deployed("IN_PROGRESS")
    there.keeper.wait(60)
    assert there.warned[1:] == [OVER]
    assert there.plane.made("stop_deployment") == 1


def test_what_becomes_of_a_pause_that_does_not_say_is_unknown() -> None:
    there = gated(APPROVE)
    there.look(replace(HOOK, timeout_action=""))
    there.look()
    assert there.warned == [("W-PAUSE-OVER", "h-1", "unknown")]


def test_an_answer_whose_reply_was_lost_has_arrived_if_the_pause_waits_no_longer() -> None:
    there = paused(SMOKE, PASSES)
    there.plane.fail("continue_deployment", ReplyLost("Gone."), applied=True)
    there.plane.fail("continue_deployment", NOT_WAITING)
    there.plane.deployed = deployed("IN_PROGRESS")
    there.keeper.wait(60)
    assert there.told.events[-1] == Continued(hook="h-1", stage=AFTER_TEST)


@pytest.mark.parametrize("known", ["it waits", "no such deployment", "not to be asked"])
def test_an_answer_that_ecs_refuses_to_a_pause_that_may_wait_is_told(known: str) -> None:
    there = paused(SMOKE, PASSES)
    there.plane.fail("continue_deployment", NOT_WAITING)
    if known == "no such deployment":
        there.plane.deployed = None
    if known == "not to be asked":
        there.plane.fail("service_deployment", EcsDeployError("No."), times=ALWAYS)
    there.keeper.wait(60)
    assert there.warned[1:] == [("W-PAUSE-UNANSWERED", "h-1", NOT_WAITING.message)]
    assert there.told.of(Continued) == []
    assert there.plane.made("stop_deployment") == 0


REFUSED = AwsRefused("The deployment has ended.")
FAILED_ALL = "the smoke test `./smoke` failed: it exited with 3; ECS could not be told to roll back: "


@pytest.mark.parametrize("error", [EcsDeployError("No."), AwsRefused("No.")])
def test_a_release_fails_if_nothing_takes_it_back(error: EcsDeployError) -> None:
    there = paused(SMOKE, FAILS)
    there.plane.fail("continue_deployment", NOT_WAITING)
    there.plane.fail("stop_deployment", error)
    there.keeper.wait(60)
    failed = Verdict(status=Status.FAILED, reason=f"{FAILED_ALL}No.", phase=Phase.STARTING)
    assert there.look(HOOK) == failed
    assert there.end() == replace(failed, phase=Phase.GATE, serving=NEW)


def test_a_denied_approval_fails_the_release_too() -> None:
    there = paused(APPROVE, approvals=(False,))
    there.plane.fail("continue_deployment", NOT_WAITING)
    there.plane.fail("stop_deployment", EcsDeployError("No."))
    there.keeper.wait(60)
    found = there.look(HOOK)
    assert found is not None
    assert found.reason == "the approval was denied; ECS could not be told to roll back: No."


def test_where_ecs_has_nothing_left_to_stop_the_verdict_about_the_deployment_comes_first() -> None:
    there = paused(SMOKE, FAILS)
    there.look()
    there.plane.fail("stop_deployment", REFUSED)
    there.keeper.wait(60)
    assert there.look() is None
    served = there.end(replace(SUCCEEDED, serving="web:7"))
    reason = f"{FAILED_ALL}{REFUSED.message}"
    assert served == Verdict(status=Status.FAILED, reason=reason, phase=Phase.GATE, serving="web:7")


PAUSES: list[object] = [{"targetType": "PAUSE", "lifecycleStages": [AFTER_TEST]}]


@pytest.mark.parametrize(("status", "given_back"), [(Status.SUCCEEDED, True), (Status.UNKNOWN, False)])
def test_a_pause_that_was_added_is_taken_away_at_the_end(status: Status, given_back: bool) -> None:
    there = gated(SMOKE)
    request = DeployRequest(service=WEB, sizing=Sizing(deployment={"lifecycleHooks": PAUSES}))
    there.plane.now = replace(there.plane.now, settings=ServiceSettings(deployment={"lifecycleHooks": PAUSES}))
    there.keeper.settle(request, Verdict(status=status, phase=Phase.WAITING))
    sent = [each.sizing.deployment for each, _ in there.plane.updates]
    assert sent == ([{"lifecycleHooks": []}] if given_back else [])
    assert there.warned == ([] if given_back else [("W-PAUSE-LEFT", "web", "the deployment may still need it")])


def test_without_another_machine_this_one_runs_the_program() -> None:
    assert machine_of(gated(SMOKE).keeper.run) == LocalMachine(variables=os.environ)


def test_a_gate_that_cannot_decide_is_refused_before_anything_is_written() -> None:
    there = gated(BOTH)
    run = there.keeper.run
    run.context = replace(run.context, machine=there.machine)
    refuse_unusable_gate(run, BOTH)
    there.machine.missing = "./smoke"
    with pytest.raises(Refused, match=r"\./smoke was not found"):
        refuse_unusable_gate(run, SMOKE)
    there.machine.approval = None
    with pytest.raises(Refused) as refused:
        refuse_unusable_gate(run, APPROVE)
    assert refused.value.message == "`--approve` asks on the terminal, and nobody can be asked here."
    assert refused.value.hint == "Nothing was changed."


def test_a_deployment_that_is_not_ours_is_refused_by_its_id() -> None:
    with pytest.raises(Refused) as refused:
        refuse_another_s(gated(SMOKE).plane.now, OUR_ID)
    assert refused.value.message == (
        f"The deployment {OUR_ID} moves the service `web` to this content already. This run has not started it, so"
        " that `--smoke` and `--approve` cannot decide about it."
    )
    assert refused.value.hint == "Nothing was changed. See `ecs-deploy watch`; `ecs-deploy continue` answers its pause."
