"""Whether a deployment can still succeed, from its stopped tasks alone; imported once a task has failed.

The judge is careful: what it calls doomed is ended early. It says nothing about a transient cause, about a text that
nobody knows, or once a task of the deployment is healthy: the image, the secrets and the roles of a healthy task are
those of every other, so what failed must lie in a host or in a moment.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from ecsdeploy.diagnose.causes import Symptom, read_line, read_task
from ecsdeploy.diagnose.evidence import in_order
from ecsdeploy.diagnose.kinds import GUIDE, Permanence
from ecsdeploy.diagnose.phrases import summary
from ecsdeploy.model.outcome import Doom, Rule
from ecsdeploy.model.service import ServiceEvent, Task
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import dataclass

_UNKNOWN, _PROTECTED = "E-TASK-STOPPED", "E-PROTECTED-TASKS"
_NOTHING = TaskDefinition(payload={})
# (service web) has started 2 tasks: (task 1f0c) (task 77aa).
# (service web) has reached a steady state.
_GOES_ON = "has started|has reached a steady state"

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
    for shown in _by_cause(stopped, definition):
        doom = _judged(shown, definition)
        if doom is not None:
            return doom
    return None


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


def is_hindered(
    stopped: Sequence[Task], events: Sequence[ServiceEvent], definition: TaskDefinition, *, any_healthy: bool
) -> bool:
    """Whether something holds up its tasks that does not pass by itself: of tasks, or in ECS's newest telling line."""
    latest = _latest(events)
    if latest is not None and not _passes(latest):
        return True
    return doomed(stopped, definition, any_healthy=any_healthy) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A cause, and the tasks that show it, each once, oldest first."""

    symptom: Symptom
    tasks: tuple[Task, ...]


def says_protected(reason: str) -> bool:
    """Whether what is waited for is the end of a protection, which has a time."""
    return _PROTECTED in reason


def until_unprotected(ends: Sequence[datetime], *, all_run: bool) -> str:
    """The same with its time: how many old tasks are protected, and how long; empty where none is any more.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
    """
    if not ends:
        return ""
    tasks = "1 old task is" if len(ends) == 1 else f"{len(ends)} old tasks are"
    last = max(ends).astimezone(UTC)
    new = "all new tasks run; " if all_run else ""
    return f"{new}{tasks} protected until {last:%Y-%m-%d %H:%M} UTC ({_PROTECTED})"


def _by_cause(stopped: Sequence[Task], definition: TaskDefinition) -> list[_Shown]:
    """The causes that tasks show in a container, that of the oldest task first."""
    symptoms: dict[tuple[str, str], Symptom] = {}
    tasks: dict[tuple[str, str], dict[str, Task]] = defaultdict(dict)
    for task in sorted(stopped, key=_began):
        symptom = read_task(task, definition)
        if symptom is not None and symptom.code != _UNKNOWN and not _passes(symptom):
            cause = (symptom.code, symptom.container)
            symptoms.setdefault(cause, symptom)
            tasks[cause].setdefault(task.id, task)
    return [_Shown(symptom=each, tasks=tuple(tasks[cause].values())) for cause, each in symptoms.items()]


def _judged(shown: _Shown, definition: TaskDefinition) -> Doom | None:
    kind, count = shown.symptom.kind, len(shown.tasks)
    if kind.permanence is Permanence.PERMANENT and count >= PERMANENT_AT:
        rule, because, link = Rule.PERMANENT, kind.because, kind.link
    elif count >= CRASH_LOOP_AT:
        rule, because, link = Rule.CRASH_LOOP, _LOOPS, _THROTTLE_LOGIC
    else:
        return None
    what = summary(shown.symptom, definition, shown.tasks)
    ids = tuple(each.id for each in shown.tasks)
    return Doom(code=shown.symptom.code, what=what, rule=rule, tasks=ids, because=because, link=link)


def _passes(symptom: Symptom) -> bool:
    return symptom.kind.permanence is Permanence.TRANSIENT


def _latest(events: Sequence[ServiceEvent]) -> Symptom | None:
    """The newest line that says something, unless tasks were started after it, or the service became steady."""
    for event in reversed(in_order(events)):
        if re.search(_GOES_ON, event.message):
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
