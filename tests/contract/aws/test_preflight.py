"""What is asked before a release, over the wire: the simulator's ECS, logs and targets, and moto for the rest."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from ecsdeploy.aws.control_plane import AwsControlPlane
from ecsdeploy.aws.session import open_session
from ecsdeploy.engine.prepare.gather import gather_definition
from ecsdeploy.engine.prepare.preflight import preflight
from ecsdeploy.model.access import Access
from ecsdeploy.model.request import DeployRequest, Sizing, WholeBudget
from ecsdeploy.model.steps import Finding, Plan, Register
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.sim import ACCOUNT, World
from tests.clock import StoppedClock
from tests.contract.aws.worlds import NEW_IMAGE, WEB, Account, account_where, fault, with_image
from tests.contract.sim.clients import connect
from tests.unit.engine.runs import a_run

REGISTRY = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com"
BALANCER = "load_balancer = { health_interval = 10, healthy_threshold = 2, deregistration_delay = 30 }"
SECRET = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:db-AbCdEf"


def _check(account: Account, definition: TaskDefinition | None = None, **asked: Any) -> tuple[Finding, ...]:
    """What is found about the definition in use with a new image, or about `definition`."""
    plane, clock = account.plane, StoppedClock()
    service, request = plane.service(WEB), DeployRequest(service=WEB, **asked)
    run = a_run(plane, clock, request.budget.seconds, service=WEB)
    facts = gather_definition(plane, run.patience(), request, service.task_definition)
    steps = (Register(definition=definition or with_image(facts.base, NEW_IMAGE)),)
    return preflight(run, request, service, facts, Plan(steps=steps, base=facts.current)).findings


def _in_use(account: Account, **members: object) -> TaskDefinition:
    """The definition in use, with other members of its own and of its first container."""
    current = account.plane.definition(account.plane.service(WEB).task_definition)
    (first, *others) = (dict(each.payload) for each in current.containers)
    first |= {name: members.pop(name) for name in ("image", "secrets", "logConfiguration") if name in members}
    return replace(current, payload={**current.payload, "containerDefinitions": [first, *others], **members})


def _codes(findings: tuple[Finding, ...]) -> list[str]:
    return [each.code for each in findings]


def _nothing_named(account: Account) -> TaskDefinition:
    return _in_use(account, executionRoleArn=None, logConfiguration=None)


def test_a_plain_release_makes_no_call_of_its_own() -> None:
    account = account_where()
    definition = _nothing_named(account)
    before = len(account.world.calls)
    assert _check(account, definition) == ()
    assert account.operations()[before:] == ["DescribeServices", "DescribeTaskDefinition"]
    assert {call.service for call in account.world.calls} == {"ecs"}


def test_log_groups_are_the_worlds_own() -> None:
    account = account_where()
    assert _check(account, _in_use(account, executionRoleArn=None)) == ()
    assert "DescribeLogGroups" in account.operations()
    options = {"awslogs-group": "/ecs/we", "awslogs-region": "us-east-1"}
    driver = {"logDriver": "awslogs", "options": options}
    findings = _check(account, _in_use(account, executionRoleArn=None, logConfiguration=driver))
    assert [(each.code, each.subjects) for each in findings] == [("C-LOG-GROUP-MISSING", ("/ecs/we",))]


def test_f67_a_timeout_is_held_against_the_load_balancers_settings() -> None:
    account = account_where(BALANCER)
    findings = _check(account, _nothing_named(account), budget=WholeBudget(seconds=49))
    assert [(each.code, each.subjects) for each in findings] == [("C-TIMEOUT", ("50", "49"))]
    assert _check(account, _nothing_named(account), budget=WholeBudget(seconds=50)) == ()


def test_a_port_that_the_load_balancer_needs_is_missed() -> None:
    account = account_where(BALANCER)
    current = _nothing_named(account)
    bare = [{**each.payload, "portMappings": []} for each in current.containers]
    findings = _check(account, replace(current, payload={**current.payload, "containerDefinitions": bare}))
    assert _codes(findings) == ["C-BALANCED-PORT"]


def test_a_newer_revision_is_seen() -> None:
    account = account_where()
    account.plane.register(_nothing_named(account))
    findings = _check(account, _nothing_named(account))
    assert [(each.code, each.subjects) for each in findings] == [
        ("C-NEWER-REVISION", ("web:2", "web:1", "`logConfiguration` of `app`, `executionRoleArn`"))
    ]


def test_zones_are_rebalanced_where_ecs_says_so() -> None:
    account = account_where()
    asked = Sizing(minimum_healthy_percent=0, maximum_percent=100)
    assert _codes(_check(account, _nothing_named(account), sizing=asked)) == ["C-ZONE-REBALANCING"]


@pytest.mark.parametrize("error", ["AccessDeniedException", "ThrottlingException", "ServerException"])
def test_f21_a_read_that_fails_is_told_in_one_note(error: str) -> None:
    account = account_where(fault("DescribeLogGroups", error))
    findings = _check(account, _in_use(account, executionRoleArn=None))
    assert _codes(findings) == ["C-UNCHECKED"]


def test_the_newest_revision_is_asked_for_again_where_the_first_answer_was_lost() -> None:
    account = account_where(fault("DescribeTaskDefinition", "ThrottlingException"))
    assert _check(account, _nothing_named(account_where())) == ()


@dataclass(frozen=True, slots=True)
class Emulator:
    """An endpoint that has ECS alone, and answers everything else in a way of its own."""

    world: World
    status: int
    body: bytes

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        if "/ecs/aws4_request" in headers.get("Authorization", ""):
            return self.world.transport(method, url, headers, body)
        return self.status, {}, self.body


def _everything(account: Account, secret: str = SECRET) -> TaskDefinition:
    """Each kind of thing that can be named."""
    options = {"awslogs-group": "/ecs/web", "awslogs-region": "us-east-1"}
    return _in_use(
        account,
        image=f"{REGISTRY}/team/app:2",
        secrets=[{"name": "A", "valueFrom": f"{secret}:user::"}, {"name": "B", "valueFrom": "/prod/b"}],
        logConfiguration={"logDriver": "awslogs", "options": options},
        executionRoleArn=f"arn:aws:iam::{ACCOUNT}:role/team/execution",
    )


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"<html>hello</html>"),
        (200, b"{}"),
        (400, b'{"__type": "UnknownOperationException"}'),
        (404, b"not found"),
        (500, b""),
        (501, b"{}"),
    ],
)
def test_an_emulator_without_the_neighbours_blocks_nothing(status: int, body: bytes) -> None:
    account = account_where()
    transport = Emulator(account.world, status, body)
    elsewhere = replace(account, plane=AwsControlPlane(open_session(Access(), transport=transport)))
    findings = _check(elsewhere, _everything(account), sizing=Sizing(desired_count=2))
    assert _codes(findings) == ["C-UNCHECKED"]


def _index(*architectures: str) -> str:
    entry = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 1}
    listed = [
        {**entry, "digest": f"sha256:{number:064x}", "platform": {"os": "linux", "architecture": each}}
        for number, each in enumerate(architectures)
    ]
    kind = "application/vnd.oci.image.index.v1+json"
    return json.dumps({"schemaVersion": 2, "mediaType": kind, "manifests": listed})


def test_what_the_account_has_is_found_there_and_what_it_has_not_is_missed() -> None:
    """One account for all, as moto takes seconds to make its Parameter Store."""
    account = account_where()
    _make_others(account.world)
    missing = _check(account, _everything(account), sizing=Sizing(desired_count=9))
    assert _codes(missing) == [
        "C-IMAGE-MISSING",
        "C-ROLE-MISSING",
        "C-SECRET-MISSING",
        "C-PARAMETER-MISSING",
    ]
    definition = _everything(account, secret=_provide(account.world))
    platform = {"runtimePlatform": {"cpuArchitecture": "ARM64"}}
    found = _check(account, replace(definition, payload={**definition.payload, **platform}))
    assert found == ()
    other = {"runtimePlatform": {"cpuArchitecture": "X86_64"}}
    mistaken = _check(
        account, replace(definition, payload={**definition.payload, **other}), sizing=Sizing(desired_count=9)
    )
    assert _codes(mistaken) == ["C-IMAGE-PLATFORM"]
    asked = {call.operation for call in account.world.calls}
    assert not asked & {"GetSecretValue", "GetParameter", "GetParameters", "GetParametersByPath"}


def _make_others(world: World) -> None:
    """One of each kind, so that the account is known to have these and no others."""
    connect(world, "iam").create_role(RoleName="other", AssumeRolePolicyDocument="{}")
    connect(world, "ssm").put_parameter(Name="/other", Value="x", Type="String")
    connect(world, "ecr").create_repository(repositoryName="team/other")
    connect(world, "secretsmanager").create_secret(Name="other", SecretString="x")


def _provide(world: World) -> str:
    """What `_everything` names; the secret's ARN, whose end is drawn by lot."""
    connect(world, "iam").create_role(RoleName="execution", Path="/team/", AssumeRolePolicyDocument="{}")
    connect(world, "ssm").put_parameter(Name="/prod/b", Value="s3cret", Type="SecureString")
    ecr = connect(world, "ecr")
    ecr.create_repository(repositoryName="team/app")
    ecr.put_image(repositoryName="team/app", imageTag="2", imageManifest=_index("arm64"))
    return str(connect(world, "secretsmanager").create_secret(Name="db", SecretString="s3cret")["ARN"])
