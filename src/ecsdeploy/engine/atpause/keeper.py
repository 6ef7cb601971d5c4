"""Decides at the pause after test traffic: runs the smoke test, asks for approval, and answers the pause."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial

from ecsdeploy.engine.atpause.ports import Machine, Program
from ecsdeploy.engine.atpause.program import LocalMachine
from ecsdeploy.engine.atpause.testtraffic import address_of
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.write.pausing import answer_pause, take_pause_away
from ecsdeploy.errors import AwsRefused, EcsDeployError, Refused
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import Continued, SmokeAwaited, SmokeEnded, SmokeSaid, SmokeStarted
from ecsdeploy.model.outcome import Cause, Phase, Status, Verdict
from ecsdeploy.model.pausegate import AFTER_TEST, PauseGate
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Hook, Service
from ecsdeploy.model.values import replace, value
from ecsdeploy.rollout.observation import Observation
from ecsdeploy.rollout.state import State
from ecsdeploy.rollout.telling import HEARTBEAT_SECONDS

_LOG_LINES = 10
_GLANCE_SECONDS = 1.0
_PATIENCE_SECONDS = 30.0
_REMEDY = "See what the smoke test wrote; correct the release, or the test."


def machine_of(run: Run) -> Machine:
    """What runs programs for this run: what it was given, or else this machine."""
    return run.context.machine or LocalMachine(variables=os.environ)


def refuse_unusable_gate(run: Run, gate: PauseGate) -> None:
    """Raise `Refused`, before anything is written, if the program is missing or nobody can be asked."""
    machine = machine_of(run)
    if gate.smoke:
        machine.refuse_missing(gate.smoke[0])
    if gate.approve and machine.approval is None:
        raise Refused("`--approve` asks on the terminal, and nobody can be asked here.", hint="Nothing was changed.")


def refuse_another_s(service: Service, deployment: str) -> None:
    """Raise `Refused`: a deployment under way that we have not started ends without our smoke test or approval."""
    raise Refused(
        f"The deployment {deployment} moves the service `{service.name}` to this content already. "
        "This run has not started it, so that `--smoke` and `--approve` cannot decide about it.",
        hint="Nothing was changed. See `ecs-deploy watch`; `ecs-deploy continue` answers its pause.",
    )


@value(slots=True, kw_only=True)
class Gatekeeper:
    """Attends to the first pause after test traffic of one deployment. It runs beside the watch, look by look."""

    run: Run
    ref: ServiceRef
    service: Service
    gate: PauseGate
    machine: Machine
    hook: Hook | None = None
    """The pause that we attend to, once it waits."""
    program: Program | None = None
    until: float = 0
    """When the time of the smoke test is over."""
    tail: tuple[str, ...] = ()
    """The last lines of the smoke test."""
    awaits_approval: bool = False
    is_over: bool = False
    """Whether the pause has ended without our answer."""
    has_decided: bool = False
    """Whether the smoke test and the approval have said whether the deployment may go on."""
    arn: str = ""
    """Of the service deployment."""
    failure: Verdict | None = None
    """The verdict, if the gate has failed and nothing could take the deployment back."""
    told_back: float | None = None
    """When ECS accepted that the deployment is rolled back."""
    is_last: bool = False
    """Whether `failure` waits for the verdict about the deployment: ECS had no more to stop."""

    @property
    def is_busy(self) -> bool:
        """Whether a smoke test runs or an answer is awaited."""
        return self.program is not None or self.awaits_approval

    def attend(self, state: State) -> Verdict | None:
        """Begin once the pause waits, and note if it waits no longer. Returns the verdict that ends the watch.

        None for a success that does not count, as ECS is about to roll back: the watch goes on.
        """
        if state.verdict is not None:
            return self._judged(state.verdict)
        if state.last_seen is not None and self.failure is None:
            self._notice(state.last_seen)
        return None if self.is_last else self.failure

    def _notice(self, seen: Observation) -> None:
        if self.hook is None and seen.awaiting and seen.stage == AFTER_TEST:
            self.hook, self.arn = seen.awaiting[0], seen.service_deployment_arn
            self._begin()
        elif self.is_busy and self.hook and seen.stage and self.hook.id not in {each.id for each in seen.awaiting}:
            self._note_end(self.hook)
        if self.is_over and seen.goes_back:
            self.close("the deployment is rolled back")

    def wait(self, seconds: float) -> None:
        """Look after the smoke test for so long, or ask; return early once there is a decision."""
        until = self.run.clock.monotonic() + seconds
        while self.is_busy and (left := until - self.run.clock.monotonic()) > 0:
            if self.program is None:
                self._ask(left)
            else:
                self._listen(self.program, min(left, _GLANCE_SECONDS))

    def close(self, why: str = "the run ended before it") -> None:
        """End what still runs."""
        self.awaits_approval = False
        if self.program is not None:
            self.program.end()
            self.program = None
            self.run.emit(SmokeEnded(why=why))

    def settle(self, request: DeployRequest, verdict: Verdict) -> None:
        """At the end of the run, give the service back its hooks if we have added one."""
        take_pause_away(self.run, request, self.service, verdict)

    def _judged(self, verdict: Verdict) -> Verdict | None:
        """A success counts once the smoke test, which may still run, and the approval have let it pass."""
        if verdict.status is not Status.SUCCEEDED:
            return verdict
        serving = verdict.serving or self.run.progress.to_revision
        self._await_end()
        if self.failure is not None:
            return replace(self.failure, phase=Phase.GATE, serving=serving)
        if self.told_back is not None:
            if self.run.clock.monotonic() < self.told_back + _PATIENCE_SECONDS:
                return None
            told = f"{self._refusal()}; ECS was told to roll back, and has not begun to"
            return Verdict(status=Status.FAILED, reason=told, phase=Phase.GATE, serving=serving)
        if self.has_decided:
            return verdict
        return replace(verdict, status=Status.UNKNOWN, reason=self._undecided(), phase=Phase.GATE, serving=serving)

    def _await_end(self) -> None:
        """Let the smoke test end, also where the deployment is complete; say now and then that it runs."""
        clock = self.run.clock
        told = clock.monotonic()
        while self.program is not None:
            self._listen(self.program, _GLANCE_SECONDS)
            if self.program is not None and clock.monotonic() >= told + HEARTBEAT_SECONDS:
                told = clock.monotonic()
                self.run.emit(SmokeAwaited(seconds=told - self.until + self.gate.smoke_seconds))

    def _undecided(self) -> str:
        if self.hook is None:
            first = "`--smoke`" if self.gate.smoke else "`--approve`"
            return f"The pause after test traffic was over before {first} could begin."
        return f"The pause {self.hook.id} ended before `--approve` was answered."

    def _begin(self) -> None:
        if not self.gate.smoke:
            self.awaits_approval = True
            return
        url, name = address_of(self.run, self.service), self.gate.smoke[0]
        self.run.emit(SmokeStarted(program=name, url=url))
        self.until = self.run.clock.monotonic() + self.gate.smoke_seconds
        try:
            self.program = self.machine.start(self.gate.smoke, self._variables(url))
        except OSError as error:
            self._fail(SmokeEnded(why=f"it could not be started: {error.strerror}"))

    def _variables(self, url: str) -> dict[str, str]:
        """An address that we do not know is empty: one that this process has inherited would be another's."""
        progress = self.run.progress
        return {
            "ECS_DEPLOY_TEST_URL": url,
            "ECS_DEPLOY_REVISION": progress.to_revision,
            "ECS_DEPLOY_SERVICE": self.ref.short_name,
            "ECS_DEPLOY_CLUSTER": self.ref.short_cluster,
            "ECS_DEPLOY_DEPLOYMENT": progress.deployment_id,
        }

    def _listen(self, program: Program, seconds: float) -> None:
        """Tell what it says. The world of a test has its own time: what of it has not passed, we sleep."""
        clock, began = self.run.clock, self.run.clock.monotonic()
        lines, code = program.look(seconds)
        self.run.emit(*(SmokeSaid(message=each) for each in lines))
        self.tail = (*self.tail, *lines)[-_LOG_LINES:]
        if code is not None:
            self.program = None
            self._judge(SmokeEnded(exit_code=code))
        elif clock.monotonic() >= self.until:
            program.end()
            self.program = None
            self._fail(SmokeEnded(why=f"it took longer than {self.gate.smoke_seconds:.0f} s"))
        else:
            clock.sleep(max(0.0, seconds - (clock.monotonic() - began)))

    def _judge(self, ended: SmokeEnded) -> None:
        if ended.exit_code:
            return self._fail(ended)
        self.run.emit(ended)
        if not self.gate.approve:
            self._answer(rollback=False)
        elif not self.is_over:
            self.awaits_approval = True
        return None

    def _ask(self, seconds: float) -> None:
        """Ask for so long. The world of a test has its own time: what of it has not passed, we sleep."""
        approval, clock, began = self.machine.approval, self.run.clock, self.run.clock.monotonic()
        approved = approval(seconds) if approval else None
        if approved is not None:
            self.awaits_approval = False
            self._answer(rollback=not approved)
        else:
            clock.sleep(max(0.0, seconds - (clock.monotonic() - began)))

    def _fail(self, ended: SmokeEnded) -> None:
        self.run.emit(ended)
        why = ended.why or f"it exited with {ended.exit_code}"
        summary = f"the smoke test `{self.gate.smoke[0]}` failed: {why}"
        cause = Cause(code="E-SMOKE-FAILED", summary=summary, log=self.tail, remedy=_REMEDY)
        self.run.progress = replace(self.run.progress, causes=(cause,))
        self._answer(rollback=True)

    def _answer(self, *, rollback: bool) -> None:
        """Answer the pause. A deployment that must not go on, and whose pause is over, is stopped."""
        self.has_decided = True
        if self.hook and not self.is_over and self._is_answered(self.hook, rollback=rollback):
            return
        if rollback:
            self._stop()

    def _is_answered(self, hook: Hook, *, rollback: bool) -> bool:
        run, waits = self.run, partial(self._waits, hook)
        send = partial(run.plane.continue_deployment, self.arn, hook.id, rollback=rollback)
        try:
            answer_pause(run.patience().forgiving(_PATIENCE_SECONDS), send, waits)
        except EcsDeployError as error:
            if isinstance(error, AwsRefused) and not waits():
                self._note_end(hook)
            else:
                run.emit.warn("W-PAUSE-UNANSWERED", hook.id, error.message)
            return False
        self.told_back = run.clock.monotonic() if rollback else None
        run.emit(Continued(hook=hook.id, stage=AFTER_TEST, rollback=rollback))
        return True

    def _waits(self, hook: Hook) -> bool:
        """Whether the pause still waits; if that cannot be asked, it may."""
        with suppress(EcsDeployError):
            ours = self.run.progress.deployment_id
            deployed = self.run.plane.service_deployment(self.ref, ours)
            return deployed is None or hook.id in {each.id for each in deployed.awaiting}
        return True

    def _note_end(self, hook: Hook) -> None:
        """The pause has ended without us. Its approval cannot be given any more; its smoke test goes on."""
        if not self.is_over:
            self.is_over, self.awaits_approval = True, False
            self.run.emit.warn("W-PAUSE-OVER", hook.id, hook.timeout_action or "unknown")

    def _stop(self) -> None:
        """Stop the deployment, which makes ECS roll it back as the answer would have. Else the run has failed.

        If ECS refuses, the deployment has ended, or is about to: its verdict comes first.
        """
        try:
            self.run.patience().forgiving(_PATIENCE_SECONDS).write(partial(self.run.plane.stop_deployment, self.arn))
            self.told_back = self.run.clock.monotonic()
        except EcsDeployError as error:
            told = f"{self._refusal()}; ECS could not be told to roll back: {error.message}"
            self.failure = Verdict(status=Status.FAILED, reason=told, phase=self.run.progress.phase)
            self.is_last = self.is_over and isinstance(error, AwsRefused)

    def _refusal(self) -> str:
        causes = self.run.progress.causes
        return causes[0].summary if causes else "the approval was denied"
