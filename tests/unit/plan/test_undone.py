"""Which good releases a later release went back behind."""

import pytest

from ecsdeploy.model.service import PastDeployment
from ecsdeploy.plan.undone import undone


def past(*released: str) -> list[PastDeployment]:
    """The newest first; `!` marks one that failed. The id of each is its place, from the oldest on."""
    oldest_first = [
        PastDeployment(
            arn="",
            status="STOPPED" if each.endswith("!") else "SUCCESSFUL",
            revision=each.rstrip("!"),
            deployment_id=str(place),
        )
        for place, each in enumerate(released)
    ]
    return oldest_first[::-1]


@pytest.mark.parametrize(
    ("released", "left"),
    [
        ([], set()),
        (["web:1", "web:2"], set()),
        (["web:1", "web:2", "web:1"], {"1"}),
        (["web:1", "web:2", "web:3", "web:1"], {"1", "2"}),
        (["web:1", "web:2!", "web:1"], set()),
        (["web:1", "web:2", "web:1", "web:2"], {"1"}),
        (["web:2", "web:1", "web:2"], set()),
        (["web:1", "web:1"], set()),
        (["web:1", "api:1", "web:1"], {"1"}),
        (["web:2", "web:3", "web:2", "web:1", "web:4", "web:1"], {"1", "4"}),
        (["", "web:1", ""], set()),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_lies_between_a_revision_and_its_return_was_left(released: list[str], left: set[str]) -> None:
    assert undone(past(*released)) == left
