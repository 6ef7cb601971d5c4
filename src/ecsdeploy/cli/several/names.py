"""Finds the services that a command line means: by name, by a pattern, or each with its cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import NoSuchResource, UsageError
from ecsdeploy.model.arn import ServiceRef, short_name

Listing = Callable[[str], tuple[str, ...]]
"""The names of all services of a cluster."""
_PATTERN = frozenset("*?[")


def named_services(given: Given, listing: Listing) -> tuple[ServiceRef, ...]:
    """The services in the order in which they were named, those of a pattern by name, each once.

    Raises a `UsageError` if a name has no cluster, and `NoSuchResource` if nothing fits a pattern.
    """
    if not given.has("service"):
        raise UsageError("No service is named.", hint="Name it with `-n`.")
    found = dict[tuple[str, str], ServiceRef]()
    for text in filter(None, given.texts("service")):
        for cluster, name in _places(text, given):
            for each in _expanded(cluster, name, listing):
                found.setdefault((each.short_cluster, each.short_name), each)
    return (*found.values(),)


def member_names(services: tuple[ServiceRef, ...]) -> tuple[str, ...]:
    """What tells the services from each other: their names, with the clusters if two have the same name."""
    short = [each.short_name for each in services]
    return tuple(
        name if short.count(name) == 1 else f"{each.short_cluster}/{name}"
        for name, each in zip(short, services, strict=True)
    )


def _places(text: str, given: Given) -> Iterator[tuple[str, str]]:
    if not text.startswith("arn:") and "/" in text:
        cluster, _, name = text.partition("/")
        if not cluster or not name or "/" in name:
            raise UsageError(f"`{text}` is not a service.", hint="Write it as `NAME`, or as `CLUSTER/NAME`.")
        yield cluster, name
        return
    if not given.has("cluster"):
        raise UsageError(f"No cluster is named for `{text}`.", hint="Name it with `-c`, or as `CLUSTER/NAME`.")
    for cluster in filter(None, given.texts("cluster")):
        yield cluster, text


def _expanded(cluster: str, name: str, listing: Listing) -> Iterator[ServiceRef]:
    if name.startswith("arn:") or _PATTERN.isdisjoint(name):
        yield ServiceRef(cluster=cluster, name=name)
        return
    fitting = sorted(each for each in listing(cluster) if fnmatchcase(each, name))
    if not fitting:
        raise NoSuchResource(
            f"No service of the cluster `{short_name(cluster)}` has a name like `{name}`.",
            hint="`ecs-deploy status -c CLUSTER` lists them. Nothing was changed.",
        )
    for each in fitting:
        yield ServiceRef(cluster=cluster, name=each)
