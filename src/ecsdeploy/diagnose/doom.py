"""Whether a deployment can still succeed, from its tasks alone; imported once a task has failed.

We end a deployment early that we judge doomed, so we judge with care:

* A cause that passes by itself, and a text that we do not know, doom nothing.
* Once a task of the deployment is healthy, nothing dooms it. All its tasks have the same image, secrets and roles, so
  what failed lies in a host or in a moment.
* Tasks that were launched together meet the same moment: a wave of them counts as one attempt.
* A task that ended does not count while another one of its wave, as old as it was, still runs: what ended the one does
  not end all.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from ecsdeploy.diagnose.causes import Symptom, read_line, read_task
from ecsdeploy.diagnose.evidence import in_order
from ecsdeploy.diagnose.known_cause import GUIDE, Permanence
from ecsdeploy.diagnose.phrases import summary
from ecsdeploy.diagnose.table import PLACEMENT
from ecsdeploy.diagnose.waves import Wave, ecs_time, outlives_all, waves
from ecsdeploy.model.judgement import Doom, Rule
from ecsdeploy.model.service import ServiceEvent, Task
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import value

_UNKNOWN, _PROTECTED, _HOST_LOST = "E-TASK-STOPPED", "E-PROTECTED-TASKS", "E-HOST-LOST"
_OF_A_SEARCH = PLACEMENT - {_PROTECTED}
"""Causes of a search for a place. Protected tasks are old ones: no new task looks for a place there."""
Suspect = tuple[str, str]
"""A cause's code, and the container that shows it."""
_NOTHING = TaskDefinition(payload={})
# (service web) has started 2 tasks: (task 1f0c) (task 77aa).
# (service web) has reached a steady state.
_STARTED = "has started"
_GOES_ON = f"{_STARTED}|has reached a steady state"

AGAIN_AT = 2
"""So many waves with a permanent cause doom: one may have met a registry, role or endpoint in a bad moment.

ECS itself gives up only after three to two hundred failures:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
"""

CRASH_LOOP_AT = 3
"""Fewer failures are no crash loop to us, even where ECS's circuit breaker trips sooner. By default it needs so many.

Until the breaker trips, or for ever where it is off, ECS starts a new task for each that ends. It does not slow down
where the tasks were RUNNING.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
"""

WHOLE_WAVES_AT = 2
"""So many waves in which all tasks ended alike are a crash loop too: if a release can succeed, some task lives on."""

_LOOPS = "tasks ended alike again and again and none has become healthy; ECS would go on starting them"
_THROTTLE_LOGIC = f"{GUIDE}service-throttle-logic.html"


def doomed(
    stopped: Sequence[Task],
    definition: TaskDefinition,
    *,
    alive: Sequence[Task] = (),
    threshold: int = CRASH_LOOP_AT,
    confirmed: frozenset[Suspect] = frozenset(),
    any_healthy: bool = False,
) -> Doom | None:
    """Why the deployment of these tasks can no longer succeed; None while it may.

    `threshold` is how many failures trip ECS's circuit breaker, or would if it were on. `confirmed` are suspects that a
    read has confirmed: AWS says that the image, secret, role or log group is not there. `any_healthy` says that one of
    the deployment's tasks is healthy, or was.
    """
    if any_healthy or outlives_all(stopped, alive):
        return None
    for shown in _by_cause(stopped, alive, definition):
        rule = _rule(shown, threshold, confirmed)
        if rule is not None:
            return _doom(shown, rule, definition)
    return None


def suspects(stopped: Sequence[Task], definition: TaskDefinition, *, alive: Sequence[Task] = ()) -> frozenset[Suspect]:
    """The permanent causes that some wave shows; a read that confirms one of them dooms the deployment."""
    found = (each.symptom for each in _by_cause(stopped, alive, definition) if each.tasks)
    return frozenset((each.code, each.container) for each in found if _is_permanent(each))


def waiting_reason(
    stopped: Sequence[Task], events: Sequence[ServiceEvent], definition: TaskDefinition = _NOTHING
) -> str | None:
    """What the deployment waits for and what passes by itself: a sentence without its full stop, and the code.

    `events` are ECS's since our deployment started. We read the newest one that tells something, then the task that
    stopped last. What that task says of its own end outranks an event about a search for a place, unless ECS has
    started tasks since. Without the `definition`, images are those of the tasks.
    """
    last = max(stopped, key=_ended, default=None)
    by_task, by_line = read_task(last, definition) if last else None, _latest(events)
    if last and by_line and by_line.code in _OF_A_SEARCH and _speaks(by_task) and not _has_followers(last, events):
        by_line = None
    passing = next((each for each in (by_line, by_task) if each and _passes(each)), None)
    tasks = (last,) if last else ()
    return f"{summary(passing, definition, tasks)} ({passing.code})" if passing else None


def is_hindered(
    stopped: Sequence[Task],
    events: Sequence[ServiceEvent],
    definition: TaskDefinition,
    *,
    threshold: int = CRASH_LOOP_AT,
    any_healthy: bool,
) -> bool:
    """Whether its tasks, or ECS's newest event that tells something, show a cause that does not pass by itself."""
    if trouble(events)[1]:
        return True
    return doomed(stopped, definition, threshold=threshold, any_healthy=any_healthy) is not None


def trouble(events: Sequence[ServiceEvent]) -> tuple[str, bool]:
    """ECS's newest event about what still holds the tasks up, if any, and whether that does not pass by itself."""
    latest = _latest(events)
    return (latest.reason, not _passes(latest)) if latest else ("", False)


@value(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A symptom and what shows it.

    `tasks` are those that count, the oldest first; `waves` is in how many waves they are, `whole` how many waves ended
    alike in all of their tasks.
    """

    symptom: Symptom
    tasks: tuple[Task, ...]
    waves: int
    whole: int


def says_protected(reason: str) -> bool:
    """Whether a `waiting_reason` is the protection of old tasks, whose end has a time."""
    return _PROTECTED in reason


def until_unprotected(ends: Sequence[datetime], *, all_run: bool) -> str:
    """That reason with its time: how many old tasks are protected, and until when; empty without `ends`.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
    """
    if not ends:
        return ""
    tasks = "1 old task is" if len(ends) == 1 else f"{len(ends)} old tasks are"
    last = max(ends).astimezone(UTC)
    new = "all new tasks run; " if all_run else ""
    return f"{new}{tasks} protected until {last:%Y-%m-%d %H:%M} UTC ({_PROTECTED})"


def _by_cause(stopped: Sequence[Task], alive: Sequence[Task], definition: TaskDefinition) -> list[_Shown]:
    """What the stopped tasks show, by cause and container; what the oldest one shows comes first."""
    now, symptoms = ecs_time(stopped, alive), dict[Suspect, Symptom]()
    tasks, whole = defaultdict[Suspect, list[tuple[Task, ...]]](list), Counter[Suspect]()
    for wave in waves(stopped, alive):
        alike = _alike(wave, definition)
        for suspect, (symptom, shown) in alike.items():
            counted = tuple(each for each in shown if not wave.is_outlived(each, now))
            symptoms.setdefault(suspect, symptom)
            whole[suspect] += len(shown) == len(wave.stopped) + len(wave.alive)
            tasks[suspect] += [counted] if counted else []
    return [
        _Shown(
            symptom=symptom,
            tasks=tuple(task for each in tasks[suspect] for task in each),
            waves=len(tasks[suspect]),
            whole=whole[suspect],
        )
        for suspect, symptom in symptoms.items()
    ]


def _alike(wave: Wave, definition: TaskDefinition) -> dict[Suspect, tuple[Symptom, list[Task]]]:
    """What tasks of a wave show, with those tasks; without causes that pass by themselves or that we do not know."""
    found: dict[Suspect, tuple[Symptom, list[Task]]] = {}
    for task in wave.stopped:
        symptom = read_task(task, definition)
        if symptom is not None and symptom.code != _UNKNOWN and not _passes(symptom):
            found.setdefault((symptom.code, symptom.container), (symptom, []))[1].append(task)
    return found


def _rule(shown: _Shown, threshold: int, confirmed: frozenset[Suspect]) -> Rule | None:
    """The rule by which this cause dooms the deployment, if one does."""
    if _is_permanent(shown.symptom):
        known = (shown.symptom.code, shown.symptom.container) in confirmed
        return Rule.PERMANENT if shown.waves >= (1 if known else AGAIN_AT) else None
    count, ran = len(shown.tasks), any(each.started_at for each in shown.tasks)
    # One wave that never ran may have met a bad moment: ECS's threshold counts for tasks that ran, or of two waves.
    often = count >= max(CRASH_LOOP_AT, threshold) and (ran or shown.waves >= AGAIN_AT)
    whole = count >= CRASH_LOOP_AT and shown.whole >= WHOLE_WAVES_AT
    return Rule.CRASH_LOOP if often or whole else None


def _doom(shown: _Shown, rule: Rule, definition: TaskDefinition) -> Doom:
    cause = shown.symptom.cause
    loops = rule is Rule.CRASH_LOOP
    return Doom(
        code=cause.code,
        what=summary(shown.symptom, definition, shown.tasks),
        rule=rule,
        tasks=tuple(each.id for each in shown.tasks),
        because=_LOOPS if loops else cause.because,
        link=_THROTTLE_LOGIC if loops else cause.link,
    )


def _is_permanent(symptom: Symptom) -> bool:
    return symptom.cause.permanence is Permanence.PERMANENT


def _speaks(symptom: Symptom | None) -> bool:
    """Whether a task says why it ended: a lost host does not, nor does an unknown cause without a reason."""
    return symptom is not None and symptom.code != _HOST_LOST and bool(symptom.code != _UNKNOWN or symptom.reason)


def _has_followers(task: Task, events: Sequence[ServiceEvent]) -> bool:
    """Whether ECS has started tasks since this one ended, and so has found a place for them."""
    return any(_STARTED in each.message and each.at.timestamp() > _ended(task) for each in events)


def _passes(symptom: Symptom) -> bool:
    return symptom.cause.permanence is Permanence.TRANSIENT


def _latest(events: Sequence[ServiceEvent]) -> Symptom | None:
    """The symptom of ECS's newest telling event; None where ECS has started tasks since, or the service is steady."""
    for event in reversed(in_order(events)):
        if re.search(_GOES_ON, event.message):
            return None
        symptom = read_line(event.message)
        if symptom is not None:
            return symptom
    return None


def _ended(task: Task) -> float:
    ended = task.stopped_at or task.execution_stopped_at or task.created_at
    return ended.timestamp() if ended else 0.0
