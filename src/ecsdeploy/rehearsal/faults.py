"""The faults that a release can be rehearsed with: what each does to the simulated world, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.values import value
from ecsdeploy.sim.ground.behaviour import Behaviour, Pull, Run
from ecsdeploy.sim.scenario.values import Action, Limits, Scenario, ServiceSpec

_ALARM_AFTER = 60.0


@value(frozen=True, slots=True, kw_only=True)
class Scene:
    """A simulated world, and the image in it that a fault spoils."""

    scenario: Scenario
    image: str

    @property
    def service(self) -> ServiceSpec:
        return self.scenario.services[0]

    def with_image(self, behaves: Behaviour) -> Scenario:
        """The scenario in which the new image behaves so; its pull takes as much longer as is said."""
        images = self.scenario.images
        pulled = replace(behaves, pull_seconds=behaves.pull_seconds + images[self.image].pull_seconds)
        return replace(self.scenario, images={**images, self.image: pulled})

    def hooks(self, kind: str) -> tuple[Mapping[str, Any], ...]:
        """The lifecycle hooks of this kind."""
        listed = self.service.deployment.get("lifecycleHooks") or ()
        return tuple(each for each in listed if (each.get("targetType") or "AWS_LAMBDA") == kind)


@value(frozen=True, slots=True)
class Fault:
    """What it means in words, what it makes of a world, and why it cannot befall a service (empty if it can)."""

    means: str
    play: Callable[[Scene], Scenario]
    spared: Callable[[Scene], str] = lambda _scene: ""


def _failing(run: Run, after: float | None = None, fails: int = 0) -> Callable[[Scene], Scenario]:
    return lambda scene: scene.with_image(Behaviour(run=run, after=after, fails=fails, pull_seconds=0))


def _not_pulled(pull: Pull) -> Callable[[Scene], Scenario]:
    return lambda scene: scene.with_image(Behaviour(pull=pull, pull_seconds=0))


def _slow(scene: Scene) -> Scenario:
    return scene.with_image(Behaviour(pull_seconds=300))


def _full(scene: Scene) -> Scenario:
    return replace(scene.scenario, limits=Limits(capacity_tasks=max(scene.service.desired, 1)))


def _answering(answer: str) -> Callable[[Scene], Scenario]:
    def play(scene: Scene) -> Scenario:
        return replace(scene.scenario, hooks={each["hookTargetArn"]: (answer,) for each in scene.hooks("AWS_LAMBDA")})

    return play


def _ringing(scene: Scene) -> Scenario:
    name = scene.service.deployment["alarms"]["alarmNames"][0]
    spec = scene.service
    rings = Action(time=_ALARM_AFTER, do="alarm", cluster=spec.cluster, service=spec.name, alarm=name)
    return replace(scene.scenario, actions=(rings,))


def _unchecked(scene: Scene) -> str:
    checked = any(each.get("healthCheck") for each in scene.service.definition["containerDefinitions"])
    return "" if checked else "no container has a health check"


def _unbalanced(scene: Scene) -> str:
    return "" if scene.service.load_balancer else "no load balancer checks its tasks"


def _unhooked(scene: Scene) -> str:
    if scene.service.controller != "ECS":
        return "the hooks of an AppSpec are played as if they succeeded"
    return "" if scene.hooks("AWS_LAMBDA") else "no function is a lifecycle hook of it"


def _unpaused(scene: Scene) -> str:
    return "" if scene.hooks("PAUSE") else "no lifecycle hook pauses it"


def _unwatched(scene: Scene) -> str:
    if scene.service.controller != "ECS":
        return "the alarms of a deployment group are not played"
    alarms = scene.service.deployment.get("alarms") or {}
    return "" if alarms.get("enable") and alarms.get("alarmNames") else "no alarm ends its deployments"


FAULTS: Mapping[str, Fault] = {
    "crash-loop": Fault("each new task exits four seconds after it runs", _failing("exit", after=4)),
    "crash-later": Fault("each new task exits two minutes after it runs", _failing("exit", after=120)),
    "first-tasks-fail": Fault("the first two new tasks exit, later ones stay", _failing("exit", after=10, fails=2)),
    "image-missing": Fault("the new image does not exist", _not_pulled("not-found")),
    "init-error": Fault("a secret of the new tasks cannot be read", _not_pulled("init-error")),
    "out-of-memory": Fault("each new task runs out of memory after 20 s", _failing("oom", after=20)),
    "exec-format": Fault("the new image is for another processor", _failing("exec-format")),
    "never-starts": Fault("the containers of new tasks never start", _failing("never-starts")),
    "slow-start": Fault("each new task takes five minutes longer to start", _slow),
    "unhealthy": Fault("new tasks fail the health check of their container", _failing("unhealthy"), _unchecked),
    "target-unhealthy": Fault(
        "new tasks fail the health check of the load balancer", _failing("target-unhealthy"), _unbalanced
    ),
    "no-capacity": Fault("there is room for no task beyond those that run", _full),
    "alarm": Fault("an alarm of the deployment goes off after a minute", _ringing, _unwatched),
    "hook-failed": Fault("the functions of its lifecycle hooks answer FAILED", _answering("FAILED"), _unhooked),
    "hook-mute": Fault("the functions of its lifecycle hooks never finish", _answering("IN_PROGRESS"), _unhooked),
    "pause-unanswered": Fault("nobody continues its pauses", lambda scene: scene.scenario, _unpaused),
}
"""By name, in the order in which `--fault all` plays them."""
UNANSWERED = "pause-unanswered"
_ALL = "all"


def faults_named(asked: Iterable[str]) -> tuple[str, ...]:
    """The faults to play, each once; `all` stands for all. Raises a `UsageError` for one that does not exist."""
    names = tuple(dict.fromkeys(asked))
    for each in names:
        if each not in {*FAULTS, _ALL}:
            hint = did_you_mean(each, FAULTS) or f"There are {', '.join(f'`{name}`' for name in FAULTS)}, and `{_ALL}`."
            raise UsageError(f"There is no fault `{each}`.", hint=hint)
    return tuple(FAULTS) if _ALL in names else names
