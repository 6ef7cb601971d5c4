"""The tests that `Test your own deployment tool` offers pass, pasted as they are."""

import os
import subprocess
import sys
from pathlib import Path

from tests.docs.examples import fences
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "how-to" / "test-your-own-tool.md"


def test_every_test_of_the_page_passes_in_a_folder_of_its_own(tmp_path: Path) -> None:
    pasted = [fence.text for fence in fences(PAGE) if fence.language == "python"]
    for text in pasted:
        (tmp_path / text.splitlines()[0].removeprefix("# ")).write_text(text, encoding="utf-8")
    wanted = sum(text.count("\ndef test_") for text in pasted)
    around = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "ecsdeploy.testing", "--rootdir", ".", "."]
    done = subprocess.run(argv, cwd=tmp_path, env=around, capture_output=True, text=True, check=False)
    assert f"{wanted} passed" in done.stdout, done.stdout + done.stderr
    assert wanted == 4
