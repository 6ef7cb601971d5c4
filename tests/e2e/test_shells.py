"""Completion in real shells, on a terminal: what stands there once Tab was pressed. And what man says of our pages."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.cli.terminals import Tty, running
from tests.e2e.conftest import OURS
from tools.manual import write

pytestmark = pytest.mark.shells
PROMPT = "ready>"
# Nothing of the user's own is read.
SHELLS: Mapping[str, tuple[str, ...]] = {
    "bash": ("bash", "--noprofile", "--norc", "-i"),
    "zsh": ("zsh", "-f", "-i"),
    "fish": ("fish", "--no-config", "-i"),
}
PREPARED = {
    "bash": ("PS1='ready'\\>; bind 'set bell-style none'", 'eval "$(ecs-deploy completion bash)"'),
    "zsh": ("PS1='ready'\\>; autoload -U compinit; compinit -u -D", 'eval "$(ecs-deploy completion zsh)"'),
    "fish": ("function fish_prompt; echo -n ready\\>; end", "ecs-deploy completion fish | source"),
}
# What is typed before Tab, and what then stands there.
COMPLETED = {
    "a command": ("ecs-deploy rol", "ecs-deploy rollback"),
    "an option of a command": ("ecs-deploy deploy --wait-u", "ecs-deploy deploy --wait-until"),
    "a value": ("ecs-deploy deploy --wait-until heal", "ecs-deploy deploy --wait-until healthy"),
    "the flag form": ("ecs-deploy --enable-r", "ecs-deploy --enable-rollback"),
    "a later option of it": ("ecs-deploy -c prod --skip-d", "ecs-deploy -c prod --skip-deployments-check"),
    "a value of it": ("ecs-deploy --run-task --launch-type EXT", "ecs-deploy --run-task --launch-type EXTERNAL"),
    "a code": ("ecs-deploy explain E-EXEC-F", "ecs-deploy explain E-EXEC-FORMAT"),
    "a file": ("ecs-deploy --task-definition-file defi", "ecs-deploy --task-definition-file definition.json"),
}


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tty]:
    """The shell at its prompt, after the line that a user would put into its start file."""
    name, *words = SHELLS[request.param]
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed: scripts/install-shells")
    (tmp_path / "definition.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    around = {
        "PATH": f"{Path(OURS).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        # Whoever asked AWS would wait for an address that never answers.
        "AWS_ENDPOINT_URL": "http://192.0.2.1",
    }
    with running([path, *words], 100, 40, around) as tty:
        for line in PREPARED[request.param]:
            tty.type(f"{line}\n")
        tty.type("echo read''y-now\n")
        tty.waits_for("\nready-now")
        yield tty


@pytest.mark.parametrize(("typed", "completed"), COMPLETED.values(), ids=COMPLETED)
def test_tab_completes(shell: Tty, typed: str, completed: str) -> None:
    shell.type(f"{typed}\t")
    shell.waits_for(f"{PROMPT}{completed}")


def test_tab_twice_shows_the_commands_there_are(shell: Tty) -> None:
    shell.type("ecs-deploy \t\t")
    for command in ("deploy", "status", "rollback", "explain"):
        shell.waits_for(command)


def test_man_has_nothing_to_complain_of(tmp_path: Path) -> None:
    if shutil.which("man") is None:
        pytest.skip("man is not installed: scripts/install-shells")
    write(tmp_path)
    for page in sorted((tmp_path / "man" / "man1").glob("*.1")):
        argv = ["man", "--warnings", "--no-justification", "--encoding=UTF-8", "--local-file", str(page)]
        done = subprocess.run(argv, capture_output=True, text=True, check=False, env={**os.environ, "MANWIDTH": "100"})
        assert (done.returncode, done.stderr) == (0, ""), page
        assert "EXIT STATUS" in done.stdout
