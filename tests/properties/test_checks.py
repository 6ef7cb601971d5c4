"""The checks against any world and any definition: they refuse what would stand still, and nothing confuses them."""

from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from ecsdeploy.aws.control_plane import AwsControlPlane
from ecsdeploy.aws.session import open_session
from ecsdeploy.model.access import Access
from ecsdeploy.model.request import DeployRequest, OnFailure, Sizing
from ecsdeploy.model.surroundings import StoredImage
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.naming import ecr_images, resources_of
from ecsdeploy.plan.checks.preflight import check
from ecsdeploy.plan.checks.room import check_deadlock
from tests.unit.plan.attempts import APP, REGISTRY, RUNNING, attempt
from tests.unit.plan.builders import WEB
from tests.unit.rollout.builders import NOON
from tests.unit.sim.builders import register, the_service, update
from tests.unit.sim.builders import world as a_world

pytestmark = pytest.mark.properties

counts = st.integers(1, 6)
minima = st.sampled_from([0, 1, 25, 33, 34, 50, 66, 67, 75, 99, 100])
maxima = st.sampled_from([100, 101, 110, 116, 117, 120, 125, 133, 134, 150, 200])


@seed(1)
@settings(max_examples=150, deadline=None, database=None)
@given(desired=counts, minimum=minima, maximum=maxima, asked=st.none() | counts)
def test_a_rolling_deployment_stands_still_exactly_where_it_is_refused(
    desired: int, minimum: int, maximum: int, asked: int | None
) -> None:
    percentages = f"minimum_healthy_percent = {minimum}, maximum_percent = {maximum}"
    world = a_world(f"desired = {desired}\ndeployment = {{ {percentages} }}")
    service = AwsControlPlane(open_session(Access(), transport=world.transport)).service(WEB)
    request = DeployRequest(service=WEB, sizing=Sizing(desired_count=asked))
    refused = bool([*check_deadlock(Attempt(request=request, service=service, definition=APP, now=NOON))])
    update(world, taskDefinition=register(world), **({} if asked is None else {"desiredCount": asked}))
    world.settle(limit=2 * 3600)
    assert (the_service(world).primary.rollout_state != "COMPLETED") is refused


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
references = st.sampled_from(
    [
        "arn:aws:iam::1:role/a/b",
        "arn:aws:secretsmanager:eu-west-1:1:secret:a-AbCdEf:k::",
        "arn:aws:ssm:eu-west-1:1:parameter/a",
        "/a:3",
        f"{REGISTRY}/a@sha256:{'0' * 64}",
        f"{REGISTRY}/a:1",
    ]
)
anything = st.recursive(
    scalars | references,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def members(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, anything))


secrets = anything | st.lists(members("name", "valueFrom"), max_size=2)
drivers = anything | st.fixed_dictionaries(
    {"logDriver": scalars},
    optional={
        "options": anything | members("awslogs-group", "awslogs-region", "awslogs-create-group"),
        "secretOptions": secrets,
    },
)
containers = st.fixed_dictionaries(
    {"name": st.text(max_size=4), "image": st.text(max_size=8) | references},
    optional={
        "secrets": secrets,
        "logConfiguration": drivers,
        "repositoryCredentials": anything | members("credentialsParameter"),
        "portMappings": anything | st.lists(members("containerPort", "containerPortRange"), max_size=2),
    },
)
definitions = st.fixed_dictionaries(
    {"family": st.just("web"), "containerDefinitions": st.lists(containers, max_size=3)},
    optional={
        "requiresCompatibilities": anything | st.just(["FARGATE"]),
        "runtimePlatform": anything | members("cpuArchitecture", "operatingSystemFamily"),
        **dict.fromkeys(("cpu", "memory", "executionRoleArn", "taskRoleArn", "status"), anything),
    },
)


@seed(2)
@settings(max_examples=400, deadline=None, database=None)
@given(payload=definitions, there=st.booleans())
def test_whatever_a_definition_has_in_it_it_is_judged(payload: dict[str, Any], there: bool) -> None:
    definition = TaskDefinition(payload=payload)
    stored = StoredImage(digest="sha256:1", platforms=("linux/arm64",)) if there else None
    images = {each.reference: stored for each in ecr_images(definition.images.values())}
    resources = dict.fromkeys(resources_of(definition, RUNNING.arn), there)
    facts = Known(images=images, resources=resources, target_groups={}, newest=definition, target=definition)
    checked = check(attempt(RUNNING, definition, on_failure=OnFailure.ROLLBACK), facts)
    assert not {each.code for each in checked.findings} & {each.code for each in checked.held}
    missing = {each.code for each in checked.findings if each.code.endswith("-MISSING")}
    assert bool(missing) is (not there and bool(images or resources))
