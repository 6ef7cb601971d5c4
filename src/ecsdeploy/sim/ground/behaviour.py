"""How the containers of an image behave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Pull = Literal["ok", "not-found", "denied", "rate-limited", "timeout", "init-error"]
Run = Literal["healthy", "exit", "oom", "unhealthy", "target-unhealthy", "never-starts", "exec-format"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One `[images."..."]` table of a scenario. Seconds count from RUNNING, except `pull_seconds`.

    `after` is when the container exits or becomes unhealthy. `healthy_after` is when it passes its checks: without it,
    as soon as the check's own interval allows. A container that is to become unhealthy passes its checks before that
    only if `healthy_after` is set. `fails` is how many tasks behave like this before the image is good; 0 means all of
    them.
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
    """What the container does when RunTask gives it one of these commands."""

    @property
    def hopeless(self) -> bool:
        """Whether no task of this image will ever count as healthy, however often ECS starts one."""
        if self.fails:
            return False
        if self.pull != "ok" or self.run in ("never-starts", "exec-format"):
            return True
        if self.run in ("exit", "oom"):
            return (self.after or 0) <= _BEFORE_ANY_CHECK
        return self.run in ("unhealthy", "target-unhealthy") and self.healthy_after is None


GOOD = Behaviour()
# A task that belongs to no service does some work and ends. How long this takes is our choice.
JOB = Behaviour(run="exit", exit_code=0, after=60)
# The scheduler sees a task 7 s after RUNNING at the earliest.
_BEFORE_ANY_CHECK = 7


@dataclass(slots=True)
class Images:
    """The images of a world. `spoilt` counts the failures of each image that has `fails`."""

    behaviours: Mapping[str, Behaviour]
    spoilt: dict[str, int] = field(default_factory=dict)

    def describe(self, behaviours: Mapping[str, Behaviour]) -> None:
        """Replace the behaviour of these images, from their next task on. Their failures count from now."""
        self.behaviours = {**self.behaviours, **behaviours}
        self.spoilt = {image: used for image, used in self.spoilt.items() if tagged(image) not in behaviours}

    def look_up(self, image: str) -> Behaviour:
        """The behaviour of an image. An image that nobody described is good."""
        return self.behaviours.get(image) or self.behaviours.get(tagged(image)) or GOOD

    def start(self, image: str) -> Behaviour:
        """The behaviour of one more task of `image`. The task counts for `fails`."""
        behaviour = self.look_up(image)
        used = self.spoilt.get(image, 0)
        if behaviour.fails and used >= behaviour.fails:
            return GOOD
        self.spoilt[image] = used + 1
        return behaviour

    def start_alone(self, image: str) -> Behaviour:
        """The behaviour of a task that belongs to no service. If nobody described its image, it exits 0 after a
        minute.
        """
        return JOB if self.look_up(image) is GOOD else self.start(image)


def tagged(image: str) -> str:
    """`image` with the tag `latest` if it has neither tag nor digest, and without its digest if it has both."""
    name, at, _ = image.partition("@")
    if ":" in name.rsplit("/", 1)[-1]:
        return name
    return image if at else f"{name}:latest"


def repository(image: str) -> str:
    """`image` without its tag and its digest."""
    name = image.split("@", 1)[0]
    head, slash, tail = name.rpartition("/")
    return head + slash + tail.split(":", 1)[0]
