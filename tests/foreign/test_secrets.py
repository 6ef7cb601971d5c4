"""A canary in every place that may hold a secret is told nowhere: not on a screen, not in JSON, not in an error."""

import pytest

from tests.foreign.bends import Refuses, Window
from tests.foreign.course import Course, Fate, Shape
from tests.foreign.driving import CANARY, NEW, WEB, Told, run
from tests.foreign.endpoint import Bend, Endpoint
from tests.foreign.generated import secretive
from tests.foreign.shapes import IMAGE, Json, container

CRASHES = Fate(bad=100_000, life=4)
FORMS = [
    f"DB_PASSWORD={CANARY}environment",
    f"connect failed: postgres://app:{CANARY}environment@db.example.net:5432/app",
    f"postgres://app:{CANARY}url@db.example.net/app: refused",
    f'{{"level":"error","secret_key":"{CANARY}json"}}',
    f'{{"msg":"{{\\"password\\":\\"{CANARY}nested\\"}}"}}',
    f"Authorization: Bearer {CANARY}bearer",
    f"api_key={CANARY}api",
    f"passwd={CANARY}passwd",
    f"token={CANARY}token",
    f"password {CANARY}S9acefK2",
    f"PASSWORD='{CANARY}quoted words'",
    f'"SecretString": "{CANARY}string"',
]
SHOWN = pytest.mark.parametrize("output", ["lines", "json"])


def world(fate: Fate, *bends: Bend, logged: str = "", definition: Json | None = None) -> Endpoint:
    lines = {"events": [{"timestamp": 1, "message": f"{logged} {number}"} for number in range(3)]}
    beside = {"Logs_20140328.GetLogEvents": lines} if logged else {}
    course = Course(Shape(breaker=True), fate)
    return Endpoint(course, bends=bends, beside=beside, definition=definition or secretive())


def released(one: Endpoint, output: str) -> Told:
    told = run(one, "deploy", *WEB, "-i", NEW, "--output", output, "-t", "300", "-v")
    assert told.results
    return told


def logging() -> Json:
    """A definition whose log can be read."""
    options = {"awslogs-group": "/ecs/web", "awslogs-region": "us-west-2", "awslogs-stream-prefix": "ecs"}
    known = [{"name": "DB_PASSWORD", "value": f"{CANARY}environment"}]
    driver = {"logDriver": "awslogs", "options": options}
    return {"containerDefinitions": [container(f"{IMAGE}:1", environment=known, logConfiguration=driver)]}


@SHOWN
@pytest.mark.parametrize("form", FORMS)
def test_s01_what_a_container_logs(form: str, output: str) -> None:
    told = released(world(CRASHES, logged=form, definition=logging()), output)
    assert told.status == "failed"
    assert CANARY not in told.said


@SHOWN
@pytest.mark.parametrize("form", FORMS)
def test_s03_why_a_task_stopped_and_what_ecs_says_of_it(form: str, output: str) -> None:
    one = world(Fate(bad=100_000, life=0, exit_code=None, reason=f"ResourceInitializationError: {form}"))
    one.course.later(20, lambda: one.course.say(f"was unable to place a task. Reason: {form}."))
    told = released(one, output)
    assert told.status == "failed"
    assert CANARY not in told.said


@SHOWN
@pytest.mark.parametrize("command", ["plan", "status"])
def test_s03_reports_of_a_service(command: str, output: str) -> None:
    one = world(CRASHES)
    one.course.say(f"was unable to place a task. Reason: DB_PASSWORD={CANARY}environment.")
    more = ("-i", NEW) if command == "plan" else ()
    told = run(one, command, *WEB, *more, "--output", output)
    assert "Traceback" not in told.stderr
    assert CANARY not in told.said


HEALTH = {"command": ["CMD-SHELL", f"curl -H 'X-Key: {CANARY}health' localhost"], "interval": 30}


@SHOWN
def test_s02_the_command_of_a_health_check(output: str) -> None:
    checked = {"containerDefinitions": [container(f"{IMAGE}:1", healthCheck=HEALTH)]}
    unhealthy = Fate(bad=100_000, life=60, reason="Task failed container health checks", exit_code=137)
    told = released(world(unhealthy, definition=checked), output)
    assert CANARY not in told.said


@SHOWN
@pytest.mark.parametrize("spares", [0, 3])
@pytest.mark.parametrize("key", ["session", "secret-key"])
def test_s03_an_error_of_aws_that_repeats_the_callers_keys(key: str, spares: int, output: str) -> None:
    text = f"The canonical string should have been 'POST\nx-amz-security-token:{CANARY}{key}\n'"
    refused = Refuses(where=Window(spares=spares), code="InvalidSignatureException", text=text, status=403)
    told = run(world(CRASHES, refused), "deploy", *WEB, "-i", NEW, "--output", output, "-t", "60", "-v")
    assert told.code != 0
    assert CANARY not in told.said
