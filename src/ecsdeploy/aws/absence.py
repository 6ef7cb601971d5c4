"""Tells what does not exist from what could not be read: a thing is missing only where AWS says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ecsdeploy.aws.reading import JsonObject, malformed, objects, texts
from ecsdeploy.errors import AwsRefused, NoSuchResource

T = TypeVar("T")

# ECR, IAM and Elastic Load Balancing; Secrets Manager's `ResourceNotFoundException` is a `NoSuchResource` already.
_ABSENT = frozenset(
    {"NoSuchEntity", "RepositoryNotFoundException", "TargetGroupNotFound", "TargetGroupNotFoundException"}
)


def unless_absent(read: Callable[[], T]) -> T | None:
    """What `read` returns, or None where AWS says that it does not exist; every other error is raised."""
    try:
        return read()
    except NoSuchResource:
        return None
    except AwsRefused as error:
        if error.code not in _ABSENT:
            raise
        return None


def needed_objects(reply: JsonObject, name: str) -> tuple[JsonObject, ...]:
    """A list of objects; raises `ReplyLost` for a reply without it.

    Who reads it takes what is not in the list for absent, and a reply without the list does not say so.
    """
    return objects(_with(reply, name), name)


def needed_texts(reply: JsonObject, name: str) -> tuple[str, ...]:
    """A list of names, likewise."""
    return texts(_with(reply, name), name)


def _with(reply: JsonObject, name: str) -> JsonObject:
    if reply.get(name) is None:
        raise malformed(name, None)
    return reply
