"""What stands around the scripted service: everything is there, unless a test takes it away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.balancer import ListenerRoute
from ecsdeploy.model.surroundings import AlarmState, Repository, ScalingLimits, StoredImage, TargetGroup


@dataclass(slots=True)
class Neighbours:
    """Answers what it is told to; `fails` raises at the calls of that name, and `calls` has every question."""

    gone: frozenset[str] = frozenset()
    """Names, ARNs and tags of what is not there."""
    platforms: tuple[str, ...] = ()
    group: TargetGroup = field(default_factory=lambda: TargetGroup(check_seconds=10))
    drain: float = 30
    ringing: frozenset[str] = frozenset()
    """Alarms that have gone off."""
    limits: ScalingLimits | None = None
    expire_at: datetime | None = None
    fails: dict[str, Exception] = field(default_factory=dict)
    calls: list[tuple[str, ...]] = field(default_factory=list)

    def images(self, where: Repository, identifiers: Sequence[str]) -> Mapping[str, StoredImage | None]:
        self._asked("images", where.path, *identifiers)
        stored = StoredImage(digest="sha256:1", platforms=self.platforms)
        return {each: None if each in self.gone else stored for each in identifiers}

    def role_exists(self, name: str) -> bool:
        self._asked("role", name)
        return name not in self.gone

    def secret_exists(self, name: str, *, region: str) -> bool:
        self._asked("secret", name, region)
        return name not in self.gone

    def parameters_that_exist(self, names: Sequence[str], *, region: str) -> frozenset[str]:
        self._asked("parameters", region, *names)
        return frozenset(names) - self.gone

    def log_group_exists(self, name: str, *, region: str) -> bool:
        self._asked("log_group", name, region)
        return name not in self.gone

    def target_groups(self, arns: Sequence[str]) -> Mapping[str, TargetGroup | None]:
        self._asked("target_groups", *arns)
        return {each: None if each in self.gone else self.group for each in arns}

    def drain_seconds(self, target_group: str) -> float:
        self._asked("drain", target_group)
        return self.drain

    def test_route(self, rule: str) -> ListenerRoute:
        raise AssertionError(f"the simulator has {rule}")

    def scaling_limits(self, ref: ServiceRef) -> ScalingLimits | None:
        self._asked("limits")
        return self.limits

    def alarms(self, names: Sequence[str]) -> tuple[AlarmState, ...]:
        self._asked("alarms", *names)
        there = (each for each in names if each not in self.gone)
        return tuple(AlarmState(name=each, state="ALARM" if each in self.ringing else "OK") for each in there)

    def credentials_expire_at(self) -> datetime | None:
        return self.expire_at

    def _asked(self, what: str, *about: str) -> None:
        self.calls.append((what, *about))
        if what in self.fails:
            raise self.fails[what]
