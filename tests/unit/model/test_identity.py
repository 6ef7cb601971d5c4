"""Which deployment is ours."""

import pytest

from ecsdeploy.model.identity import brings, is_new_of, leads_to
from ecsdeploy.model.service import Deployment

REVISION = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:2"
OURS = Deployment(id="ecs-svc/2222222222222222222", status="PRIMARY", task_definition=REVISION)
TARGET = "arn:aws:ecs:eu-west-1:111122223333:service-revision/prod/web/2222222222222222222"


@pytest.mark.parametrize(
    ("revision", "brought"), [(REVISION, True), ("web:2", True), ("web:22", False), ("api:2", False), ("", False)]
)
def test_a_deployment_brings_the_revision_that_was_asked_for(revision: str, brought: bool) -> None:
    assert brings(OURS, revision) is brought
    assert is_new_of(OURS, revision, ()) is brought


def test_what_stood_before_our_write_is_not_ours_whatever_it_brings() -> None:
    assert not is_new_of(OURS, REVISION, ["ecs-svc/1", OURS.id])
    assert is_new_of(OURS, REVISION, ["ecs-svc/1"])


def test_a_deployment_of_no_revision_brings_none() -> None:
    assert not brings(Deployment(id="ecs-svc/1", status="PRIMARY", task_definition=""), "")


@pytest.mark.parametrize(
    ("target", "led"), [(TARGET, True), (TARGET[:-1], False), (TARGET.replace("22222", "33333"), False), ("", False)]
)
def test_a_service_deployment_is_ours_by_the_digits_of_its_target(target: str, led: bool) -> None:
    assert leads_to(target, OURS.id) is led
    assert not leads_to("", "")
