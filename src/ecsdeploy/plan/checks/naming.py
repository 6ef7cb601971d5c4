"""Finds the things that a definition names: roles, secrets, parameters, log groups, and images in ECR."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ecsdeploy.errors import ImageError
from ecsdeploy.model.arn import account_of, region_of
from ecsdeploy.model.image import ImageRef
from ecsdeploy.model.surroundings import Repository, Resource, ResourceType
from ecsdeploy.model.taskdef import ContainerDefinition, TaskDefinition, part, parts
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class EcrImage:
    """An image of a private ECR registry. `identifier` is its digest, or its tag if it has no digest."""

    reference: str
    repository: Repository
    identifier: str


def ecr_images(references: Iterable[str]) -> tuple[EcrImage, ...]:
    """The images among the references that are in ECR. If one has a digest and a tag, the digest counts, as for a pull.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
    """
    return tuple(image for each in dict.fromkeys(references) if (image := _ecr_image(each)))


def resources_of(definition: TaskDefinition, service_arn: str) -> tuple[Resource, ...]:
    """The resources that must exist before a task can start, each once.

    A name without a Region is in the service's Region. Parameters of other accounts are left out.
    """
    found = [*_roles(definition)]
    for container in definition.containers:
        found += _secrets(container, service_arn)
        found += _log_groups(container, region_of(service_arn))
    return tuple(dict.fromkeys(found))


def _ecr_image(reference: str) -> EcrImage | None:
    try:
        image = ImageRef.parse(reference)
    except ImageError:
        return None
    if image.ecr is None:
        return None
    repository = Repository(account=image.ecr.account, region=image.ecr.region, path=image.path)
    return EcrImage(reference=reference, repository=repository, identifier=image.digest or image.tag or "latest")


def _roles(definition: TaskDefinition) -> Iterator[Resource]:
    for member in ("executionRoleArn", "taskRoleArn"):
        role = definition.payload.get(member)
        if isinstance(role, str) and role:
            yield Resource(type=ResourceType.ROLE, name=role.rsplit("/", 1)[-1])


def _secrets(container: ContainerDefinition, service_arn: str) -> Iterator[Resource]:
    payload = container.payload
    pulled_with = part(payload, "repositoryCredentials").get("credentialsParameter")
    if isinstance(pulled_with, str):
        yield _secret(pulled_with, service_arn)
    for each in (*parts(payload, "secrets"), *parts(part(payload, "logConfiguration"), "secretOptions")):
        source = each.get("valueFrom")
        if not isinstance(source, str):
            continue
        if source.split(":")[2:3] == ["secretsmanager"]:
            yield _secret(source, service_arn)
        elif account_of(source) in ("", account_of(service_arn)) and not _is_unlisted(source):
            yield _parameter(source, service_arn)


def _is_unlisted(source: str) -> bool:
    """Whether DescribeParameters never lists the parameter: names under `/aws/` are public, or refer to a secret.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
    """
    return source.startswith("/aws/") or ":parameter/aws/" in source


def _secret(source: str, service_arn: str) -> Resource:
    """The secret of `arn:...:secret:NAME[:JSON-KEY:STAGE:VERSION]`, without what follows the name.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
    """
    name = ":".join(source.split(":")[:7])
    return Resource(type=ResourceType.SECRET, name=name, region=region_of(source) or region_of(service_arn))


def _parameter(source: str, service_arn: str) -> Resource:
    """The parameter of `NAME[:VERSION]` or `arn:...:parameter/NAME[:VERSION]`.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html
    """
    _, is_arn, path = source.partition(":parameter/")
    name = (f"/{path}" if is_arn else source).partition(":")[0]
    return Resource(type=ResourceType.PARAMETER, name=name, region=region_of(source) or region_of(service_arn))


def _log_groups(container: ContainerDefinition, region: str) -> Iterator[Resource]:
    """The log group of the `awslogs` driver, unless the driver creates it itself.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
    """
    options = container.log_options
    if "awslogs-group" in options and options.get("awslogs-create-group") != "true":
        yield Resource(
            type=ResourceType.LOG_GROUP, name=options["awslogs-group"], region=options.get("awslogs-region") or region
        )
