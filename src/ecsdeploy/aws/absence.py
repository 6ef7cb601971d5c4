"""Whether a reply, or an error, says that the thing asked for is not there: only then it is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ecsdeploy.aws.reading import Record, malformed, records, texts
from ecsdeploy.errors import AwsRefused, NoSuchResource

T = TypeVar("T")

# ECR, IAM and Elastic Load Balancing; Secrets Manager's `ResourceNotFoundException` is a `NoSuchResource` already.
_ABSENT = frozenset(
    {"NoSuchEntity", "RepositoryNotFoundException", "TargetGroupNotFound", "TargetGroupNotFoundException"}
)


def unless_absent(read: Callable[[], T]) -> T | None:
    """What is read, or None when AWS says that it is not there; every other error stays an error."""
    try:
        return read()
    except NoSuchResource:
        return None
    except AwsRefused as error:
        if error.code not in _ABSENT:
            raise
        return None


def listed(reply: Record, name: str) -> tuple[Record, ...]:
    """A list of which each thing that is not in it is not there: a reply without the list says nothing at all."""
    return records(_with(reply, name), name)


def listed_names(reply: Record, name: str) -> tuple[str, ...]:
    """The same for a list of names."""
    return texts(_with(reply, name), name)


def _with(reply: Record, name: str) -> Record:
    if reply.get(name) is None:
        raise malformed(name, None)
    return reply
