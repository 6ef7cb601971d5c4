"""What the budgets measure: lengths, parameters, neighbours, circles and imports inside functions."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

from tests.architecture.sources import Function, Module


def length(function: Function) -> int:
    """Lines from `def` to the end, the docstring left out: to explain costs nothing."""
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    match function.body:
        case [ast.Expr(value=ast.Constant(value=str())) as docstring, *_]:
            return whole - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)
        case _:
            return whole


def parameters(function: Function) -> list[ast.arg]:
    """The parameters that a caller gives: not `self` or `cls`."""
    spec = function.args
    named = [*spec.posonlyargs, *spec.args]
    caller_gives = named[1:] if named and named[0].arg in {"self", "cls"} else named
    return [*caller_gives, *spec.kwonlyargs, *filter(None, (spec.vararg, spec.kwarg))]


def is_annotated(function: Function) -> bool:
    return function.returns is not None and all(parameter.annotation for parameter in parameters(function))


def lazy_imports(tree: ast.AST) -> list[int]:
    """The lines of the imports inside functions."""
    functions = (node for node in ast.walk(tree) if isinstance(node, Function))
    inside = (node for function in functions for node in ast.walk(function))
    return sorted({node.lineno for node in inside if isinstance(node, ast.Import | ast.ImportFrom)})


def imports_of(tree: ast.AST, known: AbstractSet[str]) -> set[str]:
    """The modules of ours that it imports, wherever in it: a circle that a function or a type hides is one too.

    The root is left out: below it only its version is asked for, which another test holds.
    """
    named = (name for node in ast.walk(tree) for name in _named(node))
    return {module for name in named if (module := _module_of(name, known))}


def _named(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.ImportFrom(module=str(origin), names=names):
            yield from (f"{origin}.{alias.name}" for alias in names)
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case _:
            pass


def _module_of(name: str, known: AbstractSet[str]) -> str:
    """Of `ecsdeploy.model.arn.ServiceRef` the module; of a name of the root's, or of others, an empty text."""
    parent = name.rpartition(".")[0]
    found = name if name in known else parent if parent in known else ""
    return "" if found == "ecsdeploy" else found


def in_circles(imports: Mapping[str, AbstractSet[str]]) -> set[str]:
    """The modules that import themselves by way of others."""
    left = {name: {each for each in needed if each in imports and each != name} for name, needed in imports.items()}
    # What imports none of those that are left, or is imported by none of them, is in no circle.
    while left:
        imported = set().union(*left.values())
        free = {name for name, needed in left.items() if not needed or name not in imported}
        if not free:
            break
        left = {name: needed - free for name, needed in left.items() if name not in free}
    return set(left)


def beside_each_other(paths: Iterable[Path]) -> Counter[Path]:
    """How many modules each folder holds itself; what makes it a package is none."""
    return Counter(path.parent for path in paths if path.name != "__init__.py")


def by_package(modules: Iterable[Module]) -> Mapping[str, list[Module]]:
    """The modules of each package below the root, however deep; what makes a package is none."""
    found = defaultdict[str, list[Module]](list)
    for module in modules:
        if module.name.count(".") > 1 and not module.is_package:
            found[module.name.split(".")[1]].append(module)
    return found
