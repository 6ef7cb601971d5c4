"""Which AWS, and as whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.values import listing
from ecsdeploy.errors import UsageError
from ecsdeploy.model.access import Access, Secret
from ecsdeploy.model.arn import partition_of, partition_of_region, region_of

_REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
_MAY_BE_ARNS = ("cluster", "service", "task_definition", "to", "revision")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[!-~]+", re.ASCII)


def access(given: Given, environment: Environment) -> Access:
    """As the commands read it; the flag form has keys besides."""
    return Access(
        region=region(given, environment, _REGION_VARIABLES),
        profile=given.text("profile"),
        assume_role=assumed_role(given),
        external_id=Secret(given.text("external_id")) if given.has("external_id") else None,
        endpoint_url=endpoint_url(given),
    )


def region(given: Given, environment: Environment, variables: Sequence[str]) -> str:
    """The Region typed, or that of an ARN that is named, or the first set of `variables`; empty if none is."""
    typed = given.text("region")
    arns = [text for key in _MAY_BE_ARNS if (text := given.text(key)).startswith("arn:")]
    _refuse_several("Regions", {typed, *map(region_of, arns)}, "The ARNs and `--region` must name the same one.")
    found = typed or "".join({*map(region_of, arns)}) or _first_set(environment, variables)
    of_region = {partition_of_region(found)} if found else set()
    _refuse_several(
        "partitions of AWS", {*map(partition_of, arns), *of_region}, f"The Region `{found}` is in one of them."
    )
    return found


def _refuse_several(what: str, found: set[str], hint: str) -> None:
    several = sorted(found - {""})
    if len(several) > 1:
        raise UsageError(f"The {what} do not agree: {listing(several)}.", hint=hint)


def assumed_role(given: Given) -> str:
    """The ARN of `--assume-role`, looked at before STS is; empty where it was not given."""
    text = given.text("assume_role")
    if text and not _ROLE.fullmatch(text):
        raise UsageError(
            f"{given.origin('assume_role')} must be the ARN of an IAM role, not `{text}`.",
            hint="It looks like `arn:aws:iam::123456789012:role/NAME`.",
        )
    return text


def endpoint_url(given: Given) -> str:
    text = given.text("endpoint_url")
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if text and not usable:
        raise UsageError(f"{given.origin('endpoint_url')} must be an address such as `http://127.0.0.1:4599`.")
    return text


def _first_set(environment: Environment, names: Sequence[str]) -> str:
    """The first of these variables that is not empty."""
    return next((value for name in names if (value := environment.variables.get(name))), "")
