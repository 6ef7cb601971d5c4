import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from threading import Thread

import pytest

from ecsdeploy import __version__
from ecsdeploy.aws.session import Session, open_session
from ecsdeploy.errors import AwsError, CredentialsError, ReplyLost, Throttled, Unreachable
from ecsdeploy.model.access import Access, Secret
from tests.unit.aws.answers import Aws, Refusal, aws, session_on

KEYED = Access(access_key=Secret("AKIDEXAMPLE"), secret_key=Secret("s3cret"))


def ask(session: Session) -> object:
    return session.call("ecs", "DescribeClusters", {}, subject="clusters")


@pytest.fixture
def hanging_up() -> Iterator[str]:
    """The URL of a server that reads a request and closes without an answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        accepted: list[None] = []

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    accepted.append(None)

        Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        # The SDK is not to send anything twice.
        assert len(accepted) == 1
        server.shutdown(socket.SHUT_RDWR)


def test_a_reply_keeps_members_that_the_sdk_does_not_know() -> None:
    reply = ask(session_on(aws(DescribeClusters={"clusters": [], "newThing": {"a": [1, None]}})))
    assert isinstance(reply, dict)
    assert reply["newThing"] == {"a": [1, None]}


def test_a_request_keeps_members_that_the_sdk_does_not_know() -> None:
    transport = aws(DescribeClusters={})
    session_on(transport).call("ecs", "DescribeClusters", {"newThing": {"é": [1]}}, subject="clusters")
    assert transport.sent[0].body == {"newThing": {"é": [1]}}


def test_a_call_is_signed_and_names_the_tool() -> None:
    transport = aws(DescribeClusters={})
    ask(session_on(transport))
    headers = transport.sent[0].headers
    assert "/us-east-1/ecs/aws4_request" in headers["Authorization"]
    assert f"ecs-deploy/{__version__}" in headers["User-Agent"]


@pytest.mark.parametrize("variable", ["AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE"])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Refusal(code="ThrottlingException", message="Rate exceeded"), Throttled),
        (Refusal(code="ServerException", status=500), ReplyLost),
        (ConnectionResetError("reset"), ReplyLost),
    ],
)
def test_f05_the_sdk_never_sends_a_request_twice(
    answer: Refusal | Exception, error: type[Exception], variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "5" if variable == "AWS_MAX_ATTEMPTS" else "legacy")
    transport = aws(DescribeClusters=answer)
    with pytest.raises(error):
        ask(session_on(transport))
    assert transport.operations == ["DescribeClusters"]


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'"text"', b"{", b"\xff\xfe"])
def test_f12_a_success_that_is_no_json_object_is_a_lost_reply(body: bytes) -> None:
    with pytest.raises(ReplyLost, match="not a JSON object"):
        ask(session_on(aws(DescribeClusters=body)))


def test_an_empty_success_is_an_empty_object() -> None:
    reply = ask(session_on(aws(DescribeClusters=b"")))
    assert isinstance(reply, dict)
    assert reply.keys() == {"ResponseMetadata"}


def test_with_a_transport_nothing_but_the_target_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = {
        "AWS_ENDPOINT_URL": "http://elsewhere",
        "AWS_ENDPOINT_URL_ECS": "http://elsewhere",
        "AWS_PROFILE": "nobody",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_ACCESS_KEY_ID": "AKIDELSEWHERE",
    }
    for name, value in elsewhere.items():
        monkeypatch.setenv(name, value)
    transport = aws(DescribeClusters={})

    ask(session_on(transport))

    assert transport.sent[0].url == "https://ecs.us-east-1.amazonaws.com/"
    assert "AKIDELSEWHERE" not in transport.sent[0].headers["Authorization"]


@pytest.mark.parametrize(
    ("access", "url", "is_aws"),
    [
        (Access(region="eu-west-1"), "https://ecs.eu-west-1.amazonaws.com", True),
        (Access(endpoint_url="http://localhost:4566"), "http://localhost:4566", False),
        (Access(endpoint_url="https://amazonaws.com.example.org"), "https://amazonaws.com.example.org", False),
        (
            Access(endpoint_url="https://vpce-1.ecs.us-east-1.vpce.amazonaws.com"),
            "https://vpce-1.ecs.us-east-1.vpce.amazonaws.com",
            True,
        ),
    ],
)
def test_the_endpoint_says_whether_it_is_of_aws(access: Access, url: str, is_aws: bool) -> None:
    session = open_session(access, transport=aws())
    assert (session.endpoint_url, session.is_aws) == (url, is_aws)


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("cn-north-1", "ecs.cn-north-1.amazonaws.com.cn"),
        ("us-gov-west-1", "ecs.us-gov-west-1.amazonaws.com"),
        ("us-iso-east-1", "ecs.us-iso-east-1.c2s.ic.gov"),
        ("mars-north-1", "ecs.mars-north-1.amazonaws.com"),
    ],
)
def test_every_partition_is_called_at_its_own_address(region: str, host: str) -> None:
    transport = aws(DescribeClusters={})
    ask(session_on(transport, region=region))
    assert transport.sent[0].url == f"https://{host}/"


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_ECS"])
def test_the_endpoint_may_come_from_the_environment(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "http://localhost:4566")
    session = open_session(replace(KEYED, region="us-east-1"))
    assert session.endpoint_url == "http://localhost:4566"


@pytest.mark.parametrize(
    ("environment", "region"),
    [
        ({"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-north-1"}, "eu-west-1"),
        ({"AWS_REGION": "eu-north-1"}, "eu-north-1"),
    ],
)
def test_the_region_comes_from_the_environment_in_the_order_of_the_cli(
    environment: dict[str, str], region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert open_session(KEYED).region == region


def test_without_a_region_there_is_a_clear_sentence() -> None:
    with pytest.raises(CredentialsError, match="No AWS Region is set") as caught:
        ask(open_session(KEYED))
    assert "--region" in caught.value.hint


def test_f07_a_closed_port_is_unreachable_and_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(Unreachable, match=re.escape(url)):
        ask(open_session(replace(KEYED, region="us-east-1", endpoint_url=url)))


def test_f06_a_server_that_hangs_up_after_the_request_is_a_lost_reply(hanging_up: str) -> None:
    with pytest.raises(ReplyLost):
        ask(open_session(replace(KEYED, region="us-east-1", endpoint_url=hanging_up)))


def test_a_client_is_made_once_for_a_service_and_region() -> None:
    session = session_on(aws(DescribeClusters={}))
    ask(session)
    first = session.input_shape("RunTask")
    ask(session)
    assert session.input_shape("RunTask") is first


def test_t18_a_list_whose_token_repeats_is_not_whole() -> None:
    transport = aws(
        ListTasks=[{"nextToken": "a"}, {"nextToken": "b"}, {"taskArns": ["t"], "nextToken": "a"}, {"taskArns": []}]
    )
    pages = session_on(transport).pages("ListTasks", {"cluster": "prod"}, subject="tasks")
    with pytest.raises(AwsError, match="The list of tasks names the same page twice"):
        list(pages)
    assert [each.body.get("nextToken") for each in transport.sent] == [None, "a", "b"]


def test_t18_a_list_of_too_many_pages_is_not_whole() -> None:
    transport = aws(ListTasks=[{"nextToken": str(number)} for number in range(1001)])
    pages = session_on(transport).pages("ListTasks", {"cluster": "prod"}, subject="tasks")
    with pytest.raises(AwsError, match="more than 1000 pages"):
        list(pages)
    assert len(transport.sent) == 1000


class TestTrace:
    """One line for each call, and never what was in it."""

    def lines(self, transport: Aws, *, expecting: type[Exception] | None = None) -> list[str]:
        said: list[str] = []
        session = open_session(KEYED, transport=transport, trace=said.append)
        parameters = {"clusters": ["hush"]}
        if expecting is None:
            session.call("ecs", "DescribeClusters", parameters, subject="clusters")
        else:
            with pytest.raises(expecting):
                session.call("ecs", "DescribeClusters", parameters, subject="clusters")
        return said

    def test_a_success_shows_time_action_status_and_request_id(self) -> None:
        (line,) = self.lines(aws(DescribeClusters={"clusters": ["hush"]}))
        assert re.fullmatch(r"\d+\.\d{3} s ecs:DescribeClusters 200 request id id-1", line)

    def test_a_refusal_shows_its_code_and_not_its_text(self) -> None:
        answer = Refusal(code="ClientException", message="hush")
        (line,) = self.lines(aws(DescribeClusters=answer), expecting=Exception)
        assert line.endswith("ecs:DescribeClusters 400 ClientException request id id-1")

    def test_a_lost_reply_shows_how_it_was_lost(self) -> None:
        (line,) = self.lines(aws(DescribeClusters=ConnectionResetError("hush")), expecting=ReplyLost)
        assert line.endswith("ecs:DescribeClusters no usable reply ConnectionResetError")

    def test_a_malformed_reply_is_traced_too(self) -> None:
        (line,) = self.lines(aws(DescribeClusters=b"hush"), expecting=ReplyLost)
        assert line.endswith("ecs:DescribeClusters no usable reply NotJsonError")

    def test_neither_payloads_nor_credentials_are_shown(self) -> None:
        lines = self.lines(aws(DescribeClusters={"clusters": ["hush"]}))
        assert not any(word in line for line in lines for word in ("hush", "AKIDEXAMPLE", "s3cret"))


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("Mon, 30 Nov 2026 12:00:05 GMT", datetime(2026, 11, 30, 12, 0, 5, tzinfo=UTC)),
        ("Mon, 30 Nov 2026 12:00:05 -0000", None),
        ("noon", None),
        ("", None),
    ],
)
def test_aws_s_clock_is_read_off_its_last_reply(date: str, told: datetime | None) -> None:
    def answer(method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        return 200, {"Date": date} if date else {}, b"{}"

    session = open_session(Access(region="us-east-1"), transport=answer)
    assert session.told_at is None
    session.call("ecs", "ListClusters", {}, subject="this account")
    assert session.told_at == told
