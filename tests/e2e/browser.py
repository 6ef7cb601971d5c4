"""Headless Chromium through its own driver's protocol (https://www.w3.org/TR/webdriver2/): a session in a few calls."""

import base64
import json
import re
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
PATIENCE, _TRIES = 60, 20
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
NO_SCRIPT = {"profile.managed_default_content_settings.javascript": 2}
_STARTED = re.compile(r"started successfully on port (\d+)")


class Browser:
    """One window; elements are found by CSS selectors."""

    def __init__(self, url: str) -> None:
        self._url = url

    def open(self, url: str) -> None:
        self._post("url", {"url": url})

    def text(self, selector: str) -> str:
        """What a person reads there; nothing while there is no such element."""
        return str(self.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    def click(self, selector: str) -> None:
        """A page that loads itself again can take the element away in between: then once more, for a while."""
        for left in reversed(range(_TRIES)):
            try:
                self._post(f"element/{self._find(selector)}/click", {})
            except HTTPError as error:
                error.close()
                if not left:
                    raise
                time.sleep(0.1)
            else:
                return

    def run(self, script: str) -> Any:
        return self._post("execute/sync", {"script": f"return {script};", "args": []})

    def narrow_to(self, width: int, height: int) -> None:
        """As a device of that size sees it: a window cannot be as narrow as a phone."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._post("goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics})

    def prefer(self, scheme: str) -> None:
        """`light` or `dark`, as the system has it."""
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self._post("goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": media})

    def screenshot(self, path: Path) -> bytes:
        image = base64.b64decode(_call("GET", f"{self._url}/screenshot"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image)
        return image

    def complaints(self) -> Sequence[Mapping[str, Any]]:
        """What the console says: errors of scripts, and whatever the page's policy kept from loading."""
        found: Sequence[Mapping[str, Any]] = self._post("se/log", {"type": "browser"})
        return found

    def close(self) -> None:
        _call("DELETE", self._url)

    def _find(self, selector: str) -> str:
        found: Mapping[str, str] = self._post("element", {"using": "css selector", "value": selector})
        return next(iter(found.values()))

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        return _call("POST", f"{self._url}/{path}", body)


@contextmanager
def browsing(profile: Path, preferences: Mapping[str, object] | None = None) -> Iterator[Browser]:
    """A browser with a fresh profile; it and its driver end with the block."""
    argv = ["chromedriver", "--port=0", f"--log-path={profile}.log"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as driver:
        try:
            browser = _session(_port(driver), profile, preferences or {})
            try:
                yield browser
            finally:
                browser.close()
        finally:
            driver.terminate()


def install() -> None:
    """Chromium and its driver, from Debian's packages, where they are missing."""
    subprocess.run([ROOT / "scripts" / "install-chromium"], check=True)


def _port(driver: subprocess.Popen[str]) -> int:
    assert driver.stdout is not None
    for line in driver.stdout:
        found = _STARTED.search(line)
        if found:
            return int(found[1])
    raise RuntimeError("chromedriver did not start")


def _session(port: int, profile: Path, preferences: Mapping[str, object]) -> Browser:
    options = {"args": [*FLAGS, f"--user-data-dir={profile}"], "prefs": preferences}
    wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
    url = f"http://127.0.0.1:{port}/session"
    session = _call("POST", url, {"capabilities": {"alwaysMatch": wanted}})
    return Browser(f"{url}/{session['sessionId']}")


def _call(method: str, url: str, body: Mapping[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data=data, method=method), timeout=PATIENCE) as reply:  # noqa: S310 - our own driver
        return json.load(reply)["value"]
