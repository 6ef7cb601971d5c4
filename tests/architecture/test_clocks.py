"""Virtual time comes from one clock, `tests.clock`; whoever has another one has a reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT

CLOCKS = {
    "bench/fleet/account.py Account": "the time of a simulator in another process, which each of its answers brings",
    "tests/clock.py StoppedClock": "the one clock",
    "tests/docs/terminal.py _Watch": "the client's time beside a simulator that is many times as fast",
    "tests/foreign/endpoint.py Endpoint": "a world apart, with nothing of ours in it, moves in its own time",
    "tests/properties/tape.py Replay": "gives the times of a tape",
    "tests/properties/tape.py Tape": "takes down the times of the clock that it stands before",
    "tests/scenarios/test_faults.py WrongClock": "a machine's clock that is wrong, and is set in the middle of a run",
}


def _clocks(path: Path) -> Iterator[str]:
    """Classes that are the engine's `Clock` by themselves."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            methods = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
            if {"now", "monotonic", "sleep"} <= methods:
                yield f"{path.relative_to(ROOT).as_posix()} {node.name}"


def test_every_clock_has_its_reason() -> None:
    files = [path for folder in ("tests", "tools", "bench", "e2e") for path in (ROOT / folder).rglob("*.py")]
    assert {clock for path in files for clock in _clocks(path)} == set(CLOCKS)
