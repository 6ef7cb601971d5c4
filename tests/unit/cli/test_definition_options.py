"""The options that edit commands, sizes and roles, and that replace variables: how they are read, what is refused."""

from __future__ import annotations

import pytest

from ecsdeploy.model.edits import KeepVariables, SetMember, SetTaskMember, SetVariable
from tests.unit.cli.builders import FAMILY, IMAGE, WEB, Api, ran

DEPLOY = ("deploy", *WEB)
ROLE = "arn:aws:iam::123456789012:role/team/web"

READ = [
    pytest.param(("--command", "serve -p 80"), SetMember(member="command", value=("serve", "-p", "80")), id="words"),
    pytest.param(
        ("--command", "sh -c 'a  b' \"$X\""), SetMember(member="command", value=("sh", "-c", "a  b", "$X")), id="quotes"
    ),
    pytest.param(
        ("--command", 'side=["a b", "c"]'), SetMember(member="command", value=("a b", "c"), container="side"), id="JSON"
    ),
    pytest.param(("--command", "[]"), SetMember(member="command", value=None), id="the image's own"),
    pytest.param(("--command", '["A=b"]'), SetMember(member="command", value=("A=b",)), id="an equals sign in JSON"),
    pytest.param(
        ("--entrypoint", "*=/init"), SetMember(member="entryPoint", value=("/init",), container="*"), id="of all"
    ),
    pytest.param(("--cpu", "512"), SetMember(member="cpu", value=512), id="CPU units"),
    pytest.param(("--cpu", "app=0.5 vCPU"), SetMember(member="cpu", value=512, container="app"), id="vCPU"),
    pytest.param(("--memory", "1 GB"), SetMember(member="memory", value=1024), id="GB"),
    pytest.param(("--memory", "app=.5gb"), SetMember(member="memory", value=512, container="app"), id="half of one"),
    pytest.param(("--task-cpu", "1vcpu"), SetTaskMember(member="cpu", value="1024"), id="the task's CPU"),
    pytest.param(("--task-memory", "3072"), SetTaskMember(member="memory", value="3072"), id="the task's memory"),
    pytest.param(("--task-role", ROLE), SetTaskMember(member="taskRoleArn", value=ROLE), id="a role"),
    pytest.param(("--execution-role", "team"), SetTaskMember(member="executionRoleArn", value="team"), id="by name"),
    pytest.param(("--task-role", "none"), SetTaskMember(member="taskRoleArn", value=None), id="no role"),
    pytest.param(("--replace-env",), KeepVariables(given=()), id="replace"),
    pytest.param(("--replace-env", "side"), KeepVariables(given=(), container="side"), id="replace in a container"),
    pytest.param(("--replace-env=*",), KeepVariables(given=(), container="*"), id="replace in all"),
]


@pytest.mark.parametrize("command", [DEPLOY, ("plan", *WEB), WEB], ids=["deploy", "plan", "flag form"])
@pytest.mark.parametrize(("words", "edit"), READ)
def test_an_option_is_an_edit(command: tuple[str, ...], words: tuple[str, ...], edit: object, api: Api) -> None:
    assert ran((*command, *words)).code == 0
    (request,) = (*api.requests, *api.planned)
    assert getattr(request, "edits") == (edit,)  # noqa: B009 - the union's members differ


def test_a_registration_takes_them_too(api: Api) -> None:
    assert ran((*FAMILY, "-i", IMAGE, "--task-cpu", "512", "--replace-env")).code == 0
    assert api.registered.edits[1:] == (SetTaskMember(member="cpu", value="512"), KeepVariables(given=()))


@pytest.mark.parametrize("command", [DEPLOY, WEB], ids=["deploy", "flag form"])
def test_variables_are_replaced_after_they_are_set(command: tuple[str, ...], api: Api) -> None:
    words = ("--replace-env", "--env", "A=1", "--env", "side:B=2", "--cpu", "app=256", "--cpu", "side=64")
    assert ran((*command, *words)).code == 0
    assert api.deployed.edits == (
        SetMember(member="cpu", value=256, container="app"),
        SetMember(member="cpu", value=64, container="side"),
        SetVariable(name="A", value="1"),
        SetVariable(name="B", value="2", container="side"),
        KeepVariables(given=(("", "A"), ("side", "B"))),
    )


REFUSED = [
    pytest.param(("--command", "say 'hunter2"), "The command of `--command` cannot be split into words.", id="a quote"),
    pytest.param(("--command", '["a", 1]'), "The command of `--command` cannot be split into words.", id="a number"),
    pytest.param(("--entrypoint", '["hunter2"'), "The command of `--entrypoint` cannot be split", id="half of a list"),
    pytest.param(("--command", "app="), "`--command` has no words.", id="nothing"),
    pytest.param(("--command", ""), "`--command` has no words.", id="an empty text"),
    pytest.param(("--command", "a", "--command", "b"), "`--command` is given twice.", id="twice"),
    pytest.param(("--cpu", "a=1", "--cpu", "a=2"), "`--cpu` is given twice for `a`.", id="twice for one"),
    pytest.param(("--cpu", "much"), "`--cpu` must be a size such as `512` or `0.5 vCPU`, not `much`.", id="a word"),
    pytest.param(("--cpu", "1 GB"), "`--cpu` must be a size such as `512` or `0.5 vCPU`, not `1 GB`.", id="memory"),
    pytest.param(("--memory", "512M"), "`--memory` must be a size such as `1024` (MiB) or `1 GB`", id="another unit"),
    pytest.param(("--memory", "0"), "`--memory` must be a size", id="zero"),
    pytest.param(("--memory", "0.5"), "`--memory` must be a size", id="a fraction without unit"),
    pytest.param(("--cpu", "-5"), "`--cpu` must be a size", id="a negative one"),
    pytest.param(("--task-cpu", "vCPU"), "`--task-cpu` must be a size", id="a unit alone"),
    pytest.param(("--task-memory", "1GB,2GB"), "`--task-memory` must be a size", id="two sizes"),
    pytest.param(("--task-role", "a role"), "`--task-role` must be the ARN or the name of an IAM role", id="no role"),
    pytest.param(("--execution-role", "arn:aws:iam::1:role/x"), "`--execution-role` must be the ARN", id="half an ARN"),
    pytest.param(("--replace-env", ""), "`--replace-env` takes the name of a container", id="no container"),
    pytest.param(("--replace-env", "A=1"), "`--replace-env` takes the name of a container", id="a variable"),
    pytest.param(
        ("--cpu", "256", "--revision", "web:3"), "`--revision` deploys a revision as it is, and `--cpu`", id="revision"
    ),
]


@pytest.mark.parametrize("command", [DEPLOY, ("plan", *WEB), WEB], ids=["deploy", "plan", "flag form"])
@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_meant_is_refused(
    command: tuple[str, ...], words: tuple[str, ...], message: str, api: Api
) -> None:
    found = ran((*command, *words))
    assert found.code == (1 if command is WEB else 64)
    assert message in found.stderr
    assert "hunter2" not in found.stdout + found.stderr
    assert api.requests == api.planned == []


@pytest.mark.parametrize(("command", "code"), [(DEPLOY, 64), (WEB, 3)], ids=["deploy", "flag form"])
def test_a_forced_deployment_edits_nothing(command: tuple[str, ...], code: int, api: Api) -> None:
    found = ran((*command, "--replace-env", "--force-new-deployment"))
    assert found.code == code
    assert "`--force-new-deployment` deploys the revision in use" in found.stderr
    assert api.requests == []


def test_an_operand_after_an_edit_is_refused_and_no_container(api: Api) -> None:
    assert ran((*DEPLOY, "--cpu", "256", "web")).code == 64
    assert api.requests == []
