"""In the pure packages the world comes in through parameters: no clock, file, stream or environment."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import PURE_PACKAGES, Module, modules_of

FORBIDDEN_CALLS = frozenset({"open", "print", "input", "eval", "exec", "compile", "breakpoint", "__import__"})
FILE_METHODS = frozenset({"read_text", "read_bytes", "write_text", "write_bytes"})
# These read the clock whatever they are given; `datetime.now(UTC)` too.
CLOCK_READERS = frozenset({"now", "utcnow", "today"})
# These read it when they are given nothing; `moment.time()` looks the same, and is not needed.
ARGUMENT_LESS_CLOCKS = frozenset({"now", "today", "utcnow", "time", "monotonic", "perf_counter", "time_ns"})


def _reaches_out(called: str, call: ast.Call) -> bool:
    *owners, method = called.split(".")
    if called in FORBIDDEN_CALLS or method in FILE_METHODS:
        return True
    if method in CLOCK_READERS and owners[-1:] in (["datetime"], ["date"]):
        return True
    return method in ARGUMENT_LESS_CLOCKS and not call.args and not call.keywords


def _impurities(module: Module) -> Iterator[str]:
    yield from (
        f"{module.place(call.lineno)} {called}()" for called, call in module.calls() if _reaches_out(called, call)
    )
    yield from module.mentions("os.environ", "os.getenv", "sys.argv", "sys.stdin", "sys.stdout", "sys.stderr")


@pytest.mark.parametrize("package", PURE_PACKAGES)
def test_a_pure_package_reaches_for_nothing(package: str) -> None:
    found = modules_of(package)
    assert found, f"{package} is missing"
    assert [impurity for module in found for impurity in _impurities(module)] == []


@pytest.mark.parametrize(
    "source",
    [
        "open('x')",
        "print(1)",
        "datetime.now(UTC)",
        "dt.datetime.utcnow()",
        "date.today()",
        "now()",
        "time()",
        "p.read_text()",
    ],
)
def test_what_would_reach_out_is_seen(source: str) -> None:
    call = ast.parse(source).body[0]
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    assert _reaches_out(ast.unparse(call.value.func), call.value)


@pytest.mark.parametrize("source", ["advance(state, now)", "events.append(now)", "at.time(zone)", "reopen(x)"])
def test_what_stays_inside_is_left_alone(source: str) -> None:
    call = ast.parse(source).body[0]
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    assert not _reaches_out(ast.unparse(call.value.func), call.value)
