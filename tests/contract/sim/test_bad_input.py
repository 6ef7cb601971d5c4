"""Whatever is asked, the simulator answers as AWS would, or says in a sentence what is wrong: it never crashes."""

import json
import logging
import re
from importlib.resources import files
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ecsdeploy.sim import ScenarioError, World, parse_scenario, scenario_names
from ecsdeploy.sim.api.operations import served
from ecsdeploy.sim.codec.model import model_of
from tests.contract.sim.samples import CODEDEPLOY, ECS, LOGS, started
from tests.unit.sim.builders import CREDENTIALS

TARGETS = {
    "ecs": "AmazonEC2ContainerServiceV20141113",
    "logs": "Logs_20140328",
    "codedeploy": "CodeDeploy_20141006",
}
SAMPLES = {"ecs": ECS, "logs": LOGS, "codedeploy": CODEDEPLOY}
OPERATIONS = [(service, name) for service in TARGETS for name in served(service)]
# Captured: asking twice for one revision is answered so by AWS itself.
CAPTURED_500 = "DescribeServiceRevisions"
_WORDS = (
    "", "prod", "blue", "web", "code", "paused", "web:1", "web:9", "web:x", "hosts", "arn:aws:ecs:::x/y", "a" * 300,
    "ROLLING", "CANARY", "ACTIVE", "FARGATE", "EC2", "TAGS", "CODE_DEPLOY", "app", "AppECS-blue-code",
    "DgpECS-blue-code", "💥", "../..", "f/1", "b/x",
)  # fmt: skip
_NUMBERS = st.one_of(st.sampled_from([-1, 0, 1, 10, 100, 10**12]), st.integers(-5, 200))


def _values(shape: Shape, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of the shape's type."""
    match shape:
        case StructureShape():
            optional = {} if depth > 3 else {name: _values(member, depth + 1) for name, member in shape.members.items()}
            return st.fixed_dictionaries({}, optional=optional)
        case ListShape():
            return st.lists(_values(shape.member, depth + 1), max_size=2)
        case MapShape():
            return st.dictionaries(st.sampled_from(_WORDS), _values(shape.value, depth + 1), max_size=2)
        case _:
            return _scalars(shape)


def _scalars(shape: Shape) -> st.SearchStrategy[Any]:
    match shape.type_name:
        case "integer" | "long":
            return _NUMBERS
        case "double" | "float" | "timestamp":
            return st.one_of(_NUMBERS, st.floats(0, 200))
        case "boolean":
            return st.booleans()
        case _:
            return st.sampled_from([*(shape.metadata.get("enum") or _WORDS), *_WORDS[:3]])


def _some_of(data: st.DataObject, shape: StructureShape) -> dict[str, Any]:
    """A few members; what a good request has beside them stays."""
    names = data.draw(st.lists(st.sampled_from(sorted(shape.members) or [""]), max_size=3, unique=True))
    return {name: data.draw(_values(shape.members[name])) for name in names if name}


def _ask(world: World, service: str, operation: str, body: bytes) -> tuple[int, Any]:
    headers = {
        "X-Amz-Target": f"{TARGETS[service]}.{operation}",
        "Authorization": CREDENTIALS.format(service=service),
        "Content-Type": "application/x-amz-json-1.1",
    }
    status, _, reply = world.transport("POST", "http://sim/", headers, body)
    return status, json.loads(reply)


@pytest.mark.parametrize(("service", "operation"), OPERATIONS, ids=lambda name: name)
@settings(max_examples=10, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_no_request_brings_the_model_down(service: str, operation: str, data: st.DataObject) -> None:
    """Nor does what follows from it, for an hour."""
    world, things = started()
    shape = model_of(service).operation_model(operation).input_shape
    make = SAMPLES[service].get(operation)
    sample = make(things) if make is not None else {}
    request = {**sample, **_some_of(data, shape)} if isinstance(shape, StructureShape) else {}
    status, reply = _ask(world, service, operation, json.dumps(request).encode())
    if status == 500 and operation == CAPTURED_500:
        assert reply["message"] == "Service Unavailable. Please try again later."
        return
    assert status in (200, 400), reply
    assert status == 200 or set(reply) == {"__type", "message"}
    world.clock.sleep(3600)


@pytest.mark.parametrize(
    ("count", "code"),
    [(5001, "InvalidParameterException"), (2**31 - 1, "InvalidParameterException"), (2**31, "SerializationException")],
)
def test_no_service_has_more_tasks_than_its_quota(count: int, code: str) -> None:
    world, things = started()
    for operation in ("CreateService", "UpdateService"):
        body = json.dumps({**ECS[operation](things), "desiredCount": count}).encode()
        status, reply = _ask(world, "ecs", operation, body)
        assert (status, reply["__type"]) == (400, code)
    text = f"[[services]]\ncluster = 'c'\nname = 'n'\nimage = 'i:1'\ndesired = {count}"
    with pytest.raises(ScenarioError, match=r"mine\.toml: the services cannot be made"):
        World(parse_scenario(text, source="mine.toml"))


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"3", b'"x"', b"{", b"\xff\xfe", b'{"services": 3}', b'{"services": ["web"], "x": NaN}'],
    ids=repr,
)
def test_a_body_that_is_no_request_is_an_error_and_no_crash(body: bytes) -> None:
    world, _ = started()
    status, reply = _ask(world, "ecs", "DescribeServices", body)
    assert status == 400
    assert reply["__type"] in ("SerializationException", "InvalidParameterException", "ClusterNotFoundException")


@pytest.mark.parametrize("token", ["b/x", "f/", "f/-1", "x/1", "web"])
def test_a_token_of_log_lines_that_nobody_was_given_is_an_error_and_no_crash(token: str) -> None:
    world, things = started()
    body = json.dumps({**LOGS["GetLogEvents"](things), "nextToken": token}).encode()
    status, reply = _ask(world, "logs", "GetLogEvents", body)
    assert (status, reply["__type"]) == (400, "InvalidParameterException")


_SHIPPED = files("ecsdeploy.sim") / "scenarios"
_JUNK = st.sampled_from(
    ["3", "-1", '"x"', "[]", "{}", "true", "nan", "inf", "1e400", "[1]", '["x"]', "[{}]", "1979-05-27", "10_000", "''"]
)
_KEY = re.compile(r"^(\w+)( *= *)(.*)$", re.MULTILINE)


@st.composite
def _spoilt(draw: st.DrawFn) -> str:
    """A shipped scenario with one value replaced, one key misspelt, or one line lost."""
    text = (_SHIPPED / f"{draw(st.sampled_from(scenario_names()))}.toml").read_text(encoding="utf-8")
    match = draw(st.sampled_from(list(_KEY.finditer(text))))
    key, equals, value = match.groups()
    spoilt = draw(
        st.one_of(
            st.builds("{}{}{}".format, st.just(key), st.just(equals), _JUNK),
            st.just(f"{key[1:]}x{equals}{value}"),
            st.just(""),
        )
    )
    return text[: match.start()] + spoilt + text[match.end() :]


@given(text=_spoilt())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@example(text="")
@example(text="services = 3")
@example(text="[services]\nname = 'web'")
@example(text="images = 3\n[[services]]\ncluster='c'\nname='n'\nimage='i'")
def test_a_malformed_scenario_is_named_with_its_line_and_never_a_crash(text: str) -> None:
    said = ""
    try:
        World(parse_scenario(text, source="mine.toml"))
    except ScenarioError as error:
        said = str(error)
    assert not said or re.fullmatch(r"mine\.toml.*[.?]", said)


def test_a_crash_of_the_model_is_a_server_exception_and_a_traceback_in_the_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _ = started()
    monkeypatch.setattr(world.region, "clusters", None)
    with caplog.at_level(logging.ERROR):
        status, reply = _ask(world, "ecs", "DescribeServices", b'{"services": ["web"]}')
    assert (status, reply["__type"]) == (500, "ServerException")
    assert "Traceback" in caplog.text
