"""What is true of a world is decided in `tests/truth`, for tests, benchmarks and tools alike."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

TRUTH = ROOT / "tests" / "truth"
WORLDS = {"tests.cli.worlds", "tests.foreign", "tests.truth", "tools.explore.ecs"}
"""The worlds that truth is read off. It knows nothing of how runs are generated, played or searched."""


STAND_INS = {
    "tests/foreign": (1400, ("bends", "course", "endpoint", "external", "fronts", "replies", "shapes")),
    "tests/unit/engine": (785, ("codedeployed", "happenings", "hearing", "neighbours", "world")),
}
"""What stands in for AWS beside the simulator: how many lines it may have, and its files."""


def _imports(tree: ast.AST) -> Iterator[str]:
    """The modules that are imported anywhere in it, but for those that are asked for types alone."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                continue
            case ast.Import(names=names):
                yield from (each.name for each in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{each.name}" for each in names)
            case _:
                yield from _imports(node)


def _imported(path: Path) -> set[str]:
    return {*_imports(ast.parse(path.read_text(encoding="utf-8")))}


def _belongs(name: str, *packages: str) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in packages)


def test_no_test_imports_a_benchmark() -> None:
    """A test that needs what a benchmark has needs a better place for it."""
    tests = (ROOT / "tests").rglob("*.py")
    found = [str(path.relative_to(ROOT)) for path in tests if any(_belongs(each, "bench") for each in _imported(path))]
    assert found == []


ORACLES = sorted({*TRUTH.glob("*.py")} - {*TRUTH.glob("test_*.py")})


@pytest.mark.parametrize("path", ORACLES, ids=lambda path: path.stem)
def test_truth_needs_no_test_library_and_nothing_that_plays(path: Path) -> None:
    """Benchmarks run where neither pytest nor hypothesis is installed."""
    imported = _imported(path)
    assert [each for each in imported if _belongs(each, "pytest", "hypothesis", "bench")] == []
    ours = {each for each in imported if _belongs(each, "tests", "tools")}
    assert {each for each in ours if not _belongs(each, *WORLDS)} == set()


@pytest.mark.parametrize("folder", STAND_INS)
def test_what_stands_in_for_aws_is_no_simulator(folder: str) -> None:
    """One that grows on is on its way to be a third one: what it would hold belongs into `ecsdeploy.sim`."""
    most, names = STAND_INS[folder]
    lines = [len((ROOT / folder / f"{name}.py").read_text(encoding="utf-8").splitlines()) for name in names]
    assert sum(lines) <= most


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("from bench.verdicts import truth", {"bench.verdicts.truth"}, id="from"),
        pytest.param("import bench.peers", {"bench.peers"}, id="whole"),
        pytest.param("def f():\n    from bench import peers", {"bench.peers"}, id="in a function"),
        pytest.param("if TYPE_CHECKING:\n    from bench import peers", set[str](), id="for types"),
    ],
)
def test_an_import_is_found_wherever_it_stands(source: str, found: set[str]) -> None:
    assert {*_imports(ast.parse(source))} == found
