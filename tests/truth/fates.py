"""What became of a deployment by the simulated world's own record, and which verdicts about it are right.

A truth is read off the world once it is quiet, without asking the program under test, about the first deployment that
program started. A verdict of ours is right where `_RIGHT` lists it for the truth:

    succeeded        it completed: only `succeeded`
    rolled_back      the former revision was put back, by ECS or by the program: `rolled_back`; also `failed`, from
                     whoever judged early that it could only fail
    rollback_failed  it failed, and so did its rollback: `rollback_failed` or `failed`
    failed           it ended without success, and nothing was put back: `failed`
    stopped          somebody stopped it where it stood: `stopped`
    superseded       somebody else's deployment took its place: `superseded`
    stuck            it can neither succeed nor end (a crash loop without a circuit breaker, a deadlock): `timed_out`,
                     or `failed` from whoever judged early
    timed_out        it was still in progress when the scenario's budget was over and the verdict was given:
                     `timed_out`; also `failed` where it failed in the end
    refused          no deployment was started: `refused`, `busy` or `unchanged`, if AWS refused the write or the
                     deployment would not have succeeded
    unknown          the credentials had expired, or contact was lost, until the budget was over: `unknown`
    interrupted      a signal ended the watch before the deployment ended: `interrupted`

Programs of others have an exit code alone: 0 says that it succeeded, any other that it did not. A green light on
anything but a success is wrong, and so is a red light on a success.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ecsdeploy.sim import Call, Scenario, World
from ecsdeploy.sim.actions import act
from ecsdeploy.sim.scenario.values import Action
from ecsdeploy.sim.state.codedeploy import CodeDeployment
from ecsdeploy.sim.state.service import Service, ServiceDeployment

_STARTS = ("UpdateService", "UpdateExpressGatewayService", "CreateDeployment")
_APPLIED = (None, "reset-after")
_EXPIRED = ("ExpiredTokenException", "ExpiredToken")


class Fate(StrEnum):
    """The words of the module's table."""

    SUCCEEDED = "succeeded"
    ROLLED_BACK = "rolled_back"
    ROLLBACK_FAILED = "rollback_failed"
    FAILED = "failed"
    STOPPED = "stopped"
    SUPERSEDED = "superseded"
    STUCK = "stuck"
    TIMED_OUT = "timed_out"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    INTERRUPTED = "interrupted"


_RIGHT = {
    Fate.SUCCEEDED: {"succeeded"},
    Fate.ROLLED_BACK: {"rolled_back", "failed"},
    Fate.ROLLBACK_FAILED: {"rollback_failed", "failed"},
    Fate.FAILED: {"failed"},
    Fate.STOPPED: {"stopped"},
    Fate.SUPERSEDED: {"superseded"},
    Fate.STUCK: {"timed_out", "failed"},
    Fate.TIMED_OUT: {"timed_out"},
    Fate.REFUSED: {"refused", "busy", "unchanged"},
    Fate.UNKNOWN: {"unknown"},
    Fate.INTERRUPTED: {"interrupted"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """`fate` when the verdict was given or the budget was over, whichever was later, and `at_last` for ever after.

    `began` is when the write that started the deployment was answered, in the world's seconds; None where none was.
    """

    fate: Fate
    at_last: Fate
    began: float | None

    def admits(self, verdict: str) -> bool:
        """Whether this verdict of ours is right."""
        failed_late = self.fate is Fate.TIMED_OUT and self.at_last is not Fate.SUCCEEDED
        return verdict in _RIGHT[self.fate] or (failed_late and verdict == "failed")

    def admits_light(self, *, green: bool) -> bool:
        """Whether this verdict of a program that has only an exit code is right."""
        return green is (self.fate is Fate.SUCCEEDED)


def truth_of(world: World, *, told: float, budget: float) -> Truth:
    """The world must be quiet; `told` is when the verdict was given, `budget` the scenario's in seconds."""
    first = next(_ends(world), None)
    if first is None:
        return Truth(fate=Fate.REFUSED, at_last=Fate.REFUSED, began=None)
    began, at_last, ended = first
    return Truth(
        fate=_out_of_sight(world, ended=ended, told=told, over=began + budget)
        or (at_last if ended <= max(told, began + budget) or at_last is Fate.STUCK else Fate.TIMED_OUT),
        at_last=at_last,
        began=began,
    )


def begins(call: Call) -> bool:
    """Whether this call started a deployment, its reply lost or not."""
    return call.operation in _STARTS and call.error in _APPLIED


def _ends(world: World) -> Iterator[tuple[float, Fate, float]]:
    """What became of the program's own deployments, ECS's and CodeDeploy's: when each began, how and when it ended."""
    for began, service, record in _started(world):
        fate = _fate(world, service, record)
        yield began, fate, _ended(record, fate)
    for call in filter(begins, world.calls):
        for release in world.region.codedeploy.deployments.values():
            if release.creator == "user" and release.created_at == call.time:
                yield call.time, *_end_of_release(world, release)


def _end_of_release(world: World, release: CodeDeployment) -> tuple[Fate, float]:
    """CodeDeploy rolls back by another deployment, which the first one names."""
    back = world.region.codedeploy.deployments.get(release.rollback.get("rollbackDeploymentId", ""))
    if back is not None:
        fate = Fate.ROLLED_BACK if back.status == "Succeeded" else Fate.ROLLBACK_FAILED
        return fate, back.ended_at or float("inf")
    fates = {"Succeeded": Fate.SUCCEEDED, "Failed": Fate.FAILED, "Stopped": Fate.STOPPED}
    return fates.get(release.status, Fate.STUCK), release.ended_at or float("inf")


def starts(world: World) -> list[float]:
    """When each deployment of the program's own began, a way back included."""
    return [began for began, _, _ in _started(world)]


def _started(world: World) -> Iterator[tuple[float, Service, ServiceDeployment]]:
    """The deployments that the program's own calls started, in order."""
    for call in filter(begins, world.calls):
        for service in world.region.services:
            yield from ((call.time, service, each) for each in service.history if each.created_at == call.time)


def _fate(world: World, service: Service, record: ServiceDeployment) -> Fate:
    match record.status:
        case "SUCCESSFUL":
            return Fate.SUCCEEDED
        case "ROLLBACK_SUCCESSFUL":
            return Fate.ROLLED_BACK
        case "ROLLBACK_FAILED":
            return Fate.ROLLBACK_FAILED
        case _ if service.status != "ACTIVE":
            return Fate.FAILED
        case "STOPPED":
            return _stopped(world, service, record)
        case _:
            return Fate.STUCK


def _stopped(world: World, service: Service, record: ServiceDeployment) -> Fate:
    """By the circuit breaker or an alarm, by somebody who wanted it to end, or by a newer deployment."""
    if record.deployment.rollout_state == "FAILED":
        return Fate.STOPPED if "by the user" in record.deployment.rollout_reason else Fate.FAILED
    newer = service.history[service.history.index(record) + 1]
    own = any(each is newer for _, _, each in _started(world))
    back = newer.deployment.revision.definition is record.sources[0].definition
    if own and back:
        return Fate.ROLLED_BACK if newer.status == "SUCCESSFUL" else Fate.ROLLBACK_FAILED
    return Fate.SUPERSEDED


def _ended(record: ServiceDeployment, fate: Fate) -> float:
    """What is stuck never ends; a service that was deleted takes its deployments with it."""
    if fate is Fate.STUCK:
        return float("inf")
    return record.updated_at if record.finished_at is None else record.finished_at


def _out_of_sight(world: World, *, ended: float, told: float, over: float) -> Fate | None:
    """What kept the program from seeing the end: a signal, expired credentials, a network that was gone for good."""
    calls = [call for call in world.calls if call.time <= told]
    last = calls[-1].error if calls else None
    if world.signals and told < ended:
        return Fate.INTERRUPTED
    blind = last == "reset" or last in _EXPIRED
    return Fate.UNKNOWN if blind and told >= over else None


def watching(calls: Sequence[Call], told: int) -> int:
    """How many of the first `told` calls were made after the write that started the deployment."""
    first = next((index for index, call in enumerate(calls) if begins(call)), None)
    return 0 if first is None else max(0, told - first - 1)


def was_right_to_refuse(world: World, truth: Truth) -> bool:
    """AWS refused a write, or somebody who deploys the same image all the same has no success; so is any other end."""
    if truth.fate is not Fate.REFUSED or any(call.operation in _STARTS for call in world.calls):
        return True
    other, spec, image = World(world.scenario), world.scenario.services[0], image_of(world.scenario)
    act(other.region, Action(time=0, do="deploy", cluster=spec.cluster, service=spec.name, image=image))
    other.settle()
    history = other.region.clusters[spec.cluster].services[spec.name].history
    return not any(each.created_at >= other.start and each.status == "SUCCESSFUL" for each in history)


def image_of(scenario: Scenario) -> str:
    """What it deploys."""
    words = scenario.deploy_args
    return words[words.index("-i") + 1]
