"""What is learned of definitions and variables, and that no form of it passes."""

import time

import pytest

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.asked import know_request, names_in
from ecsdeploy.model.edits import SetImage, SetTag, SetVariable
from ecsdeploy.model.image import ImageRef
from ecsdeploy.model.looking import StatusRequest
from ecsdeploy.model.oneoff import Gate, OneOff
from ecsdeploy.model.pausegate import PauseGate
from ecsdeploy.model.request import (
    DeployRequest,
    FromFile,
    OverviewRequest,
    RegisterRequest,
    Request,
    RunRequest,
)
from ecsdeploy.model.secrets import Secrets, secrets_of, secrets_of_variables, secrets_of_words
from ecsdeploy.model.secrets import names_in as names_in_definition
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
    "id of Vault's": variable("VAULT_SECRET_ID", SECRET),
    "short word for it": variable("DB_PW", SECRET),
    "address of a hook": variable("SLACK_WEBHOOK_URL", SECRET),
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
    "image by its name": variable("AUTH_IMAGE", "registry.example.com/team/auth:2"),
    "image": variable("AUTH", "registry.example.com/team/auth:2.1-rc1"),
    "image of Docker Hub": variable("AUTH_PROXY", "nginxinc/auth-proxy:1.25"),
    "image by its digest": variable("AUTH", f"team/auth@sha256:{'0a' * 32}"),
    "Region of a secret": variable("TOKEN_REGION", "eu-central-1"),
    "Region under another name": variable("TOKEN_PLACE", "us-gov-west-1"),
    "account": variable("TOKEN_OWNER", "123456789012"),
    "account by its name": variable("TOKEN_ACCOUNT", "acme-prod-1"),
    "mode": variable("AUTH_MODE", "container"),
    "kind": variable("AUTH_KIND", "container"),
    "version": variable("AUTH_API", "v2.14.1"),
    "cluster": variable("TOKEN_CLUSTER", "prod-cluster-1"),
    "bucket": variable("CERT_BUCKET", "acme-certs-1"),
    "algorithm": variable("SIGNATURE_ALG", "HS256"),
    "name in the DNS": variable("COOKIE_HOSTS", "auth.example.com"),
    "address without a secret": variable("AUTH_BASE", "https://auth.example.com/realms/web"),
    "length": variable("API_KEY_LENGTH", "32 bytes"),
    "word after an option": container(command=["serve", "--password", "container"]),
    "word in an address": variable("DATABASE_URL", "postgres://app:service@db.example.com/web"),
    "id of a secret of AWS's": variable("DB_SECRET_ID", "prod/db-2"),
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


def test_s01_the_address_of_a_hook_is_a_secret_as_a_whole() -> None:
    hook = "https://chat.example.com/hook/0a1b2c3d"
    assert secrets_of(variable("CHAT_WEBHOOK", hook)) == (hook,)


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


def test_s01_every_way_of_escaping_a_known_value_is_hidden() -> None:
    secrets = Secrets()
    secrets.learn(['hunter<2>&"é /x9'])
    for told in (
        'hunter\\u003c2\\u003e\\u0026\\"\\u00e9 /x9',
        'hunter<2>&\\"é /x9',
        'hunter<2>&\\\\\\"\\\\u00e9 /x9',
        "hunter%3C2%3E%26%22%C3%A9%20%2Fx9",
        "hunter%3c2%3e%26%22%c3%a9%20%2fx9",
        "hunter%3C2%3E%26%22%C3%A9+%2Fx9",
        "hunter&lt;2&gt;&amp;&quot;é /x9",
    ):
        assert secrets.redact(f"a {told} b") == "a *** b"


@pytest.mark.parametrize(
    "told",
    ["x{}", "{}x", "\\n{}\\n", "A_{}_B", "u{}3"],
)
def test_s01_a_secret_of_some_length_is_hidden_in_longer_words_too(told: str) -> None:
    secrets = Secrets()
    secrets.learn(["hunter2Xq9", "an all too long sentence"])
    assert secrets.redact(told.format("hunter2Xq9")) == told.format("***")
    assert secrets.redact(told.format("an all too long sentence")) == told.format("***")


@pytest.mark.parametrize("told", ["\\n{}", "{}\\n", "_{}_", "%3D{}", "%0A{}%0A", "a {}, b"])
def test_s01_a_short_secret_is_hidden_beside_what_only_separates(told: str) -> None:
    secrets = Secrets()
    secrets.learn(["hunter2"])
    assert secrets.redact(told.format("hunter2")) == told.format("***")


@pytest.mark.parametrize(
    "value",
    [
        "123456789012",
        "eu-west-1",
        "eu-west-1a",
        "container",
        "Container",
        "FARGATE",
        "v1.2.3",
        "registry.example.com/team/web:2",
    ],
)
def test_s01_an_ordinary_value_is_never_learned(value: str) -> None:
    secrets = Secrets()
    secrets.learn([value])
    assert secrets.redact(f"running {value} now") == f"running {value} now"


def test_s01_a_key_that_looks_like_a_path_is_learned() -> None:
    secrets = Secrets()
    secrets.learn(["/K7MDENGbPxRfiCYwJalrXUtnFEMIbPxRfiCYwJa"])
    assert secrets.redact("got /K7MDENGbPxRfiCYwJalrXUtnFEMIbPxRfiCYwJa") == "got ***"


@pytest.mark.parametrize("late", [False, True])
def test_s01_the_names_that_the_run_is_about_are_never_hidden(*, late: bool) -> None:
    secrets, learned = Secrets(), ["prod-cluster-1", "hunter2-Zx9", "main-1a2b3c4"]
    names = ["auth-token", "prod-cluster-1", "acme/auth-token:main-1a2b3c4", "auth-token:main-1a2b3c4", ""]
    for values, take in ((learned, secrets.learn), (names, secrets.spare))[:: 1 if late else -1]:
        take(values)
    secrets.spare(["auth-token"])
    for told in (
        "cluster prod-cluster-1",
        "acme/auth-token:main-1a2b3c4 is",
        "auth-token:main-1a2b3c4",
        "auth-token: 2",
    ):
        assert secrets.redact(told) == told
    assert secrets.redact("auth-token: hunter2-Zx9 main-1a2b3c4") == "auth-token: *** ***"
    assert secrets.redact("password=prod-cluster-1") == "password=***"


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


def test_s01_a_request_names_what_it_is_about() -> None:
    web = ServiceRef(cluster="arn:aws:ecs:us-east-1:1:cluster/prod", name="web")
    edits = (SetImage(image=ImageRef.parse("acme/auth-token:1a")), SetTag(tag="2"))
    assert names_in(OverviewRequest(cluster=web.cluster)) == ("prod",)
    assert names_in(StatusRequest(service=web)) == ("web", "prod")
    assert names_in(DeployRequest(service=web, edits=edits)) == ("web", "prod", "acme/auth-token:1a")
    assert names_in(RegisterRequest(family="auth-token:2", run=OneOff(cluster="jobs"))) == ("auth-token", "", "jobs")
    assert names_in(RegisterRequest(family="auth-token", cluster="prod")) == ("auth-token", "prod", "")
    run = RunRequest(cluster="prod", like="web", family="auth-token:2", container="app", edits=edits)
    assert names_in(run) == ("prod", "web", "auth-token", "app", "acme/auth-token:1a")


PASSWORD = "Zq7-Rw2-Lm9x"
WEB = ServiceRef(cluster="prod", name="web")
EDITS = (SetVariable(name="DB_PASSWORD", value=PASSWORD),)
MIGRATE = ("migrate", f"--password={PASSWORD}")


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(DeployRequest(service=WEB, edits=EDITS), id="edits of deploy"),
        pytest.param(RegisterRequest(family="web", edits=EDITS), id="edits of register"),
        pytest.param(RunRequest(cluster="prod", family="web", edits=EDITS), id="edits of run"),
        pytest.param(
            RegisterRequest(family="web", base=FromFile(path="web.json", definition=variable("DB_PASSWORD", PASSWORD))),
            id="a file",
        ),
        pytest.param(DeployRequest(service=WEB, before=Gate(command=MIGRATE)), id="a task before"),
        pytest.param(DeployRequest(service=WEB, after=Gate(command=MIGRATE)), id="a task after"),
        pytest.param(DeployRequest(service=WEB, gate=PauseGate(smoke=MIGRATE)), id="a smoke test"),
        pytest.param(RunRequest(cluster="prod", family="web", command=MIGRATE), id="a command"),
    ],
)
def test_s01_what_a_request_says_in_secret_is_hidden(request_: Request) -> None:
    secrets = Secrets()
    know_request(secrets, request_)
    assert secrets.redact(f"web of prod has no route to {PASSWORD}") == "web of prod has no route to ***"


def test_s01_the_names_of_a_request_that_only_looks_stay() -> None:
    secrets = Secrets()
    know_request(secrets, StatusRequest(service=ServiceRef(cluster="prod", name="hunter2-web")))
    secrets.learn(["hunter2-web", PASSWORD])
    assert secrets.redact(f"hunter2-web has {PASSWORD}") == "hunter2-web has ***"


def test_s01_a_definition_names_no_password() -> None:
    definition = container(
        image="bob:hunter2@registry.example.com/web:1",
        environment=[{"name": "DB_PASSWORD", "value": "x"}, {"value": "x"}],
        secrets=[{"name": "API_KEY", "valueFrom": "y"}],
    )
    assert [each for each in names_in_definition(definition) if each] == [
        "web",
        "app",
        "bob:***@registry.example.com/web:1",
        "DB_PASSWORD",
        "API_KEY",
    ]
    digest = f"acme/auth-token:1a2b3c4@sha256:{'0a' * 32}"
    assert digest in names_in_definition(container(image=digest))


def test_s01_a_definition_that_is_known_shows_its_names_and_hides_its_secrets() -> None:
    secrets = Secrets()
    secrets.know(container(name="hunter-1", environment=[{"name": "DB_PASSWORD", "value": "hunter-2"}]))
    assert secrets.redact("container hunter-1 of hunter-2") == "container hunter-1 of ***"


@pytest.mark.parametrize(
    ("value", "told", "left"),
    [
        ("hunter!", "hunter!x", "***x"),
        ("hunter!", "xhunter!", "xhunter!"),
        ("!hunter", "x!hunter", "x***"),
        ("!hunter", "!hunterx", "!hunterx"),
        ("h!nter", "xh!nter", "xh!nter"),
        ("hunte!r", "hunte!rx", "hunte!rx"),
        ("hunt!!", "hunt!! hunt!!x", "*** ***x"),
    ],
)
def test_a_short_secret_that_ends_in_a_sign_needs_nothing_that_separates(value: str, told: str, left: str) -> None:
    secrets = Secrets()
    secrets.learn([value])
    assert secrets.redact(told) == left


def test_of_two_secrets_that_begin_alike_the_whole_one_is_hidden() -> None:
    secrets = Secrets()
    secrets.learn(["hunter2", "hunter2-longer"])
    assert secrets.redact("hunter2-longer hunter2") == "*** ***"


def test_where_no_secret_is_known_nothing_is_hidden() -> None:
    secrets = Secrets()
    secrets.spare(["web"])
    assert secrets.redact("a plain line of web") == "a plain line of web"


def test_a_secret_within_a_name_is_a_part_of_it_and_one_around_a_name_is_not() -> None:
    secrets = Secrets()
    secrets.learn(["hunter2", "abc-prod-1"])
    secrets.spare(["hunter2-app", "app-hunter2", "prod-1"])
    assert secrets.redact("hunter2-app app-hunter2 prod-1") == "hunter2-app app-hunter2 prod-1"
    assert secrets.redact("abc-prod-1 hunter2") == "*** ***"


@pytest.mark.parametrize("digest", ["", f"@sha256:{'0a' * 32}"])
def test_an_image_without_a_password_is_named_as_it_is(digest: str) -> None:
    """Even where its tag looks like a token."""
    image = f"acme/web:ghp_{'a1' * 18}{digest}"
    assert image in names_in_definition(container(image=image))


def test_what_is_learned_or_spared_later_leaves_what_was_before() -> None:
    secrets = Secrets()
    for value in ("hunter2-one", "hunter2-two"):
        secrets.learn([value])
    for name in ("auth-hunter2-one", "auth-hunter2-two"):
        secrets.spare([name])
    told = "auth-hunter2-one auth-hunter2-two"
    assert secrets.redact(f"hunter2-one hunter2-two {told}") == f"*** *** {told}"


def test_a_text_is_as_long_as_was_asked_for() -> None:
    secrets = Secrets()
    assert [len(secrets.mend("y " * 3000, *limit)) for limit in ((), (100,))] == [2000, 100]


def test_a_word_that_is_no_option_does_not_name_the_next_one() -> None:
    assert secrets_of(container(command=["reset-password", "hunter-two-9"])) == ()


def test_a_short_line_of_a_secret_is_none_by_itself() -> None:
    secrets = Secrets()
    secrets.learn(["first line of it\nab cd ef\ntwelve chars"])
    assert secrets.redact("ab cd ef, twelve chars, first line of it") == "ab cd ef, twelve chars, ***"


def test_a_secret_with_capitals_or_half_a_character_is_hidden_in_a_url() -> None:
    secrets = Secrets()
    secrets.learn(["Hunter Two/9A", "hunter\ud800two9"])
    assert secrets.redact("x Hunter%20Two%2F9A y") == "x *** y"


def test_the_words_of_a_command_are_judged_by_the_options_before_them() -> None:
    assert secrets_of_words(("serve", "--token", "abc-123-def", "--port", "8080")) == ("abc-123-def",)


def test_s01_what_is_concealed_is_hidden_though_it_looks_ordinary() -> None:
    secrets = Secrets()
    secrets.conceal(("https://hooks.example.com/services/abc", "hooks/services", "x/y", ""))
    assert secrets.redact("to https://hooks.example.com/services/abc or hooks/services, x/y") == "to *** or ***, x/y"
