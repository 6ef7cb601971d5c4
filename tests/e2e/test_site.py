"""The documentation site in a browser, served by Python's own server."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.e2e.browser import ROOT, Browser, browsing, install

pytestmark = pytest.mark.e2e
SITE = ROOT / "build" / "site"
BRIGHTNESS = (
    "getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).slice(0, 3).map(Number).reduce((a, b) => a + b)"
)
ELSEWHERE = "performance.getEntriesByType('resource').filter(each => !each.name.startsWith(location.origin)).length"
SEARCH = "[...document.querySelectorAll('*')].find(each => each.shadowRoot)?.shadowRoot"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of what `make site` builds within a minute; a broken link fails here."""
    install()
    subprocess.run(["make", ".venv-site/.installed"], cwd=ROOT, check=True)
    began = time.monotonic()
    subprocess.run(["make", "site"], cwd=ROOT, check=True)
    assert time.monotonic() - began < 60
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(SITE))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path / "profile") as browser:
        yield browser


def _eventually(claim: Callable[[], bool], within: float = 20) -> None:
    end = time.monotonic() + within
    while not claim():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.2)


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("page", ["index", "tutorial/first-release", "reference/causes"])
def test_nothing_leaves_the_screen(browser: Browser, site: str, page: str, width: int) -> None:
    """The screenshots are kept in `build/`, to be looked at."""
    browser.narrow_to(width, 1200)
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        browser.open(f"{site}/{page}.html")
        _eventually(lambda: browser.run("document.readyState") == "complete")
        assert browser.run("document.documentElement.scrollWidth") <= width
        assert browser.run(ELSEWHERE) == 0
        assert (browser.run(BRIGHTNESS) > 3 * 128) is (scheme == "light")
        browser.screenshot(ROOT / "build" / f"site-{Path(page).name}-{width}-{scheme}.png")


def test_a_code_is_found_by_its_link(browser: Browser, site: str) -> None:
    browser.open(f"{site}/reference/causes.html#e-container-exit")
    top = "document.getElementById('e-container-exit').getBoundingClientRect().top"
    _eventually(lambda: 0 <= browser.run(top) < 600)


def test_what_is_typed_is_found(browser: Browser, site: str) -> None:
    """The search has a document of its own within the page."""
    browser.narrow_to(1280, 1000)
    browser.open(f"{site}/index.html")
    _eventually(lambda: browser.run("document.readyState") == "complete")
    browser.click(".md-search__button")
    _eventually(lambda: bool(browser.run(f"{SEARCH}?.querySelector('input')")))
    typed = "e.value = 'circuit breaker', e.dispatchEvent(new Event('input', {bubbles: true}))"
    browser.run(f"(e => ({typed}))({SEARCH}.querySelector('input'))")
    _eventually(lambda: "Early judgement" in str(browser.run(f"{SEARCH}.textContent")))
    browser.screenshot(ROOT / "build" / "site-search.png")
