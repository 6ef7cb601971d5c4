"""What `/_simulator` and the paths below it answer.

Only a browser's own page and programs on this machine may ask.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from ecsdeploy.sim.codec.wire import Reply
from ecsdeploy.sim.controls import snapshot
from ecsdeploy.sim.endpoints import ENDPOINTS, carry_out
from ecsdeploy.sim.ground.errors import ScenarioError, SimError
from ecsdeploy.sim.pace import Pace
from ecsdeploy.sim.page.html import page, world
from ecsdeploy.sim.page.view import view_of
from ecsdeploy.sim.world import World

ROOT = "/_simulator"
_HTML, _JSON, _TEXT = "text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"
_STATIC = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}
_OWN = "Only the simulator's own page, and programs on this machine, may change it."
_CLOCK = ("pause", "resume", "speed")
_GUARDS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # With `no-referrer`, browsers would leave out the origin of our own forms too.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def is_ours(method: str, url: str, headers: Mapping[str, str]) -> bool:
    """Whether a request is for the page, and not a call of AWS. `/` in a browser is for the page too.

    S3's ListBuckets is also a GET of `/`, but it is signed.
    """
    path = urlsplit(url).path
    signed = any(name.lower() == "authorization" for name in headers)
    return path == ROOT or path.startswith(f"{ROOT}/") or (path == "/" and method in ("GET", "HEAD") and not signed)


def respond(pace: Pace, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """The reply to a request for the page. Only a POST changes anything."""
    lower = {name.lower(): value for name, value in headers.items()}
    refusal = _refusal(method, lower)
    if refusal:
        return _reply(403, _TEXT, f"{refusal}\n")
    parts = urlsplit(url)
    if parts.path == "/":
        return _sent_to_page()
    name = parts.path.removeprefix(ROOT).strip("/")
    if method == "POST":
        return _change(pace, name, parts.query, body)
    if method not in ("GET", "HEAD"):
        return _reply(405, _TEXT, "Use GET or POST.\n")
    chosen = parse_qs(parts.query).get("service", [""])[0]
    return _show(pace, name, chosen, wants_json="application/json" in lower.get("accept", ""))


def _refusal(method: str, headers: Mapping[str, str]) -> str | None:
    """Why the request is refused: a page of another origin sent it, or it uses a name that is not ours. None if it is
    not.
    """
    host = headers.get("host", "")
    if not _is_loopback(host):
        return f"The simulator answers as 127.0.0.1 or localhost, not as {host or 'a host without a name'}."
    origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
    foreign = origin not in (None, f"http://{host}") or site not in ("same-origin", "none")
    return _OWN if method == "POST" and foreign else None


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _show(pace: Pace, name: str, chosen: str, *, wants_json: bool) -> Reply:
    if name == "status.json" or (name == "" and wants_json):
        return _status_reply(pace)
    if name == "snapshot":
        return _reply(200, _JSON, json.dumps(pace.read(snapshot)))
    if name in _STATIC:
        return _reply(200, _STATIC[name], _static(name))
    if name in (*_CLOCK, *ENDPOINTS):
        return _reply(405, _TEXT, f"Use POST for {ROOT}/{name}.\n")
    shape = {"": page, "world": world}.get(name)
    if shape is None:
        return _reply(404, _TEXT, f"There is nothing at {ROOT}/{name}.\n")
    view = pace.read(lambda seen: view_of(seen, chosen))
    return _reply(200, _HTML, shape(view, speed=pace.speed, paused=pace.paused))


def _status_reply(pace: Pace) -> Reply:
    return _reply(200, _JSON, json.dumps(pace.read(partial(_status, pace))))


def _status(pace: Pace, seen: World) -> Mapping[str, object]:
    return {
        "scenario": seen.scenario.name,
        "time": seen.clock.time(),
        "speed": pace.speed,
        "paused": pace.paused,
        "quiet": seen.quiet,
    }


@cache
def _static(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _change(pace: Pace, name: str, query: str, body: bytes) -> Reply:
    """Carry out a POST. A form leads back to the page. A program gets the status of the world."""
    if name not in (*_CLOCK, *ENDPOINTS):
        return _reply(404, _TEXT, f"There is nothing to change at {ROOT}/{name}.\n")
    try:
        if name in ENDPOINTS:
            carry_out(pace, name, query, body)
            return _status_reply(pace)
        _set_clock(pace, name, body)
    except (SimError, ScenarioError) as error:
        return _reply(400, _TEXT, _sentence(error))
    return _sent_to_page()


def _set_clock(pace: Pace, name: str, body: bytes) -> None:
    changes: Mapping[str, Callable[[], None]] = {
        "pause": pace.pause,
        "resume": pace.resume,
        "speed": lambda: pace.set_speed(_speed(body)),
    }
    changes[name]()


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{text}\n" if text.endswith((".", "?")) else f"{text}.\n"


def _sent_to_page() -> Reply:
    status, headers, reply = _reply(303, _TEXT, "")
    return status, {**headers, "Location": ROOT}, reply


def _speed(body: bytes) -> float:
    text = parse_qs(body.decode("utf-8", "replace")).get("speed", [""])[0]
    try:
        return float(text)
    except ValueError as error:
        raise SimError(f"The speed must be a number, not `{text}`.") from error


def _reply(status: int, kind: str, text: str) -> Reply:
    return status, {"Content-Type": kind, **_GUARDS}, text.encode()
