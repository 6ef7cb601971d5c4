"""A task definition as ECS gave it: the raw JSON, and views of what we need to read in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast

from ecsdeploy.model.values import value

OUTPUT_ONLY = frozenset(
    {
        "taskDefinitionArn",
        "revision",
        "status",
        "requiresAttributes",
        "compatibilities",
        "registeredAt",
        "deregisteredAt",
        "deleteRequestedAt",
        "registeredBy",
    }
)
"""The members that DescribeTaskDefinition adds and RegisterTaskDefinition does not take.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
"""

_QUANTITY = re.compile(r"\s*(\d+|\d*\.\d+)\s*(vCPU|GB)?\s*", re.IGNORECASE)


def part(payload: Mapping[str, object], name: str) -> Mapping[str, object]:
    """The object with this name; empty where there is none, or something else in its place (which ECS refuses)."""
    found = payload.get(name)
    return found if isinstance(found, Mapping) else {}


def parts(payload: Mapping[str, object], name: str) -> tuple[Mapping[str, object], ...]:
    """The objects in the list with this name; empty where there is no list."""
    found = payload.get(name)
    return tuple(each for each in found if isinstance(each, Mapping)) if isinstance(found, list) else ()


def without_nulls(value: object) -> object:
    """The same JSON without members and items that are null, at any depth."""
    if isinstance(value, Mapping):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    if isinstance(value, (list, tuple)):
        return [without_nulls(each) for each in value if each is not None]
    return value


@value(frozen=True, slots=True, kw_only=True)
class ContainerDefinition:
    """A view of one container definition."""

    payload: Mapping[str, object]

    @property
    def name(self) -> str:
        return str(self.payload.get("name") or "")

    @property
    def image(self) -> str:
        return str(self.payload.get("image") or "")

    @property
    def essential(self) -> bool:
        return self.payload.get("essential", True) is not False

    @property
    def has_health_check(self) -> bool:
        return isinstance(self.payload.get("healthCheck"), Mapping)

    @property
    def port_mappings(self) -> tuple[Mapping[str, object], ...]:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html"""
        return parts(self.payload, "portMappings")

    def maps(self, port: int) -> bool:
        """Whether a mapping has the container's `port`, alone or in a range."""
        return any(port in _ports(each) for each in self.port_mappings)

    @property
    def log_options(self) -> Mapping[str, str]:
        """The options of the `awslogs` driver; empty for any other driver."""
        configuration = part(self.payload, "logConfiguration")
        if configuration.get("logDriver") != "awslogs":
            return {}
        return {str(k): str(v) for k, v in part(configuration, "options").items()}


def _ports(mapping: Mapping[str, object]) -> range:
    first, _, last = str(mapping.get("containerPortRange") or mapping.get("containerPort") or "").partition("-")
    if not first.isdecimal():
        return range(0)
    return range(int(first), int(last if last.isdecimal() else first) + 1)


@value(frozen=True, slots=True, kw_only=True)
class TaskDefinition:
    """One revision (or one to be registered): `payload` is the wire's JSON, unknown members included.

    `tags` stand beside the definition on the wire, and here.
    """

    payload: Mapping[str, object]
    tags: tuple[tuple[str, str], ...] = ()
    tags_unread: bool = False
    """They were asked for, and may not be read."""

    @property
    def arn(self) -> str:
        return str(self.payload.get("taskDefinitionArn", ""))

    @property
    def family(self) -> str:
        return str(self.payload.get("family", ""))

    @property
    def revision(self) -> int:
        number = self.payload.get("revision", 0)
        return number if isinstance(number, int) else 0

    @property
    def status(self) -> str:
        return str(self.payload.get("status", ""))

    @property
    def containers(self) -> tuple[ContainerDefinition, ...]:
        raw = cast("Sequence[Mapping[str, object]]", self.payload.get("containerDefinitions") or ())
        return tuple(ContainerDefinition(payload=item) for item in raw)

    @property
    def images(self) -> dict[str, str]:
        """Container name to image, in the definition's order."""
        return {container.name: container.image for container in self.containers}

    @property
    def is_checked(self) -> bool:
        """Whether an essential container has a health check: only then can a task be healthy."""
        return any(each.has_health_check and each.essential for each in self.containers)

    def container(self, name: str) -> ContainerDefinition | None:
        return next((each for each in self.containers if each.name == name), None)

    def registration(self) -> dict[str, object]:
        """What RegisterTaskDefinition takes: everything but the output-only members and nulls."""
        return {k: v for k, v in self.payload.items() if k not in OUTPUT_ONLY and v is not None}


def units(value: object) -> int | None:
    """`256`, `"1 vCPU"`, `".5 gb"` as CPU units or MiB; None for what only ECS can judge.

    ECS turns the text into this number when it registers the definition:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
    """
    match = _QUANTITY.fullmatch(str(value))
    if match is None:
        return None
    return round(float(match[1]) * (1024 if match[2] else 1))


def as_kept(member: str, value: object) -> object:
    """A member of a task definition with its size as ECS keeps it: `"1024"` for a `cpu` of `"1 vCPU"`."""
    number = units(value) if member in ("cpu", "memory") else None
    return str(number) if number else value
