"""The tool with Python inside, for Linux: a folder in a tarball, and a single file that unpacks itself at each start."""

import json
import platform
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tools.dist import archive, glibc
from tools.dist.workshop import ROOT, Workshop

HERE = Path(__file__).parent
ENTRY = HERE / "start.py"
PLATFORM = f"{platform.system().lower()}-{platform.machine()}"
_RECORD = "libraries.json"


class Library(NamedTuple):
    """One shared library that is bundled, as PyInstaller lists it: where it goes, where it came from, and its kind."""

    place: str
    source: str
    kind: str


def build(workshop: Workshop, site: Path) -> Path:
    """Run PyInstaller; the folder with the tool, not yet packed. The single file goes into `dist` at once."""
    work, out = workshop.build / "pyinstaller", workshop.build / "frozen"
    folders = ("--workpath", work, "--distpath", out)
    # The analysis happens in processes of its own, which know Python's path alone; the root is for the spec itself.
    path = Path(f"{site}:{ROOT}")
    workshop.run("pyinstaller", *folders, "--clean", "--noconfirm", "--log-level", "ERROR", HERE / "ecs-deploy.spec", path=path)
    shutil.copy(out / "ecs-deploy-single", workshop.dist / f"ecs-deploy-{PLATFORM}")
    return out / "ecs-deploy"


def pack(workshop: Workshop, folder: Path) -> None:
    archive.pack(folder, workshop.dist / f"ecs-deploy-{PLATFORM}.tar.gz", epoch=workshop.epoch)


def lower(libraries: Sequence[Library], build: Path) -> list[Library]:
    """The same list, with copies that need an older glibc where such can be made."""
    return [_lowered(each, build / "lowered") for each in libraries]


def _lowered(library: Library, copies: Path) -> Library:
    if library.kind == "SYMLINK":
        return library
    content = Path(library.source).read_bytes()
    changed = glibc.lowered(content)
    if changed == content:
        return library
    copy = copies / library.place
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(changed)
    copy.chmod(0o755)
    return library._replace(source=str(copy))


def record(libraries: Sequence[Library], build: Path) -> None:
    """Remember where each library came from, for its licence and for the bill of materials."""
    (build / _RECORD).write_text(json.dumps(libraries), encoding="utf-8")


def recorded(workshop: Workshop) -> tuple[Library, ...]:
    (found,) = workshop.build.rglob(_RECORD)
    return tuple(Library(*each) for each in json.loads(found.read_text(encoding="utf-8")))
