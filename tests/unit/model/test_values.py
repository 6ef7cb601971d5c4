"""Requests, services and outcomes as values."""

import importlib
import pkgutil
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from datetime import UTC, datetime

import pytest

import ecsdeploy.model
from ecsdeploy.model.access import Access, Secret
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.edits import SetImage
from ecsdeploy.model.image import ImageRef
from ecsdeploy.model.outcome import Cause, Outcome, Place, Status, Verdict
from ecsdeploy.model.request import DeployRequest, PhaseBudget, WholeBudget
from ecsdeploy.model.service import Deployment, Service, Task

REQUEST = DeployRequest(
    service=ServiceRef(cluster="prod", name="web"), edits=(SetImage(image=ImageRef.parse("acme/web:2")),)
)
TARGET = Access(access_key=Secret("AKIDEXAMPLE"), secret_key=Secret("wJalr"), external_id=Secret("xid"))
SERVICE = Service(
    arn="arn:aws:ecs:eu-west-1:111122223333:service/prod/web",
    name="web",
    cluster_arn="arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
    status="ACTIVE",
    task_definition="web:2",
    desired=1,
    running=1,
    pending=0,
    deployments=(
        Deployment(id="ecs-svc/2", status="PRIMARY", task_definition="web:2"),
        Deployment(id="ecs-svc/1", status="ACTIVE", task_definition="web:1"),
    ),
)
OUTCOME = Outcome(
    verdict=Verdict(status=Status.FAILED),
    place=Place(cluster="prod", service="web", region="eu-west-1", account="111122223333"),
    started_at=datetime(2026, 11, 22, tzinfo=UTC),
    duration_seconds=1,
)


def test_requests_of_the_same_meaning_are_equal() -> None:
    again = DeployRequest(
        service=ServiceRef(cluster="prod", name="web"), edits=(SetImage(image=ImageRef.parse("acme/web:2")),)
    )
    assert again == REQUEST


def test_requests_of_another_meaning_differ() -> None:
    assert replace(REQUEST, force=True) != REQUEST
    assert replace(REQUEST, budget=PhaseBudget(seconds=900)) != replace(REQUEST, budget=WholeBudget(seconds=900))


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(ecsdeploy.model.__path__)])
def test_every_value_is_frozen_and_built_by_name(name: str) -> None:
    module = importlib.import_module(f"ecsdeploy.model.{name}")
    for value in vars(module).values():
        if isinstance(value, type) and is_dataclass(value) and value is not Secret:
            with pytest.raises(FrozenInstanceError):
                setattr(object.__new__(value), fields(value)[0].name, None)
            assert all(each.kw_only for each in fields(value)), value
            assert hasattr(value, "__slots__"), value


def test_a_request_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        REQUEST.force = True  # type: ignore[misc]


@pytest.mark.parametrize("shown", [repr, str, "{}".format, "{!r}".format], ids=["repr", "str", "format", "repr-format"])
def test_a_secret_is_in_no_representation(shown: object) -> None:
    assert callable(shown)
    for secret in (TARGET.access_key, TARGET.secret_key, TARGET.external_id):
        assert secret is not None
        assert secret.value not in shown(secret)
        assert secret.value not in shown(TARGET)


def test_a_secret_is_shown_as_stars() -> None:
    assert (str(Secret("a")), f"{Secret('b')}") == ("***", "***")


def test_secrets_are_equal_by_value() -> None:
    assert Secret("a") == Secret("a") != Secret("b")


def test_primary_and_named_deployments() -> None:
    assert SERVICE.primary is SERVICE.deployments[0]
    assert SERVICE.deployment("ecs-svc/1") is SERVICE.deployments[1]
    assert SERVICE.deployment("ecs-svc/3") is None
    assert replace(SERVICE, deployments=()).primary is None


def test_the_id_of_a_task_is_the_last_part_of_its_arn() -> None:
    arn = "arn:aws:ecs:eu-west-1:111122223333:task/prod/1f0c"
    assert Task(arn=arn, task_definition="web:2", status="RUNNING", desired_status="RUNNING").id == "1f0c"


def test_the_first_cause_is_the_cause() -> None:
    first, second = Cause(code="A", summary="a"), Cause(code="B", summary="b")
    assert replace(OUTCOME, causes=(first, second)).cause == first
    assert OUTCOME.cause is None
