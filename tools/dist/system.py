"""Of which package of the system a shared library is, and under which licence."""

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package of Debian or of a system made from it."""

    name: str
    version: str
    licence: str


def packages_of(libraries: Iterable[Path]) -> tuple[Package, ...]:
    """Those that the libraries came with, by name; a library that no package brought is left out."""
    names = {name for each in libraries if (name := _owner(each))}
    return tuple(_package(name) for name in sorted(names))


def _owner(library: Path) -> str:
    """`/lib` may be a link to `/usr/lib`, and the package may have listed its file under either."""
    for path in (library, library.resolve(), Path("/lib", *library.resolve().parts[3:])):
        found = _asked("dpkg-query", "--search", str(path))
        if found:
            return found.splitlines()[0].partition(":")[0]
    return ""


def _package(name: str) -> Package:
    version = _asked("dpkg-query", "--show", "--showformat=${Version}\n", name).splitlines()[0]
    copyright_ = Path("/usr/share/doc", name, "copyright")
    return Package(name=name, version=version, licence=copyright_.read_text(encoding="utf-8", errors="replace"))


def _asked(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        # A system without Debian's packages: its libraries stay nameless.
        return ""
