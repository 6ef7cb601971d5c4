"""The tests under every Python that we support, with the oldest and with the newest dependencies that we admit.

`make matrix` runs it. A Python that this machine does not have is skipped, and said so.
"""

import os
import tomllib
from pathlib import Path

import nox

from tools import interpreters

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
QUICK = ("tests/unit/aws", "tests/unit/cli", "tests/unit/engine", "tests/contract/aws")
"""What meets the SDK and the command line's library. The simulator serves the models of the newest SDK."""
OF_THE_NEWEST = (
    "tests/unit/aws/test_credentials.py::TestChain::test_a_profile_that_needs_a_package_says_which",
    "tests/unit/aws/test_faults.py::test_every_error_that_ecs_declares_is_mapped",
    "tests/unit/aws/test_loading.py::test_every_service_of_ours_is_loaded_as_the_sdk_would",
    "tests/unit/aws/test_surroundings.py::test_alarms_of_both_kinds_have_their_state",
)
"""They hold us to the files of the newest SDK, which an older one does not have, or speaks another protocol by."""
OLD_CALL = "ignore:datetime.datetime.utcnow() is deprecated:DeprecationWarning"
"""What the oldest SDK does at each call, and Python 3.12 warns of; our tests take a warning for a fault."""
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
    is_lowest = dependencies == "lowest"
    bounds.write_text("\n".join(_lower_bounds() if is_lowest else ()), encoding="utf-8")
    session.install("--upgrade", "--constraint", str(bounds), "--editable", ".", "--group", "test")
    left_out = [word for each in OF_THE_NEWEST for word in ("--deselect", each)]
    of_the_oldest = ["-W", OLD_CALL, *left_out] if is_lowest else []
    session.run("pytest", "-q", "-p", "no:cacheprovider", *QUICK, *of_the_oldest, *session.posargs)


def _lower_bounds() -> list[str]:
    """What pyproject.toml calls the oldest of each dependency, as the one to take."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [each.replace(">=", "==") for each in project["dependencies"]]
