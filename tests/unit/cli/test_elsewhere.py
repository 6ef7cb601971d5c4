"""A command line of another program is answered with ours; nothing is contacted, and no secret is repeated."""

from __future__ import annotations

import re
import shlex

import pytest

from ecsdeploy import api
from tests.unit.cli.builders import Ran, ran

USAGE = 64
OURS = re.compile(r"Ours: `([^`]+)`")


@pytest.fixture(autouse=True)
def nothing_is_contacted(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_words: object, **_given: object) -> api.Connection:
        raise AssertionError("AWS was contacted")

    monkeypatch.setattr(api, "connect", connect)


def typed(line: str) -> Ran:
    found = ran(tuple(shlex.split(line)))
    assert found.code == USAGE, found
    assert found.stdout == ""
    return found


def ours(line: str) -> str:
    """The command of ours that the answer names."""
    said = typed(line).stderr
    found = OURS.search(said)
    assert found, said
    return found[1]


@pytest.mark.parametrize(
    ("theirs", "answer"),
    [
        pytest.param("deploy prod web -t 5", "deploy -c prod -n web --tag 5", id="a tag"),
        pytest.param("ecs deploy prod web -t 5", "deploy -c prod -n web --tag 5", id="with their program's name"),
        pytest.param("deploy -t5 prod web", "deploy -c prod -n web --tag 5", id="options before operands"),
        pytest.param("deploy --tag=5 prod web", "deploy -c prod -n web --tag 5", id="attached by an equals sign"),
        pytest.param("deploy prod web", "deploy -c prod -n web --force-new-deployment", id="a new deployment alone"),
        pytest.param(
            "deploy prod web --force-new-deployment",
            "deploy -c prod -n web --force-new-deployment",
            id="forced in their words",
        ),
        pytest.param(
            "deploy prod web --force-new-deployment -t 5", "deploy -c prod -n web --tag 5", id="forced with a tag"
        ),
        pytest.param(
            "deploy prod web -i app team/web:2 --image proxy nginx:1",
            "deploy -c prod -n web --image app=team/web:2 --image proxy=nginx:1",
            id="images of containers",
        ),
        pytest.param(
            "deploy prod web -t 5 --timeout 600 --rollback",
            "deploy -c prod -n web --tag 5 --timeout 600s --on-failure rollback",
            id="time and rollback",
        ),
        pytest.param(
            "deploy prod web -t 5 --timeout -1 --no-rollback", "deploy -c prod -n web --tag 5 --detach", id="no waiting"
        ),
        pytest.param(
            "deploy prod web -t 5 --region eu-west-1 --profile ci",
            "deploy -c prod -n web --tag 5 --region eu-west-1 --profile ci",
            id="which AWS",
        ),
        pytest.param(
            "deploy prod web -t 5 --account 123456789012 --assume-role deployer",
            "deploy -c prod -n web --tag 5 --assume-role arn:aws:iam::123456789012:role/deployer",
            id="a role",
        ),
        pytest.param(
            "deploy prod web -t 5 --diff --ignore-warnings --sleep-time 5 --no-deregister",
            "deploy -c prod -n web --tag 5",
            id="what needs no word here",
        ),
        pytest.param("deploy 'my prod' web -t 5", "deploy -c 'my prod' -n web --tag 5", id="quoted for a shell"),
        pytest.param(
            "deploy prod web -r arn:aws:iam::123456789012:role/task -t 5",
            "deploy -c prod -n web --tag 5 --task-role ROLE",
            id="a role of the definition",
        ),
        pytest.param("deploy prod web --task web:7", "deploy -c prod -n web --revision web:7", id="another revision"),
        pytest.param(
            "deploy prod web --task web:7 -t 5",
            "deploy -c prod -n web --base definition.json --tag 5",
            id="another revision with a tag",
        ),
        pytest.param(
            "deploy prod web --task other", "deploy -c prod -n web --base definition.json", id="another definition"
        ),
        pytest.param("update web -p app 80 80", "--base definition.json", id="a revision from a file"),
        pytest.param("update web -e app LEVEL debug", "-d web --env NAME=VALUE", id="a revision's variable"),
        pytest.param(
            "deploy prod web -t 5 -e app A 1 -e app B 2 -s app KEY /web/key",
            "deploy -c prod -n web --tag 5 --env NAME=VALUE --env NAME=VALUE --secret NAME=REF",
            id="variables and a secret",
        ),
        pytest.param(
            "deploy prod web --task web:7 -e app A 1",
            "deploy -c prod -n web --base definition.json --env NAME=VALUE",
            id="another revision with a variable",
        ),
        pytest.param(
            "run prod job -e app A 1",
            "run -c prod --family job --detach --env NAME=VALUE",
            id="a task with a variable",
        ),
        pytest.param("update web -t 5", "-d web --tag 5", id="a revision alone"),
        pytest.param("update web -i app team/web:2", "-d web -i app=team/web:2", id="a revision with an image"),
        pytest.param("update web", "-d web -i IMAGE", id="a copy of a revision, which is not here"),
        pytest.param("cron prod job nightly -t 5", "-d job --tag 5", id="the revision of a rule"),
        pytest.param("run prod job", "run -c prod --family job --detach", id="a task"),
        pytest.param(
            "run prod job -c app 'migrate now'",
            "run -c prod --family job --detach --command CONTAINER=WORDS",
            id="a task with another command",
        ),
        pytest.param(
            "run prod job --launchtype FARGATE --subnet a --subnet b --securitygroup c --public-ip",
            "run -c prod --family job --subnets a,b --security-groups c --assign-public-ip --detach",
            id="a task in its subnets",
        ),
    ],
)
def test_fabfuels_command_line_is_answered_with_ours(theirs: str, answer: str) -> None:
    assert ours(theirs) == f"ecs-deploy {answer}"


def test_scaling_is_answered_with_ours() -> None:
    assert ours("scale prod web 4 --region eu-west-1") == "ecs-deploy scale -c prod -n web --to 4 --region eu-west-1"


def test_the_rule_of_a_cron_is_said_not_to_be_changed() -> None:
    assert "`nightly` is not changed" in typed("cron prod job nightly -t 5").stderr


def test_what_changes_the_definition_is_named_and_its_file_explained() -> None:
    said = typed("deploy prod web --memoryreservation app 256 --exclusive-secrets").stderr
    assert "`--memoryreservation`, `--exclusive-secrets`" in said
    assert "`aws ecs describe-task-definition --task-definition FAMILY:N > definition.json`" in said


@pytest.mark.parametrize(
    "line",
    [
        "deploy prod web -t 5 -e app DB_PASSWORD hunter2-is-long",
        "ecs deploy prod web -s app API hunter2-is-long",
        "deploy prod web -e DB_PASSWORD hunter2-is-long -t",
        "deploy prod web -c app 'run --key hunter2-is-long'",
        "deploy prod web --access-key-id AKIDhunter2-is-long --secret-access-key hunter2-is-long",
        "deploy prod web --slack-url https://hooks.slack.com/hunter2-is-long --newrelic-apikey hunter2-is-long",
        "deploy prod web -i app https://bob:hunter2-is-long@registry.example.com/web:2",
        "run prod job -e app DB_PASSWORD hunter2-is-long",
        "update web -e app DB_PASSWORD hunter2-is-long -t 5",
        "deploy prod web -e app DB_PASSWORD=hunter2-is-long",
        "run prod job -e app DB_PASSWORD hunter2-is-long --nosuch",
        "ecs nosuch prod -e app DB_PASSWORD hunter2-is-long",
    ],
)
def test_no_value_that_may_be_secret_is_repeated(line: str) -> None:
    assert "hunter2" not in typed(line).stderr


def test_keys_and_notices_are_said_to_have_no_option_here() -> None:
    said = typed("deploy prod web -t 5 --access-key-id A --secret-access-key B --slack-url C --user D").stderr
    assert "`AWS_ACCESS_KEY_ID`" in said
    assert "`--user`, `--slack-url`" in said


def test_a_tag_beside_an_image_is_said_to_be_left_out() -> None:
    line = "deploy prod web -t 5 -i app team/web:2"
    assert ours(line) == "ecs-deploy deploy -c prod -n web --image app=team/web:2"
    assert "`--tag` is left out" in typed(line).stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("deploy -c prod -n web stray --tag 5", "`stray` is one word too many", id="our options"),
        pytest.param("deploy prod", "`prod` is one word too many", id="one operand"),
        pytest.param("deploy prod web more -t 5", "`prod` is one word too many", id="three operands"),
        pytest.param("plan prod web", "`prod` is one word too many", id="a command that they have not"),
    ],
)
def test_what_is_no_line_of_theirs_is_told_as_ours(line: str, said: str) -> None:
    answered = typed(line).stderr
    assert said in answered
    assert "`-c`" in answered
    assert "fabfuel" not in answered


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("verify", "`ecs-deploy plan -c CLUSTER -n SERVICE --base FILE`", id="ecspresso verify"),
        pytest.param("wait --config ecspresso.yml", "`ecs-deploy watch -c CLUSTER -n SERVICE`", id="ecspresso wait"),
        pytest.param("diff", "`ecs-deploy plan -c CLUSTER -n SERVICE --base FILE`", id="ecspresso diff"),
        pytest.param("scale --tasks 4", "Use `--to N`.", id="ecspresso scale"),
        pytest.param("refresh", "--force-new-deployment`", id="ecspresso refresh"),
        pytest.param("register", "`ecs-deploy -d FAMILY -i IMAGE --base FILE`", id="ecspresso register"),
        pytest.param("svc deploy --name web", "`ecs-deploy deploy -c CLUSTER -n SERVICE", id="copilot svc deploy"),
        pytest.param("svc status", "`ecs-deploy status -c CLUSTER -n SERVICE`", id="copilot svc status"),
        pytest.param("svc ls", "`ecs-deploy status -c CLUSTER`", id="copilot svc ls"),
        pytest.param("svc logs --follow", "`ecs-deploy logs -c CLUSTER -n SERVICE`", id="copilot svc logs"),
        pytest.param("revisions", "`ecs-deploy history -c CLUSTER -n SERVICE`", id="ecspresso revisions"),
        pytest.param("svc exec --command sh", "`ecs-deploy exec -c CLUSTER -n SERVICE`", id="copilot svc exec"),
        pytest.param("exec -c prod -n web --command sh", "Write the command after `--`.", id="ecspresso exec"),
        pytest.param("svc", "Copilot", id="copilot svc"),
        pytest.param("env deploy", "Copilot", id="copilot env"),
        pytest.param("deploy --config ecspresso.yml", "`-c CLUSTER -n SERVICE --base FILE`", id="ecspresso's file"),
        pytest.param("deploy -c prod -n web --no-wait", "`--detach`", id="ecspresso's option"),
        pytest.param("rollback -c prod -n web --no-wait", "is not an option of", id="only where we have it"),
        pytest.param("deploy -c prod -n web --tag 5 --rollback", "`--on-failure rollback`", id="fabfuel's option"),
    ],
)
def test_first_words_and_options_of_others_are_answered(line: str, said: str) -> None:
    assert said in typed(line).stderr
