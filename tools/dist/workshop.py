"""Where the build happens, and with which tools: an environment of its own, made by the Python that is bundled."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools import interpreters

ROOT = Path(__file__).parents[2]
BUNDLED = "3.13"
"""The Python that the folder and the single file carry, where this machine has it."""
_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
# Whatever of the caller's could lead into the files, or keep a tool from its own modules.
_UNWANTED = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONDONTWRITEBYTECODE", "PYTHONOPTIMIZE")


class Trouble(Exception):
    """Why nothing could be built; its text is for the person who asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """The folders of one build, and the time that all its files carry."""

    tools: Path
    """The environment with what builds."""
    build: Path
    dist: Path
    epoch: int

    @property
    def python(self) -> Path:
        return self.tools / "bin" / "python"

    def run(self, program: str, *arguments: str | Path, path: Path | None = None) -> str:
        """What a program of the environment prints; `path` is added to what Python may import."""
        command = (self.tools / "bin" / program, *arguments)
        environment = self._environment(path)
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
        if done.returncode:
            said = f"{done.stdout}{done.stderr}".strip()
            raise Trouble(f"`{program} {' '.join(map(str, arguments))}` failed:\n{said}")
        return done.stdout

    def _environment(self, path: Path | None) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
        fixed = {
            "SOURCE_DATE_EPOCH": str(self.epoch),
            "PYTHONHASHSEED": "0",
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            "PYINSTALLER_CONFIG_DIR": str(self.build / "cache"),
        }
        return {**kept, **fixed, **({"PYTHONPATH": str(path)} if path else {})}


def open_workshop(dist: Path) -> Workshop:
    """Empty the folders, and install what builds where it is missing."""
    build = ROOT / "build" / "dist"
    for folder in (build, dist):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    return Workshop(tools=_tools(), build=build, dist=dist, epoch=_epoch())


def _epoch() -> int:
    """The time of the last commit, unless the caller says another."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    command = ("git", "-C", str(ROOT), "log", "-1", "--format=%ct")
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    if asked.returncode:
        raise Trouble("No git history says when this was written: set SOURCE_DATE_EPOCH to seconds since 1970.")
    return int(asked.stdout)


def _tools() -> Path:
    """The environment, made anew where its requirements or its Python have changed."""
    folder, python = ROOT / ".venv-dist", interpreters.find(BUNDLED) or Path(sys.executable)
    stamp, wanted = folder / ".installed", f"{python}\n{_REQUIREMENTS.read_text(encoding='utf-8')}"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"Installing the build tools into {folder.name}, with {python} ...", flush=True)
        pip = folder / "bin" / "pip"
        subprocess.run([python, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([pip, "install", "--quiet", "--disable-pip-version-check", "-r", _REQUIREMENTS], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return folder
