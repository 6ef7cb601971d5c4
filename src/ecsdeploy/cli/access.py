"""Turns options into an `Access`: which AWS we call, and as whom."""

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
    """The access that the options of a command ask for. (The flag form has options for keys too.)"""
    return Access(
        region=region(given, environment, _REGION_VARIABLES),
        profile=given.text("profile"),
        assume_role=assumed_role(given),
        external_id=Secret(given.text("external_id")) if given.has("external_id") else None,
        endpoint_url=endpoint_url(given),
    )


def region(given: Given, environment: Environment, variables: Sequence[str]) -> str:
    """The Region of `--region`, of the ARNs given, or of the first of `variables` that is set; empty without any.

    Raises a `UsageError` if these name several Regions or partitions.
    """
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
    """The ARN of `--assume-role`, or an empty text. We check its form here, before STS would."""
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
    """The value of the first of these variables that is not empty."""
    return next((value for name in names if (value := environment.variables.get(name))), "")
