"""F64: what an older SDK does not know survives a release, and its loss stops one."""

from dataclasses import replace
from typing import Any

import pytest

from ecsdeploy.errors import Lossy, UsageError
from ecsdeploy.model.taskdef import TaskDefinition
from tests.contract.aws.worlds import NEW_IMAGE, WEB, Account, account, with_image

UNKNOWN_ON_TOP = {"policy": "STRICT", "levels": [1, {"deep": True}]}
UNKNOWN_IN_CONTAINER = [{"name": "gpu0", "share": 0.5}]


def hardened(prod: Account) -> TaskDefinition:
    """The definition in use with members that no SDK knows yet, registered."""
    current = prod.plane.definition(prod.plane.service(WEB).task_definition)
    payload: dict[str, Any] = {**current.payload, "hardening": UNKNOWN_ON_TOP}
    payload["containerDefinitions"] = [
        {**each.payload, "accelerators": UNKNOWN_IN_CONTAINER} for each in current.containers
    ]
    return prod.plane.register(replace(current, payload=payload))


def test_f64_unknown_members_survive_describe_edit_and_register() -> None:
    prod = account("good")
    stored = prod.plane.definition(hardened(prod).arn)
    released = prod.plane.definition(prod.plane.register(with_image(stored, NEW_IMAGE)).arn)

    assert released.payload["hardening"] == UNKNOWN_ON_TOP
    assert released.containers[0].payload["accelerators"] == UNKNOWN_IN_CONTAINER
    assert released.containers[0].image == NEW_IMAGE


@pytest.mark.parametrize(
    ("forgotten", "path"),
    [
        ("hardening", "`hardening`"),
        ("accelerators", r"`containerDefinitions\[app\]\.accelerators`"),
        ("share", r"`containerDefinitions\[app\]\.accelerators\[gpu0\]\.share`"),
        ("logConfiguration", r"`containerDefinitions\[app\]\.logConfiguration`"),
    ],
)
def test_f64_a_member_that_the_endpoint_forgets_stops_before_the_service_is_touched(forgotten: str, path: str) -> None:
    prod = account("good")
    stored = hardened(prod)
    prod.world.forget_members = {forgotten}
    with pytest.raises(Lossy, match=path):
        prod.plane.register(with_image(stored, NEW_IMAGE))
    assert "UpdateService" not in prod.operations()


def test_a_release_that_forgets_nothing_is_not_lossy() -> None:
    prod = account("good")
    prod.world.forget_members = {"neverSent"}
    prod.release()


def test_a_wrong_definition_is_refused_before_anything_is_sent() -> None:
    prod = account("good")
    current = prod.plane.definition(prod.plane.service(WEB).task_definition)
    before = len(prod.world.calls)
    with pytest.raises(UsageError, match="`memory` must be a string"):
        prod.plane.register(replace(current, payload={**current.payload, "memory": 512}))
    assert len(prod.world.calls) == before


def test_tags_go_along_and_come_back_when_asked_for() -> None:
    prod = account("good")
    current = prod.plane.definition(prod.plane.service(WEB).task_definition)
    tags = (("team", "blue"), ("stage", "prod"))
    registered = prod.plane.register(replace(current, tags=tags))

    assert set(prod.plane.definition(registered.arn, tags=True).tags) == set(tags)
    assert prod.plane.definition(registered.arn).tags == ()
