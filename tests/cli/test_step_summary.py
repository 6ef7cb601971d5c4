"""The summary of a step in a GitHub job: the outcome first, then the whole story, and nothing that could go wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecsdeploy.render.stepsummary import code
from tests.cli.worlds import (
    NEW,
    RELEASE,
    SUCCESS,
    Played,
    a_world,
    behaves,
    fault,
    play,
    service,
    surroundings,
)

CRASHES = behaves(NEW, run="exit", after=4, logs=["```", "</details><script>alert(1)</script>", "::error::no"])


def _played(path: Path, *parts: str, words: tuple[str, ...] = RELEASE) -> Played:
    return play(a_world(*parts), words, surroundings(variables={"GITHUB_STEP_SUMMARY": str(path)}))


def test_a_release_is_added_to_what_the_job_has_said(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("# Before\n", encoding="utf-8")
    assert _played(path).code == 0
    before, _, added = path.read_text(encoding="utf-8").partition("\n")
    assert before == "# Before"
    assert added.startswith("\n### ecs-deploy: web (prod)\n\n✔ **SUCCEEDED** web:2 2/2 running in ")


def test_a_failure_has_its_outcome_first_and_the_log_folded_away(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    assert _played(path, service(), CRASHES, words=(*RELEASE, "-t", "300", "--enable-rollback")).code == 1
    title, _, outcome, *rest = path.read_text(encoding="utf-8").strip().splitlines()
    assert title == "### ecs-deploy: web (prod)"
    assert outcome.startswith("✖ **FAILED, rolled back by ecs-deploy.** Production is on web:1")
    assert any(line.strip().startswith("Why") for line in rest)
    folded = rest.index("<details><summary>Log</summary>")
    assert (rest[folded + 2], rest[-3], rest[-1]) == ("````text", "````", "</details>")
    assert "   Log   │ ```" not in rest[:folded]
    assert any("</details><script>" in line for line in rest[folded + 3 : -3])


@pytest.mark.parametrize("crashes", [False, True])
def test_the_image_and_a_link_to_the_console_are_there_to_click(crashes: bool, tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    _played(path, service(), *((CRASHES,) if crashes else ()), words=(*RELEASE, "-t", "300"))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert f"- Image: `{NEW}` (app)" in lines
    link = "https://us-east-1.console.aws.amazon.com/ecs/v2/clusters/prod/services/web/deployments?region=us-east-1"
    assert f"- [web in the AWS console]({link})" in lines
    assert sum(link in line for line in lines) == 1


def test_an_image_can_write_no_markdown(tmp_path: Path) -> None:
    assert code("a`b<script>") == "`` a`b<script> ``"


def test_what_was_refused_is_said_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    denied = fault(operation="UpdateService", error="AccessDeniedException", times=9)
    assert _played(path, service(), denied).code == 254
    assert "· **REFUSED.**" in path.read_text(encoding="utf-8")
    assert "may not call `ecs:UpdateService`" in path.read_text(encoding="utf-8")
    assert "Allow it with the statement" in path.read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
@pytest.mark.parametrize(
    ("path", "reason"),
    [("/dev/full", "No space left on device"), ("/", "Is a directory"), ("/no/dir", "No such file")],
)
def test_f29_a_summary_that_cannot_be_written_is_a_warning(path: str, reason: str) -> None:
    played = _played(Path(path))
    assert (played.code, played.stdout.splitlines()[-1]) == (0, SUCCESS)
    (warned,) = [line for line in played.stderr.splitlines() if "summary" in line]
    assert warned.startswith(f"Warning: the step summary `{path}` cannot be written: {reason}")


def test_nothing_secret_and_nothing_endless_is_written(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    endless = [f"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG {'x' * 5000}"] * 50
    _played(path, service(), behaves(NEW, run="exit", after=4, logs=endless), words=(*RELEASE, "-t", "300"))
    assert "wJalrXUtnFEMI" not in path.read_text(encoding="utf-8")
    assert len(path.read_bytes()) < 100_000
