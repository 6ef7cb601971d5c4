"""What the inputs of AWS's own Action become where no recording says it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from action.entry import perform
from action.official import VOLUMES, minutes, translate
from action.onetask import FILE
from ecsdeploy.cli.play.simulated import inside
from ecsdeploy.errors import UsageError
from tests.action.cases import CASES, README, TASK, VOLUME, definition
from tests.action.steps import step
from tests.cli.worlds import NEW, a_world, surroundings

FOLDER = Path("/f")
ARN = {"task-definition-arn": "web:7", "service": "web", "wait-for-service-stability": "True"}
TEXT = json.dumps(definition())
NAME, CONFIGURED = "service-managed-ebs-volume-name", "service-managed-ebs-volume"


@pytest.mark.parametrize(
    ("text", "taken"),
    [("", 30), ("10", 10), ("10m", 10), ("0", 30), ("soon", 30), ("-5", 30), ("360", 360), ("1000", 360)],
)
def test_minutes_are_taken_as_there(text: str, taken: int) -> None:
    assert minutes({"wait-for-minutes": text} if text else {}) == taken


def test_an_existing_revision_is_deployed_as_it_is() -> None:
    order = translate(ARN, "", FOLDER)
    assert order.commands == (
        (
            "deploy",
            "--cluster=default",
            "--service=web",
            "--revision=web:7",
            "--if-busy=supersede",
            "--timeout=30m",
        ),
    )
    assert (order.files, order.warnings) == ({}, ())


def test_a_forced_one_is_forced() -> None:
    assert "--force-new-deployment" in translate(ARN | {"force-new-deployment": "true"}, "", FOLDER).commands[0]


def test_a_file_counts_before_an_existing_revision() -> None:
    order = translate(README | {"task-definition-arn": "web:7"}, TEXT, FOLDER)
    assert "--base=/f/task-definition.json" in order.commands[0]
    assert order.warnings == (
        "`task-definition-arn` is not read where `task-definition` is given: a new revision is registered.",
    )


def test_ours_complete_theirs() -> None:
    (command,) = translate(
        README | {"on-failure": "rollback", "if-busy": "wait", "region": "eu-west-1"}, TEXT, FOLDER
    ).commands
    assert {"--on-failure=rollback", "--if-busy=wait", "--region=eu-west-1"} <= set(command)
    assert "--if-busy=supersede" not in command
    watched = translate(
        {name: README[name] for name in ("task-definition", "service")} | {"wait-until": "healthy"}, TEXT, FOLDER
    )
    assert "--wait-until=healthy" in watched.commands[0]
    assert watched.warnings == ()


@pytest.mark.parametrize(
    ("args", "default"),
    [("-t 5m", "--timeout"), ("--if-busy=wait", "--if-busy"), ("--wait-until healthy", "--wait-until")],
)
def test_an_option_among_args_stands_in_for_a_default(args: str, default: str) -> None:
    given = {name: README[name] for name in ("task-definition", "service")}
    (plain,), (told,) = (translate(each, TEXT, FOLDER).commands for each in (given, given | {"args": args}))
    ours = [word.partition("=")[0] for word in told if word not in args.split()]
    assert default in [word.partition("=")[0] for word in plain]
    assert default not in ours


def test_minutes_and_a_timeout_among_args_contradict_each_other(tmp_path: Path) -> None:
    CASES["good"].write(tmp_path)
    done = step(a_world(), tmp_path, README | {"wait-for-minutes": "10", "args": "--timeout 5m"})
    assert (done.code, done.played.world.calls) == (64, ())
    assert "is given several times: `10m`, `5m`." in done.said


def test_an_override_stands_in_a_file_and_in_no_command_line() -> None:
    hidden = '[{"name": "app", "environment": [{"name": "TOKEN", "value": "s3cr3t"}]}]'
    order = translate(TASK | {"run-task-container-overrides": hidden}, TEXT, FOLDER)
    assert "s3cr3t" in order.files[FILE]
    assert "s3cr3t" not in str(order.commands)


def test_a_volume_of_a_task_is_configured() -> None:
    volume = {
        "run-task-managed-ebs-volume-name": "ebs1",
        "run-task-managed-ebs-volume": '{"roleArn": "r", "sizeInGiB": 30}',
    }
    order = translate(TASK | volume, TEXT, FOLDER)
    assert json.loads(order.files[FILE])["volumeConfigurations"] == [
        {"name": "ebs1", "managedEBSVolume": {"roleArn": "r", "sizeInGiB": 30}}
    ]


def test_a_volume_of_a_service_is_configured() -> None:
    order = translate(README | VOLUME, TEXT, FOLDER)
    assert "--volume-configurations=/f/.volumes.json" in order.commands[0]
    (volume,) = json.loads(order.files[VOLUMES])
    assert (volume["name"], volume["managedEBSVolume"]["sizeInGiB"]) == ("ebs1", 30)
    assert order.warnings == (
        "`throughput` of `service-managed-ebs-volume` is not sent, as AWS's Action does not send it either.",
        "`unheard` of `service-managed-ebs-volume` is not sent, as AWS's Action does not send it either.",
    )


@pytest.mark.parametrize(
    ("given", "there", "missing"),
    [
        pytest.param({NAME: "e"}, NAME, CONFIGURED, id="no configuration"),
        pytest.param({NAME: "e", CONFIGURED: "{}"}, NAME, CONFIGURED, id="an empty configuration"),
        pytest.param({CONFIGURED: '{"roleArn": "r"}'}, CONFIGURED, NAME, id="no name"),
    ],
)
def test_half_of_a_volume_is_told_and_not_sent(given: dict[str, str], there: str, missing: str) -> None:
    order = translate(README | given, TEXT, FOLDER)
    assert not any(word.startswith("--volume-configurations") for word in order.commands[0])
    assert order.warnings == (f"`{there}` is not read without `{missing}`: no volume is configured.",)


def test_a_volume_of_a_service_is_not_read_without_one() -> None:
    order = translate({"task-definition": "d.json"} | VOLUME, TEXT, FOLDER)
    assert (order.warnings, VOLUMES in order.files) == ((), False)


def test_a_capacity_provider_strategy_has_no_launch_type_beside_it() -> None:
    strategy = '[{"capacityProvider": "FARGATE_SPOT", "weight": 1}]'
    order = translate(TASK | {"run-task-capacity-provider-strategy": strategy}, TEXT, FOLDER)
    assert not any(word.startswith("--launch-type") for word in order.commands[0])
    assert json.loads(order.files[FILE])["capacityProviderStrategy"] == json.loads(strategy)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param(
            README | VOLUME | {"service-managed-ebs-volume": "{"},
            "`service-managed-ebs-volume` is not JSON",
            id="volume",
        ),
        pytest.param(ARN | {"run-task": "true"}, "`run-task` runs a task of what it registers", id="task of an arn"),
        pytest.param(
            {"task-definition": "d.json", "image": "a:1"}, "`image` is about a service, and none is named", id="unheard"
        ),
        pytest.param({"task-definition-arn": "web:7"}, "Nothing to deploy is named", id="no service"),
        pytest.param({"service": "web", "max-retries": "3"}, "No task definition is named", id="no definition"),
        pytest.param(TASK | {"run-task-tags": "{"}, "`run-task-tags` is not JSON", id="tags"),
        pytest.param(TASK | {"run-task-tags": "{}"}, "`run-task-tags` must be a JSON array", id="tags of a kind"),
        pytest.param(
            TASK | {"run-task-managed-ebs-volume-name": "e", "run-task-managed-ebs-volume": '{"iops": 1}'},
            "`run-task-managed-ebs-volume` must be a JSON object with a `roleArn`",
            id="volume without a role",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        translate(given, TEXT, FOLDER)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no.json", "`no.json` cannot be read: No such file or directory."),
        ("bad.json", "neither JSON nor YAML"),
        ("..", "`..` cannot be read: Is a directory."),
        ("/dev/zero", "`/dev/zero` is larger than 1 MiB"),
        ("a\0b", r"`a\x00b` has a name that no file has"),
    ],
)
def test_a_file_that_cannot_be_used_contacts_nobody(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    done = step(a_world(), tmp_path, README | {"task-definition": name}, whole=True)
    assert (done.code, done.played.world.calls, done.outputs["exit-code"]) == (64, (), "64")
    assert said in done.outputs["cause"]
    assert done.said.count("::error title=ecs-deploy::") == 1


def test_a_count_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "task-definition.json").write_text(json.dumps(definition(NEW)))
    done = step(a_world(), tmp_path, README | {"desired-count": "many"})
    assert (done.code, done.played.world.calls) == (64, ())


@pytest.mark.parametrize(
    ("name", "said"),
    [("desired-count", "`--desired-count` must be a whole number"), ("on-failure", "`--on-failure` must be one of")],
)
def test_no_task_is_run_where_the_release_cannot_be_tried(name: str, said: str, tmp_path: Path) -> None:
    CASES["good"].write(tmp_path)
    done = step(a_world(), tmp_path, TASK | {name: "many"})
    assert (done.code, done.played.world.calls, done.outputs["exit-code"]) == (64, (), "64")
    assert said in done.outputs["cause"]
    assert done.said.count("::error title=ecs-deploy::") == 1


def test_no_task_is_run_where_a_plan_alone_is_asked_for(tmp_path: Path) -> None:
    """`dry-run` is refused beside `run-task`; so is what says the same in other words."""
    CASES["good"].write(tmp_path)
    done = step(CASES["good"].world(), tmp_path, TASK | {"args": "--dry-run"})
    assert (done.code, done.played.world.calls) == (64, ())
    assert "`--dry-run` and `run-task` do not go together" in done.said


def test_what_stands_for_the_revision_is_a_word_of_ours_alone(tmp_path: Path) -> None:
    CASES["good"].write(tmp_path)
    done = step(CASES["good"].world(), tmp_path, TASK | {"args": "--min-stable={revision}"})
    assert (done.code, done.played.world.calls) == (64, ())
    assert "`{revision}`" in done.said


def test_where_no_file_can_be_written_nothing_is_done(tmp_path: Path) -> None:
    CASES["good"].write(tmp_path)
    variables = {"GITHUB_ACTIONS": "true", "RUNNER_TEMP": "/dev/null/x"}
    around = inside(CASES["good"].world(), surroundings(tmp_path, variables))
    assert perform(around) == 64
    said = around.stderr.getvalue()  # type: ignore[attr-defined]
    assert "::error title=ecs-deploy::No file can be written below `/dev/null/x`: Not a directory." in said


def test_an_appspec_that_is_named_must_be_there(tmp_path: Path) -> None:
    CASES["good"].write(tmp_path)
    done = step(a_world(), tmp_path, README | {"codedeploy-appspec": "no.yaml"})
    assert (done.code, done.played.world.calls) == (64, ())
    assert "The AppSpec `no.yaml` cannot be read: No such file or directory." in done.said


def test_an_appspec_for_something_else_stays_where_it_is(tmp_path: Path) -> None:
    CASES["good"].write(tmp_path)
    (tmp_path / "appspec.yaml").write_text("version: 0.0\nos: linux\n")
    done = step(CASES["good"].world(), tmp_path, README)
    assert done.code == 0, done.said


def test_what_an_override_hides_is_in_no_line(tmp_path: Path) -> None:
    hidden = '[{"name": "app", "command": ["true"], "environment": [{"name": "TOKEN", "value": "s3cr3tvalue"}]}]'
    CASES["good"].write(tmp_path)
    done = step(CASES["good"].world(), tmp_path, TASK | {"run-task-container-overrides": hidden, "verbose": "true"})
    (sent,) = done.played.requests("RunTask")
    assert sent["overrides"]["containerOverrides"][0]["environment"][0]["value"] == "s3cr3tvalue"
    assert (done.code, "RunTask" in done.said) == (0, True)
    assert "s3cr3tvalue" not in done.said + str(done.outputs)
    assert not any("s3cr3tvalue" in file.read_text() for file in tmp_path.rglob("*") if file.is_file())
