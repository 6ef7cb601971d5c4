"""What a test asks of a served world: begin again, go on, describe images, ring alarms, tell what there is."""

import json
from typing import Any

import pytest

from ecsdeploy.sim import World
from ecsdeploy.sim.pace import Pace
from tests.unit.sim.builders import REPOSITORY, call, deploy, image, register, the_service, update, world
from tests.unit.sim.pages import ask, paused

ALARMS = 'deployment = { alarms = { alarm_names = ["errors"], enable = true, rollback = true } }'
OTHER = '[[services]]\ncluster = "stage"\nname = "api"\nimage = "registry.example.com/team/api:1"\n'


def _running(w: World) -> list[str]:
    return [container["image"] for container in the_service(w).definition.containers]


def _post(pace: Pace, path: str, body: object = b"") -> tuple[int, Any]:
    """The status, and the reply: a JSON value, or the sentence that refuses."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    status, headers, reply = ask(pace, path, method="POST", body=raw)
    return status, json.loads(reply) if headers["Content-Type"] == "application/json" else reply.decode()


def _snapshot(pace: Pace) -> Any:
    status, headers, body = ask(pace, "/snapshot")
    assert (status, headers["Content-Type"]) == (200, "application/json")
    return json.loads(body)


def test_the_clock_is_moved_on_at_once_also_while_it_is_paused() -> None:
    pace = paused(world())
    status, told = _post(pace, "/advance?seconds=90.5")
    assert (status, told["time"], told["paused"]) == (200, pytest.approx(pace.world.start + 90.5, abs=0.1), True)
    assert pace.read(lambda seen: seen.clock.time()) == told["time"]


def test_a_running_clock_goes_on_from_where_it_was_moved_to() -> None:
    pace = Pace(world(), 0.001)
    moved = _post(pace, "/advance?seconds=3600")[1]["time"]
    assert moved <= pace.read(lambda seen: seen.clock.time()) < moved + 1


def test_a_world_is_let_come_to_rest() -> None:
    pace = paused(world())
    deploy(pace.world)
    assert ask(pace, "/status.json")[2].count(b'"quiet": false') == 1
    status, told = _post(pace, "/settle")
    assert (status, told["quiet"]) == (200, True)
    assert the_service(pace.world).primary.rollout_state == "COMPLETED"


def test_a_world_that_does_not_come_to_rest_in_two_days_says_so() -> None:
    later = '[[at]]\ntime = 200000\ndo = "force-new-deployment"\n'
    pace = paused(world("desired = 1", later))
    deploy(pace.world)
    status, told = _post(pace, "/settle")
    assert (status, told["quiet"]) == (200, False)


def test_images_behave_as_described_from_the_next_task_on() -> None:
    pace = paused(world("desired = 1\ndeployment = { circuit_breaker = 'rollback' }"))
    status, _ = _post(pace, "/images", {f"{REPOSITORY}:2": {"run": "exit", "exit_code": 3, "after": 2}})
    assert status == 200
    deploy(pace.world)
    _post(pace, "/settle")
    (service,) = _snapshot(pace)["services"]
    assert service["images"] == [f"{REPOSITORY}:1"]
    assert service["deployment"]["status"] == "ROLLBACK_SUCCESSFUL"


def test_an_image_is_described_anew_and_its_failures_are_counted_anew() -> None:
    pace = paused(world("desired = 1", image('run = "exit"\nfails = 1')))
    arn = register(pace.world)
    update(pace.world, taskDefinition=arn)
    _post(pace, "/settle")
    _post(pace, "/images", {f"{REPOSITORY}:2": {"pull": "not-found", "fails": 2}})
    assert f"{REPOSITORY}:2" not in pace.world.region.images.spoilt
    update(pace.world, taskDefinition=arn, forceNewDeployment=True)
    _post(pace, "/settle")
    assert pace.world.region.images.spoilt[f"{REPOSITORY}:2"] == 2


def test_reads_that_lag_see_what_was_described_too() -> None:
    pace = paused(world("desired = 1", "[limits]\nread_lag = 5"))
    assert _post(pace, "/images", {f"{REPOSITORY}:2": {"pull": "denied"}})[0] == 200
    deploy(pace.world)
    _post(pace, "/advance?seconds=300")
    described = call(pace.world, "DescribeServices", cluster="prod", services=["web"])["services"][0]
    assert described["deployments"][0]["failedTasks"] > 0


def test_an_alarm_rings_and_is_ok_again() -> None:
    pace = paused(world(ALARMS))
    deploy(pace.world)
    _post(pace, "/advance?seconds=30")
    assert _post(pace, "/alarms", {"errors": "ALARM"})[0] == 200
    assert _snapshot(pace)["alarms"] == {"errors": "ALARM"}
    _post(pace, "/settle")
    assert _snapshot(pace)["services"][0]["deployment"]["status"] == "ROLLBACK_SUCCESSFUL"
    _post(pace, "/alarms", {"errors": "OK"})
    assert _snapshot(pace)["alarms"] == {"errors": "OK"}


def test_a_world_begins_again_and_has_forgotten_everything() -> None:
    pace = paused(world())
    first = _snapshot(pace)
    deploy(pace.world)
    _post(pace, "/advance?seconds=600")
    assert _post(pace, "/reset")[0] == 200
    assert _snapshot(pace) | {"time": first["time"]} == first
    assert _running(pace.world) == [f"{REPOSITORY}:1"]


def test_a_shipped_scenario_takes_the_place_of_the_world() -> None:
    pace = paused(world())
    status, told = _post(pace, "/reset?scenario=crash-loop")
    assert (status, told["scenario"]) == (200, "crash-loop")


def test_a_scenario_of_ones_own_takes_the_place_of_the_world() -> None:
    pace = paused(world())
    assert _post(pace, "/reset", OTHER.encode())[0] == 200
    assert [(s["cluster"], s["name"]) for s in _snapshot(pace)["services"]] == [("stage", "api")]


def test_whoever_serves_says_how_a_world_begins() -> None:
    later = World(world().scenario, start=2_000_000_000)
    pace = Pace(world(), 1, begin=lambda _: later)
    _post(pace, "/reset")
    assert pace.world is later
    assert 0 <= pace.read(lambda seen: seen.clock.time()) - 2_000_000_000 < 1


def test_a_snapshot_says_what_there_is_and_who_called() -> None:
    pace = paused(world())
    deploy(pace.world)
    snapshot = _snapshot(pace)
    (service,) = snapshot["services"]
    assert (service["cluster"], service["name"], service["status"]) == ("prod", "web", "ACTIVE")
    assert (service["desired"], service["running"], service["pending"], service["healthy"]) == (4, 4, 0, 4)
    assert (service["task_definition"], service["images"]) == ("web:2", [f"{REPOSITORY}:2"])
    assert service["deployment"] == {"status": "PENDING", "reason": None}
    assert [(each["service"], each["operation"], each["error"]) for each in snapshot["calls"]] == [
        ("ecs", "RegisterTaskDefinition", None),
        ("ecs", "UpdateService", None),
    ]
    assert (snapshot["quiet"], snapshot["time"]) == (False, pytest.approx(pace.world.start, abs=0.1))


def test_a_service_that_was_never_deployed_has_no_deployment() -> None:
    pace = paused(world())
    the_service(pace.world).history.clear()
    assert _snapshot(pace)["services"][0]["deployment"] is None


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/advance", b"", "`advance` needs `?seconds=`, a number of seconds from 0 to 172800."),
        ("/advance?seconds=soon", b"", "`seconds` must be a number from 0 to 172800, not `soon`."),
        ("/advance?seconds=-1", b"", "`seconds` must be a number from 0 to 172800, not `-1`."),
        ("/advance?seconds=nan", b"", "`seconds` must be a number from 0 to 172800, not `nan`."),
        ("/advance?seconds=172801", b"", "`seconds` must be a number from 0 to 172800, not `172801`."),
        ("/advance?seconds=1&second=2", b"", "`advance` takes no `second`."),
        ("/advance?seconds=1", b"{}", "`advance` takes no body."),
        ("/settle?seconds=1", b"", "`settle` takes no `seconds`."),
        ("/settle", b"x", "`settle` takes no body."),
        ("/images", b"", "The body must be a JSON object: an image and how it behaves."),
        ("/images", b"\xff", "The body must be a JSON object: an image and how it behaves."),
        ("/images", b"[" * 100_000, "The body must be a JSON object: an image and how it behaves."),
        ("/images", b"{}", "The body must be a JSON object: an image and how it behaves."),
        ("/images", ["a:1"], "The body must be a JSON object: an image and how it behaves."),
        ("/images", {"a:1": 1}, "a:1: `a:1` must be a table."),
        ("/images", {"a:1": {"run": "exits"}}, "a:1: `run` cannot be 'exits'; did you mean `exit`?"),
        ("/images", {"a:1": {"runs": "exit"}}, "a:1: `a:1` has no key `runs`; did you mean `run`?"),
        ("/images", {"a:1": {"after": -1}}, "a:1: `after` must not be negative."),
        ("/images", b'{"a:1": {"after": NaN}}', "The body must be a JSON object: an image and how it behaves."),
        ("/images", b'{"a:1": {"after": 1e999}}', "a:1: `after` must be a number."),
        (
            "/images",
            {f"{REPOSITORY}:2": {"run": "unhealthy"}},
            f'{REPOSITORY}:2: `run = "unhealthy"` needs a container with `health_check = true`.',
        ),
        ("/alarms", {}, "The body must be a JSON object: an alarm and its state."),
        ("/alarms", {"errors": 1}, "An alarm is `OK`, `ALARM` or `INSUFFICIENT_DATA`, not 1."),
        ("/alarms", {"errors": "ringing"}, 'An alarm is `OK`, `ALARM` or `INSUFFICIENT_DATA`, not "ringing".'),
        ("/reset?scenario=crash-lop", b"", "There is no scenario `crash-lop`; did you mean `crash-loop`?"),
        (
            "/reset?scenario=/etc/hostname.toml",
            b"",
            "There is no scenario `/etc/hostname.toml`; possible: ",
        ),
        ("/reset?scenario=good", OTHER.encode(), "Give `scenario` or a body, not both."),
        ("/reset", b"\xff", "The scenario in the body is not UTF-8 text."),
        ("/reset", b"services = 1", "The body, line 1: "),
        ("/reset", b"services = ", "The body: this is not TOML: "),
        ("/reset?seed=1", b"", "`reset` takes no `seed`."),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(path: str, body: object, said: str) -> None:
    pace = paused(world())
    before, images = _snapshot(pace), dict(pace.world.region.images.behaviours)
    status, answered = _post(pace, path, body)
    assert status == 400
    assert answered.startswith(said)
    assert answered.endswith((".\n", "?\n"))
    assert answered.count("\n") == 1
    assert (_snapshot(pace), pace.world.region.images.behaviours) == (before, images)


@pytest.mark.parametrize("path", ["/reset", "/advance?seconds=9", "/settle", "/images", "/alarms"])
def test_no_get_changes_the_world_and_none_of_another_origin(path: str) -> None:
    pace = paused(world())
    before = _snapshot(pace)
    assert ask(pace, path)[0] == 405
    assert ask(pace, path, method="POST", headers={"Origin": "http://example.com"})[0] == 403
    assert ask(pace, path, method="POST", headers={"Host": "attacker.example.com"})[0] == 403
    assert ask(pace, "/snapshot", headers={"Host": "attacker.example.com"})[0] == 403
    assert _snapshot(pace) == before


def test_a_world_that_is_not_served_has_no_such_endpoint() -> None:
    w = world()
    deploy(w)
    for path in ("reset", "advance?seconds=9", "settle", "images", "alarms", "snapshot"):
        status, _, _ = w.transport("POST", f"http://127.0.0.1/_simulator/{path}", {"Host": "127.0.0.1"}, b"")
        assert status >= 400
    assert (w.clock.time(), _running(w)) == (w.start, [f"{REPOSITORY}:2"])
