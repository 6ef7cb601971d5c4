"""Checks whether Fargate offers the CPU and memory that the definition asks for."""

from __future__ import annotations

from collections.abc import Iterable

from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition, units
from ecsdeploy.plan.checks.hosting import is_for_fargate, is_for_windows
from ecsdeploy.plan.checks.sentences import found

_MEMORY: dict[int, frozenset[int]] = {
    256: frozenset({512, 1024, 2048}),
    512: frozenset(range(1024, 4097, 1024)),
    1024: frozenset(range(2048, 8193, 1024)),
    2048: frozenset(range(4096, 16385, 1024)),
    4096: frozenset(range(8192, 30721, 1024)),
    8192: frozenset(range(16384, 61441, 4096)),
    16384: frozenset(range(32768, 122881, 8192)),
}
"""The memory sizes in MiB for each number of CPU units."""
_WINDOWS = frozenset({1024, 2048, 4096})
"""The numbers of CPU units for Windows."""
_NEW = 32768
"""CPU units that AWS has introduced recently, and not everywhere."""


def check_size(definition: TaskDefinition) -> Iterable[Finding]:
    """An error for a size that ECS refuses, and a warning for one that it does not have everywhere yet.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
    """
    payload = definition.payload
    if not is_for_fargate(definition):
        return
    windows = is_for_windows(definition)
    cpu, memory = units(payload.get("cpu")), units(payload.get("memory"))
    if cpu == _NEW:
        yield found("C-FARGATE-NEW-SIZE", str(cpu))
    elif cpu is not None and memory is not None and not _fits(cpu, memory, windows=windows):
        yield found("C-FARGATE-SIZE", str(cpu), str(memory))


def _fits(cpu: int, memory: int, *, windows: bool) -> bool:
    return memory in _MEMORY.get(cpu, frozenset()) and (cpu in _WINDOWS or not windows)
