"""What the flag form asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecsdeploy.model.access import Access, Secret
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.edits import SetImage, SetTag
from ecsdeploy.model.image import ImageRef
from ecsdeploy.model.oneoff import OneOff
from ecsdeploy.model.request import (
    DeployRequest,
    FromRunning,
    IfBusy,
    OnFailure,
    OnInterrupt,
    PhaseBudget,
    RegisterRequest,
    Sizing,
    WaitUntil,
)
from tests.unit.cli.builders import FAMILY, IMAGE, WEB, Api, ran, surroundings

I = ("-i", IMAGE)  # noqa: E741 - it is the option's name
ROLE = "arn:aws:iam::123456789012:role/deployer"
ABROAD = "arn:aws-us-gov:iam::123456789012:role/ci/deployer@2"
SET_IMAGE = SetImage(image=ImageRef.parse(IMAGE))


def release(**changes: object) -> DeployRequest:
    members: dict[str, object] = {
        "service": ServiceRef(cluster="prod", name="web"),
        "edits": (SET_IMAGE,),
        "budget": PhaseBudget(seconds=90),
        "if_busy": IfBusy.SUPERSEDE,
    }
    return DeployRequest(**(members | changes))  # type: ignore[arg-type]


DEPLOYS = [
    pytest.param((), release(), id="plain"),
    pytest.param(("-t", "600"), release(budget=PhaseBudget(seconds=600)), id="-t is a budget for each phase (D17)"),
    pytest.param(("-D", "4"), release(sizing=Sizing(desired_count=4)), id="-D"),
    pytest.param(("-D", "0"), release(sizing=Sizing(desired_count=0)), id="-D 0"),
    pytest.param(
        ("-m", "100", "-M", "200"),
        release(sizing=Sizing(minimum_healthy_percent=100, maximum_percent=200)),
        id="-m and -M are sent when given (D18)",
    ),
    pytest.param(
        ("-m", "0", "-M", "100"),
        release(sizing=Sizing(minimum_healthy_percent=0, maximum_percent=100)),
        id="the smallest percentages",
    ),
    pytest.param(("-m", "", "-M", ""), release(), id="empty percentages are not given"),
    pytest.param(
        ("--enable-rollback",),
        release(on_failure=OnFailure.ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK),
        id="--enable-rollback",
    ),
    pytest.param(("--use-latest-task-def",), release(base=FromRunning.LATEST), id="--use-latest-task-def"),
    pytest.param(("--skip-deployments-check",), release(wait_until=WaitUntil.HEALTHY), id="--skip-... (D19)"),
    pytest.param(
        ("--skip-deployments-check", "--detach"), release(wait_until=WaitUntil.STARTED), id="less than healthy"
    ),
    pytest.param(("--max-definitions", "5"), release(keep=5), id="--max-definitions"),
    pytest.param(("--max-definitions", "0"), release(), id="--max-definitions 0 is off"),
    pytest.param(("--max-definitions", "-1"), release(), id="--max-definitions below 0 is off"),
    pytest.param(("--copy-task-definition-tags",), release(copy_tags=True), id="--copy-task-definition-tags"),
    pytest.param(("-to", "7"), release(edits=(SetTag(tag="7"),)), id="-to wins over -i"),
    pytest.param(("--force-new-deployment", "-D", "x"), release(edits=(), force=True), id="force ignores the rest"),
    pytest.param(("-D", "2", "--run-task", ""), None, id="-n --run-task"),
]


@pytest.mark.parametrize(("extra", "request_"), DEPLOYS)
def test_a_release(extra: tuple[str, ...], request_: DeployRequest | None, api: Api) -> None:
    run = ran((*WEB, *I, *extra))
    if request_ is None:
        assert run.code == 3
    else:
        assert (run.code, api.deployed) == (0, request_)


def test_names_may_be_arns(api: Api) -> None:
    cluster, service = "arn:aws:ecs:us-east-1:1:cluster/prod", "arn:aws:ecs:us-east-1:1:service/prod/web"
    assert ran(("-c", cluster, "-n", service, *I)).code == 0
    assert api.deployed.service == ServiceRef(cluster=cluster, name=service)


def test_a_definition_alone_is_only_registered(api: Api) -> None:
    assert ran((*FAMILY, *I, "-D", "3", "--enable-rollback", "--max-definitions", "3")).code == 0
    assert api.registered == RegisterRequest(family="web", edits=(SET_IMAGE,), budget=PhaseBudget(seconds=90), keep=3)


def test_one_task_of_it_can_be_run(api: Api) -> None:
    network = "awsvpcConfiguration={subnets=[a]}"
    words = ("--run-task", "--wait-for-success", "--launch-type", "FARGATE", "--platform-version", "1.4.0")
    assert ran((*FAMILY, "-c", "prod", *I, *words, "--network-configuration", network, "-t", "30")).code == 0
    assert api.registered.run == OneOff(
        cluster="prod",
        launch_type="FARGATE",
        platform_version="1.4.0",
        network_configuration={"awsvpcConfiguration": {"subnets": ["a"]}},
        wait=True,
        timeout_seconds=30,
    )


MISUSES = [
    pytest.param((*WEB, *I, "--run-task"), "`--run-task`", id="a task of a service (D13)"),
    pytest.param((*FAMILY, *I, "--force-new-deployment"), "`--force-new-deployment`", id="force without a service"),
]


@pytest.mark.parametrize(("argv", "named"), MISUSES)
def test_a_senseless_pair_is_3(argv: tuple[str, ...], named: str, api: Api) -> None:
    run = ran(argv)
    assert (run.code, run.stdout) == (3, "")
    assert named in run.stderr
    assert api.accesses == []


ACCESSES = [
    pytest.param((), {}, Access(), id="nothing"),
    pytest.param(("-r", "eu-west-1"), {"AWS_DEFAULT_REGION": "x"}, Access(region="eu-west-1"), id="-r first"),
    pytest.param((), {"AWS_DEFAULT_REGION": "a", "AWS_REGION": "b"}, Access(region="a"), id="default region next"),
    pytest.param((), {"AWS_REGION": "b"}, Access(region="b"), id="AWS_REGION last (D8)"),
    pytest.param(
        ("-r", ""), {"AWS_DEFAULT_REGION": "", "AWS_REGION": "b"}, Access(region="b"), id="empty ones do not count"
    ),
    pytest.param(("-p", "me"), {"AWS_PROFILE": "you"}, Access(profile="me"), id="-p"),
    pytest.param((), {"AWS_PROFILE": "you"}, Access(profile="you"), id="AWS_PROFILE"),
    pytest.param(("-a", ROLE), {}, Access(assume_role=ROLE), id="-a"),
    pytest.param(("-a", ABROAD), {}, Access(assume_role=ABROAD), id="a role with a path, of another partition"),
    pytest.param(("-a", ""), {}, Access(), id="an empty role is not given"),
    pytest.param(("--assume-role", ROLE), {}, Access(assume_role=ROLE), id="deploy's name for it"),
    pytest.param(("--aws-instance-profile",), {}, Access(instance_role_only=True), id="instance role (D8)"),
    pytest.param(("--endpoint-url", "http://x"), {}, Access(endpoint_url="http://x"), id="endpoint"),
    pytest.param(
        ("-k", "AK", "-s", "SK"), {}, Access(access_key=Secret("AK"), secret_key=Secret("SK")), id="-k and -s (D8)"
    ),
    pytest.param(
        ("-k", "AK"),
        {"AWS_SECRET_ACCESS_KEY": "SK"},
        Access(access_key=Secret("AK"), secret_key=Secret("SK")),
        id="-k alone, the other from the environment",
    ),
    pytest.param(("-k", "", "-s", ""), {"AWS_ACCESS_KEY_ID": "A"}, Access(), id="empty keys are not given"),
]


@pytest.mark.parametrize(("extra", "variables", "access"), ACCESSES)
def test_who_and_where(extra: tuple[str, ...], variables: dict[str, str], access: Access, api: Api) -> None:
    assert ran((*WEB, *I, *extra), surroundings(variables=variables)).code == 0
    assert api.access == access


@pytest.mark.parametrize("extra", [("-k", "AK"), ("-s", "SK")], ids=["-k", "-s"])
def test_half_of_the_credentials_is_253(extra: tuple[str, ...], api: Api) -> None:
    run = ran((*WEB, *I, *extra))
    assert (run.code, api.accesses) == (253, [])
    assert "SK" not in run.stderr


def test_d8_keys_on_the_command_line_are_warned_of_once(api: Api) -> None:
    run = ran((*WEB, *I, "-k", "AKEY", "-s", "SKEY"))
    assert run.code == 0
    assert run.stderr.count("Warning:") == 1
    assert "KEY" not in run.stderr


def test_the_action_s_arguments_are_taken(api: Api, tmp_path: Path) -> None:
    """The script's GitHub Action passes every option as a pair, empty ones too."""
    words = ("-k", "", "-s", "", "-r", "us-east-1", "-c", "prod", "-n", "web", "-i", IMAGE, "-t", "300", "-m", "100")
    rest = ("-M", "200", "-a", "", "", "", "-e", "", "-D", "", "--max-definitions", "")
    assert ran((*words, *rest)).code == 0
    assert api.deployed.sizing == Sizing(minimum_healthy_percent=100, maximum_percent=200)


def test_what_force_ignores_is_said(api: Api) -> None:
    assert "ignored" in ran((*WEB, *I, "--force-new-deployment")).stderr
    assert "ignored" not in ran((*WEB, "--force-new-deployment")).stderr


def test_d20_neither_variables_nor_file_are_settings(api: Api, tmp_path: Path) -> None:
    (tmp_path / "ecs-deploy.toml").write_text('tag = "9"\nnonsense = 1\n')
    around = surroundings(tmp_path, {"ECS_DEPLOY_TAG": "8", "ECS_DEPLOY_DRY_RUN": "1"})
    assert ran((*WEB, *I), around).code == 0
    assert api.deployed == release()
