"""`--network-configuration` in both notations."""

from __future__ import annotations

import pytest

from ecsdeploy.cli.script.network import parse_network
from ecsdeploy.errors import UsageError

WHOLE = {"subnets": ["a", "b"], "securityGroups": ["c"], "assignPublicIp": "ENABLED"}
TEXTS = [
    pytest.param(
        "awsvpcConfiguration={subnets=[a,b],securityGroups=[c],assignPublicIp=ENABLED}", WHOLE, id="shorthand"
    ),
    pytest.param(
        " awsvpcConfiguration = { subnets = [ a , b ], securityGroups = [c], assignPublicIp = ENABLED } ",
        WHOLE,
        id="spaces",
    ),
    pytest.param("awsvpcConfiguration={subnets=a,b,securityGroups=c,assignPublicIp=ENABLED}", WHOLE, id="bare lists"),
    pytest.param(
        "awsvpcConfiguration={subnets=['a',\"b\"],securityGroups=[\"c\"],assignPublicIp='ENABLED'}", WHOLE, id="quotes"
    ),
    pytest.param(
        '{"awsvpcConfiguration": {"subnets": ["a", "b"], "securityGroups": ["c"], "assignPublicIp": "ENABLED"}}',
        WHOLE,
        id="JSON",
    ),
    pytest.param("awsvpcConfiguration={subnets=[subnet-1]}", {"subnets": ["subnet-1"]}, id="subnets alone"),
    pytest.param(
        "awsvpcConfiguration={subnets=[a],securityGroups=[]}", {"subnets": ["a"], "securityGroups": []}, id="empty list"
    ),
]


@pytest.mark.parametrize(("text", "inner"), TEXTS)
def test_both_notations_are_read(text: str, inner: dict[str, object]) -> None:
    assert parse_network(text) == {"awsvpcConfiguration": inner}


WRONG = [
    "subnets=[a]",
    "awsvpcConfiguration",
    "awsvpcConfiguration={subnets=[a]",
    "awsvpcConfiguration={subnets=[a}",
    "awsvpcConfiguration={subnets=[a]},x=1",
    "awsvpcConfiguration={subnets=[a]}}",
    "awsvpcConfiguration={subnets=[a],subnets=[b]}",
    "awsvpcConfiguration={securityGroups=[a]}",
    "awsvpcConfiguration={subnets=[]}",
    "awsvpcConfiguration={subnets=[a],assignPublicIp=MAYBE}",
    "awsvpcConfiguration={subnets=[a],wat=1}",
    "awsvpcConfiguration={subnets='a}",
    "awsvpcConfiguration={subnets=}",
    "x$(id)",
    '{"awsvpcConfiguration": {"subnets": "a"}}',
    '{"awsvpcConfiguration": {"subnets": [1]}}',
    '{"awsvpcConfiguration": []}',
    '{"awsvpcConfiguration":',
    "{" * 5000,
    '{"a":' * 5000,
]


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:60])
def test_anything_else_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match=r"^`--network-configuration` "):
        parse_network(text)
