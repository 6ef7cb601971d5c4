"""The tools of other projects, each in an environment of its own, at the exact versions that `projects/` lists."""

import fcntl
import shutil
import subprocess
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
LISTS = Path(__file__).with_name("projects")
ENVIRONMENTS = ROOT / ".venv-projects"


def python_project(name: str) -> Path:
    """The folder of the commands of a project from PyPI; `projects/NAME.txt` is what `pip freeze` said of it."""
    pins = LISTS / f"{name}.txt"

    def install(folder: Path) -> None:
        venv.create(folder, with_pip=True)
        pip = (folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
        subprocess.run([*pip, "--requirement", pins], check=True)

    return _installed(name, pins.read_text(encoding="utf-8"), install) / "bin"


def node_project(name: str) -> Path:
    """The folder of the commands of a project from npm, none of whose scripts runs; `projects/NAME/` has its lock."""
    lock = LISTS / name

    def install(folder: Path) -> None:
        subprocess.run([ROOT / "scripts" / "install-node"], check=True)
        shutil.copytree(lock, folder)
        quietly = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        subprocess.run(["npm", "ci", *quietly], cwd=folder, check=True)

    return _installed(name, (lock / "package-lock.json").read_text(encoding="utf-8"), install) / "node_modules" / ".bin"


def _installed(name: str, wanted: str, install: Callable[[Path], None]) -> Path:
    """What is there already is kept. Processes that ask at once take turns."""
    folder = ENVIRONMENTS / name
    ENVIRONMENTS.mkdir(exist_ok=True)
    with (ENVIRONMENTS / f"{name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        mark = folder / ".installed"
        if not mark.exists() or mark.read_text(encoding="utf-8") != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            install(folder)
            mark.write_text(wanted, encoding="utf-8")
    return folder
