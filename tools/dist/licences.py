"""`LICENSES.txt`: the licences of all that a file carries which has its dependencies inside, word by word."""

import email.parser
import re
from collections.abc import Iterator
from pathlib import Path

from tools.dist import system
from tools.dist.frozen import recorded
from tools.dist.workshop import ROOT, Trouble, Workshop

NAME = "LICENSES.txt"
_RULE = "=" * 100
_INTRODUCTION = """What the files of ecs-deploy carry, and under which licence. The wheel and the sdist hold ecs-deploy alone.
The zipapp holds the Python packages too; the folder and the single file hold all of this.
"""
_FILES = re.compile(r"(?i)(licen[cs]e|notice|copying|authors)\b")


def write(workshop: Workshop, site: Path) -> Path:
    """The file, in `dist`."""
    target = workshop.dist / NAME
    parts = (*_ours(), *_of_packages(site), *_of_python(workshop), *_of_libraries(workshop))
    target.write_text(_INTRODUCTION + "".join(parts), encoding="utf-8")
    return target


def _ours() -> Iterator[str]:
    yield _part("ecs-deploy", (ROOT / "LICENSE").read_text(encoding="utf-8"))


def _of_packages(site: Path) -> Iterator[str]:
    for folder in sorted(site.glob("*.dist-info")):
        read = email.parser.HeaderParser().parsestr((folder / "METADATA").read_text(encoding="utf-8"))
        if read["Name"] == "ecsdeploy":
            continue
        texts = _texts(folder) or [read.get("License-Expression") or read["License"] or ""]
        if not texts[0]:
            raise Trouble(f"{read['Name']} comes without a licence.")
        yield _part(f"{read['Name']} {read['Version']}", "\n\n".join(texts))


def _texts(folder: Path) -> list[str]:
    """Where packages keep their licences differs: beside the metadata, or in a folder of their own."""
    found = sorted(each for each in folder.rglob("*") if each.is_file() and _FILES.match(each.name))
    return [each.read_text(encoding="utf-8", errors="replace") for each in found]


def _of_python(workshop: Workshop) -> Iterator[str]:
    asked = "import platform, sysconfig; print(platform.python_version(), sysconfig.get_path('stdlib'))"
    version, stdlib = workshop.run("python", "-c", asked).split()
    yield _part(f"Python {version}", Path(stdlib, "LICENSE.txt").read_text(encoding="utf-8"))
    (bootloader,) = workshop.tools.glob("lib/*/site-packages/pyinstaller-*.dist-info")
    yield _part("The bootloader of PyInstaller", "\n\n".join(_texts(bootloader)))


def _of_libraries(workshop: Workshop) -> Iterator[str]:
    for package in system.packages_of(Path(each.source) for each in recorded(workshop)):
        yield _part(f"{package.name} {package.version}, of the system that built this", package.licence)


def _part(title: str, text: str) -> str:
    return f"\n{_RULE}\n{title}\n{_RULE}\n\n{text.strip()}\n"
