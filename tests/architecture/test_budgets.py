"""Files and functions stay small enough to hold in the head, folders to look over, and everything says its types."""

import ast
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median, quantiles

import pytest

from tests.architecture import exceptions
from tests.architecture.measures import (
    beside_each_other,
    by_package,
    imports_of,
    in_circles,
    is_annotated,
    lazy_imports,
    length,
    parameters,
)
from tests.architecture.sources import ROOT, SOURCE, Function, Module, modules

FILE_MEDIAN, FILE_CAP, TEST_CAP = 120, 300, 400
SMALL_FILE, SMALL_SHARE = 40, 0.1
BESIDE, WITH_ROOMS = 10, ("engine", "cli", "sim")
FUNCTION_MEDIAN, FUNCTION_NINE_TENTHS, FUNCTION_CAP = 8, 25, 45
PARAMETERS, SHARE_WITHIN_PARAMETERS = 5, 0.95


def _functions() -> list[tuple[Module, Function]]:
    return [(module, function) for module in modules() for function in module.functions()]


def _places(found: list[tuple[Module, Function]]) -> list[str]:
    return [f"{module.place(function.lineno)} {function.name}" for module, function in found]


def _over(found: dict[str, int], allowed: dict[str, int]) -> dict[str, int]:
    """What is worse than the table of exceptions has it."""
    return {name: number for name, number in found.items() if number > allowed.get(name, 0)}


def _long_files() -> dict[str, int]:
    return {module.name: module.line_count for module in modules() if module.line_count > FILE_CAP}


def _long_tests() -> dict[str, int]:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / "tests").rglob("*.py")}
    return {str(path.relative_to(ROOT)): number for path, number in lines.items() if number > TEST_CAP}


def _is_small(module: Module) -> bool:
    return module.line_count < SMALL_FILE


def _small_files() -> dict[str, int]:
    """By package, where they are more than its share; those with a reason do not count."""
    found = {
        package: (sum(_is_small(each) and each.name not in exceptions.SMALL_WITH_A_REASON for each in own), len(own))
        for package, own in by_package(modules()).items()
    }
    return {package: small for package, (small, whole) in found.items() if small > SMALL_SHARE * whole}


def _crowded_folders() -> dict[str, int]:
    house = SOURCE / "ecsdeploy"
    counted = {path.relative_to(house): number for path, number in beside_each_other(house.rglob("*.py")).items()}
    return {
        path.as_posix(): number
        for path, number in counted.items()
        if number > BESIDE and path.parts[:1] and path.parts[0] in WITH_ROOMS
    }


def _circles() -> dict[str, int]:
    known = {module.name for module in modules()}
    return _by_package(in_circles({each.name: imports_of(each.tree, known) - {each.name} for each in modules()}))


def _lazy() -> dict[str, int]:
    lazy = (each for each in modules() if lazy_imports(each.tree))
    return _by_package(each.name for each in lazy if not each.belongs_to(*exceptions.DOORS))


def _by_package(names: Iterable[str]) -> dict[str, int]:
    return Counter(f"{name}.".split(".")[1] for name in names)


def test_half_of_all_files_are_short() -> None:
    assert median(module.line_count for module in modules()) <= FILE_MEDIAN


def test_no_file_is_longer_than_can_be_held_in_the_head() -> None:
    assert _over(_long_files(), exceptions.LONG_FILES) == {}


def test_no_test_is_longer_than_can_be_held_in_the_head() -> None:
    assert _over(_long_tests(), exceptions.LONG_TESTS) == {}


def test_hardly_any_file_is_too_small_to_be_one() -> None:
    """A small file is one more name to know: it needs a reason to be one."""
    assert _over(_small_files(), exceptions.SMALL_FILES) == {}


def test_no_folder_holds_more_files_than_can_be_looked_over() -> None:
    assert _over(_crowded_folders(), exceptions.CROWDED_FOLDERS) == {}


def test_no_import_goes_in_a_circle() -> None:
    assert _over(_circles(), exceptions.CIRCLES) == {}


def test_imports_stand_on_top_but_at_the_doors() -> None:
    assert _over(_lazy(), exceptions.LAZY) == {}


@pytest.mark.parametrize(
    ("table", "found"),
    [
        pytest.param(exceptions.LONG_FILES, _long_files, id="LONG_FILES"),
        pytest.param(exceptions.LONG_TESTS, _long_tests, id="LONG_TESTS"),
        pytest.param(exceptions.SMALL_FILES, _small_files, id="SMALL_FILES"),
        pytest.param(exceptions.CROWDED_FOLDERS, _crowded_folders, id="CROWDED_FOLDERS"),
        pytest.param(exceptions.CIRCLES, _circles, id="CIRCLES"),
        pytest.param(exceptions.LAZY, _lazy, id="LAZY"),
    ],
)
def test_no_exception_outlives_its_need(table: dict[str, int], found: Callable[[], dict[str, int]]) -> None:
    gone = sorted(set(table) - set(found()))
    assert gone == [], f"take them out of tests/architecture/exceptions.py: {gone}"


def test_every_reason_is_about_something_that_is_there() -> None:
    small = {module.name for module in modules() if _is_small(module)}
    assert set(exceptions.SMALL_WITH_A_REASON) - small == set()
    assert set(exceptions.DOORS) - {module.name for module in modules()} == set()


@pytest.mark.parametrize("door", exceptions.DOORS)
def test_every_door_is_used(door: str) -> None:
    assert any(lazy_imports(module.tree) for module in modules() if module.belongs_to(door))


def test_half_of_all_functions_are_a_few_lines() -> None:
    assert median(length(function) for _, function in _functions()) <= FUNCTION_MEDIAN


def test_nine_of_ten_functions_fit_half_a_screen() -> None:
    lengths = [length(function) for _, function in _functions()]
    assert quantiles(lengths, n=10)[-1] <= FUNCTION_NINE_TENTHS


def test_no_function_is_longer_than_a_screen() -> None:
    assert _places([(m, f) for m, f in _functions() if length(f) > FUNCTION_CAP]) == []


def test_hardly_any_function_takes_more_than_five_parameters() -> None:
    """More of them mean a missing type."""
    functions = _functions()
    many = [(m, f) for m, f in functions if len(parameters(f)) > PARAMETERS]
    assert len(many) <= (1 - SHARE_WITHIN_PARAMETERS) * len(functions), _places(many)


def test_every_function_is_annotated() -> None:
    assert _places([(m, f) for m, f in _functions() if not is_annotated(f)]) == []


def test_a_function_is_measured_without_its_docstring() -> None:
    (function,) = ast.parse('def f(x: int) -> int:\n    """Two\n    lines."""\n    return x\n').body
    assert isinstance(function, ast.FunctionDef)
    assert length(function) == 2


def test_an_import_in_a_function_is_seen_and_one_for_types_is_none() -> None:
    assert lazy_imports(ast.parse("import os\nif TYPE_CHECKING:\n    import x\ndef f():\n    from a import b\n")) == [5]


@pytest.mark.parametrize(
    ("imports", "circle"),
    [
        pytest.param({"a": {"b"}, "b": {"c"}, "c": set[str]()}, set[str](), id="a chain"),
        pytest.param({"a": {"b"}, "b": {"a"}, "c": {"a"}, "d": set[str]()}, {"a", "b"}, id="two, and one beside"),
        pytest.param({"a": {"b"}, "b": {"c"}, "c": {"a"}}, {"a", "b", "c"}, id="three"),
    ],
)
def test_a_circle_is_found(imports: dict[str, set[str]], circle: set[str]) -> None:
    assert in_circles(imports) == circle


def test_an_import_for_types_or_in_a_function_counts_for_circles() -> None:
    source = "from p import m\nif TYPE_CHECKING:\n    from p.n import N\ndef f():\n    import p.o\nimport os"
    assert imports_of(ast.parse(source), {"p", "p.m", "p.n", "p.o"}) == {"p.m", "p.n", "p.o"}


def test_what_makes_a_package_is_no_file_beside_others() -> None:
    folder = Path("p")
    assert beside_each_other([folder / "__init__.py", folder / "a.py", folder / "b.py"]) == {folder: 2}
