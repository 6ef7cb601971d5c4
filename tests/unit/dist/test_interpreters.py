from pathlib import Path

import pytest

from tools import interpreters

WORKS, STAND_IN = "#!/bin/sh\nexit 0\n", "#!/bin/sh\nexit 127\n"


def _interpreter(at: Path, version: str, script: str = WORKS) -> Path:
    path = at / "bin" / f"python{version}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("PATH", str(tmp_path / "usr" / "bin"))
    return tmp_path


def test_the_newest_of_a_version_is_found(machine: Path) -> None:
    _interpreter(machine / "pyenv/versions/3.13.9", "3.13")
    newest = _interpreter(machine / "pyenv/versions/3.13.10", "3.13")
    assert interpreters.find("3.13") == newest


def test_a_stand_in_that_does_not_run_is_none(machine: Path) -> None:
    _interpreter(machine / "usr", "3.14", STAND_IN)
    assert interpreters.find("3.14") is None
    fetched = _interpreter(machine / ".local/share/uv/python/cpython-3.14.2-linux-x86_64-gnu", "3.14")
    assert interpreters.find("3.14") == fetched
