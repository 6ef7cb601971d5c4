"""Evidence gives ranked causes: the one that most of the stopped tasks show comes first."""

from collections import defaultdict
from datetime import UTC, datetime

from ecsdeploy.diagnose.causes import Symptom, read_event, read_task
from ecsdeploy.diagnose.evidence import Evidence, log_stream
from ecsdeploy.diagnose.remedies import remedy, summary
from ecsdeploy.model.outcome import Cause
from ecsdeploy.model.service import Task
from ecsdeploy.model.values import dataclass

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Tasks (or none, for an event) that show the same symptom."""

    symptom: Symptom
    tasks: tuple[Task, ...] = ()


def group(evidence: Evidence) -> tuple[Group, ...]:
    """The symptoms with their tasks, the most frequent first, then the earliest; events where no task tells."""
    found: dict[tuple[str, str, int | None], list[tuple[Symptom, Task]]] = defaultdict(list)
    for task in sorted(evidence.stopped, key=_begun):
        symptom = read_task(task, evidence.definition)
        if symptom is not None:
            found[symptom.code, symptom.container, symptom.exit_code].append((symptom, task))
    by_tasks = [
        Group(symptom=pairs[-1][0], tasks=tuple(task for _, task in pairs))
        for pairs in sorted(found.values(), key=_rank)
    ]
    return tuple(by_tasks) or _group_events(evidence)


def _begun(task: Task) -> datetime:
    return task.created_at or _BEFORE_ALL


def _rank(pairs: list[tuple[Symptom, Task]]) -> tuple[bool, int]:
    """A host that was taken back says nothing about the release, however many tasks ran on it."""
    return pairs[0][0].code == "E-HOST-LOST", -len(pairs)


def explain(evidence: Evidence) -> tuple[Cause, ...]:
    """The causes, ranked; with log lines where the evidence has them."""
    groups = group(evidence)
    shown = sum(len(each.tasks) for each in groups)
    return tuple(_cause(each, shown, evidence) for each in groups)


def _group_events(evidence: Evidence) -> tuple[Group, ...]:
    symptoms = (read_event(each) for each in reversed(evidence.events))
    by_code = {symptom.code: symptom for symptom in symptoms if symptom is not None}
    return tuple(Group(symptom=symptom) for symptom in by_code.values())


def _cause(found: Group, of: int, evidence: Evidence) -> Cause:
    symptom = found.symptom
    logged = next((each for each in reversed(found.tasks) if (each.id, symptom.container) in evidence.logs), None)
    stream = log_stream(evidence.definition, symptom.container, logged) if logged else None
    return Cause(
        code=symptom.code,
        summary=summary(symptom, _seconds_alive(found.tasks), evidence.definition),
        container=symptom.container,
        evidence=_proof(found),
        log=evidence.logs[logged.id, symptom.container] if logged else (),
        log_group=stream.group if stream else "",
        log_stream=stream.stream if stream else "",
        remedy=remedy(symptom, evidence.definition),
        tasks=len(found.tasks),
        of=of,
    )


def _proof(found: Group) -> tuple[str, ...]:
    symptom = found.symptom
    lines = [f"task {found.tasks[-1].id}"] if found.tasks else []
    lines += [found.tasks[-1].stop_code] if found.tasks and found.tasks[-1].stop_code else []
    lines += [f"exit code {symptom.exit_code}"] if symptom.exit_code is not None else []
    return (*lines, symptom.reason) if symptom.reason else tuple(lines)


def _seconds_alive(tasks: tuple[Task, ...]) -> float | None:
    """How long the containers of the last task that ran were up."""
    for task in reversed(tasks):
        ended = task.execution_stopped_at or task.stopped_at
        if task.started_at and ended:
            return (ended - task.started_at).total_seconds()
    return None
