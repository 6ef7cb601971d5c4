"""A run can be played again from its tape, and what differs then is found out."""

import pytest

from tests.cli.worlds import NEW, RELEASE, behaves, service
from tests.properties.cases import CANARY, OTHER_CANARY, Asked, Case
from tests.properties.played import Ran, again, run

HEAD = 'schema = 1\nname = "test"\nsummary = "test"\nseed = 7\n'
HAS = {"DB_PASSWORD": CANARY}


def crashed(argv: tuple[str, ...] = ("deploy", *RELEASE, "-t", "300")) -> Ran:
    web = service(containers=[{"name": "app", "image": "registry.example.com/team/web:1", "environment": HAS}])
    text = "\n".join((HEAD, web, behaves(NEW, run="exit", after=4, logs=[f"login as app with {CANARY}"])))
    return run(Case(text=text, argv=argv, asked=Asked(timeout=300)))


def test_s01_a_run_with_other_secrets_says_the_same_bytes() -> None:
    ran = crashed()
    assert ran.result["status"] == "failed"
    assert "login as app with" in ran.said.text
    assert again(ran, {CANARY: OTHER_CANARY}) == ran.said


@pytest.mark.parametrize("word", ["Essential container", "login as app"])
def test_s01_a_word_of_the_worlds_that_is_told_is_found_out(word: str) -> None:
    ran = crashed()
    assert word in ran.said.text
    assert again(ran, {word: "something else"}) != ran.said


def test_s01_a_request_that_depends_on_a_secret_is_found_out() -> None:
    with pytest.raises(AssertionError, match="the first time"):
        again(crashed(), {NEW: "registry.example.com/team/web:3"})


def test_s01_a_run_that_asks_for_less_is_found_out() -> None:
    ran = crashed()
    ran.tape.cuts.append(ran.tape.cuts[-1])
    with pytest.raises(AssertionError, match="1 calls and sleeps fewer"):
        again(ran, {})
