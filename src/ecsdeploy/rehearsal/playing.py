"""Plays a release: the client's own deploy, over the simulated world, in its time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ecsdeploy import api
from ecsdeploy.api import looking
from ecsdeploy.engine.looking.rehearsal import ground_of, playable
from ecsdeploy.errors import EcsDeployError, Refused
from ecsdeploy.model.access import Access, Secret
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import Concluded, Paused, Record, RollingBack, Started
from ecsdeploy.model.outcome import Outcome, Status
from ecsdeploy.model.rehearsal import Bounds, Ground, Play, Rehearsal, Skipped, Turn
from ecsdeploy.model.request import DeployRequest, FromFile, Sizing
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.rehearsing import bounds, limits, premises, traps
from ecsdeploy.rehearsal.faults import FAULTS, UNANSWERED
from ecsdeploy.rehearsal.scene import arrange, definition_of, scene_of
from ecsdeploy.rehearsal.watch import Watch, milestones, seconds_in
from ecsdeploy.sim import REGION, ScenarioError, SimError, World
from ecsdeploy.sim.scenario.values import Scenario

GOOD = "none"
_GOOD_MEANS = "the release as it is"
_KEY = "simulator"
_WHO = {"ecs": "ECS", "codedeploy": "CodeDeploy", "us": "ecs-deploy"}
_LOOKS_ON = 300.0
"""How long we look on after nothing moves: what crashes later does so once the release has succeeded."""


def rehearse(connection: api.Connection, request: DeployRequest, faults: Iterable[str]) -> Rehearsal:
    """Read the live service, and play the release without a fault and under each of these; writes nothing.

    Raises `Refused` if the simulator cannot play a release of this service.
    """
    run = looking.between_releases(connection, request.service)
    service = playable(run, request)
    plan = api.plan(connection, request, _Nobody())
    return played(ground_of(run, request, service, plan), request, faults)


def played(ground: Ground, request: DeployRequest, faults: Iterable[str]) -> Rehearsal:
    """The same on what was read. A fault that cannot befall the service is skipped, and told."""
    rests = premises(ground)
    scene = scene_of(ground, rests)
    sizing = request.sent_sizing
    within = bounds(ground.service, sizing)
    player = _Player(ground, request, within)
    good = player.play(GOOD, _GOOD_MEANS, scene.scenario)
    plays, skipped = [good], []
    for name in faults:
        why = FAULTS[name].spared(scene)
        if why:
            skipped.append(Skipped(fault=name, why=why))
        else:
            plays.append(player.play(name, FAULTS[name].means, FAULTS[name].play(scene)))
    return Rehearsal(
        place=ground.place,
        at=ground.at,
        bounds=within,
        timeout_seconds=request.budget.seconds,
        premises=rests,
        took=ground.took,
        plays=tuple(plays),
        images=tuple(ground.after.images.items()),
        traps=traps(good, within, request.budget.seconds, rolls=not (ground.route or ground.service.shifts_traffic)),
        limits=limits(ground.service, sizing, within.desired, ground.route),
        skipped=tuple(skipped),
        findings=ground.findings,
        unread=ground.unread,
    )


class _Player:
    def __init__(self, ground: Ground, request: DeployRequest, limits: Bounds) -> None:
        self._limits, self._route = limits, ground.route
        self._request = _in_the_world(ground, request)

    def play(self, name: str, means: str, scenario: Scenario) -> Play:
        world = _world(scenario)
        arrange(world, self._route)
        watch = Watch(world)
        connection = api.connect(_ACCESS, transport=world.transport, clock=watch)
        told = _Told(connection, watch, continues=name != UNANSWERED)
        outcome = _deployed(connection, self._request, told)
        seconds = watch.seconds
        is_settled = watch.settle()
        settled = watch.seconds if is_settled else None
        if name != GOOD:
            watch.sleep(_LOOKS_ON)
        samples, desired = watch.samples, self._limits.desired
        marks = sorted((*watch.moments, *milestones(samples, desired)), key=lambda each: each.at)
        return Play(
            fault=name,
            means=means,
            status=outcome.verdict.status,
            reason=_reason(outcome),
            seconds=seconds,
            samples=tuple(samples),
            moments=tuple(marks),
            below_seconds=seconds_in(samples, watch.seconds, lambda each: each.healthy < self._limits.lowest),
            down_seconds=seconds_in(samples, watch.seconds, lambda each: each.healthy == 0 < desired),
            new_seconds=seconds_in(samples, watch.seconds, lambda each: each.serves in {"new", "both"}),
            settled_seconds=settled,
            lowest=min(each.healthy for each in samples),
            highest=max(each.total for each in samples),
            serves=samples[-1].serves,
        )


_ACCESS = Access(region=REGION, access_key=Secret(_KEY), secret_key=Secret(_KEY))


def _world(scenario: Scenario) -> World:
    try:
        return World(scenario)
    except (ScenarioError, SimError) as error:
        raise Refused(f"The simulator cannot play this service: {error}") from None


def _in_the_world(ground: Ground, request: DeployRequest) -> DeployRequest:
    """The same release of the same service there. The checks were made at AWS, and are not repeated there."""
    definition = TaskDefinition(payload=definition_of(ground, ground.after))
    return DeployRequest(
        service=ServiceRef(cluster=ground.place.cluster, name=ground.service.name),
        base=FromFile(path="rehearsal", definition=definition),
        sizing=_sizing(request.sent_sizing),
        budget=request.budget,
        on_failure=request.on_failure,
        min_stable_seconds=request.min_stable_seconds,
        fail_fast=request.fail_fast,
        preflight=False,
    )


def _sizing(asked: Sizing) -> Sizing:
    """Without what has no effect on the course of a release."""
    return replace(asked, volumes=None, managed_tags=None, propagate_tags=None)


def _deployed(connection: api.Connection, request: DeployRequest, told: _Told) -> Outcome:
    try:
        return api.deploy(connection, request, told)
    except EcsDeployError as error:
        raise Refused(f"The simulator cannot play this release: {error.message}") from error


def _reason(outcome: Outcome) -> str:
    """Why it did not succeed. What the simulator says in ECS's place has ids of its own, and is not told."""
    if outcome.verdict.status is Status.SUCCEEDED:
        return ""
    if outcome.cause:
        return outcome.cause.summary
    return "its time limit was over" if outcome.verdict.status is Status.TIMED_OUT else ""


class _Nobody:
    """A sink for the plan, whose findings are part of the rehearsal."""

    def emit(self, record: Record) -> None:
        """Drop it."""


class _Told:
    """Marks what the deploy tells, and continues the pauses of a deployment."""

    def __init__(self, connection: api.Connection, watch: Watch, *, continues: bool) -> None:
        self._connection, self._watch, self._continues = connection, watch, continues

    def emit(self, record: Record) -> None:
        for kind, what in _words(record):
            self._watch.mark(kind, what)
        if isinstance(record.event, Paused) and self._continues:
            event = record.event
            self._connection.plane.continue_deployment(event.service_deployment, event.hook, rollback=False)


def _words(record: Record) -> Iterator[tuple[Turn, str]]:
    match record.event:
        case Started():
            yield Turn.BEGUN, "the deployment begins"
        case RollingBack(by=by):
            yield Turn.ROLLING_BACK, f"a rollback begins, by {_WHO[by]}"
        case Paused(stage=stage):
            yield Turn.PAUSED, f"a pause begins in {stage}"
        case Concluded(verdict=verdict):
            yield Turn.VERDICT, f"verdict: {verdict.status.value.replace('_', ' ')}"
        case _:
            return
