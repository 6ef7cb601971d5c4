"""What a definition names, and what of it can be asked for."""

import pytest

from ecsdeploy.model.surroundings import Repository, Resource, ResourceType
from ecsdeploy.plan.checks.existence import check_existence
from ecsdeploy.plan.checks.naming import ecr_images, resources_of
from tests.unit.plan.attempts import REGISTRY, attempt, codes, known, secret
from tests.unit.plan.builders import DIGEST, container, definition_of
from tests.unit.rollout.builders import SERVICE_ARN

SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf"
PARAMETER = "arn:aws:ssm:us-east-1:111122223333:parameter"
ROLE = "arn:aws:iam::111122223333:role"


def _named(*containers: dict[str, object], **members: object) -> tuple[Resource, ...]:
    return resources_of(definition_of(*containers, **members), SERVICE_ARN)


def _with_secrets(*sources: object) -> dict[str, object]:
    secrets = [{"name": f"S{number}", "valueFrom": source} for number, source in enumerate(sources)]
    return container("app", "app:1", secrets=secrets)


def _with_logs(driver: str = "awslogs", **options: str) -> dict[str, object]:
    options = {name.replace("_", "-"): value for name, value in options.items()}
    return container("app", "app:1", logConfiguration={"logDriver": driver, "options": options})


def _parameter(name: str, region: str = "eu-west-1") -> Resource:
    return Resource(type=ResourceType.PARAMETER, name=name, region=region)


def _group(name: str, region: str = "eu-west-1") -> Resource:
    return Resource(type=ResourceType.LOG_GROUP, name=name, region=region)


def test_a_role_is_named_once_whatever_its_path() -> None:
    role = Resource(type=ResourceType.ROLE, name="app")
    assert _named(executionRoleArn=f"{ROLE}/team/app", taskRoleArn=f"{ROLE}/team/app") == (role,)
    assert _named(taskRoleArn="app") == (role,)
    other = Resource(type=ResourceType.ROLE, name="pull")
    assert _named(executionRoleArn=f"{ROLE}/a/b/pull", taskRoleArn=f"{ROLE}/app") == (other, role)
    assert _named(taskRoleArn="", executionRoleArn=None) == ()


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (SECRET, secret(SECRET)),
        (f"{SECRET}:password::", secret(SECRET)),
        (f"{SECRET}:password:AWSCURRENT:id", secret(SECRET)),
        ("db-password", _parameter("db-password")),
        ("/prod/db:3", _parameter("/prod/db")),
        (f"{PARAMETER}/prod/db", _parameter("/prod/db", "us-east-1")),
        (f"{PARAMETER}/db", _parameter("/db", "us-east-1")),
    ],
)
def test_f55_what_a_secret_comes_from_is_named_without_its_parts(source: str, name: Resource) -> None:
    assert _named(_with_secrets(source)) == (name,)


def test_a_secret_of_many_keys_is_named_once() -> None:
    assert _named(_with_secrets(f"{SECRET}:user::", f"{SECRET}:password::")) == (secret(SECRET),)


@pytest.mark.parametrize(
    "source",
    [
        f"{PARAMETER}/aws/reference/secretsmanager/shared/logging/es_user",
        "/aws/service/global-infrastructure/version",
    ],
)
def test_p03_parameters_that_are_never_listed_are_not_asked_for(source: str) -> None:
    assert _named(_with_secrets(source)) == ()


def test_a_parameter_of_another_account_is_not_asked_for() -> None:
    assert _named(_with_secrets(PARAMETER.replace("1111", "9999") + "/shared")) == ()


def test_secrets_of_the_log_driver_and_of_the_registry_are_named_too() -> None:
    driver = {"logDriver": "splunk", "secretOptions": [{"name": "token", "valueFrom": "/splunk"}]}
    payload = container("app", "app:1", logConfiguration=driver, repositoryCredentials={"credentialsParameter": "hub"})
    assert _named(payload) == (secret("hub"), _parameter("/splunk"))


@pytest.mark.parametrize("broken", [{"secrets": "x"}, {"secrets": ["x"]}, {"secrets": [{"valueFrom": 1}]}])
def test_what_only_ecs_can_refuse_names_nothing(broken: dict[str, object]) -> None:
    assert _named(container("app", "app:1", **broken)) == ()


def test_what_only_ecs_can_refuse_hides_nothing_that_stands_after_it() -> None:
    assert _named(_with_secrets(1, "/db")) == (_parameter("/db"),)


@pytest.mark.parametrize(
    ("payload", "names"),
    [
        pytest.param(_with_logs(awslogs_group="/ecs/web"), (_group("/ecs/web"),), id="region of the service"),
        pytest.param(
            _with_logs(awslogs_group="/ecs/web", awslogs_region="us-east-1"),
            (_group("/ecs/web", "us-east-1"),),
            id="region of its own",
        ),
        pytest.param(_with_logs(awslogs_group="/ecs/web", awslogs_create_group="true"), (), id="made by the driver"),
        pytest.param(_with_logs("fluentd", awslogs_group="/ecs/web"), (), id="another driver"),
        pytest.param(_with_logs(), (), id="no group"),
    ],
)
def test_log_groups_that_must_be_there_are_named(payload: dict[str, object], names: tuple[Resource, ...]) -> None:
    assert _named(payload) == names


def test_images_of_ecr_are_asked_for_by_digest_or_tag() -> None:
    references = [
        f"{REGISTRY}/team/app:1@{DIGEST}",
        f"{REGISTRY}/team/app:1",
        f"{REGISTRY}/team/app",
        "nginx:1",
        "UP:1",
    ]
    images = ecr_images([*references, references[0]])
    assert {each.repository for each in images} == {
        Repository(account="111122223333", region="eu-west-1", path="team/app")
    }
    assert [each.identifier for each in images] == [DIGEST, "1", "latest"]
    assert [each.reference for each in images] == references[:3]


def test_f55_only_what_is_known_to_be_missing_is_found_by_kind() -> None:
    definition = definition_of(
        _with_secrets(SECRET, f"{SECRET}2", "/a"), _with_logs(awslogs_group="/ecs/web"), taskRoleArn=f"{ROLE}/app"
    )
    names = resources_of(definition, SERVICE_ARN)
    going = attempt(definition=definition)
    assert list(check_existence(going, known())) == []
    assert list(check_existence(going, known(resources=dict.fromkeys(names, True)))) == []
    findings = list(check_existence(going, known(resources=dict.fromkeys(names, False))))
    assert codes(findings) == ["C-ROLE-MISSING", "C-SECRET-MISSING", "C-PARAMETER-MISSING", "C-LOG-GROUP-MISSING"]
    assert findings[1].subjects == (SECRET, f"{SECRET}2")
    assert all(each.blocking for each in findings)
