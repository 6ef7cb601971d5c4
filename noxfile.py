"""The tests under every Python that we support, with the oldest and with the newest dependencies that we admit.

`make matrix` runs it. A Python that this machine does not have is skipped, and said so.
"""

import os
import tomllib
from pathlib import Path

import nox

from tools import interpreters

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
QUICK = ("tests/unit", "tests/contract/aws", "tests/cli")
ROOT = Path(__file__).parent

nox.options.default_venv_backend = "uv"
nox.options.error_on_missing_interpreters = False
# pyenv's interpreters are not on PATH by their versions.
found = [str(each.parent) for each in map(interpreters.find, PYTHONS) if each]
os.environ["PATH"] = os.pathsep.join((*found, os.environ["PATH"]))


@nox.session(python=PYTHONS)
@nox.parametrize("dependencies", ["lowest", "newest"])
def tests(session: nox.Session, dependencies: str) -> None:
    """A quick part of the tests; the rest depends on neither."""
    bounds = Path(session.create_tmp(), "bounds.txt")
    bounds.write_text("\n".join(_lower_bounds() if dependencies == "lowest" else ()), encoding="utf-8")
    session.install("--upgrade", "--constraint", str(bounds), "--editable", ".[local]", "--group", "test")
    session.run("pytest", "-q", "-p", "no:cacheprovider", "-m", "not properties", *QUICK, *session.posargs)


def _lower_bounds() -> list[str]:
    """What pyproject.toml calls the oldest of each dependency, as the one to take."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [each.replace(">=", "==") for each in project["dependencies"]]
