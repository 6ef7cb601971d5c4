"""In a job of GitHub Actions: one annotation for what failed, and outputs that the next steps can read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.worlds import (
    NEW,
    RELEASE,
    REVISION,
    SUCCESS,
    WEB,
    Played,
    a_world,
    behaves,
    fault,
    later,
    play,
    service,
    surroundings,
)

CRASHES = behaves(NEW, run="exit", after=4, logs=["100 %", "::error::no", "::set-output name=verdict::succeeded"])
ROLLS_BACK = (*RELEASE, "-t", "300", "--enable-rollback")
NAMES = ["verdict", "exit-code", "cause-code", "cause", "from-revision", "to-revision", "deployment-id", "report"]


def _played(*parts: str, words: tuple[str, ...] = RELEASE, **variables: str) -> Played:
    told = {"GITHUB_ACTIONS": "true", **variables}
    return play(a_world(*parts), words, surroundings(variables=told))


def _commands(played: Played) -> list[str]:
    """The lines that the runner obeys; it reads both streams."""
    return [line for line in played.said.splitlines() if line.lstrip().startswith("::") or "##[" in line]


def read_outputs(text: str) -> dict[str, str]:
    """As the runner reads them: `NAME<<DELIMITER`, lines, and the delimiter on a line of its own."""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, _, delimiter = line.partition("<<")
        assert delimiter, line
        value = []
        while (each := next(lines)) != delimiter:
            value.append(each)
        assert name not in found
        found[name] = "\n".join(value)
    return found


def test_a_failure_is_one_annotation_on_stderr() -> None:
    played = _played(service(), CRASHES, words=ROLLS_BACK)
    (command,) = _commands(played)
    assert command in played.stderr.splitlines()
    title, _, message = command.removeprefix("::error title=").partition("::")
    assert title == "ecs-deploy%3A web (prod)"
    first, why, hint = message.split("%0A")
    assert first.startswith("FAILED, rolled back by ecs-deploy. Production is on web:1")
    assert why.startswith('Why: container "app" exits 1 about 4 s after start')
    assert hint.startswith("Hint: E-CONTAINER-EXIT ")


def test_a_success_and_another_system_have_no_annotation() -> None:
    assert _commands(_played()) == []
    assert _commands(play(a_world(service(), CRASHES), ROLLS_BACK)) == []
    assert _commands(_played(service(), CRASHES, words=ROLLS_BACK, GITHUB_ACTIONS="false")) == []


@pytest.mark.parametrize(
    ("words", "stdout"),
    [
        ((*ROLLS_BACK, "--output", "json"), '{"v":1,'),
        (("deploy", *WEB, "--image", NEW, "--quiet"), ""),
    ],
)
def test_the_annotation_leaves_stdout_alone(words: tuple[str, ...], stdout: str) -> None:
    played = _played(service(), CRASHES, words=words)
    assert len(_commands(played)) == 1
    assert all(line.startswith(stdout) and stdout for line in played.lines)


@pytest.mark.parametrize("words", [("rollback", *WEB), ("watch", *WEB), ("stop", *WEB), ("continue", *WEB)])
def test_every_command_that_waits_for_a_service_tells_its_failure(words: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "output"
    denied = fault(operation="DescribeServices", error="AccessDeniedException", times=99)
    played = _played(service(), denied, words=words, GITHUB_OUTPUT=str(path))
    assert len(_commands(played)) == 1
    assert read_outputs(path.read_text(encoding="utf-8"))["exit-code"] == str(played.code) != "0"


def test_a_plan_and_a_scenario_tell_the_job_nothing(tmp_path: Path) -> None:
    path = tmp_path / "output"
    denied = fault(operation="DescribeServices", error="AccessDeniedException", times=99)
    told: Mapping[str, str] = {"GITHUB_OUTPUT": str(path)}
    assert _commands(_played(service(), denied, words=("plan", *WEB, "--image", NEW), **told)) == []
    assert _commands(_played(service(), words=("demo", "--scenario", "crash-loop"), **told)) == []
    assert not path.exists()


def test_the_outputs_of_a_release_say_how_it_ended(tmp_path: Path) -> None:
    path = tmp_path / "output"
    path.write_text("before=1\n", encoding="utf-8")
    played = _played(GITHUB_OUTPUT=str(path))
    assert (played.code, played.lines[-1]) == (0, SUCCESS)
    before, _, added = path.read_text(encoding="utf-8").partition("\n")
    assert before == "before=1"
    told = read_outputs(added)
    assert list(told) == NAMES
    report = told.pop("report")
    assert told == {
        "verdict": "succeeded",
        "exit-code": "0",
        "cause-code": "",
        "cause": "",
        "from-revision": f"{REVISION}:1",
        "to-revision": f"{REVISION}:2",
        "deployment-id": played.result["deployment_id"],
    }
    assert report.splitlines()[0] == "### ecs-deploy: web (prod)"


@pytest.mark.parametrize(
    ("words", "code"),
    [(ROLLS_BACK, 1), (("deploy", *WEB, "--image", NEW, "--on-failure", "rollback"), 21)],
)
def test_the_outputs_of_a_failure_say_why(words: tuple[str, ...], code: int, tmp_path: Path) -> None:
    path = tmp_path / "output"
    assert _played(service(), CRASHES, words=words, GITHUB_OUTPUT=str(path)).code == code
    told = read_outputs(path.read_text(encoding="utf-8"))
    assert (told["verdict"], told["exit-code"]) == ("rolled_back", str(code))
    assert told["cause-code"] == "E-CONTAINER-EXIT"
    assert told["cause"].startswith('container "app" exits 1 about 4 s after start')
    assert "::set-output" not in told["report"]


def test_a_cancelled_job_still_says_how_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "output"
    played = _played(service(), later(20, "signal", signal="INT"), GITHUB_OUTPUT=str(path))
    assert played.code == 130
    told = read_outputs(path.read_text(encoding="utf-8"))
    assert (told["verdict"], told["exit-code"]) == ("interrupted", "130")
    (command,) = _commands(played)
    assert "INTERRUPTED. The deployment goes on at AWS." in command


def test_a_refusal_names_the_check_that_refused(tmp_path: Path) -> None:
    path = tmp_path / "output"
    words = ("deploy", *WEB, "--image", NEW, "--expect-account", "999999999999")
    assert _played(words=words, GITHUB_OUTPUT=str(path)).code == 26
    told = read_outputs(path.read_text(encoding="utf-8"))
    assert (told["verdict"], told["cause-code"]) == ("refused", "C-ACCOUNT")
    assert "999999999999" in told["cause"]


def test_nobody_can_guess_the_delimiter_of_an_output(tmp_path: Path) -> None:
    delimiters = set()
    for name in ("one", "other"):
        path = tmp_path / name
        _played(GITHUB_OUTPUT=str(path))
        delimiters |= set(re.findall(r"<<(\w+)$", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert len(delimiters) == 2
    assert all(len(each) >= 32 for each in delimiters)


def test_no_output_holds_a_secret_or_is_too_long_for_a_variable(tmp_path: Path) -> None:
    path = tmp_path / "output"
    endless = [f"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG {'ü' * 5000}"] * 50
    crashes = behaves(NEW, run="exit", after=4, logs=endless)
    played = _played(service(), crashes, words=(*RELEASE, "-t", "300"), GITHUB_OUTPUT=str(path))
    assert "wJalrXUtnFEMI" not in path.read_text(encoding="utf-8") + played.said
    assert len(read_outputs(path.read_text(encoding="utf-8"))["report"].encode()) < 65_536


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
@pytest.mark.parametrize(
    ("path", "reason"),
    [("/dev/full", "No space left on device"), ("/", "Is a directory"), ("/no/dir", "No such file")],
)
def test_f29_outputs_that_cannot_be_written_are_a_warning(path: str, reason: str) -> None:
    played = _played(GITHUB_OUTPUT=path)
    assert (played.code, played.stdout.splitlines()[-1]) == (0, SUCCESS)
    (warned,) = [line for line in played.stderr.splitlines() if "outputs" in line]
    assert warned.startswith(f"Warning: the step's outputs `{path}` cannot be written: {reason}")
