"""A definition is held against the service that it is for, before it is registered."""

from dataclasses import replace
from typing import Any

import pytest

from ecsdeploy.model.request import Sizing, WaitUntil
from ecsdeploy.model.settings import Demands, LaunchVolume, Registry, ServiceSettings
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks.fitting import check_daemon, check_fit
from ecsdeploy.plan.checks.preflight import check_all
from ecsdeploy.plan.checks.sentences import found
from tests.unit.plan.attempts import RUNNING, attempt, codes, known
from tests.unit.plan.builders import container, definition_of

FARGATE: dict[str, Any] = {
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "cpu": "256",
    "memory": "512",
}
ON_FARGATE = Demands(fargate=True, networked=True)
WITH_REGISTRY = Demands(registries=(Registry(container="app", port=8080),))
EBS = Demands(launch_volumes=(LaunchVolume(name="data"),))
LATTICE = Demands(named_ports=("http",))
DATA: dict[str, Any] = {"volumes": [{"name": "data", "configuredAtLaunch": True}]}


def _definition(*ports: object, name: str = "app", **members: object) -> TaskDefinition:
    return definition_of(container(name, "app:1", portMappings=list(ports)), **members)


def _found(demands: Demands, definition: TaskDefinition, running: TaskDefinition | None = None) -> list[Finding]:
    service = replace(RUNNING, settings=ServiceSettings(demands=demands))
    return list(check_fit(replace(attempt(service, definition), running=running)))


@pytest.mark.parametrize(
    ("demands", "definition"),
    [
        pytest.param(ON_FARGATE, _definition(**FARGATE), id="fargate"),
        pytest.param(
            ON_FARGATE, _definition(**{**FARGATE, "requiresCompatibilities": []}), id="it does not say what it is for"
        ),
        pytest.param(Demands(), _definition(), id="bridge on instances"),
        pytest.param(Demands(), _definition(networkMode="host", cpu="1"), id="host"),
        pytest.param(Demands(networked=True), _definition(networkMode="awsvpc"), id="awsvpc on instances"),
        pytest.param(WITH_REGISTRY, _definition({"containerPort": 8080}), id="the registered port"),
        pytest.param(Demands(registries=(Registry(),)), _definition(name="api"), id="a registry of addresses alone"),
        pytest.param(Demands(registries=(Registry(container="app"),)), _definition(), id="a registry without a port"),
        pytest.param(LATTICE, _definition({"name": "http", "containerPort": 80}), id="a named port"),
        pytest.param(EBS, _definition(**DATA), id="a volume for launch"),
        pytest.param(Demands(), _definition(volumes=[{"name": "tmp"}, "odd"]), id="another volume"),
        pytest.param(Demands(), _definition(volumes="odd"), id="no list of volumes"),
    ],
)
def test_p02_a_definition_that_fits_passes(demands: Demands, definition: TaskDefinition) -> None:
    assert _found(demands, definition) == []


@pytest.mark.parametrize(
    ("demands", "definition", "expected"),
    [
        pytest.param(
            ON_FARGATE,
            _definition(**{**FARGATE, "requiresCompatibilities": ["EC2"]}),
            found("C-LAUNCH-TYPE", "web", "`requiresCompatibilities` without `FARGATE`"),
            id="for instances alone",
        ),
        pytest.param(
            ON_FARGATE,
            _definition(networkMode="awsvpc"),
            found("C-LAUNCH-TYPE", "web", "no `cpu` and no `memory`"),
            id="without a size",
        ),
        pytest.param(
            ON_FARGATE,
            _definition(**{**FARGATE, "networkMode": "host"}),
            found("C-NETWORK-MODE", "web", "host"),
            id="another network mode",
        ),
        pytest.param(
            Demands(networked=True), _definition(), found("C-NETWORK-MODE", "web", "bridge"), id="no mode is bridge"
        ),
        pytest.param(
            Demands(), _definition(networkMode="awsvpc"), found("C-NETWORK-MISSING", "web"), id="awsvpc without subnets"
        ),
        pytest.param(
            WITH_REGISTRY,
            _definition({"containerPort": 8080}, name="api"),
            found("C-REGISTERED-CONTAINER", "app"),
            id="the registered container is called otherwise",
        ),
        pytest.param(
            WITH_REGISTRY,
            _definition({"containerPort": 80}),
            found("C-REGISTERED-PORT", "app", "8080"),
            id="the registered port is gone",
        ),
        pytest.param(
            LATTICE,
            _definition({"containerPort": 80}),
            found("C-NAMED-PORT", "web", "http"),
            id="the port has lost its name",
        ),
        pytest.param(
            EBS,
            _definition(volumes=[{"name": "data"}]),
            found("C-LAUNCH-VOLUME", "web", "data"),
            id="a bind mount instead",
        ),
        pytest.param(
            Demands(), _definition(**DATA), found("C-LAUNCH-VOLUME-LEFT", "web", "data"), id="nobody configures it"
        ),
    ],
)
def test_p02_a_definition_that_does_not_fit_is_refused(
    demands: Demands, definition: TaskDefinition, expected: Finding
) -> None:
    assert _found(demands, definition) == [expected]
    assert expected.blocking


def test_p02_what_the_running_revision_lacks_too_is_not_needed() -> None:
    bridge = _definition(**{**FARGATE, "networkMode": "bridge"})
    assert _found(ON_FARGATE, bridge, running=bridge) == []
    assert len(_found(ON_FARGATE, bridge, running=_definition(**FARGATE))) == 1


def test_a_definition_is_held_against_the_volumes_that_come_with_it() -> None:
    service = replace(RUNNING, settings=ServiceSettings(demands=EBS))
    none = attempt(service, _definition(), sizing=Sizing(volumes=()))
    other = attempt(service, _definition(**DATA), sizing=Sizing(volumes=(LaunchVolume(name="logs"),)))
    assert list(check_fit(replace(none, running=_definition(**DATA)))) == []
    assert list(check_fit(replace(other, running=_definition(**DATA)))) == [
        found("C-LAUNCH-VOLUME", "web", "logs"),
        found("C-LAUNCH-VOLUME-LEFT", "web", "data"),
    ]


DAEMON = replace(RUNNING, scheduling="DAEMON")


@pytest.mark.parametrize(
    ("sizing", "code"),
    [
        (Sizing(desired_count=2), ["C-DAEMON-COUNT"]),
        (Sizing(maximum_percent=200), ["C-DAEMON-MAXIMUM"]),
        (Sizing(maximum_percent=100, minimum_healthy_percent=50), []),
        (Sizing(), []),
    ],
)
def test_p02_a_daemon_takes_no_count_and_no_more_than_its_instances(sizing: Sizing, code: list[str]) -> None:
    assert codes(check_daemon(attempt(DAEMON, sizing=sizing))) == code
    assert codes(check_daemon(attempt(sizing=sizing))) == []


def test_p02_a_revision_that_is_only_registered_need_not_fit() -> None:
    service = replace(RUNNING, settings=ServiceSettings(demands=ON_FARGATE))
    assert codes(check_all(attempt(service), known())) == ["C-NETWORK-MODE", "C-LAUNCH-TYPE"]
    assert codes(check_all(attempt(service, wait_until=WaitUntil.REGISTERED), known())) == []
