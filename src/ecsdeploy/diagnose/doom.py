"""Whether a deployment can still succeed, from its stopped tasks alone; imported once a task has failed.

The judge is careful: what it calls doomed is ended early. It says nothing about a transient cause, about a text that
nobody knows, or once a task of the deployment is healthy: the image, the secrets and the roles of a healthy task are
those of every other, so what failed must lie in a host or in a moment.
"""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

from ecsdeploy.diagnose.causes import Symptom, read_line, read_task
from ecsdeploy.diagnose.evidence import in_order
from ecsdeploy.diagnose.kinds import GUIDE, Permanence
from ecsdeploy.diagnose.phrases import summary
from ecsdeploy.model.service import ServiceEvent, Task
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import dataclass

_UNKNOWN = "E-TASK-STOPPED"
_NOTHING = TaskDefinition(payload={})


class Rule(StrEnum):
    """Why it is over."""

    PERMANENT = "permanent"
    CRASH_LOOP = "crash-loop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doom:
    """`tasks` are the ids of those that show it, oldest first; `because` and `link` are the rule's or the cause's."""

    code: str
    rule: Rule
    tasks: tuple[str, ...]
    because: str
    link: str


PERMANENT_AT = 2
"""Two tasks, as one may have met a registry, a role or an endpoint in a bad moment.

ECS itself gives up only after three to two hundred failures:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
"""

CRASH_LOOP_AT = 3
"""ECS starts a task that ends anew for ever, and never slows down once it was RUNNING; its circuit breaker, where there
is one, trips after three at the earliest.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
"""

_LOOPS = "three tasks ended alike and none has become healthy; ECS would go on starting them"
_THROTTLE_LOGIC = f"{GUIDE}service-throttle-logic.html"


def doomed(stopped: Sequence[Task], definition: TaskDefinition, *, any_healthy: bool) -> Doom | None:
    """Why the deployment of these stopped tasks can no longer succeed; None while it can.

    `any_healthy` says that one of its tasks runs and is healthy, or was.
    """
    if any_healthy:
        return None
    shown = _by_cause(stopped, definition)
    return next((doom for (code, _), tasks in shown.items() if (doom := _judged(code, tasks))), None)


def waiting_reason(
    stopped: Sequence[Task], events: Sequence[ServiceEvent], definition: TaskDefinition = _NOTHING
) -> str | None:
    """What the deployment waits for, if it passes by itself: one sentence without its full stop, and the code.

    ECS's lines since our deployment started, until one that says that tasks were started again; then the task that
    stopped last. Without the definition, images are those of the tasks.
    """
    last = max(stopped, key=_ended, default=None)
    by_task = read_task(last, definition) if last else None
    passing = next((each for each in (_latest(events), by_task) if each and _passes(each)), None)
    tasks = (last,) if last else ()
    return f"{summary(passing, definition, tasks)} ({passing.code})" if passing else None


def _by_cause(stopped: Sequence[Task], definition: TaskDefinition) -> dict[tuple[str, str], tuple[str, ...]]:
    """The ids of the tasks that show a cause in a container, each once, oldest first."""
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for task in sorted(stopped, key=_began):
        symptom = read_task(task, definition)
        if symptom is not None and symptom.code != _UNKNOWN and not _passes(symptom):
            found[symptom.code, symptom.container][task.id] = None
    return {cause: tuple(ids) for cause, ids in found.items()}


def _judged(code: str, tasks: tuple[str, ...]) -> Doom | None:
    kind = Symptom(code=code).kind
    if kind.permanence is Permanence.PERMANENT and len(tasks) >= PERMANENT_AT:
        return Doom(code=code, rule=Rule.PERMANENT, tasks=tasks, because=kind.because, link=kind.link)
    if len(tasks) >= CRASH_LOOP_AT:
        return Doom(code=code, rule=Rule.CRASH_LOOP, tasks=tasks, because=_LOOPS, link=_THROTTLE_LOGIC)
    return None


def _passes(symptom: Symptom) -> bool:
    return symptom.kind.permanence is Permanence.TRANSIENT


def _latest(events: Sequence[ServiceEvent]) -> Symptom | None:
    """The newest line that says something, unless tasks were started after it."""
    for event in reversed(in_order(events)):
        if "has started" in event.message:
            return None
        symptom = read_line(event.message)
        if symptom is not None:
            return symptom
    return None


def _began(task: Task) -> float:
    return task.created_at.timestamp() if task.created_at else 0.0


def _ended(task: Task) -> float:
    ended = task.stopped_at or task.execution_stopped_at or task.created_at
    return ended.timestamp() if ended else 0.0
