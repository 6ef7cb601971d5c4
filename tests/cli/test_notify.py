"""`--notify URL`: a webhook is told how a run ended. It never costs the verdict, and its address is shown nowhere."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ecsdeploy.cli.telling import sending
from tests.cli.hooks import TOKEN, listening
from tests.cli.worlds import CRASHES, DEPLOY, NEW, RELEASE, WEB, Played, a_world, behaves, later, play, service
from tests.cli.worlds import surroundings as around

# Python 3.11 says so when apprise is imported.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
WITH_ROLLBACK = (*DEPLOY, "--on-failure", "rollback")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_PAUSE_SECONDS", 0.01)


def _played(*parts: str, words: tuple[str, ...] = DEPLOY, **variables: str) -> Played:
    return play(a_world(*parts), words, around(variables=variables))


@pytest.mark.parametrize("words", [RELEASE, DEPLOY])
def test_a_webhook_gets_the_result_of_the_run(words: tuple[str, ...]) -> None:
    with listening() as hook:
        played = _played(words=(*words, "--notify", hook.url))
    ((path, headers, body),) = hook.got
    assert played.code == 0
    assert (path, headers["Content-Type"]) == (f"/services/{TOKEN}", "application/json")
    assert body == {key: each for key, each in played.result.items() if key != "seq"}


def test_slack_gets_a_message_and_what_others_say_calls_nobody_there() -> None:
    bad = behaves(NEW, run="exit", exit_code=1, after=4, logs=["```<!channel> @here *x* <http://evil.example|ok>"])
    with listening() as hook:
        played = _played(service(), bad, words=(*WITH_ROLLBACK, "--notify", f"slack+{hook.url}"))
    assert played.code == 21
    (body,) = hook.bodies
    assert body.keys() == {"text"}
    title, fence, *said, end, link = body["text"].splitlines()
    assert (title, fence, end) == ("*✖ ecs-deploy: web (prod): ROLLED_BACK*", "```", "```")
    assert said[0].startswith("FAILED, rolled back by ecs-deploy. Production is on web:1")
    assert re.fullmatch(r"<https://us-east-1\.console\.aws\.amazon\.com/[^|<> ]*\|AWS console>", link)
    (log,) = [line for line in said if "channel" in line]
    assert log.endswith("│ '''&lt;!channel&gt; @here *x* &lt;http://evil.example|ok&gt;")


def test_several_are_told_at_once_from_the_variable_too() -> None:
    with listening() as one, listening() as other:
        assert _played(ECS_DEPLOY_NOTIFY=f"{one.url} slack+{other.url}").code == 0
    assert (one.bodies[0]["status"], other.bodies[0].keys()) == ("succeeded", {"text"})


@pytest.mark.parametrize(("words", "code"), [(DEPLOY, 0), (WITH_ROLLBACK, 21)], ids=["good", "failed"])
@pytest.mark.parametrize(
    ("answers", "attempts", "why"),
    [
        ((500, 500), 2, "it answered 500"),
        ((503, 200), 2, ""),
        ((404,), 1, "it answered 404"),
        ((302,), 1, "it answered 302, and we follow no redirect"),
    ],
)
def test_a_failing_webhook_is_a_warning_after_one_more_attempt(
    words: tuple[str, ...], code: int, answers: tuple[int, ...], attempts: int, why: str
) -> None:
    with listening() as elsewhere, listening(*answers, location=elsewhere.url) as hook:
        parts = () if code == 0 else (service(), CRASHES)
        played = _played(*parts, words=(*words, "--notify", hook.url))
    assert (played.code, played.result["exit_code"], len(hook.got)) == (code, code, attempts)
    assert elsewhere.got == []
    warned = [line for line in played.stderr.splitlines() if "--notify" in line]
    told = [f"Warning: `--notify` may not have been told how this ended: {why}."] if why else []
    assert warned == told
    assert played.stderr.splitlines()[-1:] == told or not why


def test_one_that_never_answers_costs_a_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 2 * sending._ATTEMPT_SECONDS < sending.SECONDS <= 5  # noqa: SLF001 - the promise is about these
    monkeypatch.setattr(sending, "SECONDS", 0.2)
    with listening(0) as hook, listening() as other:
        began = time.monotonic()
        played = _played(words=(*DEPLOY, "--notify", hook.url, "--notify", other.url))
        assert time.monotonic() - began < 2
        assert other.bodies[0]["status"] == "succeeded"
    assert played.code == 0
    said = "Warning: `--notify` (address 1 of 2) may not have been told how this ended: it did not answer in time."
    assert played.stderr.splitlines()[-1] == said


def test_one_that_is_not_there_is_a_warning() -> None:
    with listening() as gone:
        pass
    played = _played(words=(*DEPLOY, "--notify", gone.url))
    assert played.code == 0
    assert played.stderr.splitlines()[-1].endswith("it could not be reached.")


@pytest.mark.parametrize(
    ("parts", "words", "code", "status", "said"),
    [
        pytest.param((), (*DEPLOY, "--detach"), 0, "detached", "goes on", id="detach"),
        pytest.param(
            (service(), later(20, "signal", signal="TERM")), DEPLOY, 143, "interrupted", "goes on", id="signal"
        ),
    ],
)
def test_who_leaves_early_says_that_the_deployment_goes_on(
    parts: tuple[str, ...], words: tuple[str, ...], code: int, status: str, said: str
) -> None:
    with listening() as hook, listening() as chat:
        played = _played(*parts, words=(*words, "--notify", hook.url, "--notify", f"slack+{chat.url}"))
    assert (played.code, hook.bodies[0]["status"], hook.bodies[0]["exit_code"]) == (code, status, code)
    assert said in chat.bodies[0]["text"]


@pytest.mark.parametrize("words", [("rollback", *WEB), ("watch", *WEB), ("stop", *WEB), ("continue", *WEB)])
def test_every_command_with_a_verdict_tells_it(words: tuple[str, ...]) -> None:
    with listening() as hook:
        played = _played(words=(*words, "--notify", hook.url))
    assert hook.bodies[0]["status"] == played.result["status"]


def test_a_plan_and_a_scenario_tell_nobody() -> None:
    with listening() as hook:
        assert _played(words=(*DEPLOY, "--dry-run", "--notify", hook.url)).code == 0
        assert _played(words=("plan", *WEB, "--image", NEW), ECS_DEPLOY_NOTIFY=hook.url).code == 0
        assert _played(words=("demo",), ECS_DEPLOY_NOTIFY=hook.url).code == 0
    assert hook.got == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (
            "http://hooks.example.com/SECRET1",
            "`--notify` has an `http` address, and others could read what is sent there.",
        ),
        ("slack+http://10.0.0.1/SECRET1", "has an `http` address"),
        ("https:///SECRET1", "has a value that is no address. It takes `https://...`"),
        ("https://", "has a value that is no address. It takes `https://...`"),
        ("https://h:SECRET1/", "has a value that is no address."),
        ("https://h/SECRET1 x", "has a value that is no address."),
        ("https://h/SECRET1\nHost: x", "has a value that is no address."),
        ("SECRET1", "has a value that is no address."),
        ("zzz://SECRET1", "has an address that apprise does not know."),
        ("json://example.com/SECRET1", "has an address that sends without TLS, so that others could read it."),
    ],
)
def test_an_address_that_cannot_be_used_is_64_and_not_repeated(address: str, said: str, tmp_path: Path) -> None:
    words = (*DEPLOY, "--notify", address, "--debug-file", "log.txt")
    played = play(a_world(), words, around(tmp_path))
    assert (played.code, len(played.world.calls)) == (64, 0)
    assert said in played.stderr
    assert "SECRET1" not in played.said


def test_apprise_tells_those_that_it_knows() -> None:
    with listening() as hook:
        address = hook.url.replace("http://", "json://")
        assert _played(words=(*DEPLOY, "--notify", address)).code == 0
    (body,) = hook.bodies
    assert body["title"] == "✔ ecs-deploy: web (prod): SUCCEEDED"
    assert body["message"].startswith("web:2 2/2 running")


def test_one_that_apprise_cannot_tell_is_a_warning() -> None:
    with listening(500) as hook:
        played = _played(words=(*DEPLOY, "--notify", hook.url.replace("http://", "json://")))
    assert played.code == 0
    assert played.stderr.splitlines()[-1].endswith("its service did not take the message.")


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    monkeypatch.delitem(__import__("sys").modules, "ecsdeploy.cli.telling.by_apprise", raising=False)
    played = _played(words=(*DEPLOY, "--notify", "tgram://123:SECRET1/1"))
    assert played.code == 64
    assert "others need the extra `notify` of ecsdeploy, which is not installed." in played.stderr


def test_the_settings_file_takes_none_and_says_where_it_belongs(tmp_path: Path) -> None:
    (tmp_path / "ecs-deploy.toml").write_text('notify = "https://hooks.example.com/SECRET1"', encoding="utf-8")
    for words in (DEPLOY, ("status", *WEB)):
        played = play(a_world(), words, around(tmp_path))
        assert played.code == 64
        assert "has `notify`, which is a secret, and many people read this file." in played.stderr
        assert "Give it in the variable `ECS_DEPLOY_NOTIFY`." in played.stderr
        assert "SECRET1" not in played.said


def _everything(words: tuple[str, ...], folder: Path, **variables: str) -> str:
    """All that a run writes anywhere but to the webhook."""
    job = {"GITHUB_STEP_SUMMARY": str(folder / "summary.md"), "GITHUB_OUTPUT": str(folder / "output")}
    place = replace(around(folder, {"GITHUB_ACTIONS": "true", **job, **variables}), simulated=False)
    logs = behaves(NEW, run="exit", exit_code=1, after=4, logs=[f"posted to /services/{TOKEN}", *variables.values()])
    played = play(a_world(service(), logs), words, place)
    files = [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())]
    return "\n".join((played.said, json.dumps(played.events), *files))


FILES = ("--debug-file", "log.txt", "--junit", "release.xml", "--record", "run.jsonl")


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "in the variable"])
@pytest.mark.parametrize(
    "words",
    [
        (*WITH_ROLLBACK, *FILES, "-v"),
        (*DEPLOY, "--output", "json", *FILES),
        (*RELEASE, "-v", "--debug-file", "log.txt", "--junit", "release.xml"),
        ("deploy", *WEB, "--imgae", "x", *FILES),
        ("deploy", *WEB, "one", "word", *FILES),
        ("plan", *WEB, "--image", NEW, "--out", "plan.json"),
        ("config", "show"),
        ("config", "show", "--output", "json"),
        ("status", *WEB, "-v", "--debug-file", "log.txt"),
    ],
    ids=lambda words: f"{words[0]} {words[-1]}",
)
def test_s01_the_address_is_shown_nowhere(words: tuple[str, ...], tmp_path: Path, *, typed: bool) -> None:
    with listening(500) as hook:
        url = f"slack+{hook.url}?a=1&b=hidden"
        variables = {} if typed else {"ECS_DEPLOY_NOTIFY": url}
        told = _everything((*words, *(("--notify", url) if typed else ())), tmp_path, **variables)
    assert told
    assert [each for each in ("T0PSECRET", "deadbeef", "b=hidden", str(hook.port)) if each in told] == []


def test_a_bug_while_it_runs_shows_no_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError(f"https://hooks.example.com/services/{TOKEN} broke")

    monkeypatch.setattr("ecsdeploy.api.deploy", breaks)
    words = (*DEPLOY, "--notify", f"https://hooks.example.com/services/{TOKEN}", "--debug-file", "log.txt", "-v")
    played = play(a_world(), words, around(tmp_path))
    assert played.code == 1
    assert "T0PSECRET" not in played.said + (tmp_path / "log.txt").read_text(encoding="utf-8")
