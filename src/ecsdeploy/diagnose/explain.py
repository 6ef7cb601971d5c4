"""Turns evidence into ranked causes: first what ECS says has ended the deployment, then what most of its tasks show."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from ecsdeploy.diagnose.causes import Symptom, read_line, read_task
from ecsdeploy.diagnose.difference import changes, explanation
from ecsdeploy.diagnose.evidence import Evidence, in_order, log_place, log_stream
from ecsdeploy.diagnose.phrases import remedy, summary
from ecsdeploy.diagnose.proof import proof, refined
from ecsdeploy.diagnose.table import PLACEMENT, UNKNOWN
from ecsdeploy.model.outcome import Cause
from ecsdeploy.model.service import Task
from ecsdeploy.model.values import value

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_SAYS_LITTLE = frozenset({"E-HOST-LOST", "E-TASK-STOPPED"})
"""A lost host says nothing about the release, and a text that we do not know says little."""


@value(frozen=True, slots=True, kw_only=True)
class SymptomGroup:
    """A symptom and the tasks that show it; no tasks where a text of ECS's alone shows it."""

    symptom: Symptom
    tasks: tuple[Task, ...] = ()


def group(evidence: Evidence) -> tuple[SymptomGroup, ...]:
    """The symptoms, the most telling first:

    1. decisive causes: ECS says that they have ended the deployment;
    2. what tasks show, the most frequent first, then the earliest;
    3. other texts of ECS's, where no task shows a known cause;
    4. tasks that stopped for a reason that we do not know;
    5. where there are such tasks, ECS's texts about a search for a place: a task's own reason is nearer to its end;
    6. tasks that say little: they were lost with their host, or have no reason.
    """
    of_tasks = _group_tasks(evidence)
    shown = {each.symptom.code for each in of_tasks}
    of_texts = [each for each in _group_texts(evidence) if each.symptom.code not in shown]
    decisive = [each for each in of_texts if each.symptom.cause.decisive]
    telling = [each for each in of_tasks if each.symptom.code not in _SAYS_LITTLE]
    others = [each for each in of_texts if each not in decisive and not telling]
    unknown = [each for each in of_tasks if each.symptom.code == UNKNOWN.code and each.symptom.reason]
    later = [each for each in others if unknown and each.symptom.code in PLACEMENT]
    sooner = [each for each in others if each not in later]
    little = [each for each in of_tasks if each not in telling and each not in unknown]
    return (*decisive, *telling, *sooner, *unknown, *later, *little)


def explain(evidence: Evidence) -> tuple[Cause, ...]:
    """The causes, the most telling first, with log lines where the evidence has them."""
    groups = group(evidence)
    shown = sum(len(each.tasks) for each in groups)
    return tuple(_cause(each, shown, evidence) for each in groups)


def _group_tasks(evidence: Evidence) -> list[SymptomGroup]:
    found: dict[tuple[str, str, int | None], list[tuple[Symptom, Task]]] = defaultdict(list)
    for task in sorted(evidence.stopped, key=_begun):
        symptom = read_task(task, evidence.definition)
        if symptom is not None:
            found[symptom.code, symptom.container, symptom.exit_code].append((symptom, task))
    ranked = sorted(found.values(), key=lambda pairs: (pairs[0][0].code == "E-HOST-LOST", -len(pairs)))
    return [SymptomGroup(symptom=pairs[-1][0], tasks=tuple(task for _, task in pairs)) for pairs in ranked]


def _begun(task: Task) -> datetime:
    return task.created_at or _BEFORE_ALL


def _group_texts(evidence: Evidence) -> list[SymptomGroup]:
    """The causes that ECS's texts show: each once, in the order of their first texts, with the last of its texts."""
    texts = (*(each.message for each in in_order(evidence.events)), evidence.reason)
    by_code = {symptom.code: symptom for text in texts if (symptom := read_line(text))}
    return [SymptomGroup(symptom=symptom) for symptom in by_code.values()]


def _cause(found: SymptomGroup, of: int, evidence: Evidence) -> Cause:
    logged = next((each for each in reversed(found.tasks) if (each.id, found.symptom.container) in evidence.logs), None)
    log = evidence.logs[logged.id, found.symptom.container] if logged else ()
    symptom = refined(found.symptom, log, evidence)
    stream = log_stream(evidence.definition, symptom.container, logged) if logged else None
    return Cause(
        code=symptom.code,
        summary=summary(symptom, evidence.definition, found.tasks),
        container=symptom.container,
        evidence=proof(symptom, found.tasks, evidence),
        log=log,
        log_group=stream.group if stream else "",
        log_stream=stream.stream if stream else "",
        log_note="" if log else _log_note(symptom, found, evidence),
        remedy=" ".join(filter(None, (_difference(symptom, log, evidence), remedy(symptom, evidence.definition)))),
        tasks=len(found.tasks),
        of=of,
    )


def _log_note(symptom: Symptom, found: SymptomGroup, evidence: Evidence) -> str:
    """For a cause without log lines: where the log is, if the container ran."""
    ran = next((each for each in reversed(found.tasks) if each.started_at), None)
    container = evidence.definition.container(symptom.container)
    return log_place(evidence.definition, container, ran) if ran and container else ""


def _difference(symptom: Symptom, log: tuple[str, ...], evidence: Evidence) -> str:
    """A sentence about what the new revision changed and may have led to this; empty where nothing did."""
    old, new = evidence.baseline, evidence.definition
    if old is None:
        return ""
    found = changes(old, new, symptom.container)
    return explanation(old, new, found, (symptom.reason, *log), symptom.cause.explained_by)
