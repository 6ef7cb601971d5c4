"""What Express mode shows of the containers of its revisions."""

import pytest

from ecsdeploy.model.express import Express

ARN = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web"
MANAGED = Express(arn="a", containers={f"{ARN}:1": {"image": "app:1"}, f"{ARN}:2": {"image": "app:2"}})


@pytest.mark.parametrize(
    ("revision", "shown"), [(f"{ARN}:2", {"image": "app:2"}), ("web:1", {"image": "app:1"}), ("web:3", {})]
)
def test_a_container_is_found_by_its_revision(revision: str, shown: object) -> None:
    assert MANAGED.container_of(revision) == shown
