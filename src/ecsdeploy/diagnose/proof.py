"""The proof of a cause, line by line, and the more precise cause that a log, a load balancer or an event may show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecsdeploy.diagnose.causes import Symptom, read_line
from ecsdeploy.diagnose.evidence import Evidence, in_order
from ecsdeploy.diagnose.phrases import in_words
from ecsdeploy.diagnose.table import find, find_in_log
from ecsdeploy.model.balancer import GroupHealth, HealthCheck, TargetHealth
from ecsdeploy.model.service import ServiceEvent, Task
from ecsdeploy.model.taskdef import part
from ecsdeploy.model.values import replace

_MOST_EVENTS = 3
_MOST_TARGETS = 2
_GROUP_ARN = r"arn:[\w-]+:(?:elasticloadbalancing|vpc-lattice):[^\s)]*?:targetgroup/[^\s)]+"
_TASK = r"\(task [^)]*\)"
_BY_BALANCER = frozenset({"E-TARGET-UNHEALTHY", "E-TARGET-TIMEOUT", "E-TARGET-NOT-FOUND"})
_BY_CONTAINER = frozenset({"E-CONTAINER-UNHEALTHY", "E-DEPENDENCY-UNHEALTHY"})


def proof(symptom: Symptom, tasks: tuple[Task, ...], evidence: Evidence) -> tuple[str, ...]:
    """The lines that prove a symptom.

    What ECS says of the last of `tasks`, then the health check and what it found, then ECS's events about it, the
    oldest first.
    """
    lines = [*_of_task(symptom, tasks), *filter(None, (symptom.reason,))]
    if symptom.code == "E-ALARM":
        lines += [f"alarm {each}" for each in evidence.alarms]
    if symptom.code in _BY_CONTAINER:
        lines += _container_check(symptom, evidence)
    if symptom.code in _BY_BALANCER:
        lines += _balancer_check(symptom, tasks, evidence)
    if tasks:
        lines += [f"{each.at:%H:%M:%S} {each.message}" for each in _events_about(symptom, evidence)]
    return tuple(lines)


def refined(symptom: Symptom, log: tuple[str, ...], evidence: Evidence) -> Symptom:
    """The symptom with a more precise cause, where other evidence shows one; else the same symptom.

    A container that exited may name the cause in its log. For a target that is unhealthy, ECS's newest event about it
    or the load balancer's own reason may say that the target does not answer in time, or is not registered.
    """
    if symptom.exit_code is not None:
        cause = find_in_log(log)
        return replace(symptom, code=cause.code) if cause else symptom
    if symptom.code != "E-TARGET-UNHEALTHY":
        return symptom
    told = [each.message for each in _events_about(symptom, evidence)]
    found = [f"{each.reason}: {each.description}" for each in _unwell(_group_of(symptom, evidence))]
    causes = (find(text) for text in (*reversed(told), *found))
    precise = next((cause for cause in causes if cause and cause.code in _BY_BALANCER), None)
    return replace(symptom, code=precise.code) if precise else symptom


def group_arn(text: str) -> str:
    """The target group that a reason or an event names; empty if none."""
    found = re.search(_GROUP_ARN, text)
    return found[0].rstrip(".") if found else ""


def _of_task(symptom: Symptom, tasks: tuple[Task, ...]) -> Iterator[str]:
    if tasks:
        yield f"task {tasks[-1].id}"
        yield from filter(None, (tasks[-1].stop_code,))
    if symptom.exit_code is not None:
        yield f"exit code {in_words(symptom.exit_code)}"
        yield from _beside(symptom, tasks)


def _beside(symptom: Symptom, tasks: tuple[Task, ...]) -> Iterator[str]:
    """What the other containers of the same task exited with."""
    others = (each for task in tasks[-1:] for each in task.containers if each.name != symptom.container)
    told = [f"{each.name} {in_words(each.exit_code)}" for each in others if each.exit_code is not None]
    if told:
        yield f"beside it: {', '.join(told)}"


def _events_about(symptom: Symptom, evidence: Evidence) -> list[ServiceEvent]:
    """ECS's last events that show the same cause, the oldest first, each once whatever task it is about."""
    same = _BY_BALANCER if symptom.code in _BY_BALANCER else {symptom.code}
    about = [each for each in in_order(evidence.events) if (read := read_line(each.message)) and read.code in same]
    first = {re.sub(_TASK, "", each.message): each for each in reversed(about)}
    return sorted(first.values(), key=lambda each: each.at)[-_MOST_EVENTS:]


def _container_check(symptom: Symptom, evidence: Evidence) -> Iterator[str]:
    found = evidence.definition.container(symptom.container)
    check = part(found.payload, "healthCheck") if found else {}
    if not check:
        return
    # The command is left out, as it may hold a secret; a plan does not show it either.
    timing = {"interval": "every {} s", "timeout": "within {} s", "retries": "{} times", "startPeriod": "after {} s"}
    told = [words.format(check[name]) for name, words in timing.items() if check.get(name)]
    yield f"health check: {', '.join(told) or 'as ECS has it by default'}"


def _balancer_check(symptom: Symptom, tasks: tuple[Task, ...], evidence: Evidence) -> Iterator[str]:
    group = _group_of(symptom, evidence)
    if group is None:
        return
    if group.check is not None:
        yield _in_words(group.check)
    ours = {address for task in tasks for address in task.addresses}
    unwell = sorted(_unwell(group), key=lambda each: each.target.rsplit(":", 1)[0] not in ours)
    for each in unwell[:_MOST_TARGETS]:
        yield f"target {each.target} {each.state}: {each.reason} {each.description}".rstrip(" :")


def _group_of(symptom: Symptom, evidence: Evidence) -> GroupHealth | None:
    return evidence.groups.get(group_arn(symptom.reason))


def _unwell(group: GroupHealth | None) -> list[TargetHealth]:
    states = ("unhealthy", "unhealthy.draining", "unused", "unavailable")
    return [each for each in group.targets if each.state in states] if group else []


def _in_words(check: HealthCheck) -> str:
    what = " ".join(filter(None, (check.protocol, check.path)))
    told = [f"health check: {what}", f"on port {check.port}" if check.port else ""]
    told += [f"expects {check.codes}" if check.codes else ""]
    told += [f"within {check.timeout_seconds} s" if check.timeout_seconds else ""]
    told += [f"every {check.interval_seconds} s" if check.interval_seconds else ""]
    told += [f"fails after {check.unhealthy_threshold} in a row" if check.unhealthy_threshold else ""]
    return ", ".join(filter(None, told))
