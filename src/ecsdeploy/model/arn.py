"""Names and ARNs of ECS resources, as values.

Formats: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
"""

from __future__ import annotations

from ecsdeploy.model.values import value

_PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
    "us-iso-": "aws-iso",
    "eu-isoe-": "aws-iso-e",
    "eusc-": "aws-eusc",
}


@value(frozen=True, slots=True, kw_only=True)
class ServiceRef:
    """One service, as the user named it: each part a name or an ARN."""

    cluster: str
    name: str

    @property
    def short_name(self) -> str:
        return short_name(self.name)

    @property
    def short_cluster(self) -> str:
        return short_name(self.cluster)

    def __str__(self) -> str:
        return f"{self.short_name} ({self.short_cluster})"


def short_name(text: str) -> str:
    """The last part of an ARN, or the name itself (`web` of `arn:...:service/prod/web`)."""
    return text.rsplit("/", 1)[-1] if text.startswith("arn:") else text


def revision_name(arn: str) -> str:
    """`web:7` of `arn:...:task-definition/web:7`; a name stays as it is."""
    return arn.rsplit("/", 1)[-1]


def split_revision(text: str) -> tuple[str, int | None]:
    """The family and the revision number, if there is one, of a name or an ARN."""
    family, _, number = revision_name(text).partition(":")
    return family, int(number) if number.isdecimal() else None


def is_older(one: str, other: str) -> bool:
    """Whether the revision `one` was registered before `other`, by their numbers, which only grow within a family.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-task-definition-console-v2.html
    """
    (family, number), (other_family, other_number) = split_revision(one), split_revision(other)
    return family == other_family and (number or 0) < (other_number or 0)


def group_name(arn: str) -> str:
    """`web-tg` of a target group's ARN (`arn:...:targetgroup/web-tg/62b8`); other text stays as it is.

    VPC Lattice's have an id alone: `tg-0123` of `arn:...:targetgroup/tg-0123`.
    """
    parts = arn.split("/")
    return parts[1] if len(parts) > 2 or parts[0].endswith(":targetgroup") else arn


def partition_of(arn: str) -> str:
    """`aws`, `aws-cn`...; empty for a name."""
    return _part(arn, 1) if arn.startswith("arn:") else ""


def partition_of_region(region: str) -> str:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"""
    return next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")


def region_of(arn: str) -> str:
    return _part(arn, 3)


def account_of(arn: str) -> str:
    return _part(arn, 4)


def deployment_number(identifier: str) -> str:
    """The digits that a deployment id and its service revision's ARN share."""
    return identifier.rsplit("/", 1)[-1]


def _part(arn: str, index: int) -> str:
    parts = arn.split(":")
    return parts[index] if len(parts) > index else ""
