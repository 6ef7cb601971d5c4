"""Files and functions stay small enough to hold in the head, and everything says its types."""

import ast
from statistics import median, quantiles

from tests.architecture.sources import Function, Module, modules

FILE_MEDIAN, FILE_CAP = 150, 400
FUNCTION_MEDIAN, FUNCTION_NINE_TENTHS, FUNCTION_CAP = 8, 25, 50
PARAMETERS, SHARE_WITHIN_PARAMETERS = 5, 0.95


def _functions() -> list[tuple[Module, Function]]:
    return [(module, function) for module in modules() for function in module.functions()]


def _length(function: Function) -> int:
    """Lines from `def` to the end, the docstring left out: to explain costs nothing."""
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    match function.body:
        case [ast.Expr(value=ast.Constant(value=str())) as docstring, *_]:
            return whole - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)
        case _:
            return whole


def _parameters(function: Function) -> list[ast.arg]:
    """The parameters that a caller gives: not `self` or `cls`."""
    spec = function.args
    named = [*spec.posonlyargs, *spec.args]
    caller_gives = named[1:] if named and named[0].arg in {"self", "cls"} else named
    return [*caller_gives, *spec.kwonlyargs, *filter(None, (spec.vararg, spec.kwarg))]


def _is_annotated(function: Function) -> bool:
    return function.returns is not None and all(parameter.annotation for parameter in _parameters(function))


def _places(found: list[tuple[Module, Function]]) -> list[str]:
    return [f"{module.place(function.lineno)} {function.name}" for module, function in found]


def test_half_of_all_files_are_short() -> None:
    assert median(module.line_count for module in modules()) <= FILE_MEDIAN


def test_no_file_is_longer_than_can_be_held_in_the_head() -> None:
    assert [(module.name, module.line_count) for module in modules() if module.line_count > FILE_CAP] == []


def test_half_of_all_functions_are_a_few_lines() -> None:
    assert median(_length(function) for _, function in _functions()) <= FUNCTION_MEDIAN


def test_nine_of_ten_functions_fit_half_a_screen() -> None:
    lengths = [_length(function) for _, function in _functions()]
    assert quantiles(lengths, n=10)[-1] <= FUNCTION_NINE_TENTHS


def test_no_function_is_longer_than_a_screen() -> None:
    assert _places([(m, f) for m, f in _functions() if _length(f) > FUNCTION_CAP]) == []


def test_hardly_any_function_takes_more_than_five_parameters() -> None:
    """More of them mean a missing type."""
    functions = _functions()
    many = [(m, f) for m, f in functions if len(_parameters(f)) > PARAMETERS]
    assert len(many) <= (1 - SHARE_WITHIN_PARAMETERS) * len(functions), _places(many)


def test_every_function_is_annotated() -> None:
    assert _places([(m, f) for m, f in _functions() if not _is_annotated(f)]) == []
