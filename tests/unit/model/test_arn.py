"""Names and ARNs."""

import pytest

from ecsdeploy.model.arn import (
    ServiceRef,
    account_of,
    deployment_number,
    group_name,
    is_older,
    partition_of,
    partition_of_region,
    region_of,
    revision_name,
    short_name,
    split_revision,
)

SERVICE = "arn:aws:ecs:eu-west-1:111122223333:service/prod/web"
CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/prod"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
REVISION = "arn:aws-cn:ecs:cn-north-1:111122223333:task-definition/web:142"


@pytest.mark.parametrize(
    ("text", "name"),
    [(SERVICE, "web"), (CLUSTER, "prod"), ("web", "web"), ("", ""), ("a/b", "a/b"), (TOPIC, TOPIC)],
    ids=["service-arn", "cluster-arn", "name", "empty", "slash-in-a-name", "arn-without-a-slash"],
)
def test_short_name(text: str, name: str) -> None:
    assert short_name(text) == name


def test_service_is_shown_by_its_short_names() -> None:
    ref = ServiceRef(cluster=CLUSTER, name=SERVICE)
    assert str(ref) == "web (prod)"
    assert (ref.short_cluster, ref.short_name) == ("prod", "web")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web-tg/62b8a158e9f0fcf8", "web-tg"),
        ("arn:aws:vpc-lattice:eu-west-1:111122223333:targetgroup/tg-0123", "tg-0123"),
        ("targetgroup/web-tg/62b8a158e9f0fcf8", "web-tg"),
        ("web-tg", "web-tg"),
        ("a/b", "a/b"),
    ],
)
def test_group_name(text: str, name: str) -> None:
    assert group_name(text) == name


@pytest.mark.parametrize(
    ("one", "other", "older"),
    [
        ("web:9", "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:10", True),
        ("web:10", "web:9", False),
        ("web:9", "web:9", False),
        ("web:9", "api:10", False),
        ("web", "web:1", True),
        ("web", "web", False),
    ],
)
def test_a_revision_is_older_than_those_of_its_family_with_a_higher_number(one: str, other: str, older: bool) -> None:
    assert is_older(one, other) is older


@pytest.mark.parametrize(("text", "name"), [(REVISION, "web:142"), ("web:142", "web:142"), ("web", "web")])
def test_revision_name(text: str, name: str) -> None:
    assert revision_name(text) == name


@pytest.mark.parametrize(
    ("text", "family", "number"),
    [
        (REVISION, "web", 142),
        ("web:7", "web", 7),
        ("web", "web", None),
        ("web:", "web", None),
        ("web:latest", "web", None),
        ("web:²", "web", None),
        ("", "", None),
    ],
)
def test_split_revision(text: str, family: str, number: int | None) -> None:
    assert split_revision(text) == (family, number)


@pytest.mark.parametrize(
    ("arn", "region", "account"),
    [
        (REVISION, "cn-north-1", "111122223333"),
        ("arn:aws:s3:::bucket", "", ""),
        ("arn:aws:ecs", "", ""),
        ("arn:aws:ecs:eu-west-1", "eu-west-1", ""),
        ("web:142", "", ""),
        ("", "", ""),
    ],
)
def test_place_of_an_arn(arn: str, region: str, account: str) -> None:
    assert (region_of(arn), account_of(arn)) == (region, account)


def test_deployment_and_its_service_revision_share_their_digits() -> None:
    revision = "arn:aws:ecs:eu-west-1:111122223333:service-revision/prod/web/8123456789012345678"
    assert deployment_number("ecs-svc/8123456789012345678") == deployment_number(revision) == "8123456789012345678"
    assert (deployment_number("d-ABCDEFGHI"), deployment_number("")) == ("d-ABCDEFGHI", "")


@pytest.mark.parametrize(
    ("arn", "partition"),
    [
        ("arn:aws:ecs:eu-west-1:1:cluster/a", "aws"),
        ("arn:aws-cn:ecs:cn-north-1:1:cluster/a", "aws-cn"),
        ("prod", ""),
        ("web:7", ""),
    ],
)
def test_n06_an_arn_says_its_partition_and_a_name_does_not(arn: str, partition: str) -> None:
    assert partition_of(arn) == partition


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-west-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_n06_a_region_is_in_one_partition(region: str, partition: str) -> None:
    assert partition_of_region(region) == partition
