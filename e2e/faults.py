"""The same cases again, with faults injected between our client and the emulator; the expectations stay the same."""

from dataclasses import replace

from e2e.cases import CRASH_LOOP, GOOD, TASK_FAILED, Case
from e2e.emulator import Rule

EVERY_THIRD = {"fail": 1, "pass": 2}
"""Counted, not drawn by lot: a run meets the same faults as the run before."""
READS = ("DescribeServices", "DescribeTaskDefinition", "ListServiceDeployments", "ListTasks", "DescribeTasks")

THROTTLED: tuple[Rule, ...] = ({"sequence": EVERY_THIRD, "error": {"code": "ThrottlingException", "status": 400}},)
SLOW: tuple[Rule, ...] = ({"latency": {"min": 200, "max": 1000}},)
BROKEN_READS: tuple[Rule, ...] = tuple(
    {"operation": each, "sequence": EVERY_THIRD, "error": {"code": "ServerException", "status": 500}} for each in READS
)
BROKEN_WRITE: tuple[Rule, ...] = (
    {"operation": "UpdateService", "times": 1, "error": {"code": "ServerException", "status": 500}},
)
LOST_REPLIES: tuple[Rule, ...] = tuple(
    {"operation": each, "times": 1, "response": {"abort_frac": 0.3}}
    for each in ("RegisterTaskDefinition", "UpdateService", "RunTask")
)
"""The write is done, and the connection breaks before its answer is whole."""


def _with(name: str, rules: tuple[Rule, ...], *cases: Case) -> tuple[Case, ...]:
    return tuple(replace(case, name=f"{case.name}, {name}", faults=rules) for case in cases)


CASES = (
    *_with("throttled", THROTTLED, GOOD, CRASH_LOOP),
    *_with("5xx", (*BROKEN_WRITE, *BROKEN_READS), GOOD),
    *_with("5xx on reads", BROKEN_READS, CRASH_LOOP),
    *_with("replies lost", LOST_REPLIES, GOOD, TASK_FAILED),
    *_with("slow", SLOW, GOOD, CRASH_LOOP),
)
