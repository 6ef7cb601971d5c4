"""The step's own process: `action/run` becomes the program, and a job that is cancelled reaches it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.action.steps import written_outputs
from tests.cli.servers import served
from tests.cli.worlds import NEW

ROOT = Path(__file__).parents[2]
RUN = ROOT / "action" / "run"
WEB = {"cluster": "prod", "service": "web", "image": NEW}


def _installed(temp: Path) -> None:
    """What `action/run` would have installed into: the environment of these tests."""
    checksum = subprocess.run(["cksum"], input=f"{ROOT}\n", capture_output=True, text=True, check=True).stdout.split()[
        0
    ]
    folder = temp / f"ecs-deploy-{checksum}"
    folder.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (folder / name).symlink_to(Path(sys.prefix) / name)
    (folder / "installed").touch()


def _started(folder: Path, variables: Mapping[str, str], inputs: Mapping[str, str]) -> subprocess.Popen[str]:
    """As GitHub's runner starts a composite action's step, in a workspace that has a package of the same name."""
    workspace = folder / "workspace"
    (workspace / "action").mkdir(parents=True)
    (workspace / "action" / "__init__.py").write_text("raise SystemExit('the wrong package')")
    files = {"GITHUB_OUTPUT": str(folder / "output"), "RUNNER_TEMP": str(folder), "GITHUB_WORKSPACE": str(workspace)}
    given = {"ACTION_INPUTS": json.dumps(inputs), "GITHUB_ACTION_PATH": str(ROOT), "GITHUB_ACTIONS": "true"}
    script = folder / "step.sh"
    script.write_text('exec "$GITHUB_ACTION_PATH/action/run"')
    return subprocess.Popen(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
        env={**variables, **files, **given},
        cwd=workspace,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def test_a_step_from_its_inputs_to_its_outputs(tmp_path: Path) -> None:
    _installed(tmp_path)
    with served(tmp_path, speed=100) as simulator:
        step = _started(tmp_path, simulator.variables, WEB)
        said, _ = step.communicate(timeout=60)
    assert step.returncode == 0, said
    outputs = written_outputs((tmp_path / "output").read_text())
    assert (outputs["verdict"], outputs["task-definition-arn"]) == ("succeeded", outputs["to-revision"])


def test_a_value_stands_on_no_command_line(tmp_path: Path) -> None:
    _installed(tmp_path)
    inputs = {**WEB, "env": "API_TOKEN=cAnary-1a2b3c"}
    with served(tmp_path) as simulator:
        step = _started(tmp_path, simulator.variables, inputs)
        simulator.waits_for("UpdateService")
        lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
        os.kill(step.pid, signal.SIGINT)
        said, _ = step.communicate(timeout=30)
    assert any(b"-m\0action" in line for line in lines)
    assert not any(b"cAnary" in line for line in lines)
    assert "cAnary" not in said


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_job_that_is_cancelled_reaches_the_program(number: signal.Signals, code: int, tmp_path: Path) -> None:
    _installed(tmp_path)
    with served(tmp_path) as simulator:
        step = _started(tmp_path, simulator.variables, WEB)
        simulator.waits_for("UpdateService")
        time.sleep(1)
        began = time.monotonic()
        # The runner signals the step's process alone, not its group.
        os.kill(step.pid, number)
        said, _ = step.communicate(timeout=30)
    assert step.returncode == code, said
    assert time.monotonic() - began < 7.5, "the runner sends SIGTERM after 7.5 seconds"
    outputs = written_outputs((tmp_path / "output").read_text())
    assert (outputs["verdict"], outputs["exit-code"]) == ("interrupted", str(code))


def test_without_a_python_that_is_new_enough_the_step_says_what_to_do(tmp_path: Path) -> None:
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in ("bash", "cksum", "cut", "dirname"):
        (commands / name).symlink_to(shutil.which(name) or name)
    ran = subprocess.run(
        [RUN],
        env={"PATH": str(commands), "RUNNER_TEMP": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stderr
    assert ran.stdout.startswith("::error title=ecs-deploy::No Python 3.11 or newer is found.")


def test_modules_of_the_workspace_are_none_of_the_installer_s(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "logging.py").write_text("raise SystemExit('the wrong module')")
    commands = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PIP_NO_INDEX": "1"}
    variables = {**commands, "RUNNER_TEMP": str(tmp_path), "HOME": str(tmp_path)}
    ran = subprocess.run([RUN], env=variables, cwd=workspace, capture_output=True, text=True, check=False)
    assert "the wrong module" not in ran.stdout + ran.stderr
    assert "The packages that ecs-deploy needs cannot be installed" in ran.stdout
