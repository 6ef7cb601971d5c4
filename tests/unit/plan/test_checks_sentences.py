"""Each code has one sentence, its severity, what to do, and the page it rests on."""

import re
from string import Formatter

import pytest

from ecsdeploy.model.steps import Finding
from ecsdeploy.plan.checks import check_account, sentence
from ecsdeploy.plan.checks.meanings.meaning import Severity
from ecsdeploy.plan.checks.sentences import MEANINGS, found, is_note, tick, todo
from tests.unit.plan.attempts import RUNNING, only

every_code = pytest.mark.parametrize("code", MEANINGS)


@every_code
def test_a_sentence_and_its_remedy_are_whole_sentences(code: str) -> None:
    meaning = MEANINGS[code]
    for text in (meaning.sentence.format(*"ABCDEF", all="A", plain="A"), meaning.todo):
        assert re.fullmatch(r"[A-Z0-9].*\.", text), text


@every_code
def test_the_link_leads_to_documentation_of_aws(code: str) -> None:
    assert re.fullmatch(r"https://docs\.aws\.amazon\.com/\S+\.html", MEANINGS[code].link)


@every_code
def test_places_in_a_sentence_are_numbered_without_a_gap_or_are_all(code: str) -> None:
    places = {name for _, name, _, _ in Formatter().parse(MEANINGS[code].sentence) if name is not None}
    numbers = sorted(int(each) for each in places if each.isdecimal())
    assert numbers == list(range(len(numbers)))
    assert places <= {"all", "plain", *map(str, numbers)}


@every_code
def test_an_error_blocks_and_nothing_else_does(code: str) -> None:
    assert MEANINGS[code].severity in Severity
    assert found(code, "a").blocking is (MEANINGS[code].severity is Severity.ERROR)


def test_subjects_take_their_places() -> None:
    finding = found("C-IMAGE-PLATFORM", "app:2", "linux/amd64", "linux/arm64")
    assert sentence(finding).startswith(
        "The image `app:2` is built for `linux/arm64` and the task runs on `linux/amd64`"
    )
    assert todo(finding).startswith("Build the image")


@pytest.mark.parametrize(
    ("finding", "ticked"),
    [
        (Finding(code="C-SECRET-MISSING", subjects=("a",)), "secret exists"),
        (Finding(code="C-SECRET-MISSING", subjects=("a", "b")), "secrets exist (2)"),
        (Finding(code="C-SECRET-MISSING", subjects=("a", "b", "c")), "secrets exist (3)"),
        (Finding(code="C-IMAGE-PLATFORM", subjects=("linux/arm64",)), "built for linux/arm64"),
        (Finding(code="C-DEADLOCK"), "room to exchange tasks"),
        (Finding(code="C-BUSY"), ""),
        (Finding(code="C-NEW"), ""),
    ],
)
def test_a_check_that_found_nothing_is_ticked_off(finding: Finding, ticked: str) -> None:
    assert tick(finding) == ticked


def test_several_subjects_are_listed() -> None:
    assert "log group `/a`, `/b`:" in sentence(found("C-LOG-GROUP-MISSING", "/a", "/b"))


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        pytest.param(Finding(code="C-NEW", subjects=("a", "b")), "C-NEW: `a`, `b`.", id="of a later version"),
        pytest.param(Finding(code="C-NEW"), "C-NEW.", id="about nothing"),
        pytest.param(Finding(code="C-BUSY", subjects=("web",)), "C-BUSY: `web`.", id="with too few subjects"),
    ],
)
def test_a_finding_that_the_table_does_not_cover_is_told_all_the_same(finding: Finding, said: str) -> None:
    assert sentence(finding) == said


@pytest.mark.parametrize(("code", "noted"), [("C-UNCHECKED", True), ("C-BUSY", False), ("C-NEW", False)])
def test_a_note_is_told_apart(code: str, noted: bool) -> None:
    assert is_note(Finding(code=code)) is noted


def test_a_code_that_is_not_in_the_table_has_no_remedy() -> None:
    assert todo(Finding(code="C-NEW")) == ""


@pytest.mark.parametrize("expected", ["", "111122223333"])
def test_f22_the_account_that_is_expected_or_any_is_fine(expected: str) -> None:
    assert check_account(RUNNING.arn, expected) == ()


def test_f22_another_account_than_expected_is_refused() -> None:
    finding = only(check_account(RUNNING.arn, "444455556666"))
    assert finding.blocking
    assert sentence(finding) == (
        "The service `web` is in account `111122223333`, and `--expect-account` says `444455556666`."
    )
