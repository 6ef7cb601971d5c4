"""`--junit FILE`: a release as a test suite, which GitLab, Jenkins, Buildkite and CircleCI read."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.worlds import (
    DEPLOY,
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

CRASHES = behaves(NEW, run="exit", after=4, logs=["<b>&amp;]]>", "\x1b[31mred\x00", "￾"])
no_full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")


def _played(folder: Path, *parts: str, words: tuple[str, ...], report: str = "release.xml") -> Played:
    return play(a_world(*parts), (*words, "--junit", report), surroundings(folder))


def suite_of(path: Path) -> ET.Element:
    (suite,) = ET.fromstring(path.read_bytes())  # noqa: S314 - our own
    assert suite.tag == "testsuite"
    return suite


def cases(suite: ET.Element) -> dict[str, tuple[str, ...]]:
    """What each case has beside its name: nothing where it passed."""
    told = {}
    for case in suite.iter("testcase"):
        name = f"{case.attrib['classname']} {case.attrib['name']}"
        assert name not in told
        told[name] = tuple(each.tag for each in case if each.tag != "system-out")
    return told


@pytest.mark.parametrize("words", [RELEASE, DEPLOY])
def test_a_release_that_went_well_is_a_suite_that_passed(words: tuple[str, ...], tmp_path: Path) -> None:
    played = _played(tmp_path, words=words)
    assert played.code == 0
    suite = suite_of(tmp_path / "release.xml")
    assert suite.attrib["name"] == "ecs-deploy: web (prod)"
    assert (suite.attrib["failures"], suite.attrib["errors"]) == ("0", "0")
    told = cases(suite)
    assert set(told.values()) == {()}
    assert told.keys() >= {"checks C-ROLE-MISSING", "watch deployment"}
    assert int(suite.attrib["tests"]) == len(told)
    (watched,) = [case for case in suite.iter("testcase") if case.attrib["name"] == "deployment"]
    assert 0 < float(watched.attrib["time"]) <= float(suite.attrib["time"]) == played.result["duration_seconds"]


def test_the_suite_says_what_was_released_where(tmp_path: Path) -> None:
    played = _played(tmp_path, words=DEPLOY)
    told = {each.attrib["name"]: each.attrib["value"] for each in suite_of(tmp_path / "release.xml").iter("property")}
    assert told == {
        "verdict": "succeeded",
        "exit_code": "0",
        "service": "web",
        "cluster": "prod",
        "region": "us-east-1",
        "account": "123456789012",
        "from_revision": f"{REVISION}:1",
        "to_revision": f"{REVISION}:2",
        "deployment_id": played.result["deployment_id"],
        "image app": NEW,
    }


def test_a_failure_has_its_cause_and_the_story(tmp_path: Path) -> None:
    assert _played(tmp_path, service(), CRASHES, words=(*DEPLOY, "--on-failure", "rollback")).code == 21
    suite = suite_of(tmp_path / "release.xml")
    told = cases(suite)
    assert (told["watch deployment"], told["after rollback"]) == (("failure",), ())
    (failure,) = suite.iter("failure")
    assert failure.attrib["type"] == "E-CONTAINER-EXIT"
    assert failure.attrib["message"].startswith("FAILED, rolled back by ecs-deploy. Production is on web:1")
    assert failure.text is not None
    assert failure.text.startswith("FAILED, rolled back by ecs-deploy.")
    assert "│ <b>&amp;]]>" in failure.text
    assert "│ red" in failure.text


def test_a_check_that_refuses_fails_and_nothing_was_watched(tmp_path: Path) -> None:
    assert _played(tmp_path, words=(*DEPLOY, "--expect-account", "999999999999")).code == 26
    told = cases(suite_of(tmp_path / "release.xml"))
    assert (told["checks C-ACCOUNT"], told["watch deployment"]) == (("failure",), ("skipped",))


def test_what_could_not_be_asked_is_an_error_and_no_success(tmp_path: Path) -> None:
    denied = fault(operation="DescribeServices", error="AccessDeniedException", times=99)
    assert _played(tmp_path, service(), denied, words=DEPLOY).code == 26
    suite = suite_of(tmp_path / "release.xml")
    assert cases(suite) == {"watch deployment": ("error",)}
    assert "ecs:DescribeServices" in next(suite.iter("error")).attrib["message"]


def test_a_release_that_is_not_followed_to_its_end_did_not_pass(tmp_path: Path) -> None:
    assert _played(tmp_path, words=(*DEPLOY, "--detach")).code == 0
    assert cases(suite_of(tmp_path / "release.xml"))["watch deployment"] == ("skipped",)


TASK = ("-d", "web", "-c", "prod", "-i", NEW, "--run-task", "--launch-type", "FARGATE")
NETWORK = ("--network-configuration", "awsvpcConfiguration={subnets=[subnet-1]}")
WAITED = (*TASK, *NETWORK, "--wait-for-success", "-t", "300")


@pytest.mark.parametrize(
    ("words", "exits", "name", "told"),
    [
        (("-d", "web", "-i", NEW), 0, "registration", ()),
        ((*TASK, *NETWORK), 0, "task", ("skipped",)),
        (WAITED, 0, "task", ()),
        (WAITED, 3, "task", ("failure",)),
    ],
)
def test_what_is_no_service_has_a_case_of_its_own(
    words: tuple[str, ...], exits: int, name: str, told: tuple[str, ...], tmp_path: Path
) -> None:
    ends = behaves(NEW, run="exit", exit_code=exits, after=60)
    assert _played(tmp_path, service(), ends, words=words).code == (1 if exits else 0)
    assert cases(suite_of(tmp_path / "release.xml"))[f"watch {name}"] == told


def test_an_interrupted_release_is_an_error(tmp_path: Path) -> None:
    assert _played(tmp_path, service(), later(20, "signal", signal="TERM"), words=DEPLOY).code == 143
    suite = suite_of(tmp_path / "release.xml")
    assert cases(suite)["watch deployment"] == ("error",)
    assert "The deployment goes on at AWS." in next(suite.iter("error")).attrib["message"]


def test_a_plan_is_a_suite_of_its_checks(tmp_path: Path) -> None:
    assert _played(tmp_path, words=("plan", *WEB, "--image", NEW)).code == 0
    told = cases(suite_of(tmp_path / "release.xml"))
    assert told
    assert all(name.startswith("checks ") for name in told)


@pytest.mark.parametrize("words", [("rollback", *WEB), ("watch", *WEB), ("stop", *WEB), ("continue", *WEB)])
def test_every_command_that_waits_for_a_service_can_report(words: tuple[str, ...], tmp_path: Path) -> None:
    played = _played(tmp_path, words=words)
    suite = suite_of(tmp_path / "release.xml")
    assert next(suite.iter("property")).attrib == {"name": "verdict", "value": played.result["status"]}


def test_the_file_can_be_named_by_a_setting(tmp_path: Path) -> None:
    play(a_world(), DEPLOY, surroundings(tmp_path, {"ECS_DEPLOY_JUNIT": "set.xml"}))
    assert suite_of(tmp_path / "set.xml").attrib["failures"] == "0"


def test_no_secret_is_in_the_report(tmp_path: Path) -> None:
    leaks = behaves(NEW, run="exit", after=4, logs=["AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG"])
    _played(tmp_path, service(), leaks, words=(*DEPLOY, "--timeout", "5m"))
    text = (tmp_path / "release.xml").read_text(encoding="utf-8")
    assert "AWS_SECRET_ACCESS_KEY=***" in text
    assert "wJalrXUtnFEMI" not in text


@no_full_disk
@pytest.mark.parametrize("words", [RELEASE, DEPLOY])
def test_f29_a_report_that_cannot_be_written_is_exit_1_after_the_verdict(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    played = _played(tmp_path, words=words, report="/dev/full")
    assert played.code == 1
    assert played.result["status"] == "succeeded"
    assert played.result["exit_code"] == 1
    if words == RELEASE:
        assert played.lines[-1] == SUCCESS
    told = played.stderr.splitlines()
    assert told[-1] == "The report of `--junit`, `/dev/full`, cannot be written: No space left on device."


@pytest.mark.parametrize(("report", "reason"), [("/", "Is a directory"), ("no/dir.xml", "No such file or directory")])
@pytest.mark.parametrize(("words", "code"), [(RELEASE, 1), (DEPLOY, 64)])
def test_a_report_that_can_be_nowhere_is_refused_before_the_run(
    words: tuple[str, ...], code: int, report: str, reason: str, tmp_path: Path
) -> None:
    played = _played(tmp_path, words=words, report=report)
    assert (played.code, played.world.calls) == (code, ())
    told = f"The report of `--junit`, `{report}`, cannot be written: {reason}."
    assert played.stderr.count(told) == 1


@no_full_disk
def test_a_failure_keeps_its_exit_code_where_the_report_cannot_be_written(tmp_path: Path) -> None:
    words = (*DEPLOY, "--on-failure", "rollback")
    assert _played(tmp_path, service(), CRASHES, words=words, report="/dev/full").code == 21


def test_a_scenario_writes_no_report(tmp_path: Path) -> None:
    scenario = tmp_path / "one.toml"
    text = f'schema = 1\nname = "one"\n[deploy]\nargs = ["-c", "prod", "-n", "web", "-i", "{NEW}", "--junit=x.xml"]\n'
    scenario.write_text(text + service(), encoding="utf-8")
    played = play(a_world(), ("demo", "--scenario", str(scenario)), surroundings(tmp_path))
    assert played.code == 64
    assert "a scenario writes no file" in played.stderr
    assert not (tmp_path / "x.xml").exists()
