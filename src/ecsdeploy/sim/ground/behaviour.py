"""How containers of an image behave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Pull = Literal["ok", "not-found", "denied", "rate-limited", "timeout", "init-error"]
Run = Literal["healthy", "exit", "oom", "unhealthy", "target-unhealthy", "never-starts", "exec-format"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One `[images."..."]` table; seconds count from RUNNING unless the name says otherwise.

    `after` is when it exits or turns unhealthy, `healthy_after` when it passes its checks; an image that is to
    turn unhealthy passes them before that only if `healthy_after` says so. None takes the check's own pace.
    `fails` is how many tasks behave so before the image is good; 0 = all of them.
    """

    pull: Pull = "ok"
    reason: str = ""
    pull_seconds: float = 9.0
    run: Run = "healthy"
    exit_code: int = 1
    after: float | None = None
    healthy_after: float | None = None
    fails: int = 0
    logs: tuple[str, ...] = ()
    commands: Mapping[str, Behaviour] = field(default_factory=dict, hash=False)
    """What it does where RunTask gives it one of these commands."""

    @property
    def hopeless(self) -> bool:
        """No task of this image will ever count as healthy, however often it is started."""
        if self.fails:
            return False
        if self.pull != "ok" or self.run in ("never-starts", "exec-format"):
            return True
        if self.run in ("exit", "oom"):
            return (self.after or 0) <= _BEFORE_ANY_CHECK
        return self.run in ("unhealthy", "target-unhealthy") and self.healthy_after is None


GOOD = Behaviour()
# A task that no service keeps has something to do and ends; how long it takes is our choice.
JOB = Behaviour(run="exit", exit_code=0, after=60)
# The scheduler looks at a task 7 s after it is RUNNING at the earliest.
_BEFORE_ANY_CHECK = 7


@dataclass(slots=True)
class Images:
    """The images of a world, and how many tasks each limited one has spoilt so far."""

    behaviours: Mapping[str, Behaviour]
    spoilt: dict[str, int] = field(default_factory=dict)

    def describe(self, behaviours: Mapping[str, Behaviour]) -> None:
        """From their next task on these images behave so; their failures count from now on."""
        self.behaviours = {**self.behaviours, **behaviours}
        self.spoilt = {image: used for image, used in self.spoilt.items() if tagged(image) not in behaviours}

    def look_up(self, image: str) -> Behaviour:
        return self.behaviours.get(image) or self.behaviours.get(tagged(image)) or GOOD

    def start(self, image: str) -> Behaviour:
        """The behaviour of one more task of `image`, counted against `fails`."""
        behaviour = self.look_up(image)
        used = self.spoilt.get(image, 0)
        if behaviour.fails and used >= behaviour.fails:
            return GOOD
        self.spoilt[image] = used + 1
        return behaviour

    def start_alone(self, image: str) -> Behaviour:
        """The behaviour of a task that no service keeps; where nobody described its image, it ends."""
        return JOB if self.look_up(image) is GOOD else self.start(image)


def tagged(image: str) -> str:
    """`image` with the tag `latest` where it names neither tag nor digest, and without a digest beside a tag."""
    name, at, _ = image.partition("@")
    if ":" in name.rsplit("/", 1)[-1]:
        return name
    return image if at else f"{name}:latest"


def repository(image: str) -> str:
    """`image` without tag and digest."""
    name = image.split("@", 1)[0]
    head, slash, tail = name.rpartition("/")
    return head + slash + tail.split(":", 1)[0]
