"""What is learned of definitions and variables, and that no form of it passes."""

import time

import pytest

from ecsdeploy.model.secrets import Secrets, secrets_of, secrets_of_variables
from ecsdeploy.model.taskdef import TaskDefinition

SECRET = "hunter two/9"


def container(**members: object) -> TaskDefinition:
    payload = {"name": "app", "image": "registry.example.com/team/web:2", **members}
    return TaskDefinition(payload={"family": "web", "containerDefinitions": [payload]})


def variable(name: str, value: object) -> TaskDefinition:
    return container(environment=[{"name": name, "value": value}])


PLACES = {
    "variable": variable("DB_PASSWORD", SECRET),
    "variable in camel case": variable("dbPassword", SECRET),
    "variable that holds one": variable("SETTINGS", f'{{"password": "{SECRET}"}}'),
    "log driver": container(logConfiguration={"logDriver": "splunk", "options": {"splunk-token": SECRET}}),
    "router": container(firelensConfiguration={"type": "fluentbit", "options": {"apikey": SECRET}}),
    "label": container(dockerLabels={"api-key": SECRET}),
    "option of the command": container(command=["serve", "--token", SECRET]),
    "command of a shell": container(entryPoint=["sh", "-c", f"serve --password '{SECRET}'"]),
    "health check": container(healthCheck={"command": ["CMD-SHELL", f"check --api-key '{SECRET}' || exit 1"]}),
    "tag": TaskDefinition(payload={}, tags=(("password", SECRET),)),
}
PUBLIC = {
    "no secret": variable("LOG_LEVEL", "debug"),
    "Region": variable("AWS_REGION", "eu-west-1"),
    "commit": variable("GIT_SHA", "0123456789abcdef0123456789abcdef01234567"),
    "reference": variable("SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"),
    "file": variable("TLS_KEY", "/etc/tls/server.key"),
    "name of a secret": variable("SECRET_NAME", "prod/db-secret"),
    "part of the image": variable("API_KEY", "registry.example.com/team/web"),
    "no text": variable("API_KEY", 5),
    "no list": container(environment="x", command="x", secrets="x", healthCheck="x", logConfiguration="x"),
    "no objects": container(environment=["x"], secrets=["x"], logConfiguration={"logDriver": "awslogs"}, command=[5]),
}


@pytest.mark.parametrize("definition", PLACES.values(), ids=PLACES)
def test_s01_a_definition_s_secrets_are_known(definition: TaskDefinition) -> None:
    assert SECRET in secrets_of(definition)


@pytest.mark.parametrize("definition", PUBLIC.values(), ids=PUBLIC)
def test_s01_what_only_configures_is_no_secret(definition: TaskDefinition) -> None:
    assert secrets_of(definition) == ()


def test_s01_the_password_in_an_image_is_known() -> None:
    assert secrets_of(container(image="bob:hunter2@registry.example.com/web:1")) == ("hunter2",)


def test_s01_a_random_value_is_a_secret_under_any_name() -> None:
    assert secrets_of(variable("SEED", "aB3dE6gH9jK2mN5pQ8")) == ("aB3dE6gH9jK2mN5pQ8",)


def test_s01_the_caller_s_variables_are_known_and_a_plain_word_is_none() -> None:
    found = secrets_of_variables({"AWS_SECRET_ACCESS_KEY": "simulator", "CI_JOB_TOKEN": "abc-123-def", "HOME": "/root"})
    assert found == ("abc-123-def",)


def test_s01_what_is_expected_is_learned_when_the_first_text_leaves() -> None:
    secrets, asked = Secrets(), list[str]()

    def source() -> list[str]:
        asked.append("asked")
        return ["hunter2"]

    secrets.expect(source)
    assert asked == []
    assert (secrets.redact("hunter2"), secrets.redact("hunter2")) == ("***", "***")
    assert asked == ["asked"]


def test_s01_every_form_of_a_known_value_is_hidden() -> None:
    secrets = Secrets()
    secrets.learn(['hunter "two"/9', "first line of it\nlast line of it", "short"])
    text = 'a hunter "two"/9 b hunter \\"two\\"/9 c hunter%20%22two%22%2F9 d first line of it e short xshort'
    assert secrets.redact(text) == "a *** b *** c *** d *** e short xshort"


def test_s01_a_part_of_a_longer_word_is_not_hidden() -> None:
    secrets = Secrets()
    secrets.learn(["hunter2"])
    assert secrets.redact("hunter2 hunter22 xhunter2 (hunter2)") == "*** hunter22 xhunter2 (***)"


def test_s01_what_is_known_already_changes_nothing() -> None:
    secrets = Secrets()
    secrets.learn(["hunter2"])
    secrets.learn(["hunter2"])
    secrets.learn([])
    assert secrets.redact("hunter2") == "***"


def test_s01_a_text_is_cut_after_its_secrets_are_hidden() -> None:
    secrets = Secrets()
    secrets.learn(["hunter2-hunter2-hunter2"])
    assert secrets.mend(f"{'x' * 90} hunter2-hunter2-hunter2", 100) == f"{'x' * 90} ***"


def test_s01_a_megabyte_does_not_stall() -> None:
    began = time.process_time()
    assert len(Secrets().mend("password=" * 120_000)) <= 2000
    assert time.process_time() - began < 2
