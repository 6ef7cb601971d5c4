"""The source tree, parsed once: what the tests of the architecture look at."""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"

PURE_PACKAGES = ("ecsdeploy.model", "ecsdeploy.plan", "ecsdeploy.rollout", "ecsdeploy.diagnose")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One source file."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def line_count(self) -> int:
        return len(self.text.splitlines())

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    def belongs_to(self, *packages: str) -> bool:
        return any(self.name == package or self.name.startswith(f"{package}.") for package in packages)

    def place(self, line: int) -> str:
        """A place as an editor understands it: `src/ecsdeploy/errors.py:12`."""
        return f"{self.path.relative_to(ROOT)}:{line}"

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call with the dotted text of what is called: `self.clock.now`, `open`."""
        return ((ast.unparse(node.func), node) for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def mentions(self, *names: str) -> Iterator[str]:
        """Where one of these dotted names is read (`sys.stdout`) or imported (`from sys import stdout`)."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node) in names:
                yield f"{self.place(node.lineno)} {ast.unparse(node)}"
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found = {f"{node.module}.{alias.name}" for alias in node.names} & {*names}
                yield from (f"{self.place(node.lineno)} {name}" for name in sorted(found))


def _parse(path: Path) -> Module:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    text = path.read_text(encoding="utf-8")
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name=name, path=path, text=text, tree=ast.parse(text))


@functools.cache
def modules() -> tuple[Module, ...]:
    return tuple(_parse(path) for path in sorted(SOURCE.rglob("*.py")))


def modules_of(*packages: str) -> tuple[Module, ...]:
    return tuple(module for module in modules() if module.belongs_to(*packages))


def modules_outside(*packages: str) -> tuple[Module, ...]:
    return tuple(module for module in modules() if not module.belongs_to(*packages))
