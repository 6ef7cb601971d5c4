"""The pages about `watch` after another tool's deploy, typed into a shell with the AWS CLI itself."""

import os
import re
import shlex
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.docs.examples import examples, fences, is_as_shown
from tests.docs.pages import ROOT, name_of
from tests.e2e.conftest import OURS, PATIENCE, Simulator, Start

PAGES = sorted((ROOT / "docs" / "how-to").glob("watch-after-*.md"))


@dataclass
class Shell:
    """One reader's shell; the page's port stands for whichever the simulator was given."""

    start: Start
    commands: Path
    cwd: Path
    code: int = 0
    simulator: Simulator | None = None
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, line: str) -> str:
        """What it prints; `$?` is that of the line before."""
        if line.startswith("ecs-deploy sim ") and line.endswith("&"):
            given = shlex.split(line.removesuffix("&"))[2:]
            options = dict(zip(given[::2], given[1::2], strict=True))
            self.simulator = self.start(options["--scenario"], speed=float(options["--speed"]))
            return ""
        if line.startswith("eval ") or line == "kill %1":
            self.variables = dict(self.simulator.variables) if self.simulator else {}
            return ""
        path = f"{Path(OURS).parent}:{self.commands}:{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-c", line.replace("$?", str(self.code))],
            cwd=self.cwd,
            env={**os.environ, **self.variables, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        self.code = done.returncode
        return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:4599", done.stdout)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_page_is_true_with_the_aws_cli_itself(page: Path, start: Start, commands: Path, tmp_path: Path) -> None:
    shell = Shell(start, commands, tmp_path)
    typed = [example for fence in fences(page) if fence.language == "console" for example in examples(fence)]
    assert any(example.command.startswith("aws ") for example in typed)
    for example in typed:
        printed = shell.run(example.command)
        if example.shown:
            place = f"{name_of(page)}: `{example.command}` printed\n{printed}"
            assert is_as_shown(example.shown, printed, any_time=True), place
