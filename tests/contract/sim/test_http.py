"""The world over HTTP on loopback, as any SDK sees it."""

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from ecsdeploy.model.secrets import Secrets
from ecsdeploy.sim import Server, SimError, World, environment, serve
from ecsdeploy.sim.ground.ids import CALLER
from ecsdeploy.sim.page import routes
from ecsdeploy.sim.server import url_of
from ecsdeploy.sim.services import services
from tests.contract.sim.clients import client
from tests.unit.sim.builders import the_service
from tests.unit.sim.builders import world as a_world

Serving = Callable[..., Server]


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Start servers that end with the test."""
    running: list[tuple[Server, threading.Thread]] = []

    def start(world: World, *, speed: float = 1.0, on_call: Callable[[str], None] | None = None) -> Server:
        server = serve(world, host="127.0.0.1", port=0, speed=speed, on_call=on_call)
        thread = threading.Thread(target=server.run_forever)
        thread.start()
        running.append((server, thread))
        return server

    yield start
    for server, thread in running:
        server.close()
        thread.join(5)


def test_an_sdk_pointed_at_the_url_sees_the_world(serving: Serving) -> None:
    said: list[str] = []
    server = serving(a_world(), on_call=said.append)
    service = client("ecs", url=server.url).describe_services(cluster="prod", services=["web"])["services"][0]
    assert (service["status"], service["runningCount"]) == ("ACTIVE", 4)
    assert client("sts", url=server.url).get_caller_identity()["Account"] == "123456789012"
    assert said == ["ecs DescribeServices 200", "sts GetCallerIdentity 200"]


def test_the_environment_is_what_an_sdk_reads() -> None:
    variables = environment("http://127.0.0.1:4599")
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4599"
    assert variables["AWS_REGION"] == variables["AWS_DEFAULT_REGION"] == "us-east-1"
    assert {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} <= variables.keys()


def test_s01_the_throw_away_secret_is_no_part_of_what_is_told() -> None:
    secrets = Secrets()
    secrets.learn([environment("http://127.0.0.1:4599")["AWS_SECRET_ACCESS_KEY"]])
    assert secrets.redact(CALLER) == CALLER


def test_simulated_time_is_wall_time_times_the_speed(serving: Serving) -> None:
    world = a_world()
    ecs = client("ecs", url=serving(world, speed=1_000_000).url)
    ecs.update_service(cluster="prod", service="web", forceNewDeployment=True)
    ecs.get_waiter("services_stable").wait(cluster="prod", services=["web"], WaiterConfig={"Delay": 0})
    assert the_service(world).primary.rollout_state == "COMPLETED"


def test_an_error_is_an_error_over_http_too(serving: Serving) -> None:
    with pytest.raises(ClientError, match="ClusterNotFoundException"):
        client("ecs", url=serving(a_world()).url).list_services(cluster="no")


def test_a_reset_closes_the_connection_and_the_next_call_works(serving: Serving) -> None:
    world = a_world("desired = 1", '[[api]]\noperation = "ListClusters"\nerror = "reset"')
    ecs = client("ecs", url=serving(world).url)
    with pytest.raises(BotoCoreError):
        ecs.list_clusters()
    assert len(ecs.list_clusters()["clusterArns"]) == 1


def test_what_a_call_takes_in_virtual_time_is_waited_for(serving: Serving) -> None:
    world = a_world("desired = 1", '[[api]]\noperation = "ListClusters"\nerror = "delay"\ndelay = 5')
    ecs = client("ecs", url=serving(world, speed=1000).url)
    ecs.list_clusters()
    assert world.clock.time() - world.start >= 5


def test_a_crash_of_the_model_leaves_the_server_standing(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = a_world()
    ecs = client("ecs", url=serving(world).url)
    monkeypatch.setattr(services, "describe_service", lambda *_, **__: 1 / 0)
    with caplog.at_level(logging.ERROR), pytest.raises(ClientError) as caught:
        ecs.describe_services(cluster="prod", services=["web"])
    assert caught.value.response["Error"]["Code"] == "ServerException"
    assert "ZeroDivisionError" in caplog.text
    assert ecs.list_clusters()["clusterArns"]


def test_a_crash_between_calls_leaves_the_server_standing(serving: Serving, caplog: pytest.LogCaptureFixture) -> None:
    world = a_world()
    ecs = client("ecs", url=serving(world).url)
    world.clock.after(0, lambda: 1 / 0)  # type: ignore[arg-type]
    with caplog.at_level(logging.ERROR):
        while "ZeroDivisionError" not in caplog.text:
            with suppress(ClientError):
                ecs.list_clusters()
    assert ecs.list_clusters()["clusterArns"]


def test_the_status_page_says_which_world_this_is(serving: Serving) -> None:
    with urlopen(f"{serving(a_world(), speed=7).url}/_simulator/status.json") as reply:  # noqa: S310 - our own address
        status: dict[str, Any] = json.load(reply)
    assert (status["scenario"], status["speed"]) == ("unnamed", 7)


def test_the_page_is_served_beside_the_api_and_its_requests_are_no_calls(serving: Serving) -> None:
    said: list[str] = []
    world = a_world()
    server = serving(world, on_call=said.append)
    with urlopen(f"{server.url}/_simulator") as reply:  # noqa: S310 - our own address
        assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
        assert b"prod/web" in reply.read()
    with urlopen(Request(f"{server.url}/_simulator/pause", method="POST")) as reply:  # noqa: S310 - our own address
        assert reply.url == f"{server.url}/_simulator"
    assert (said, world.calls) == ([], ())


def test_a_crash_of_the_page_leaves_the_server_standing(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server = serving(a_world())
    monkeypatch.setattr(routes, "view_of", lambda *_: 1 / 0)
    with caplog.at_level(logging.ERROR), pytest.raises(HTTPError, match="500"):
        urlopen(f"{server.url}/_simulator")  # noqa: S310 - our own address
    assert "ZeroDivisionError" in caplog.text
    assert client("ecs", url=server.url).list_clusters()["clusterArns"]


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0",  # noqa: S104 - it is refused
        "192.0.2.1",
        "example.com",
        "",
    ],
)
def test_an_address_that_is_not_loopback_is_refused(host: str) -> None:
    with pytest.raises(SimError, match="listens on loopback only"):
        serve(a_world(), host=host, port=0, speed=1, on_call=None)


def test_an_address_that_is_asked_for_in_so_many_words_is_taken() -> None:
    # No machine has this one, so that nothing is opened: https://www.rfc-editor.org/rfc/rfc5737
    with pytest.raises(SimError, match=r"^The simulator cannot listen on 192\.0\.2\.1 port 4599: .+\.$"):
        serve(a_world(), host="192.0.2.1", port=4599, speed=1, beyond_loopback=True)


@pytest.mark.parametrize("host", ["example.com", "", "localhost"])
def test_an_address_beyond_loopback_is_a_number(host: str) -> None:
    with pytest.raises(SimError, match=rf"^`{host}` is not an IP address"):
        serve(a_world(), host=host, port=0, speed=1, beyond_loopback=True)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:4599"),  # noqa: S104 - a text
        ("::", "http://[::1]:4599"),
        ("::1", "http://[::1]:4599"),
        ("192.0.2.1", "http://192.0.2.1:4599"),
    ],
)
def test_a_url_leads_to_the_server_from_its_own_machine(host: str, url: str) -> None:
    assert url_of(host, 4599) == url


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SimError, match=rf"^Port {port} on 127\.0\.0\.1 is in use; choose another one\.$"):
            serve(a_world(), host="127.0.0.1", port=port, speed=1, on_call=None)


@pytest.mark.parametrize(("port", "speed"), [(70_000, 1.0), (0, 0.0)])
def test_a_port_or_speed_that_cannot_be_is_one_sentence(port: int, speed: float) -> None:
    with pytest.raises(SimError, match=r"\.$"):
        serve(a_world(), host="127.0.0.1", port=port, speed=speed, on_call=None)


def test_a_server_can_be_closed_before_it_ran() -> None:
    serve(a_world(), host="127.0.0.1", port=0, speed=1, on_call=None).close()


def test_w04_a_port_can_be_used_again_at_once() -> None:
    first = serve(a_world(), host="127.0.0.1", port=0, speed=1)
    thread = threading.Thread(target=first.run_forever)
    thread.start()
    client("ecs", url=first.url).list_clusters()
    first.close()
    thread.join()
    serve(a_world(), host="127.0.0.1", port=first.port, speed=1).close()


def test_w05_a_browser_at_the_root_is_sent_to_the_page(serving: Serving) -> None:
    world = a_world()
    with urlopen(f"{serving(world).url}/") as reply:  # noqa: S310 - our own address
        assert reply.url.endswith("/_simulator")
        assert b"prod/web" in reply.read()
    assert world.calls == ()


def test_w05_a_signed_call_of_the_root_is_a_call(serving: Serving) -> None:
    world = a_world()
    signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/us-east-1/nothing/aws4_request"}
    with pytest.raises(HTTPError):
        urlopen(Request(f"{serving(world).url}/", headers=signed))  # noqa: S310 - our own address
    assert len(world.calls) == 1


def test_w08_every_reply_is_dated_by_the_worlds_clock() -> None:
    world = a_world()
    world.clock.sleep(90)
    for body in (b'{"clusters": ["prod"]}', b"{"):
        headers = {"X-Amz-Target": "AmazonEC2ContainerServiceV20141113.DescribeClusters"}
        _, told, _ = world.transport("POST", "http://sim/", headers, body)
        assert told["Date"] == "Thu, 01 Jan 2026 12:01:30 GMT"


@pytest.mark.parametrize(("length", "status"), [("x", 400), ("+1_0", 400), ("-1", 413), ("99999999", 413)])
def test_a_body_whose_length_cannot_be_is_refused_in_a_sentence(serving: Serving, length: str, status: int) -> None:
    server = serving(a_world())
    request = Request(f"{server.url}/_simulator/reset", method="POST", headers={"Content-Length": length})  # noqa: S310
    with pytest.raises(HTTPError) as caught:
        urlopen(request)  # noqa: S310 - our own address
    assert caught.value.code == status
    assert caught.value.read().endswith(b".\n")
    caught.value.close()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("POST /_simulator/images HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        ("GET http://[::1/_simulator HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400),
        ("GET /_simulator HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n", 403),
    ],
    ids=["a body in parts", "an address", "a host"],
)
def test_a_request_that_cannot_be_read_is_refused_in_a_sentence(serving: Serving, request_: str, status: int) -> None:
    with socket.create_connection(("127.0.0.1", serving(a_world()).port), timeout=10) as connection:
        connection.sendall(request_.encode())
        reply = b"".join(iter(lambda: connection.recv(65536), b""))
    assert reply.startswith(f"HTTP/1.1 {status} ".encode())
    assert reply.endswith(b".\n")
