"""What stopped tasks, and the lines of ECS's, say about a deployment's chances."""

from __future__ import annotations

from enum import StrEnum

from ecsdeploy.model.service import Task
from ecsdeploy.model.values import value


class Rule(StrEnum):
    """Why it is over."""

    PERMANENT = "permanent"
    CRASH_LOOP = "crash-loop"


@value(frozen=True, slots=True, kw_only=True)
class Doom:
    """Why a deployment can no longer succeed.

    `what` is a sentence without its full stop. `tasks` are the ids of those that show it, oldest first; `because` and
    `link` are the rule's or the cause's.
    """

    code: str
    what: str
    rule: Rule
    tasks: tuple[str, ...]
    because: str
    link: str


@value(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the stopped tasks of our deployment, and ECS's lines, say about its chances.

    `stopped` are the tasks that were read; `any_healthy` says that one of its tasks was healthy; `waits_for` is a
    sentence without its full stop about what passes by itself, empty where nothing of that kind is in the way.
    """

    stopped: tuple[Task, ...] = ()
    doom: Doom | None = None
    any_healthy: bool = False
    waits_for: str = ""
    of_tasks: bool = True
    """The tasks were read; else ECS's lines alone speak, and say nothing of a doom."""
