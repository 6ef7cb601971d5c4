"""Leaves out parts of libraries that no command uses: loading them took a twelfth of a deploy's CPU time.

The SDK imports its writer of docstrings with its clients, for Python's `help()`: in `botocore/client.py`, `waiter.py`
and `handlers.py`. urllib3 loads the list of installed distributions for HTTP/2, which the SDK does not speak, and
compiles four patterns of a thousand characters for addresses in IPv6. Half of what the SDK does before and after calls
is for services that we do not call. We leave these parts out in the process of our own command only, never in a program
that imports us.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

_PACKAGES = {"botocore.docs": "docs", "urllib3.http2": "http2"}
"""Packages that are imported empty; the modules in their folders can be imported as usual."""
_MODULES = frozenset({"botocore.docs.docstring", "botocore.docs.utils"})
"""Modules that are replaced: whatever is imported from them does nothing."""
_UNCALLED = frozenset(
    {"s3", "rds", "ec2", "glacier", "cognito-identity", "polly", "cloudsearchdomain", "neptune", "docdb"}
)
"""Services that no command calls, as the SDK's events name them."""


def leave_out_unused() -> None:
    """From now on, import these modules empty, and all others as they are."""
    sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds and loads these modules. It has no base class: that would load more than we leave out."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in _LOADERS:
            return _loaded_by(_LOADERS[fullname], fullname, path)
        if fullname not in _MODULES and fullname not in _PACKAGES:
            return None
        spec = ModuleSpec(fullname, self)  # type: ignore[arg-type] # by its methods it is a loader
        if fullname in _PACKAGES:
            spec.submodule_search_locations = [f"{folder}/{_PACKAGES[fullname]}" for folder in path or ()]
        return spec

    def create_module(self, _spec: ModuleSpec) -> None:
        """Return None: Python makes the module."""

    def exec_module(self, module: ModuleType) -> None:
        if module.__name__ in _MODULES:
            vars(module)["__getattr__"] = _anything


def _loaded_by(loader: type[SourceFileLoader], fullname: str, path: Sequence[str] | None) -> ModuleSpec | None:
    found = PathFinder.find_spec(fullname, path)
    if found is not None and type(found.loader) is SourceFileLoader:
        found.loader = loader(found.loader.name, found.loader.path)
    return found


class _CompilingLate(SourceFileLoader):
    """Loads a module whose patterns are compiled at their first use. Most are for addresses that AWS never has."""

    def exec_module(self, module: ModuleType) -> None:
        compile_now, re.compile = re.compile, _Pattern  # type: ignore[assignment] # it does as much by its methods
        try:
            super().exec_module(module)
        finally:
            re.compile = compile_now


class _OfCalledServices(SourceFileLoader):
    """Loads the SDK's list of what it does around calls, without services that no command calls."""

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        handlers = vars(module)["BUILTIN_HANDLERS"]
        vars(module)["BUILTIN_HANDLERS"] = [each for each in handlers if _UNCALLED.isdisjoint(each[0].split(".")[1:2])]


_LOADERS: dict[str, type[SourceFileLoader]] = {
    "botocore.handlers": _OfCalledServices,
    "urllib3.util.url": _CompilingLate,
}


class _Pattern:
    """A pattern that is compiled when it is first used. `re` keeps what it has compiled."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> object:
        return getattr(re.compile(self._pattern, self._flags), name)


def _anything(name: str) -> type[_Nothing]:
    if name.startswith("__"):
        raise AttributeError(name)
    return _Nothing


class _Nothing:
    """Stands for anything: it takes any arguments, can be called, and has every attribute."""

    def __init__(self, *_words: object, **_options: object) -> None: ...

    def __call__(self, *_words: object, **_options: object) -> None: ...

    def __getattr__(self, name: str) -> _Nothing:
        return _anything(name)()
