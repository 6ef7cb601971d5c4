"""What stopped tasks and ECS's events say about the chances of a deployment."""

from __future__ import annotations

from enum import StrEnum

from ecsdeploy.model.service import Task
from ecsdeploy.model.values import value


class Rule(StrEnum):
    """The rule by which a deployment cannot succeed any more."""

    PERMANENT = "permanent"
    CRASH_LOOP = "crash-loop"


@value(frozen=True, slots=True, kw_only=True)
class Doom:
    """Why a deployment can no longer succeed.

    `what` is a sentence without its full stop. `tasks` are the ids of those that show it, oldest first. `because` and
    `link` are those of the rule or of the cause.
    """

    code: str
    what: str
    rule: Rule
    tasks: tuple[str, ...]
    because: str
    link: str


@value(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the stopped tasks of our deployment and ECS's events say about its chances.

    `stopped` are the tasks that were read; `any_healthy` says that one of its tasks was healthy; `waits_for` is a
    sentence without its full stop about what passes by itself, empty where the deployment waits for nothing like that.
    """

    stopped: tuple[Task, ...] = ()
    doom: Doom | None = None
    any_healthy: bool = False
    waits_for: str = ""
    of_tasks: bool = True
    """Whether the tasks were read; without them we have ECS's events alone, which doom nothing."""
