"""How verdicts are measured: who is right, how soon, and when a verdict could be known."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench.verdicts.__main__ import main, measure
from bench.verdicts.entries import Entry, totals
from bench.verdicts.page import text
from bench.verdicts.rivals import Rival, Stage
from bench.verdicts.rivals import play as play_rival
from bench.verdicts.rules import ACTION, RULES, TERRAFORM, Rule
from bench.verdicts.rules import play as play_rule
from ecsdeploy.sim import load_scenario
from tests.cli.worlds import NEW
from tests.others.watched import reason_to_leave_out

HANDFUL = ("alarm-stop", "crash-loop", "denied-update", "good", "superseded", "throttled-reads")


def test_a_run_tells_each_scenario_and_the_totals(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--ours-only", "--scenario", "good"])
    told = capsys.readouterr().out.splitlines()
    assert told[0].split()[:5] == ["good", "ours", "succeeded", "succeeded", "right"]
    assert told[-1].startswith("ours: 1 of 1 verdicts right; ")
    assert code == 0


@pytest.mark.parametrize("name", HANDFUL)
def test_no_verdict_comes_before_it_can_be_known(name: str) -> None:
    entry = measure(name).entry
    assert entry.right, entry.line()
    assert entry.late is None or -0.5 < entry.late < 10, entry.line()


def _entry(program: str, *, late: float, right: bool = True, scenario: str = "crash-loop") -> Entry:
    return Entry(
        program=program,
        scenario=scenario,
        truth="succeeded",
        verdict="succeeded",
        right=right,
        late=late,
        calls=20,
        watched=80,
    )


def test_totals_are_of_one_program_and_its_right_verdicts() -> None:
    ours = [_entry("ours", late=1), _entry("ours", late=2), _entry("ours", late=9, right=False)]
    entries = [*ours, _entry("aws", late=5)]
    found = totals("ours", entries)
    assert (found.right, found.of, found.median_late, found.worst_late) == (2, 3, 1.5, 2)
    assert found.calls_per_second == 0.25
    assert not found.holds


UPDATES = """
import json, os, sys, urllib.request as http
body = json.dumps({"cluster": "prod", "service": "web", "taskDefinition": sys.argv[1]}).encode()
target = {"X-Amz-Target": "AmazonEC2ContainerServiceV20141113.UpdateService"}
http.urlopen(http.Request(os.environ["AWS_ENDPOINT_URL"], data=body, headers=target)).read()
"""


def _rival(tmp_path: Path, *, exits: int) -> Rival:
    """Updates the service, does not wait, and exits with that code; it is a program like any other."""
    script = tmp_path / "rival.py"
    script.write_text(f"{UPDATES}print('this is the end')\nsys.exit({exits})\n", encoding="utf-8")
    return Rival(name="hasty", command=f"{sys.executable} -I {script} {{revision}} && {sys.executable} -I -c ''")


@pytest.mark.parametrize(("name", "code", "right"), [("good", 0, True), ("good", 3, False), ("crash-loop", 0, False)])
def test_an_exit_code_is_held_against_the_truth(tmp_path: Path, name: str, code: int, right: bool) -> None:
    stage = Stage(commands=tmp_path, faketime=tmp_path / "none.so")
    entry = play_rival(_rival(tmp_path, exits=code), load_scenario(name), 80.0, stage)
    assert (entry.program, entry.verdict, entry.right) == ("hasty", f"exit {code}", right)
    assert (entry.late, entry.calls, entry.watched) == (-80.0, 0, 0.0)
    assert (entry.note == "this is the end") is (not right and code != 0)


def test_a_program_that_does_nothing_and_says_success_is_wrong(tmp_path: Path) -> None:
    stage = Stage(commands=tmp_path, faketime=tmp_path / "none.so")
    entry = play_rival(Rival(name="idle", command="true"), load_scenario("good"), 80.0, stage)
    assert (entry.truth, entry.right, entry.late) == ("refused", False, None)


def test_a_command_is_split_and_filled_in() -> None:
    rival = Rival(name="two", command="a --to {cluster} && b '{image} x'")
    assert list(rival.commands({"cluster": "prod", "image": NEW})) == [["a", "--to", "prod"], ["b", f"{NEW} x"]]


@pytest.mark.parametrize(
    ("rule", "name", "verdict", "right"),
    [
        pytest.param(ACTION, "good", "succeeds", True, id="action-good"),
        pytest.param(ACTION, "crash-loop", "succeeds", False, id="action-takes-a-rollback-for-a-success"),
        pytest.param(ACTION, "service-deleted", "fails", True, id="action-deleted"),
        pytest.param(ACTION, "crash-loop-no-breaker", "fails", True, id="action-waits-for-half-an-hour"),
        pytest.param(ACTION, "denied-update", "fails", True, id="action-denied"),
        pytest.param(ACTION, "code-deploy", "succeeds", True, id="action-through-code-deploy"),
        pytest.param(ACTION, "code-deploy-rolled-back", "fails", True, id="action-taken-back-by-code-deploy"),
        pytest.param(TERRAFORM, "good", "succeeds", True, id="terraform-good"),
        pytest.param(TERRAFORM, "crash-loop", "fails", True, id="terraform-sees-a-rollback"),
        pytest.param(TERRAFORM, "superseded", "fails", True, id="terraform-sees-who-took-over"),
        pytest.param(TERRAFORM, "crash-loop-no-breaker", "fails", True, id="terraform-waits-for-twenty-minutes"),
        pytest.param(TERRAFORM, "denied-reads", "fails", False, id="terraform-needs-the-records"),
        pytest.param(TERRAFORM, "throttled-reads", "succeeds", True, id="terraform-asks-again"),
    ],
)
def test_a_rule_that_is_re_stated_is_held_against_the_truth(rule: Rule, name: str, verdict: str, right: bool) -> None:
    entry = play_rule(rule, load_scenario(name), 0.0)
    assert (entry.verdict, entry.right) == (verdict, right), entry.line()


def test_the_page_says_what_is_re_stated() -> None:
    page = text((measure("good").entry,), (), {})
    assert all(f"* {rule.name}: {rule.what}" in page for rule in RULES)


def test_only_signals_are_no_matter_for_others() -> None:
    assert reason_to_leave_out(load_scenario("interrupted"))
    assert not reason_to_leave_out(load_scenario("good"))


def test_the_page_shows_who_is_wrong_and_who_was_left_out() -> None:
    ours = measure("crash-loop").entry
    rival = Rival(name="hasty", command="true")
    entries = (ours, _entry("hasty", late=-7, right=False), _entry("ours", late=1, scenario="interrupted"))
    page = text(entries, (rival,), {"interrupted": "of no use"})
    assert "* hasty: `true`" in page
    assert "| hasty | 0 of 1 | 0.0 | 0.0 | 0.25 | 0 |" in page
    assert "**succeeded, wrong**, -7.0 s, 20 calls; truth `succeeded`" in page
    assert "left out: of no use" in page


def test_a_good_release_that_was_put_back_is_counted() -> None:
    good = _entry("ours", late=1, scenario="good")
    undone = replace(_entry("hasty", late=-7, scenario="good"), truth="rolled_back", verdict="exit 1")
    page = text((good, undone), (), {})
    assert "| hasty | 1 of 1 | -7.0 | -7.0 | 0.25 | 1 |" in page
    assert "| ours | 1 of 1 | 1.0 | 1.0 | 0.25 | 0 |" in page
