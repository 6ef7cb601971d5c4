"""Who may ask for the simulator's page, what it answers, and how its clock is changed."""

import json

import pytest

from ecsdeploy.sim import SimError, World
from ecsdeploy.sim.pace import Pace
from tests.unit.sim.builders import world
from tests.unit.sim.pages import HOST, NOTHING, ask, paused


def _pace(w: World | None = None) -> Pace:
    return paused(w or world("desired = 1"))


def test_the_page_allows_nothing_but_what_it_serves_itself() -> None:
    for path in ("", "/world", "/page.css", "/page.js", "/status.json", "/nothing"):
        _, headers, _ = ask(_pace(), path)
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in headers


def test_the_page_needs_nothing_from_elsewhere_and_works_without_a_script() -> None:
    page = ask(_pace())[2].decode()
    assert "://" not in page.replace("http-equiv", "")
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    assert " style=" not in page
    assert " onclick" not in page


def test_the_status_is_json_by_its_own_path_and_by_asking_for_json() -> None:
    for path, headers in (("/status.json", NOTHING), ("", {"Accept": "application/json"})):
        pace = _pace()
        status, replied, body = ask(pace, path, headers=headers)
        assert (status, replied["Content-Type"]) == (200, "application/json")
        now = pace.world.clock.time()
        assert json.loads(body) == {"scenario": "unnamed", "time": now, "speed": 1, "paused": True, "quiet": True}


def test_the_clock_is_paused_resumed_and_sped_up_by_forms() -> None:
    pace = Pace(world("desired = 1"), 2)
    for path, body, expected in (
        ("/pause", b"", (True, 2)),
        ("/speed", b"speed=300", (True, 300)),
        ("/resume", b"", (False, 300)),
    ):
        status, headers, _ = ask(pace, path, method="POST", body=body)
        assert (status, headers["Location"]) == (303, "/_simulator")
        assert (pace.paused, pace.speed) == expected


@pytest.mark.parametrize("path", ["/pause", "/resume", "/speed", "/world", ""])
def test_no_get_changes_the_clock(path: str) -> None:
    pace = Pace(world("desired = 1"), 2)
    ask(pace, path)
    ask(pace, f"{path}?speed=9")
    assert (pace.paused, pace.speed) == (False, 2)


@pytest.mark.parametrize("text", ["", "fast", "0", "-1", "nan", "inf", "1e9"])
def test_a_speed_that_cannot_be_is_one_sentence_and_changes_nothing(text: str) -> None:
    pace = _pace()
    status, _, body = ask(pace, "/speed", method="POST", body=f"speed={text}".encode())
    assert status == 400
    assert body.decode().startswith("The speed must be")
    assert body.count(b"\n") == 1
    assert pace.speed == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://example.com"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_a_form_of_another_origin_is_refused(headers: dict[str, str]) -> None:
    pace = Pace(world("desired = 1"), 2)
    assert ask(pace, "/pause", method="POST", headers=headers)[0] == 403
    assert not pace.paused


@pytest.mark.parametrize("headers", [{}, {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}], ids=str)
def test_its_own_page_and_a_command_line_may_change_the_clock(headers: dict[str, str]) -> None:
    assert ask(_pace(), "/pause", method="POST", headers=headers)[0] == 303


@pytest.mark.parametrize("host", ["attacker.example.com", "attacker.example.com:4599", "192.0.2.1", "", "[::1", "[x]"])
def test_a_name_that_only_leads_to_loopback_is_refused(host: str) -> None:
    assert ask(_pace(), headers={"Host": host})[0] == 403
    assert ask(_pace(), "/pause", method="POST", headers={"Host": host, "Origin": f"http://{host}"})[0] == 403


@pytest.mark.parametrize("host", ["localhost:4599", "127.0.0.1", "[::1]:4599"])
def test_loopback_by_any_of_its_names_is_answered(host: str) -> None:
    assert ask(_pace(), headers={"Host": host})[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/x", 404), ("POST", "/x", 404), ("POST", "", 404), ("PUT", "", 405), ("DELETE", "/pause", 405)],
)
def test_what_is_not_there_is_said_in_one_line(method: str, path: str, status: int) -> None:
    answered, _, body = ask(_pace(), path, method=method)
    assert answered == status
    assert body.count(b"\n") == 1


def test_a_paused_world_stands_and_answers() -> None:
    w = world("desired = 1")
    pace = Pace(w, 1_000_000)
    pace.pause()
    stands = pace.read(lambda seen: seen.clock.time())
    target = {"X-Amz-Target": "AmazonEC2ContainerServiceV20141113.ListClusters"}
    assert pace.answer("POST", "http://sim/", target, b"{}")[0] == 200
    assert w.clock.time() == stands
    pace.resume()
    pace.read(lambda seen: None)
    assert w.clock.time() > stands


def test_a_call_of_a_paused_world_waits_for_its_own_time_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("ecsdeploy.sim.pace.time.sleep", waits.append)
    pace = paused(world("desired = 1\n[limits]\nlatency_ms = 400"))
    target = {"X-Amz-Target": "AmazonEC2ContainerServiceV20141113.ListClusters"}
    for _ in range(3):
        assert pace.answer("POST", "http://sim/", target, b"{}")[0] == 200
    assert waits == pytest.approx([0.4] * 3, abs=0.1)


def test_a_new_speed_counts_from_now_on() -> None:
    w = world("desired = 1")
    pace = Pace(w, 1_000_000)
    pace.read(lambda seen: None)
    reached = w.clock.time()
    pace.set_speed(0.001)
    pace.read(lambda seen: None)
    later = w.clock.time()
    pace.read(lambda seen: None)
    assert reached <= later
    assert w.clock.time() - later < 1


@pytest.mark.parametrize("speed", [0, -1, float("nan"), float("inf"), 1e7])
def test_no_world_begins_at_a_speed_that_cannot_be(speed: float) -> None:
    with pytest.raises(SimError, match="The speed must be more than 0"):
        Pace(world("desired = 1"), speed)
