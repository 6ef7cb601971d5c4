"""Our reads of CloudWatch Logs against a program of others that serves it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from botocore.session import Session
from moto.server import ThreadedMotoServer

from ecsdeploy.api import connect
from ecsdeploy.aws import actionlogs
from ecsdeploy.errors import NoSuchResource
from ecsdeploy.model.access import Access
from ecsdeploy.model.logs import LogSource

KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-west-2"}


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where moto serves."""
    for name, text in KEYS.items():
        monkeypatch.setenv(name, text)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_logs_are_read_page_by_page_as_another_program_serves_them(url: str) -> None:
    """moto keeps the events. It gives those of the whole group, whatever the prefix is."""
    client = Session().create_client("logs", "us-west-2", endpoint_url=url)
    client.create_log_group(logGroupName="/ecs/web")
    now = int(time.time() * 1000)
    for task in ("1f0c", "77aa"):
        stream = f"web/app/{task}"
        client.create_log_stream(logGroupName="/ecs/web", logStreamName=stream)
        events = [{"timestamp": now + at, "message": f"{task} {at}"} for at in range(0, 100, 10)]
        client.put_log_events(logGroupName="/ecs/web", logStreamName=stream, logEvents=events)
    plane = connect(Access(region="us-west-2", endpoint_url=url)).plane
    since = datetime.fromtimestamp((now + 50) / 1000, UTC)
    both, _ = plane.log_page(LogSource(group="/ecs/web", prefix="web/app/"), since)
    assert [each.message for each in both] == [f"{task} {at}" for at in range(50, 100, 10) for task in ("1f0c", "77aa")]
    with pytest.raises(NoSuchResource):
        plane.log_page(LogSource(group="/ecs/gone", prefix="web/"), since)


def test_the_group_of_a_clusters_action_logs_is_found_among_other_deliveries(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """moto knows no such logs of ECS: a distribution stands for the cluster."""
    monkeypatch.setattr(actionlogs, "_LOG_TYPE", "ACCESS_LOGS")
    client = Session().create_client("logs", "us-east-1", endpoint_url=url)
    cluster = "arn:aws:cloudfront::123456789012:distribution/{}"
    for name in ("prod", "test"):
        client.create_log_group(logGroupName=f"/ecs/actions/{name}")
        group = f"arn:aws:logs:us-east-1:123456789012:log-group:/ecs/actions/{name}:*"
        configuration = {"destinationResourceArn": group}
        made = client.put_delivery_destination(name=name, deliveryDestinationConfiguration=configuration)
        client.put_delivery_source(name=name, resourceArn=cluster.format(name), logType="ACCESS_LOGS")
        client.create_delivery(deliverySourceName=name, deliveryDestinationArn=made["deliveryDestination"]["arn"])
    plane = connect(Access(region="us-east-1", endpoint_url=url)).plane
    assert plane.action_log_groups(cluster.format("prod")) == ("/ecs/actions/prod",)
    assert plane.action_log_groups(cluster.format("other")) == ()
