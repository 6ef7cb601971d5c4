"""ARNs on the command line say a Region and a partition, which must agree with what else is said."""

import pytest

from tests.unit.cli.builders import WEB, Api, ran, surroundings

EU = "arn:aws:ecs:eu-west-1:123456789012:task-definition/web"
CN = "arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/web"


def test_n06_the_region_of_a_definition_s_arn_is_used(api: Api) -> None:
    around = surroundings(variables={"AWS_DEFAULT_REGION": "us-east-1"})
    assert ran(("-d", EU, "-i", "a:1"), around).code == 0
    assert [each.region for each in api.accesses] == ["eu-west-1"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("-d", EU, "-r", "us-east-1"), "The Regions do not agree: `eu-west-1`, `us-east-1`.", id="Region"),
        pytest.param(
            ("-d", CN.replace("cn-north-1", "us-east-1")),
            "The partitions of AWS do not agree: `aws`, `aws-cn`.",
            id="partition of the Region",
        ),
        pytest.param(
            ("-d", EU, "-c", "arn:aws-cn:ecs:eu-west-1:123456789012:cluster/prod"),
            "The partitions of AWS do not agree: `aws`, `aws-cn`.",
            id="partitions of two ARNs",
        ),
    ],
)
def test_n06_what_contradicts_is_refused(words: tuple[str, ...], said: str, api: Api) -> None:
    run = ran((*words, "-i", "a:1"))
    assert (run.code, api.accesses) == (1, [])
    assert said in run.stderr


def test_n06_a_rollback_s_revision_is_held_against_the_region_too(api: Api) -> None:
    run = ran(("rollback", *WEB, "--to", f"{EU}:3", "--region", "us-east-1"))
    assert (run.code, api.accesses) == (64, [])


def test_n06_another_partition_is_fine_where_all_agree(api: Api) -> None:
    assert ran(("-d", CN, "-i", "a:1")).code == 0
    assert [each.region for each in api.accesses] == ["cn-north-1"]
