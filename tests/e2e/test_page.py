"""The simulator's page in a browser, while a rollout runs."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.browser import NO_SCRIPT, ROOT, Browser, browsing, install
from tests.e2e.conftest import OURS, Simulator, Start

pytestmark = pytest.mark.e2e
SCENARIO = """
schema = 1
name = "canary"
summary = "a canary of 20 % behind a load balancer"

[[services]]
cluster = "prod"
name = "web"
desired = 4
image = "registry.example.com/team/web:1"
load_balancer = { health_interval = 10, deregistration_delay = 30 }

[services.deployment]
strategy = "CANARY"
canary_configuration = { canary_percent = 20, canary_bake_time_in_minutes = 5 }
"""


@pytest.fixture(scope="module", autouse=True)
def chromium() -> None:
    install()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path / "profile") as browser:
        yield browser


@pytest.fixture
def rollout(start: Start, tmp_path: Path) -> Simulator:
    """A simulator in which a release is under way."""
    scenario = tmp_path / "canary.toml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    simulator = start(str(scenario), speed=5)
    release = ("-c", "prod", "-n", "web", "-i", "registry.example.com/team/web:2", "-t", "600")
    done = simulator.run(OURS, *release, "--detach")
    assert done.returncode == 0, done.stderr
    return simulator


def _eventually(claim: Callable[[], bool], within: float = 20) -> None:
    end = time.monotonic() + within
    while not claim():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.2)


def test_the_page_follows_a_rollout_without_a_complaint(browser: Browser, rollout: Simulator) -> None:
    browser.open(f"{rollout.url}/_simulator")
    before = browser.text(".clock strong")
    _eventually(lambda: browser.text(".clock strong") != before)
    _eventually(lambda: "web:2" in browser.text(".tasks"))
    rollout.set_speed(60)
    _eventually(lambda: "20 % of production traffic" in browser.text("table"))
    assert "80 % of production traffic" in browser.text("table")
    assert [said for said in browser.complaints() if said["level"] == "SEVERE"] == []


def test_the_clock_is_paused_and_resumed_and_sped_up_by_its_buttons(browser: Browser, rollout: Simulator) -> None:
    browser.open(f"{rollout.url}/_simulator")
    browser.click(".pause button")
    _eventually(lambda: "PAUSED" in browser.text(".clock"))
    assert browser.text("nav").split()[:1] == ["Resume"]
    stands = browser.text(".clock strong")
    time.sleep(1.5)
    assert browser.text(".clock strong") == stands
    browser.click(".resume button")
    _eventually(lambda: browser.text(".clock strong") != stands)
    browser.click("button[value='60']")
    _eventually(lambda: "running x 60" in browser.text(".clock"))
    assert browser.run("document.querySelector('[aria-pressed=true]').value") == "60"


@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_leaves_the_screen(browser: Browser, rollout: Simulator, width: int) -> None:
    """The screenshot is kept in `build/`, to be looked at."""
    browser.narrow_to(width, 1500)
    rollout.set_speed(20)
    browser.open(f"{rollout.url}/_simulator")
    _eventually(lambda: browser.run("document.querySelectorAll('.life').length") == 8)
    _eventually(lambda: "RUNNING" in browser.text(".tasks li:last-child"))
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert len(browser.screenshot(ROOT / "build" / f"page-{width}.png")) > 20_000


def test_the_page_works_without_a_script(tmp_path: Path, rollout: Simulator) -> None:
    with browsing(tmp_path / "no-script", NO_SCRIPT) as browser:
        browser.open(f"{rollout.url}/_simulator")
        before = browser.text(".clock strong")
        _eventually(lambda: browser.text(".clock strong") != before)
        _eventually(lambda: _pauses(browser))


def _pauses(browser: Browser) -> bool:
    """A click that meets the page while it loads itself again is lost."""
    browser.click(".pause button")
    time.sleep(0.5)
    return "PAUSED" in browser.text(".clock")


def test_a_form_of_another_page_changes_nothing(browser: Browser, rollout: Simulator, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.html"
    action = f"{rollout.url}/_simulator/pause"
    foreign.write_text(f'<form method="post" action="{action}"><button>go</button></form>', encoding="utf-8")
    browser.open(foreign.as_uri())
    browser.click("button")
    _eventually(lambda: "own page" in browser.text("body"))
    browser.open(f"{rollout.url}/_simulator")
    assert "running" in browser.text(".clock")


def test_the_install_script_does_nothing_where_chromium_is_there() -> None:
    began = time.monotonic()
    subprocess.run([ROOT / "scripts" / "install-chromium"], check=True)
    assert time.monotonic() - began < 5
