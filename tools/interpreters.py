"""The Pythons that this machine has: on PATH, under pyenv, or fetched by uv."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path


def find(version: str) -> Path | None:
    """The newest interpreter of a version such as `3.13`, or None."""
    return next(filter(_runs, _candidates(version)), None)


def _candidates(version: str) -> Iterator[Path]:
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for versions, name in (
        (pyenv / "versions", version),
        (Path.home() / ".local" / "share" / "uv" / "python", f"cpython-{version}"),
    ):
        yield from sorted(versions.glob(f"{name}.*/bin/python{version}"), key=_release, reverse=True)
    if on_path := shutil.which(f"python{version}"):
        yield Path(on_path)


def _release(interpreter: Path) -> tuple[int, ...]:
    """`3.13.10` is newer than `3.13.9`."""
    numbers = interpreter.parents[1].name.removeprefix("cpython-").partition("-")[0]
    return tuple(int(part) for part in numbers.split(".") if part.isdigit())


def _runs(interpreter: Path) -> bool:
    """pyenv puts a stand-in on PATH for each version it has, which runs only where that version is chosen."""
    return subprocess.run([interpreter, "-c", ""], capture_output=True, check=False).returncode == 0
